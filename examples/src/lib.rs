//! The examples of segue; each is one program under this folder.
