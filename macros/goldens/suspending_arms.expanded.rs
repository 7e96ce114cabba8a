enum Answer {
    Number(u32),
    Text(String),
}
fn ask(
    name: &str,
) -> impl ::segue::Coroutine<Answer, Yield = String, Return = Option<u32>> {
    use ::segue::machine::generator::Step;
    use ::segue::machine::{Held, Keep as _, Release as _};
    enum State<Name, N, Text, Age> {
        Start { name: Name },
        Yield1,
        Yield2 { n: N },
        Yield3 { _text: Text },
        After1 { age: Age, _text: Text },
        After2 { age: Age, _text: Text },
        After3 { age: Age },
        After4 { age: Age },
    }
    ::segue::machine::generator::receiving::<
        State<_, _, _, _>,
        Answer,
        String,
        Option<u32>,
        _,
        _,
    >(
        State::Start { name },
        |state| ::core::matches!(state, State::Start { .. }),
        |mut state, mut input| {
            loop {
                state = match state {
                    State::Start { name } => {
                        return Step::Yield(format!("How old is {name}?"), State::Yield1);
                    }
                    State::Yield1 => {
                        let mut sent = input.sent();
                        ::segue::machine::matched_whole(&sent);
                        match sent {
                            Answer::Number(n) if n < 150 => {
                                let age = n;
                                State::After3 { age }
                            }
                            Answer::Number(n) => {
                                return Step::Yield(
                                    format!("{n}, really?"),
                                    State::Yield2 { n },
                                );
                            }
                            Answer::Text(text) => {
                                return Step::Yield(
                                    format!("{text} isn't a number. Again?"),
                                    State::Yield3 {
                                        _text: Held::new(text).hold(),
                                    },
                                );
                            }
                        }
                    }
                    State::Yield2 { n } => {
                        let age = {
                            let n = n;
                            input.sent();
                            n
                        };
                        State::After3 { age }
                    }
                    State::Yield3 { _text } => {
                        let mut sent2 = input.sent();
                        match ({ sent2 }) {
                            Answer::Number(n) => {
                                let age = n;
                                State::After1 { age, _text }
                            }
                            Answer::Text(_) => {
                                return Step::Return(None);
                            }
                        }
                    }
                    State::After1 { _text, age } => State::After2 { age, _text },
                    State::After2 { _text, age } => State::After3 { age },
                    State::After3 { age } => State::After4 { age },
                    State::After4 { age } => {
                        return Step::Return(Some(age));
                    }
                };
            }
        },
    )
}
