struct Parser<'a> {
    lines: std::str::Lines<'a>,
}
impl<'a> Parser<'a> {
    fn numbers(
        &mut self,
    ) -> impl ::segue::Coroutine<
        (),
        Yield = i64,
        Return = Result<usize, std::num::ParseIntError>,
    > {
        use ::segue::machine::generator::{Held, Hold as _, Step, init};
        enum State<This, Read, Line> {
            Start { this: This },
            Loop1 { read: Read, this: This },
            Yield1 { _line: Line, read: Read, this: This },
        }
        let init = init::<
            _,
            i64,
            Result<usize, std::num::ParseIntError>,
        >(State::Start { this: self });
        init.step(|mut state, _| {
            'step: loop {
                state = match state {
                    State::Start { this } => {
                        let mut read = 0;
                        State::Loop1 { read, this }
                    }
                    State::Loop1 { this, mut read } => {
                        if let Some(line) = this.lines.next() {
                            if line.is_empty() {
                                state = State::Loop1 { read, this };
                                continue 'step;
                            }
                            return Step::yields(
                                Step::tried(line.trim().parse())?,
                                State::Yield1 {
                                    _line: Held::new(line).hold(),
                                    read,
                                    this,
                                },
                            );
                        }
                        return Step::returns(Ok(read));
                    }
                    State::Yield1 { this, mut read, _line } => {
                        read += 1;
                        ::segue::machine::end(_line);
                        State::Loop1 { read, this }
                    }
                };
            }
        })
    }
}
