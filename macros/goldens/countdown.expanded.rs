fn countdown(
    n: u32,
) -> impl ::segue::Coroutine<
    (),
    Yield = u32,
    Return = (),
> + ::core::iter::Iterator<Item = u32> {
    use ::segue::machine::generator::{Step, init};
    enum State<N> {
        Start { n: N },
        Loop1 { n: N },
        Yield1 { n: N },
    }
    let init = init::<_, u32, ()>(State::Start { n });
    init.step(|mut state, _| {
        loop {
            state = match state {
                State::Start { mut n } => State::Loop1 { n },
                State::Loop1 { mut n } => {
                    if n > 0 {
                        return Step::yields(n, State::Yield1 { n });
                    }
                    return Step::returns(());
                }
                State::Yield1 { mut n } => {
                    n -= 1;
                    State::Loop1 { n }
                }
            };
        }
    })
}
