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
        use ::segue::machine::generator::Step;
        use ::segue::machine::{Held, Keep as _, Release as _};
        enum State<This, Read, Line> {
            Start { this: This },
            Loop1 { read: Read, this: This },
            Yield1 { _line: Line, read: Read, this: This },
        }
        ::segue::machine::generator::new::<
            State<_, _, _>,
            i64,
            Result<usize, std::num::ParseIntError>,
            _,
        >(
            State::Start { this: self },
            |mut state, _| {
                'step: loop {
                    state = match state {
                        State::Start { this } => {
                            let mut read = 0;
                            State::Loop1 { read, this }
                        }
                        State::Loop1 { this, mut read } => {
                            if let Some(line) = this.lines.next() {
                                if line.is_empty() {
                                    {
                                        state = State::Loop1 { read, this };
                                        continue 'step;
                                    };
                                }
                                return Step::Yield(
                                    match ::segue::machine::Try::branch(line.trim().parse()) {
                                        ::core::ops::ControlFlow::Continue(value) => value,
                                        ::core::ops::ControlFlow::Break(residual) => {
                                            return Step::residual(residual);
                                        }
                                    },
                                    State::Yield1 {
                                        _line: Held::new(line).hold(),
                                        read,
                                        this,
                                    },
                                );
                            }
                            return Step::Return(Ok(read));
                        }
                        State::Yield1 { this, mut read, _line } => {
                            {
                                let _line = _line;
                                read += 1;
                            }
                            State::Loop1 { read, this }
                        }
                    };
                }
            },
        )
    }
}
