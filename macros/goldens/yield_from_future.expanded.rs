async fn compute(x: i64, y: i64) -> i64 {
    x + y
}
fn print_sum(x: i64, y: i64) -> impl ::core::future::Future<Output = ()> {
    use ::segue::machine::task::{At, Awaitable, Delegate1 as Delegate, Step, init};
    enum State<X, Y> {
        Await1 { y: Y, x: X },
    }
    let init = init::<_, ()>((x, y));
    init.step(|state: At<_, _>, mut input| match state {
        At::Start((x, y)) => {
            return Step::awaits(
                Delegate::of1(Awaitable::awaited(compute(x, y))),
                State::Await1 { y, x },
            );
        }
        At::Suspended(State::Await1 { x, y }) => {
            let result = input.outcome1();
            println!("{x} + {y} = {result}");
            return Step::returns(());
        }
    })
}
