struct Archive {
    written: usize,
}
struct Entry<'a>(&'a mut Archive);
impl Archive {
    async fn entry(&mut self) -> std::io::Result<Entry<'_>> {
        Ok(Entry(self))
    }
    async fn close(self) -> std::io::Result<usize> {
        Ok(self.written)
    }
}
impl Entry<'_> {
    async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.written += bytes.len();
        Ok(())
    }
}
/// The archive is borrowed while an entry is written, and used up in the end.
fn pack(
    files: Vec<Vec<u8>>,
) -> impl ::core::future::Future<Output = std::io::Result<usize>> {
    use ::segue::machine::loan::{Loaned, Step};
    use ::segue::machine::task::{
        At, Delegate3 as Delegate, Leave as _, Rest, Held, Hold as _, init, next,
    };
    let proof = ::segue::machine::Proof::<_, _, std::io::Result<usize>>::new();
    if false {
        proof
            .future(async move {
                let mut archive = Archive { written: 0 };
                for file in ::segue::machine::Iterable::into_iter(files) {
                    let mut entry = match proof
                        .tried(
                            Step::tried(
                                ::segue::machine::Awaitable::awaited(archive.entry()).await,
                            ),
                        )
                    {
                        ::core::ops::ControlFlow::Continue(output) => output,
                        ::core::ops::ControlFlow::Break(value) => return value,
                    };
                    match proof
                        .tried(
                            Step::tried(
                                ::segue::machine::Awaitable::awaited(entry.write(&file))
                                    .await,
                            ),
                        )
                    {
                        ::core::ops::ControlFlow::Continue(output) => output,
                        ::core::ops::ControlFlow::Break(value) => return value,
                    };
                }
                proof
                    .returns(
                        Step::returns(
                            ::segue::machine::Awaitable::awaited(archive.close()).await,
                        ),
                    )
            });
        loop {}
    }
    enum State<Archive, Iter> {
        Await1,
        Await2 { iter: Iter, archive: Archive },
        Await3,
    }
    enum Jump<Archive, Iter> {
        Loop1 { iter: Iter, archive: Archive },
    }
    let init = init::<_, std::io::Result<usize>>((files,)).proven(proof);
    #[allow(warnings, unused, dangerous_implicit_autorefs)]
    let machine = init
        .step(|state: At<_, _, _>, mut input| unsafe {
            let mut state = state.open();
            let mut input = input.open();
            loop {
                state = match state {
                    At::Start((files,)) => {
                        let archive = Loaned::new(Archive { written: 0 });
                        let mut iter = ::segue::machine::Iterable::into_iter(files);
                        At::Jump(Jump::Loop1 { iter, archive })
                    }
                    At::Jump(Jump::Loop1 { archive, mut iter }) => {
                        let mut archive_2;
                        let mut iter = iter;
                        if let ::core::option::Option::Some(file) = next(&mut iter) {
                            return Step::awaits(
                                Delegate::of1(async move {
                                    let _ = (&file, &iter, &archive);
                                    let output = (*::segue::machine::loan::place(&archive))
                                        .entry()
                                        .await;
                                    (archive, iter, file, output)
                                }),
                                State::Await1,
                            );
                        }
                        ::segue::machine::end(iter);
                        archive_2 = ::segue::machine::loan::recall(archive);
                        return Step::awaits(
                            Delegate::of3(
                                Rest::of(&archive_2)
                                    .leaving(|given| async move {
                                        let output = (*archive_2).close().await;
                                        given.give(output).await
                                    }),
                            ),
                            State::Await3,
                        );
                    }
                    At::Suspended(State::Await1) => {
                        let (archive, mut iter, file, output) = input.outcome1();
                        let mut output = output;
                        let mut entry = Step::tried(output)?;
                        return Step::awaits(
                            Delegate::of2(async move {
                                let _ = (&entry, &file);
                                let output = entry.write(&file).await;
                                (Held::new(file).hold(), Held::new(entry).hold(), output)
                            }),
                            State::Await2 { iter, archive },
                        );
                    }
                    At::Suspended(State::Await2 { archive, mut iter }) => {
                        let (_file, _entry, output) = input.outcome2();
                        {
                            let _file = _file;
                            let _entry = _entry;
                            let mut output2 = output;
                            Step::tried(output2)?;
                        }
                        At::Jump(Jump::Loop1 { iter, archive })
                    }
                    At::Suspended(State::Await3) => {
                        let (_rest_of_archive, mut output3) = input.outcome3();
                        return Step::returns(output3);
                    }
                };
            }
        });
    machine
}
