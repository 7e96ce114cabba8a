fn countdown(
    n: u32,
) -> impl ::segue::Coroutine<
    (),
    Yield = u32,
    Return = (),
> + ::core::iter::Iterator<Item = u32> {
    use ::segue::machine::generator::Step;
    enum State<N> {
        Start { n: N },
        Loop1 { n: N },
        Yield1 { n: N },
    }
    ::segue::machine::generator::new::<
        State<_>,
        u32,
        (),
        _,
    >(
        State::Start { n },
        |mut state, _| {
            loop {
                state = match state {
                    State::Start { mut n } => State::Loop1 { n },
                    State::Loop1 { mut n } => {
                        if n > 0 {
                            return Step::Yield(n, State::Yield1 { n });
                        }
                        return Step::Return(());
                    }
                    State::Yield1 { mut n } => {
                        n -= 1;
                        State::Loop1 { n }
                    }
                };
            }
        },
    )
}
