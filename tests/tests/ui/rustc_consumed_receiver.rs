//! A method that consumes its receiver, where the macro can't know that it does.

struct Report(Vec<u32>);

impl Report {
    fn finish(self) -> u32 {
        self.0.len() as u32
    }
}

#[segue::coroutine(yield = u32)]
fn numbers() {
    let report = Report(vec![1]);
    let length = report.finish();
    yield_!(length);
}

fn main() {}
