enum Answer {
    Number(u32),
    Text(String),
}
fn ask(
    name: &str,
) -> impl ::segue::Coroutine<Answer, Yield = String, Return = Option<u32>> {
    use ::segue::machine::generator::{Held, Hold as _, Step, receiving};
    enum State<Name, N, Text, Age> {
        Start { name: Name },
        Yield1,
        Yield2 { n: N },
        Yield3 { _text: Text },
        After1 { age: Age },
    }
    let init = receiving::<_, Answer, String, Option<u32>>(State::Start { name });
    let init = init.begins(|state| ::core::matches!(state, State::Start { .. }));
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                State::Start { name } => {
                    return Step::yields(format!("How old is {name}?"), State::Yield1);
                }
                State::Yield1 => {
                    let mut sent = input.sent();
                    ::segue::machine::Apart(&sent).whole();
                    match sent {
                        Answer::Number(n) if n < 150 => {
                            let age = n;
                            State::After1 { age }
                        }
                        Answer::Number(n) => {
                            return Step::yields(
                                format!("{n}, really?"),
                                State::Yield2 { n },
                            );
                        }
                        Answer::Text(text) => {
                            return Step::yields(
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
                    State::After1 { age }
                }
                State::Yield3 { _text } => {
                    match input.sent() {
                        Answer::Number(n) => {
                            let age = n;
                            State::After1 { age }
                        }
                        Answer::Text(_) => {
                            return Step::returns(None);
                        }
                    }
                }
                State::After1 { age } => return Step::returns(Some(age)),
            };
        }
    })
}
