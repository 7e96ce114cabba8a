fn sum(first: i64) -> impl ::segue::Coroutine<i64, Yield = &'static str, Return = i64> {
    use ::segue::machine::generator::{Step, receiving};
    enum State<First, Sent> {
        Start { first: First },
        Yield1 { first: First },
        Yield2 { sent: Sent, first: First },
    }
    let init = receiving::<_, i64, &'static str, i64>(State::Start { first });
    let init = init.begins(|state| ::core::matches!(state, State::Start { .. }));
    init.step(|state, mut input| match state {
        State::Start { first } => return Step::yields("second", State::Yield1 { first }),
        State::Yield1 { first } => {
            let mut sent = input.sent();
            return Step::yields("third", State::Yield2 { sent, first });
        }
        State::Yield2 { first, mut sent } => {
            let mut sent2 = input.sent();
            return Step::returns(first + sent * sent2);
        }
    })
}
