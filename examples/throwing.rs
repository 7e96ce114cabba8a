//! Errors thrown into a coroutine, and a coroutine that is closed.
//!
//! `cargo run --example throwing`
//!
//! What to see: `throw(error)` raises the error at the `yield_!` where the innermost coroutine is suspended, which may catch it
//! or let it through by `?`; `close()` ends them all, the innermost first, each once.
#![forbid(unsafe_code)]

use segue::{Coroutine, Throw};

#[derive(Debug)]
enum Interrupt {
    Skip,
    Quit,
}

/// Tells when it goes.
struct Connection(&'static str);

impl Drop for Connection {
    fn drop(&mut self) {
        println!("  {} is disconnected", self.0);
    }
}

/// Copies rows: one can be skipped, all else ends it.
#[segue::coroutine(yield = u32, resume = Result<(), Interrupt>)]
fn copy(rows: u32) -> Result<u32, Interrupt> {
    let _table = Connection("table");
    let mut copied = 0;
    for row in 0..rows {
        match yield_!(row) {
            Err(Interrupt::Skip) => println!("  row {row} is skipped"),
            answer => {
                answer?;
                copied += 1;
            }
        }
    }
    Ok(copied)
}

/// Knows nothing of interrupts: they pass through it both ways.
#[segue::coroutine(yield = u32, resume = Result<(), Interrupt>)]
fn backup() -> Result<u32, Interrupt> {
    let _server = Connection("server");
    let mut copied = 0;
    for rows in [2, 3] {
        copied += yield_from!(copy(rows))?;
    }
    Ok(copied)
}

fn main() {
    println!("One row is skipped:");
    let mut run = backup();
    println!("start()     -> {:?}", run.start());
    println!("throw(Skip) -> {:?}", run.throw(Interrupt::Skip));
    println!("resume(Ok)  -> {:?}", run.resume(Ok(())));
    println!("throw(Quit) -> {:?}", run.throw(Interrupt::Quit));

    println!("Closed while it is suspended:");
    let mut run = backup();
    println!("start()     -> {:?}", run.start());
    run.close();
    run.close();

    println!("Nobody is there to catch it before the start: it comes back, and nothing runs.");
    println!("throw(Quit) -> {:?}", backup().throw(Interrupt::Quit));
}
