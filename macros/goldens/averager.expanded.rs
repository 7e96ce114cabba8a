fn averager() -> impl ::segue::Coroutine<f64, Yield = f64, Return = ()> {
    use ::segue::machine::generator::{Step, init};
    enum State<Total, Count, Average> {
        Start,
        Loop1 { average: Average, count: Count, total: Total },
        Yield1 { average: Average, count: Count, total: Total },
    }
    let init = init::<_, f64, f64, ()>(State::Start);
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                State::Start => {
                    input.started("averager");
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
                    total += input.sent("averager");
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
