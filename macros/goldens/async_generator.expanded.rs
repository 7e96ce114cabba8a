fn numbered(
    lines: impl Stream<Item = String> + Unpin,
    rest: impl Stream<Item = String>,
) -> impl ::segue::machine::stream::FusedStream<Item = String> {
    use ::segue::machine::stream::{
        At, awaited, streamed, Awaitable, Delegate3 as Delegate, Held, Hold as _, Step,
        init,
    };
    enum State<Rest, N, Stream, Line> {
        Item1 { n: N, rest: Rest },
        Yield1 { _line: Line, stream: Stream, n: N, rest: Rest },
        Await1 { rest: Rest },
        YieldFrom1,
    }
    enum Jump<Rest, N, Stream> {
        Loop1 { stream: Stream, n: N, rest: Rest },
    }
    let init = init::<_, String>((lines, rest));
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                At::Start((lines, rest)) => {
                    let mut n = 0;
                    let mut stream = ::segue::machine::Streamable::into_stream(lines);
                    At::Jump(Jump::Loop1 { stream, n, rest })
                }
                At::Jump(Jump::Loop1 { rest, mut n, mut stream }) => {
                    return Step::awaits(
                        Delegate::of1(awaited(::segue::machine::next_item(stream))),
                        State::Item1 { n, rest },
                    );
                }
                At::Suspended(State::Item1 { rest, mut n }) => {
                    let (mut stream, output) = input.outcome1();
                    {
                        let mut item = output;
                        match item {
                            ::core::option::Option::Some(line) => {
                                n += line.len();
                                return Step::yields(
                                    format!("{n} {line}"),
                                    State::Yield1 {
                                        _line: Held::new(line).hold(),
                                        stream,
                                        n,
                                        rest,
                                    },
                                );
                            }
                            ::core::option::Option::None => {}
                        }
                    }
                    ::segue::machine::end(stream);
                    return Step::awaits(
                        Delegate::of2(
                            awaited(Awaitable::awaited(std::future::ready(()))),
                        ),
                        State::Await1 { rest },
                    );
                }
                At::Suspended(State::Yield1 { rest, mut n, mut stream, _line }) => {
                    ::segue::machine::end(_line);
                    At::Jump(Jump::Loop1 { stream, n, rest })
                }
                At::Suspended(State::Await1 { rest }) => {
                    input.outcome2();
                    return Step::delegates(
                        Delegate::of3(streamed::<String, _, _>(rest)),
                        State::YieldFrom1,
                    );
                }
                At::Suspended(State::YieldFrom1) => {
                    input.outcome3();
                    return Step::returns(());
                }
            };
        }
    })
}
