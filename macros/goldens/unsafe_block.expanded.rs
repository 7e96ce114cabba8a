fn replace(
    first: *mut u8,
    count: usize,
) -> impl ::segue::Coroutine<u8, Yield = u8, Return = u8> {
    use ::segue::machine::generator::{Step, receiving, next};
    enum State<First, Count, Last, Iter, Place> {
        Start { first: First, count: Count },
        Loop1 { iter: Iter, last: Last, first: First },
        Yield1 { place: Place, iter: Iter, last: Last, first: First },
    }
    let init = receiving::<_, u8, u8, u8>(State::Start { first, count });
    let init = init.begins(|state| ::core::matches!(state, State::Start { .. }));
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                #[allow(unused_unsafe)]
                State::Start { first, count } => {
                    let mut last = 0;
                    unsafe {
                        let mut iter = ::segue::machine::Iterable::into_iter(0..count);
                        State::Loop1 { iter, last, first }
                    }
                }
                #[allow(unused_unsafe)]
                State::Loop1 { first, mut last, mut iter } => {
                    unsafe {
                        if let ::core::option::Option::Some(index) = next(&mut iter) {
                            let place = first.add(index);
                            let offered = *place;
                            return Step::yields(
                                offered,
                                State::Yield1 {
                                    place,
                                    iter,
                                    last,
                                    first,
                                },
                            );
                        }
                    }
                    ::segue::machine::end(iter);
                    return Step::returns(last);
                }
                #[allow(unused_unsafe)]
                State::Yield1 { first, mut last, mut iter, place } => {
                    unsafe {
                        let place = place;
                        last = input.sent();
                        *place = last;
                    }
                    State::Loop1 { iter, last, first }
                }
            };
        }
    })
}
