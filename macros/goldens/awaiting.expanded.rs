fn both(
    wait: impl AsyncFn(u32) -> u32,
    stop: bool,
) -> impl ::core::future::Future<Output = u32> {
    use ::segue::machine::task::{
        At, Delegate2 as Delegate, Leave as _, Rest, Held, Hold as _, Step, init,
    };
    enum State<Stop> {
        Await1 { stop: Stop },
        Await2,
    }
    enum Jump<RestOfWait, N, M, K> {
        After1 { k: K, m: M, n: N, _rest_of_wait: RestOfWait },
    }
    let init = init::<_, u32>((wait, stop));
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                At::Start((wait, stop)) => {
                    return Step::awaits(
                        Delegate::of1(async move {
                            let output = ::segue::machine::within(
                                    (wait(1), wait(2)),
                                    |(future, future2)| async move {
                                        futures::join!(future, future2)
                                    },
                                )
                                .await;
                            (wait, output)
                        }),
                        State::Await1 { stop },
                    );
                }
                At::Suspended(State::Await1 { stop }) => {
                    let (wait, (n, m)) = input.outcome1();
                    let enabled = !stop;
                    return Step::awaits(
                        Delegate::of2(
                            Rest::of(&wait)
                                .leaving(|given| async move {
                                    let _ = (&enabled, &m, &n, &wait);
                                    let output = ::segue::machine::within(
                                            (enabled, wait(n), wait(m)),
                                            |(enabled, future, future2)| async move {
                                                tokio::select! {
                                                    biased; output = { future } =>
                                                    ::segue::machine::Branch::This(output), output = { future2
                                                    }, if enabled => ::segue::machine::Branch::Other(output),
                                                }
                                            },
                                        )
                                        .await;
                                    given.give((n, m, output)).await
                                }),
                        ),
                        State::Await2,
                    );
                }
                At::Suspended(State::Await2) => {
                    let (_rest_of_wait, n, m, mut output2) = {
                        let (_rest_of_wait, (n, m, output)) = input.outcome2();
                        (_rest_of_wait, n, m, output)
                    };
                    match ({ output2 }) {
                        ::segue::machine::Branch::This(k) => {
                            let k = k;
                            At::Jump(Jump::After1 {
                                k,
                                m,
                                n,
                                _rest_of_wait,
                            })
                        }
                        ::segue::machine::Branch::Other(_) => {
                            return Step::returns(m);
                        }
                    }
                }
                At::Jump(Jump::After1 { _rest_of_wait, n, m, k }) => {
                    return Step::returns(n + m + k);
                }
            };
        }
    })
}
