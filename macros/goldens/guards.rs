struct Log;

struct Entry(&'static str);

impl Drop for Entry {
    fn drop(&mut self) {
        println!("left {}", self.0);
    }
}

impl Log {
    fn enter(&self, part: &'static str) -> Entry {
        Entry(part)
    }
}

#[segue::coroutine(yield = u32)]
fn guarded(log: &Log) {
    let _whole = log.enter("whole");
    {
        let _part = log.enter("part");
        yield_!(1);
    }
    yield_!(2);
}
