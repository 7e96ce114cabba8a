fn chain(
    first: Option<u32>,
) -> impl ::segue::Coroutine<Option<u32>, Yield = u32, Return = u32> {
    use ::segue::machine::generator::{Step, receiving};
    enum State<First, First2> {
        Start { first: First },
        Yield1 { first: First2 },
    }
    let init = receiving::<_, Option<u32>, u32, u32>(State::Start { first });
    let init = init.begins(|state| ::core::matches!(state, State::Start { .. }));
    init.step(|state, mut input| match state {
        State::Start { first } => {
            if let Some(first) = first {
                return Step::yields(first, State::Yield1 { first });
            } else {
                return Step::returns(0);
            }
        }
        State::Yield1 { first } => {
            {
                let first = first;
                let mut sent = input.sent();
                if let Some(second) = ({ sent }) {
                    if second > first {
                        return Step::returns(second);
                    }
                }
            }
            return Step::returns(0);
        }
    })
}
