fn sum(first: i64) -> impl ::segue::Coroutine<i64, Yield = &'static str, Return = i64> {
    use ::segue::machine::generator::Step;
    enum State<First, Sent> {
        Start { first: First },
        Yield1 { first: First },
        Yield2 { sent: Sent, first: First },
    }
    ::segue::machine::generator::receiving::<
        State<_, _>,
        i64,
        &'static str,
        i64,
        _,
        _,
    >(
        State::Start { first },
        |state| ::core::matches!(state, State::Start { .. }),
        |state, mut input| match state {
            State::Start { first } => {
                return Step::Yield("second", State::Yield1 { first });
            }
            State::Yield1 { first } => {
                let mut sent = input.sent();
                return Step::Yield("third", State::Yield2 { sent, first });
            }
            State::Yield2 { first, mut sent } => {
                let mut sent2 = input.sent();
                return Step::Return(first + sent * sent2);
            }
        },
    )
}
