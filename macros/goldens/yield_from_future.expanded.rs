async fn compute(x: i64, y: i64) -> i64 {
    x + y
}
fn print_sum(x: i64, y: i64) -> impl ::core::future::Future<Output = ()> {
    use ::segue::machine::task::Step;
    use ::segue::machine::{At, Delegate1 as Delegate};
    enum State<X, Y> {
        Await1 { y: Y, x: X },
    }
    ::segue::machine::task::new::<
        _,
        State<_, _>,
        ::core::convert::Infallible,
        Delegate<_>,
        (),
        _,
    >(
        (x, y),
        |state, mut input| match state {
            At::Start((x, y)) => {
                return Step::Await(
                    Delegate::of1(
                        ::segue::machine::Awaitable::into_future(compute(x, y)),
                    ),
                    State::Await1 { y, x },
                );
            }
            At::Suspended(State::Await1 { x, y }) => {
                let result = input.outcome1();
                println!("{x} + {y} = {result}");
                return Step::Return(());
            }
        },
    )
}
