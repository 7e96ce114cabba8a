fn child(
    names: Vec<String>,
) -> impl ::segue::Coroutine<(), Yield = usize, Return = usize> {
    use ::segue::machine::generator::{Held, Hold as _, Step, init, next};
    enum State<Names, Longest, Iter, Name> {
        Start { names: Names },
        Loop1 { iter: Iter, longest: Longest },
        Yield1 { _name: Name, iter: Iter, longest: Longest },
    }
    let init = init::<_, usize, usize>(State::Start { names });
    init.step(|mut state, _| {
        loop {
            state = match state {
                State::Start { names } => {
                    let mut longest = 0;
                    let mut iter = ::segue::machine::Iterable::into_iter(names);
                    State::Loop1 { iter, longest }
                }
                State::Loop1 { mut longest, mut iter } => {
                    if let ::core::option::Option::Some(name) = next(&mut iter) {
                        longest = longest.max(name.len());
                        return Step::yields(
                            name.len(),
                            State::Yield1 {
                                _name: Held::new(name).hold(),
                                iter,
                                longest,
                            },
                        );
                    }
                    ::segue::machine::end(iter);
                    return Step::returns(longest);
                }
                State::Yield1 { mut longest, mut iter, _name } => {
                    ::segue::machine::end(_name);
                    State::Loop1 { iter, longest }
                }
            };
        }
    })
}
/// A coroutine first, an iterator after it.
fn parent(
    names: Vec<String>,
) -> impl ::segue::Coroutine<(), Yield = usize, Return = usize> {
    use ::segue::machine::delegator::{
        At, Child, Delegate2 as Delegate, FromChild as _, Step, init,
    };
    enum State<Longest> {
        YieldFrom1,
        YieldFrom2 { longest: Longest },
    }
    let init = init::<_, usize, usize>((names,));
    init.step(|state: At<_, _>, mut input| match state {
        At::Start((names,)) => {
            return Step::delegates(
                Delegate::of1(Child::<_, (), usize>::new(child(names)).delegate()),
                State::YieldFrom1,
            );
        }
        At::Suspended(State::YieldFrom1) => {
            let longest = input.outcome1();
            return Step::delegates(
                Delegate::of2(Child::<_, (), usize>::new(0..longest).delegate()),
                State::YieldFrom2 { longest },
            );
        }
        At::Suspended(State::YieldFrom2 { longest }) => {
            input.outcome2();
            return Step::returns(longest);
        }
    })
}
