use std::io;
struct Client;
struct Channel;
impl Client {
    fn ping(&mut self) {}
    async fn subscribe(self, _name: &str) -> io::Result<Channel> {
        Ok(Channel)
    }
}
impl Channel {
    async fn next(&mut self) -> Option<String> {
        None
    }
}
fn listen(
    client: Client,
    name: String,
) -> impl ::core::future::Future<Output = io::Result<usize>> {
    use ::segue::machine::task::{
        At, Delegate2 as Delegate, Leave as _, Rest, Held, Hold as _, Step, init,
    };
    enum State<RestOfClient, Name2, Heard> {
        Await1,
        Await2 { heard: Heard, _name: Name2, _rest_of_client: RestOfClient },
    }
    enum Jump<RestOfClient, Name2, Channel, Heard, Channel2> {
        Loop1 {
            heard: Heard,
            channel: Channel,
            _name: Name2,
            _rest_of_client: RestOfClient,
        },
        After1 {
            heard: Heard,
            _channel: Channel2,
            _name: Name2,
            _rest_of_client: RestOfClient,
        },
    }
    let init = init::<_, io::Result<usize>>((client, name));
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                At::Start((mut client, name)) => {
                    client.ping();
                    return Step::awaits(
                        Delegate::of1(
                            Rest::of(&client)
                                .leaving(|given| async move {
                                    let _ = (&name, &client);
                                    let output = client.subscribe(&name).await;
                                    given.give((Held::new(name).hold(), output)).await
                                }),
                        ),
                        State::Await1,
                    );
                }
                At::Suspended(State::Await1) => {
                    let (_rest_of_client, _name, mut output) = {
                        let (_rest_of_client, (_name, output)) = input.outcome1();
                        (_rest_of_client, _name, output)
                    };
                    let mut channel = Step::tried(output)?;
                    let mut heard = 0;
                    At::Jump(Jump::Loop1 {
                        heard,
                        channel,
                        _name,
                        _rest_of_client,
                    })
                }
                At::Jump(
                    Jump::Loop1 { _rest_of_client, _name, mut channel, mut heard },
                ) => {
                    return Step::awaits(
                        Delegate::of2(async move {
                            let output = channel.next().await;
                            (channel, output)
                        }),
                        State::Await2 {
                            heard,
                            _name,
                            _rest_of_client,
                        },
                    );
                }
                At::Suspended(State::Await2 { _rest_of_client, _name, mut heard }) => {
                    let (mut channel, output) = input.outcome2();
                    {
                        let mut output2 = output;
                        if let Some(_message) = ({ output2 }) {
                            heard += 1;
                        } else {
                            state = At::Jump(Jump::After1 {
                                heard,
                                _channel: Held::new(channel).hold(),
                                _name,
                                _rest_of_client,
                            });
                            continue;
                        }
                    }
                    At::Jump(Jump::Loop1 {
                        heard,
                        channel,
                        _name,
                        _rest_of_client,
                    })
                }
                At::Jump(
                    Jump::After1 { _rest_of_client, _name, _channel, mut heard },
                ) => return Step::returns(Ok(heard)),
            };
        }
    })
}
