struct Log;
struct Entry(&'static str);
impl Drop for Entry {
    fn drop(&mut self) {
        println!("left {}", self.0);
    }
}
impl Log {
    fn enter(&self, part: &'static str) -> Entry {
        Entry(part)
    }
}
fn guarded(
    log: &Log,
) -> impl ::segue::Coroutine<
    (),
    Yield = u32,
    Return = (),
> + ::core::iter::Iterator<Item = u32> {
    use ::segue::machine::generator::{Held, Hold as _, Step, init};
    enum State<Log, Whole, Part> {
        Start { log: Log },
        Yield1 { _part: Part, _whole: Whole },
        Yield2 { _whole: Whole },
    }
    let init = init::<_, u32, ()>(State::Start { log });
    init.step(|state, _| match state {
        State::Start { log } => {
            let _whole = log.enter("whole");
            let _part = log.enter("part");
            return Step::yields(
                1,
                State::Yield1 {
                    _part: Held::new(_part).hold(),
                    _whole: Held::new(_whole).hold(),
                },
            );
        }
        State::Yield1 { _whole, _part } => {
            ::segue::machine::end(_part);
            return Step::yields(2, State::Yield2 { _whole });
        }
        State::Yield2 { _whole } => return Step::returns(()),
    })
}
