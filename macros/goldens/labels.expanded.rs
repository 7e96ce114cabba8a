fn search(
    limit: u32,
) -> impl ::segue::Coroutine<bool, Yield = (u32, u32), Return = Option<u32>> {
    use ::segue::machine::generator::{Step, receiving, next};
    enum State<Limit, Iter, Row, Iter2, Column> {
        Start { limit: Limit },
        Loop1 { iter: Iter, limit: Limit },
        Loop2 { iter2: Iter2, row: Row, iter: Iter, limit: Limit },
        Yield1 { column: Column, iter2: Iter2, row: Row, iter: Iter, limit: Limit },
    }
    let init = receiving::<_, bool, (u32, u32), Option<u32>>(State::Start { limit });
    let init = init.begins(|state| ::core::matches!(state, State::Start { .. }));
    init.step(|mut state, mut input| {
        'step: loop {
            state = match state {
                State::Start { limit } => {
                    let mut iter = ::segue::machine::Iterable::into_iter(0..limit);
                    State::Loop1 { iter, limit }
                }
                State::Loop1 { limit, mut iter } => {
                    if let ::core::option::Option::Some(row) = next(&mut iter) {
                        let mut iter2 = ::segue::machine::Iterable::into_iter(0..limit);
                        state = State::Loop2 {
                            iter2,
                            row,
                            iter,
                            limit,
                        };
                        continue;
                    }
                    ::segue::machine::end(iter);
                    return Step::returns(None);
                }
                State::Loop2 { limit, mut iter, row, mut iter2 } => {
                    if let ::core::option::Option::Some(column) = next(&mut iter2) {
                        if column > row {
                            state = State::Loop2 {
                                iter2,
                                row,
                                iter,
                                limit,
                            };
                            continue 'step;
                        }
                        return Step::yields(
                            (row, column),
                            State::Yield1 {
                                column,
                                iter2,
                                row,
                                iter,
                                limit,
                            },
                        );
                    }
                    ::segue::machine::end(iter2);
                    ::segue::machine::end(row);
                    State::Loop1 { iter, limit }
                }
                State::Yield1 { limit, mut iter, row, mut iter2, column } => {
                    {
                        let column = column;
                        if input.sent() {
                            return Step::returns(Some(row * limit + column));
                        }
                    }
                    State::Loop2 {
                        iter2,
                        row,
                        iter,
                        limit,
                    }
                }
            };
        }
    })
}
