/// The sieve's table stays where it is; only the numbers around it move from state to state.
fn primes() -> impl ::segue::Coroutine<
    (),
    Yield = usize,
    Return = (),
> + ::core::iter::Iterator<Item = usize> {
    use ::segue::machine::generator::{Step, init, next};
    enum State<Iter, N> {
        Start,
        Loop1 { iter: Iter },
        Yield1 { n: N, iter: Iter },
    }
    let mut composite = [false; 1000];
    let init = init::<_, usize, ()>(State::Start);
    init.step_keeping(
        (composite,),
        move |mut state, _| {
            'step: loop {
                state = match state {
                    State::Start => {
                        composite = [false; 1000];
                        let mut iter = ::segue::machine::Iterable::into_iter(2..1000);
                        State::Loop1 { iter }
                    }
                    State::Loop1 { mut iter } => {
                        if let ::core::option::Option::Some(n) = next(&mut iter) {
                            if composite[n] {
                                state = State::Loop1 { iter };
                                continue 'step;
                            }
                            return Step::yields(n, State::Yield1 { n, iter });
                        }
                        ::segue::machine::end(iter);
                        return Step::returns(());
                    }
                    State::Yield1 { mut iter, n } => {
                        for multiple in (n * n..1000).step_by(n) {
                            composite[multiple] = true;
                        }
                        State::Loop1 { iter }
                    }
                };
            }
        },
    )
}
