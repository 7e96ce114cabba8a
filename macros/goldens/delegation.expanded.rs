fn child(
    names: Vec<String>,
) -> impl ::segue::Coroutine<(), Yield = usize, Return = usize> {
    use ::segue::machine::generator::Step;
    use ::segue::machine::{Held, Keep as _, Release as _};
    enum State<Names, Longest, Iter, Name> {
        Start { names: Names },
        Loop1 { iter: Iter, longest: Longest },
        Yield1 { _name: Name, iter: Iter, longest: Longest },
    }
    ::segue::machine::generator::new::<
        State<_, _, _, _>,
        usize,
        usize,
        _,
    >(
        State::Start { names },
        |mut state, _| {
            loop {
                state = match state {
                    State::Start { names } => {
                        let mut longest = 0;
                        let mut iter = ::segue::machine::Iterable::into_iter(names);
                        State::Loop1 { iter, longest }
                    }
                    State::Loop1 { mut longest, mut iter } => {
                        match ::core::iter::Iterator::next(&mut iter) {
                            ::core::option::Option::Some(name) => {
                                longest = longest.max(name.len());
                                return Step::Yield(
                                    name.len(),
                                    State::Yield1 {
                                        _name: Held::new(name).hold(),
                                        iter,
                                        longest,
                                    },
                                );
                            }
                            ::core::option::Option::None => {}
                        }
                        ::segue::machine::end(iter);
                        return Step::Return(longest);
                    }
                    State::Yield1 { mut longest, mut iter, _name } => {
                        {
                            let _name = _name;
                        }
                        State::Loop1 { iter, longest }
                    }
                };
            }
        },
    )
}
/// A coroutine first, an iterator after it.
fn parent(
    names: Vec<String>,
) -> impl ::segue::Coroutine<(), Yield = usize, Return = usize> {
    use ::segue::machine::delegator::{
        Step, Child, FromCoroutine as _, FromIterator as _,
    };
    use ::segue::machine::{At, Delegate2 as Delegate};
    enum State<Longest> {
        YieldFrom1,
        YieldFrom2 { longest: Longest },
    }
    ::segue::machine::delegator::new::<
        _,
        State<_>,
        ::core::convert::Infallible,
        Delegate<_, _>,
        usize,
        usize,
        _,
    >(
        (names,),
        |state, mut input| match state {
            At::Start((names,)) => {
                return Step::Delegate(
                    Delegate::of1(Child::<_, (), usize>::new(child(names)).delegate()),
                    State::YieldFrom1,
                );
            }
            At::Suspended(State::YieldFrom1) => {
                let longest = input.outcome1();
                return Step::Delegate(
                    Delegate::of2(Child::<_, (), usize>::new(0..longest).delegate()),
                    State::YieldFrom2 { longest },
                );
            }
            At::Suspended(State::YieldFrom2 { longest }) => {
                input.outcome2();
                return Step::Return(longest);
            }
        },
    )
}
