fn shadows(text: String) -> impl ::segue::Coroutine<(), Yield = String, Return = usize> {
    use ::segue::machine::generator::{Held, Hold as _, Step, init};
    enum State<Text, Text2, Text3, Length> {
        Start { text: Text },
        Yield1 { length: Length, text_2: Text3, _text: Text2 },
        Yield2 { length: Length, _text: Text2 },
    }
    let init = init::<_, String, usize>(State::Start { text });
    init.step(|state, _| match state {
        State::Start { text } => {
            let text_2 = text.trim().to_string();
            let length = text_2.len();
            let text_3 = format!("inner {text_2}");
            return Step::yields(
                text_3,
                State::Yield1 {
                    length,
                    text_2,
                    _text: Held::new(text).hold(),
                },
            );
        }
        State::Yield1 { _text, text_2, length } => {
            return Step::yields(text_2, State::Yield2 { length, _text });
        }
        State::Yield2 { _text, length } => return Step::returns(length),
    })
}
