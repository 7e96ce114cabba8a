fn greeter(
    name: &str,
) -> impl ::segue::Coroutine<String, Yield = u32, Return = Vec<String>> {
    use ::segue::machine::generator::{Step, receiving};
    enum State<Name, Temporary, Operand> {
        Start { name: Name },
        Yield1 { temporary: Temporary, name: Name },
        Yield2 { name: Name },
        Yield3 { operand: Operand, name: Name },
    }
    let init = receiving::<_, String, u32, Vec<String>>(State::Start { name });
    let init = init.begins(|state| ::core::matches!(state, State::Start { .. }));
    init.step(|state, mut input| match state {
        State::Start { name } => {
            let mut temporary = name.len();
            return Step::yields(1, State::Yield1 { temporary, name });
        }
        State::Yield1 { name, mut temporary } => {
            {
                let mut temporary = temporary;
                let mut sent = input.sent();
                match (&temporary, &({ sent })) {
                    (arg, arg2) => println!("{name} {} {}", * arg, * arg2),
                };
            }
            return Step::yields(2, State::Yield2 { name });
        }
        State::Yield2 { name } => {
            {
                let mut sent2 = input.sent();
                let held = ({ sent2 }) != name;
                assert!(held, "not {name} again");
            }
            let operand = name.to_uppercase();
            return Step::yields(3, State::Yield3 { operand, name });
        }
        State::Yield3 { name, operand } => {
            let mut value2 = {
                let mut sent3 = input.sent();
                match &({ sent3 }) {
                    arg => format!("{:?} {name}", * arg),
                }
            };
            return Step::returns(
                match (operand, value2) {
                    (item, item2) => vec![item, item2],
                },
            );
        }
    })
}
