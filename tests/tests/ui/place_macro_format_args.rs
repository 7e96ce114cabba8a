//! A suspension in what `format_args!` borrows.

#[segue::coroutine(yield = u32, resume = u32)]
fn numbers() {
    let _text = std::fmt::format(format_args!("{}", yield_!(1)));
}

fn main() {}
