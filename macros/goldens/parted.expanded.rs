struct Request {
    id: u64,
    body: String,
    headers: Vec<String>,
}
enum Order {
    Say { text: String, to: String },
    Stop,
}
/// What is left of `request` is dropped where its scope ends.
fn sizes(
    request: Request,
) -> impl ::segue::Coroutine<
    (),
    Yield = usize,
    Return = (),
> + ::core::iter::Iterator<Item = usize> {
    use ::segue::machine::generator::{Leave as _, Rest, Held, Hold as _, Step, init};
    enum State<Request, RestOfRequest, Body, Body2> {
        Start { request: Request },
        Yield1 { body: Body, _rest_of_request: RestOfRequest },
        Yield2 { _body: Body2, _rest_of_request: RestOfRequest },
    }
    let init = init::<_, usize, ()>(State::Start { request });
    init.step(|state, _| match state {
        State::Start { request } => {
            let rest_of_request;
            let (rest, body) = ::segue::machine::at_once(
                Rest::of(&request)
                    .leaving(|given| async move {
                        let _ = &request;
                        let Request { body, .. } = request;
                        given.give(body).await
                    }),
            );
            rest_of_request = rest;
            return Step::yields(
                body.len(),
                State::Yield1 {
                    body,
                    _rest_of_request: Held::new(rest_of_request).hold(),
                },
            );
        }
        State::Yield1 { _rest_of_request, body } => {
            return Step::yields(
                body.capacity(),
                State::Yield2 {
                    _body: Held::new(body).hold(),
                    _rest_of_request,
                },
            );
        }
        State::Yield2 { _rest_of_request, _body } => return Step::returns(()),
    })
}
/// One of several parts, or none.
fn obey(order: Order) -> impl ::core::future::Future<Output = usize> {
    use ::segue::machine::task::{
        At, Awaitable, Delegate1 as Delegate, Leave as _, Rest, Held, Hold as _, Step,
        init,
    };
    enum State<RestOfOrder, Text> {
        Await1 { text: Text, _rest_of_order: RestOfOrder },
    }
    let init = init::<_, usize>((order,));
    init.step(|state: At<_, _>, mut input| match state {
        At::Start((order,)) => {
            let rest_of_order;
            let (rest, part) = ::segue::machine::at_once(
                Rest::of(&order)
                    .leaving(|given| async move {
                        let _ = &order;
                        let part = match order {
                            Order::Say { text, .. } => ::core::result::Result::Ok(text),
                            Order::Stop => ::core::result::Result::Err(()),
                        };
                        given.give(part).await
                    }),
            );
            rest_of_order = rest;
            match part {
                ::core::result::Result::Ok(text) => {
                    return Step::awaits(
                        Delegate::of1(Awaitable::awaited(std::future::ready(()))),
                        State::Await1 {
                            text,
                            _rest_of_order: Held::new(rest_of_order).hold(),
                        },
                    );
                }
                ::core::result::Result::Err(()) => {
                    return Step::returns(0);
                }
            }
        }
        At::Suspended(State::Await1 { _rest_of_order, text }) => {
            input.outcome1();
            return Step::returns(text.len());
        }
    })
}
