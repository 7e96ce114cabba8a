fn averager() -> impl ::segue::Coroutine<f64, Yield = f64, Return = ()> {
    use ::segue::machine::generator::{Step, receiving};
    enum State<Total, Count, Average> {
        Start,
        Loop1 { average: Average, count: Count, total: Total },
        Yield1 { average: Average, count: Count, total: Total },
    }
    let init = receiving::<_, f64, f64, ()>(State::Start);
    let init = init.begins(|state| ::core::matches!(state, State::Start { .. }));
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                State::Start => {
                    let mut total = 0.0;
                    let mut count = 0.0;
                    let mut average = 0.0;
                    State::Loop1 {
                        average,
                        count,
                        total,
                    }
                }
                State::Loop1 { mut total, mut count, mut average } => {
                    return Step::yields(
                        average,
                        State::Yield1 {
                            average,
                            count,
                            total,
                        },
                    );
                }
                State::Yield1 { mut total, mut count, mut average } => {
                    total += input.sent();
                    count += 1.0;
                    average = total / count;
                    State::Loop1 {
                        average,
                        count,
                        total,
                    }
                }
            };
        }
    })
}
