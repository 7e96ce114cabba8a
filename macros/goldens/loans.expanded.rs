/// An iterator over a local, which is used again.
fn odd_ones(
    numbers: Vec<i32>,
) -> impl ::segue::Coroutine<
    (),
    Yield = i32,
    Return = (),
> + ::core::iter::Iterator<Item = i32> {
    use ::segue::machine::loan::{Loaned, Sealed, Step};
    use ::segue::machine::generator::{Held, Hold as _, init, next};
    let proof = ::segue::machine::Proof::<(), i32, ()>::new();
    if false {
        proof
            .coroutine(move || {
                let mut numbers = numbers;
                for number in ::segue::machine::Iterable::into_iter(
                    numbers.iter_mut().filter(|number| **number % 2 == 1),
                ) {
                    *number += 1;
                    proof.yields(Step::yields(*number, ()));
                }
                proof.yields(Step::yields(numbers.len() as i32, ()));
            });
        loop {}
    }
    enum State<Numbers, Iter, Number, Numbers2> {
        Start { numbers: Numbers },
        Loop1 { iter: Iter, numbers: Numbers },
        Yield1 { _number: Number, iter: Iter, numbers: Numbers },
        Yield2 { _numbers: Numbers2 },
    }
    let init = init::<
        _,
        i32,
        (),
    >(
            Sealed::new(State::Start {
                numbers: Loaned::new(numbers),
            }),
        )
        .proven(proof);
    #[allow(warnings, unused, dangerous_implicit_autorefs)]
    let machine = init
        .step(|state: Sealed<_>, _| unsafe {
            let mut state = state.open();
            loop {
                state = match state {
                    State::Start { numbers } => {
                        let mut iter = ::segue::machine::Iterable::into_iter(
                            (*::segue::machine::loan::place(&numbers))
                                .iter_mut()
                                .filter(|number| **number % 2 == 1),
                        );
                        State::Loop1 { iter, numbers }
                    }
                    State::Loop1 { numbers, mut iter } => {
                        if let ::core::option::Option::Some(number) = next(&mut iter) {
                            *number += 1;
                            return Step::yields(
                                *number,
                                State::Yield1 {
                                    _number: Held::new(number).hold(),
                                    iter,
                                    numbers,
                                },
                            );
                        }
                        ::segue::machine::end(iter);
                        return Step::yields(
                            (*::segue::machine::loan::place(&numbers)).len() as i32,
                            State::Yield2 {
                                _numbers: Held::new(numbers).hold(),
                            },
                        );
                    }
                    State::Yield1 { numbers, mut iter, _number } => {
                        ::segue::machine::end(_number);
                        State::Loop1 { iter, numbers }
                    }
                    State::Yield2 { _numbers } => return Step::returns(()),
                };
            }
        });
    machine
}
/// An iterator of parts.
fn count(words: String) -> impl ::core::future::Future<Output = usize> {
    use ::segue::machine::loan::{Loaned, Step};
    use ::segue::machine::task::{At, Delegate1 as Delegate, init, next};
    let proof = ::segue::machine::Proof::<_, _, usize>::new();
    if false {
        proof
            .future(async move {
                let mut found = 0;
                for word in ::segue::machine::Iterable::into_iter(words.split(' ')) {
                    ::segue::machine::Awaitable::awaited(std::future::ready(word.len()))
                        .await;
                    found += word.len();
                }
                proof.returns(Step::returns(found + words.len()))
            });
        loop {}
    }
    enum State<Words, Found, Iter> {
        Await1 { iter: Iter, found: Found, words: Words },
    }
    enum Jump<Words, Found, Iter> {
        Loop1 { iter: Iter, found: Found, words: Words },
    }
    let init = init::<_, usize>((Loaned::new(words),)).proven(proof);
    #[allow(warnings, unused, dangerous_implicit_autorefs)]
    let machine = init
        .step(|state: At<_, _, _>, mut input| unsafe {
            let mut state = state.open();
            let mut input = input.open();
            loop {
                state = match state {
                    At::Start((words,)) => {
                        let mut found = 0;
                        let mut iter = ::segue::machine::Iterable::into_iter(
                            (*::segue::machine::loan::place(&words)).split(' '),
                        );
                        At::Jump(Jump::Loop1 { iter, found, words })
                    }
                    At::Jump(Jump::Loop1 { words, mut found, mut iter }) => {
                        if let ::core::option::Option::Some(word) = next(&mut iter) {
                            return Step::awaits(
                                Delegate::of1(async move {
                                    let output = std::future::ready(word.len()).await;
                                    (word, output)
                                }),
                                State::Await1 {
                                    iter,
                                    found,
                                    words,
                                },
                            );
                        }
                        ::segue::machine::end(iter);
                        return Step::returns(
                            found + (*::segue::machine::loan::place(&words)).len(),
                        );
                    }
                    At::Suspended(State::Await1 { words, mut found, mut iter }) => {
                        let (word, output) = input.outcome1();
                        {
                            let word = word;
                            output;
                            found += word.len();
                        }
                        At::Jump(Jump::Loop1 { iter, found, words })
                    }
                };
            }
        });
    machine
}
struct Tally {
    counts: Vec<u32>,
    total: u32,
}
impl Tally {
    /// What `self` refers to is borrowed.
    fn each(
        &mut self,
    ) -> impl ::segue::Coroutine<
        (),
        Yield = u32,
        Return = (),
    > + ::core::iter::Iterator<Item = u32> {
        use ::segue::machine::loan::{Lent, Sealed, Step};
        use ::segue::machine::generator::{init, next};
        let proof = ::segue::machine::Proof::<(), u32, ()>::new();
        if false {
            proof
                .coroutine(move || {
                    let this = self;
                    for count in ::segue::machine::Iterable::into_iter(
                        &mut this.counts,
                    ) {
                        proof.yields(Step::yields(*count, ()));
                        *count = 0;
                    }
                    this.total = 0;
                });
            loop {}
        }
        enum State<This, Iter, Count> {
            Start { this: This },
            Loop1 { iter: Iter, this: This },
            Yield1 { count: Count, iter: Iter, this: This },
        }
        let init = init::<
            _,
            u32,
            (),
        >(
                Sealed::new(State::Start {
                    this: Lent::new(self),
                }),
            )
            .proven(proof);
        #[allow(warnings, unused, dangerous_implicit_autorefs)]
        let machine = init
            .step(|state: Sealed<_>, _| unsafe {
                let mut state = state.open();
                loop {
                    state = match state {
                        State::Start { this } => {
                            let mut iter = ::segue::machine::Iterable::into_iter(
                                &mut (*::segue::machine::loan::place(&this)).counts,
                            );
                            State::Loop1 { iter, this }
                        }
                        State::Loop1 { this, mut iter } => {
                            if let ::core::option::Option::Some(count) = next(
                                &mut iter,
                            ) {
                                return Step::yields(
                                    *count,
                                    State::Yield1 { count, iter, this },
                                );
                            }
                            ::segue::machine::end(iter);
                            (*::segue::machine::loan::place(&this)).total = 0;
                            return Step::returns(());
                        }
                        State::Yield1 { this, mut iter, count } => {
                            {
                                let count = count;
                                *count = 0;
                            }
                            State::Loop1 { iter, this }
                        }
                    };
                }
            });
        machine
    }
}
