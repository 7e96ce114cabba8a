use std::io;
struct Socket;
impl Socket {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(buffer.len())
    }
    async fn write_all(&mut self, _data: &[u8]) -> io::Result<()> {
        Ok(())
    }
}
fn echo(socket: Socket) -> impl ::core::future::Future<Output = io::Result<u64>> {
    use ::segue::machine::task::{At, Delegate2 as Delegate, Step, init};
    enum State<Echoed> {
        Await1 { echoed: Echoed },
        Await2 { echoed: Echoed },
    }
    enum Jump<Socket, Buffer, Echoed> {
        Loop1 { echoed: Echoed, buffer: Buffer, socket: Socket },
    }
    let init = init::<_, io::Result<u64>>((socket,));
    init.step(|mut state, mut input| {
        loop {
            state = match state {
                At::Start((mut socket,)) => {
                    let mut buffer = [0; 4096];
                    let mut echoed = 0;
                    At::Jump(Jump::Loop1 {
                        echoed,
                        buffer,
                        socket,
                    })
                }
                At::Jump(Jump::Loop1 { mut socket, mut buffer, mut echoed }) => {
                    return Step::awaits(
                        Delegate::of1(async move {
                            let output = socket.read(&mut buffer).await;
                            (socket, buffer, output)
                        }),
                        State::Await1 { echoed },
                    );
                }
                At::Suspended(State::Await1 { mut echoed }) => {
                    let (mut socket, mut buffer, mut output) = input.outcome1();
                    let got = Step::tried(output)?;
                    if got == 0 {
                        return Step::returns(Ok(echoed));
                    }
                    return Step::awaits(
                        Delegate::of2(async move {
                            let _ = (&got, &socket);
                            let output = socket.write_all(&buffer[..got]).await;
                            (socket, buffer, got, output)
                        }),
                        State::Await2 { echoed },
                    );
                }
                At::Suspended(State::Await2 { mut echoed }) => {
                    let (mut socket, mut buffer, got, output) = input.outcome2();
                    {
                        let mut output2 = output;
                        Step::tried(output2)?;
                        echoed += got as u64;
                    }
                    At::Jump(Jump::Loop1 {
                        echoed,
                        buffer,
                        socket,
                    })
                }
            };
        }
    })
}
