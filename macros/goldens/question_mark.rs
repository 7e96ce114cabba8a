struct Parser<'a> {
    lines: std::str::Lines<'a>,
}

impl<'a> Parser<'a> {
    #[segue::coroutine(yield = i64)]
    fn numbers(&mut self) -> Result<usize, std::num::ParseIntError> {
        let mut read = 0;
        while let Some(line) = self.lines.next() {
            if line.is_empty() {
                continue;
            }
            yield_!(line.trim().parse()?);
            read += 1;
        }
        Ok(read)
    }
}
