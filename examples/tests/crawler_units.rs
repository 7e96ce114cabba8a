//! Runs the unit tests that stand in the crawler's own files.
#![allow(dead_code, reason = "a program's functions, without its main")]

#[path = "../crawler/main.rs"]
mod crawler;
