//! The macros, and what each means to those who write it.

#[cfg(doc)]
use crate::{Coroutine, Stream, Throw};

/// Lowers a function to a coroutine: a plain enum of the places where it is suspended.
///
/// | written | what a call gives |
/// |---|---|
/// | `#[segue::coroutine(yield = Y)] fn f(..) -> T` | `impl Coroutine<(), Yield = Y, Return = T>`; with no `-> T` an `Iterator<Item = Y>` too |
/// | `#[segue::coroutine(yield = Y, resume = R)] fn f(..) -> T` | `impl Coroutine<R, Yield = Y, Return = T>` |
/// | `#[segue::coroutine] async fn f(..) -> T` | `impl Future<Output = T>` |
/// | `#[segue::coroutine(yield = Y)] async fn f(..)` | `impl FusedStream<Item = Y>`: a `Stream` |
/// | `#[segue::coroutine] fn f(..) -> T` | the same; it awaits with `yield_from!(future)` |
///
/// It goes on functions, methods with any receiver, associated functions and methods of a trait's impl, generic ones too.
/// Nothing of the body runs in the call. The types of what is held across a suspension are inferred. What is returned is
/// `Send`, `'static` and `Unpin` whenever what it holds is, futures that it awaits included.
///
/// # By its path
///
/// Write `#[segue::coroutine]`, never `use segue::coroutine;` and `#[coroutine]`: that name belongs to rustc, which has a
/// built-in attribute `coroutine` of its own, and an import of another is ambiguous (E0659).
///
/// ```compile_fail,E0659
/// use segue::coroutine;
///
/// #[coroutine(yield = u32)]
/// fn one() {
///     yield_!(1)
/// }
/// ```
///
/// # Inside of the function
///
/// [`yield_!`](macro@yield_) and [`yield_from!`](macro@yield_from) need no import there. They and `.await` may stand wherever an
/// expression may: in arguments, operands, conditions, chains of `let` conditions, arms of a `match`, and in the arguments of
/// std's macros, as in `println!("{}", yield_!(1))` (`print!`, `format!`, `write!`, `panic!` and their like, `assert!` and its
/// like, `vec!`, `dbg!`, `matches!`). Operands before a suspension are evaluated before it, in Rust's order.
///
/// Such a macro is known by its name: one of your own that has the name of one of std's is taken for it, unless it is defined
/// in the function itself.
///
/// All else means what it means in a function. Variables are dropped where Rust drops them: at the end of their block, in
/// reverse order of declaration, after a suspension as before it. `?`, `return`, labels and `break` with a value work.
///
/// # Recursion
///
/// A function that delegates to itself, or awaits itself, keeps its frames on a stack that it has on the heap: a resume, a
/// yield and the end of a frame cost the same at any depth, and the thread's stack isn't used up, not by a drop either. What is
/// sent or thrown reaches the innermost frame; what a frame returns is the value of the call; frames are dropped from the
/// innermost on.
///
/// ```
/// use segue::{Coroutine, CoroutineState::*};
///
/// struct Tree {
///     name: &'static str,
///     children: Vec<Tree>,
/// }
///
/// /// Yields all names, and returns how many there are.
/// #[segue::coroutine(yield = &'static str)]
/// fn walk(tree: &Tree) -> usize {
///     yield_!(tree.name);
///     let mut count = 1;
///     for child in &tree.children {
///         count += yield_from!(walk(child));
///     }
///     count
/// }
///
/// let leaf = |name| Tree { name, children: Vec::new() };
/// let tree = Tree { name: "a", children: vec![leaf("b"), leaf("c")] };
/// let mut walk = walk(&tree);
/// assert_eq!([walk.start(), walk.start(), walk.start()], ["a", "b", "c"].map(Yielded));
/// assert_eq!(walk.start(), Complete(3));
/// ```
///
/// Such a call is known by its name: `walk(..)` in `fn walk`, and in a method `Self::walk(..)` or `self.walk()`. On another
/// receiver write `Self::walk(child)`: in `child.walk()` the method may be another type's, and if it is not, rustc says E0720.
/// If a name means another function after all, rustc says E0308 there; call that by a path, `module::walk(..)` or
/// `Self::walk` of the trait, `<Self as Walk>::walk(self)`.
///
/// The frames are in one machine, so none can borrow a variable of another: pass values, or references that came as
/// arguments. A `&mut` that is used again after the call is refused; so is, where it is awaited, an argument that leaves a
/// temporary. Functions that call *each other*, and whatever the stack can't do, go through a box: an awaited
/// `Box::pin(walk(..)).await` as in any `async fn`, and in a generator a `Box<dyn Coroutine<..>>`.
///
/// ```
/// use segue::Coroutine;
///
/// type Verdict = Box<dyn Coroutine<Yield = u32, Return = bool>>;
///
/// #[segue::coroutine(yield = u32)]
/// fn even(n: u32) -> bool {
///     yield_!(n);
///     n == 0 || yield_from!(Box::new(odd(n - 1)) as Verdict)
/// }
///
/// #[segue::coroutine(yield = u32)]
/// fn odd(n: u32) -> bool {
///     yield_!(n);
///     n != 0 && yield_from!(even(n - 1))
/// }
///
/// #[segue::coroutine]
/// async fn depth(brackets: &mut std::str::Chars<'_>) -> usize {
///     let mut deepest = 0;
///     while let Some('(') = brackets.next() {
///         deepest = deepest.max(1 + Box::pin(depth(brackets)).await);
///     }
///     deepest
/// }
/// # assert_eq!(even(1).start(), segue::CoroutineState::Yielded(1));
/// # #[cfg(feature = "rt")]
/// assert_eq!(segue::run(depth(&mut "(()(()))()".chars())), 3);
/// ```
///
/// The stack is allocated: recursion needs the feature `std`.
///
/// # Suspended, dropped, finished, panicked
///
/// - A coroutine that is dropped while it is suspended drops what it is delegating to, then its variables in reverse order of
///   declaration. One that was never started drops its arguments.
/// - [`resume`](Coroutine::resume) of a coroutine that isn't started panics, since the value would be lost; with
///   `resume = ()`, the default, it starts it. [`start`](Coroutine::start) of one that is suspended panics in the same way,
///   and resumes it with `resume = ()`.
/// - [`close`](Coroutine::close) ends one and drops the same, in place; [`throw`](Throw::throw) raises an error where it is
///   suspended, if it is sent `Result`s.
/// - Resuming one that has completed or was closed panics; a future that has completed panics when it is polled. As an
///   [`Iterator`] or a [`Stream`] it may be asked again: it then gives `None` for ever.
/// - These panics are told of the caller, name the function and change nothing: who catches one can go on.
/// - A panic inside drops its variables while it passes, and the coroutine is over: resuming, asking or polling it again
///   panics and says why.
///
/// # Limits
///
/// Every error that you may meet has an entry in [`docs/diagnostics.md`], with the way out.
///
/// [`docs/diagnostics.md`]: https://github.com/segue-rs/segue/blob/main/docs/diagnostics.md
///
/// **A borrow that outlives its variable**, as in any function. A borrow of a local that another local holds across a suspension is
/// kept, with the feature `std`: such a variable is on *loan*, its value gets a home on the heap, and the machine may still move
/// (what a `&mut` argument refers to needs none). rustc checks the borrows in your own body, which the expansion has beside the
/// machine and never runs.
///
/// ```
/// #[segue::coroutine(yield = u32)]
/// fn doubled(mut numbers: Vec<u32>) {
///     for n in numbers.iter_mut() {
///         *n *= 2;
///         yield_!(*n);
///     }
///     yield_!(numbers.len() as u32);
/// }
///
/// let mut doubled = doubled(vec![1, 2]);
/// assert_eq!(doubled.next(), Some(2));
/// let mut moved = Box::new(doubled);
/// assert_eq!(moved.next(), Some(4));
/// assert_eq!(moved.next(), Some(2));
/// ```
///
/// Which variables are borrowed is told by the text: a method or a function is taken to give a borrow of what it is given,
/// unless it is one of std's that doesn't, or an awaited one that isn't called as those are that give guards (`lock`, `acquire`).
/// `let url: Url = page.url();` says by its type that nothing is borrowed, and `#[segue::coroutine(no_loan(page))]` that nothing
/// borrows `page`, whatever is done with it. Where the text misleads, rustc tells: E0505 or E0597 at a
/// borrow that isn't kept, E0507 where a variable on loan is used by value in the middle of a method chain; `{x}.finish()` is the way
/// out of that.
///
/// **A variable of which a part was moved out before a suspension** (E0382 at the suspension). Take it apart with a pattern,
/// `let (name, rest) = pair;`, and each part is a variable of its own.
///
/// **A variable last used as the receiver of a method that takes `self`** before a suspension (E0382 at the suspension): from the
/// text it can't be told whether `x.finish()` consumes `x` or a destructor still waits. Write `{x}.finish()`, which says that
/// it does; names that by convention consume, as `into_inner` or `unwrap`, need no braces. In an `async fn` neither do
/// `x.finish().await`, a statement `x.finish();`, and a `let report = x.finish();` whose value is used after the suspension:
/// rustc knows there what is left of `x`, in a future that is kept for it.
///
/// ```
/// struct Report(Vec<u32>);
///
/// impl Report {
///     fn finish(self) -> usize {
///         self.0.len()
///     }
/// }
///
/// #[segue::coroutine(yield = usize)]
/// fn reported(report: Report) {
///     let count = { report }.finish();
///     yield_!(count);
/// }
/// assert!(reported(Report(vec![1, 2])).eq([2]));
/// ```
///
/// **Suspensions inside macros that aren't std's**, inside `format_args!` and in the message of `assert_eq!`: bind the value
/// first. Macros that hide an `.await`,
/// as `join!` and `select!`, don't work in the function itself (E0728); call an ordinary `async` block that holds them, and await
/// that.
///
/// **Where the order of things can't be kept yet**, the error asks for a `let` before it: an update of a computed place that
/// isn't a primitive number, `names[at()] += yield_!(1)`; an `if let .. else` that suspends inside and looks at a value with temporaries, `if let Some(x) = cell.borrow().first() { .. }`.
///
/// **An item** (`struct`, `fn`, ..) declared in an inner block that suspends, if its name means something else in the function:
/// move it to the top of the function.
///
/// **Suspensions in a closure, an `async` block, a guard of a `match` arm or an `unsafe` block**: each is refused with what to do
/// instead. `const fn`, `unsafe fn` and variadic functions are refused too.
///
/// **An async generator** is sent nothing and returns nothing, as a [`Stream`] does. What fails is an item: with
/// `yield = Result<T, E>` write `yield_!(Err(error)); return;` in place of `?`.
///
/// ```
/// #[segue::coroutine(yield = Result<u32, std::num::ParseIntError>)]
/// async fn numbers(words: Vec<String>) {
///     for word in words {
///         std::future::ready(()).await; // or what takes longer
///         match word.parse() {
///             Ok(number) => yield_!(Ok(number)),
///             Err(error) => {
///                 yield_!(Err(error));
///                 return;
///             }
///         }
///     }
/// }
/// ```
pub use segue_macros::coroutine;

/// Suspends the coroutine, handing out a value: `let sent = yield_!(value);`
///
/// It belongs directly in a function under [`#[segue::coroutine(yield = Y)]`](macro@coroutine), where it needs no import. `value`
/// is a `Y`; `yield_!()` yields `()`. It evaluates to what [`resume`](Coroutine::resume) is given, an `R`.
///
/// `yield_!(value)` evaluates `value` as `let value = value;` would: temporaries in it are gone when the coroutine is
/// suspended. A lock or a borrow taken only for the value isn't held:
///
/// ```
/// use std::cell::RefCell;
///
/// #[segue::coroutine(yield = u32)]
/// fn watch(cell: &RefCell<u32>) {
///     loop {
///         yield_!(*cell.borrow());
///     }
/// }
///
/// let cell = RefCell::new(1);
/// let mut values = watch(&cell);
/// assert_eq!(values.next(), Some(1));
/// *cell.borrow_mut() = 2;
/// assert_eq!(values.next(), Some(2));
/// ```
///
/// Temporaries of the statement *around* it live on to that statement's end, as they do around `.await`.
///
/// Outside of a coroutine it is an error that says where it belongs:
///
/// ```compile_fail
/// use segue::yield_;
///
/// fn plain() {
///     yield_!(1);
/// }
/// ```
pub use segue_macros::yield_;

/// Hands over to another coroutine until that one returns: `let returned = yield_from!(child);`
///
/// In a function under [`#[segue::coroutine(yield = Y, resume = R)]`](macro@coroutine), where it needs no import, `child` is
///
/// - a [`Coroutine<R, Yield = Y>`](Coroutine): it is started, then resumed with what is sent; what it yields is yielded; what it
///   returns is the value;
/// - with `resume = ()`, anything that is [`IntoIterator<Item = Y>`](IntoIterator): its items are yielded; the value is `()`.
///
/// In an async generator, `#[segue::coroutine(yield = Y)] async fn`, it is a [`Stream<Item = Y>`](Stream), whose items are
/// yielded; the value is `()`. It is polled in place, so it needn't be `Unpin`.
///
/// In a task, `#[segue::coroutine] fn f()`, it is any [`IntoFuture`], and `yield_from!(future)` is
/// `future.await`.
///
/// In a generator the operand is evaluated as by `let child = operand;`: temporaries in it are gone when the child starts. In a
/// task the rule is that of `.await`: they live while the function waits.
///
/// The child is resumed in place, without a move, and dropped when it has returned, before the function goes on. If the
/// function is dropped first, the child is dropped before the function's own variables. A panic of the child passes through
/// and finishes both.
///
/// ```
/// use segue::{Coroutine, CoroutineState::*};
///
/// #[segue::coroutine(yield = &'static str, resume = u32)]
/// fn ask(question: &'static str) -> u32 {
///     yield_!(question)
/// }
///
/// #[segue::coroutine(yield = &'static str, resume = u32)]
/// fn sum() -> u32 {
///     yield_from!(ask("one?")) + yield_from!(ask("two?"))
/// }
///
/// let mut sum = sum();
/// assert_eq!(sum.start(), Yielded("one?"));
/// assert_eq!(sum.resume(10), Yielded("two?"));
/// assert_eq!(sum.resume(20), Complete(30));
/// ```
pub use segue_macros::yield_from;

/// Goes through a stream, awaiting each item: `for_await!(item in stream { body })`.
///
/// It belongs directly in an async function under [`#[segue::coroutine]`](macro@coroutine), a task or an async generator, where
/// it needs no import. It is a `for` loop in all else: the item may be a pattern, `break`, `continue`, `return` and `?` leave
/// the body as they do there, the body may await and yield, and a label stands inside: `for_await!('outer: x in stream { .. })`.
///
/// `stream` is any [`Stream`] that is [`Unpin`], as those of async generators are if their variables and what they await are.
/// Pin another first, `for_await!(x in Box::pin(stream) { .. })`. It is dropped when the loop ends.
///
/// ```
/// use segue::Stream;
///
/// #[segue::coroutine(yield = u32)]
/// async fn numbers(n: u32) {
///     for i in 0..n {
///         yield_!(i);
///     }
/// }
///
/// #[segue::coroutine(yield = (u32, u32))]
/// async fn pairs(n: u32) {
///     for_await!('rows: a in numbers(n) {
///         for_await!(b in numbers(n) {
///             if b == a {
///                 continue 'rows;
///             }
///             yield_!((a, b));
///         });
///     });
/// }
///
/// #[segue::coroutine]
/// async fn all(stream: impl Stream<Item = (u32, u32)>) -> Vec<(u32, u32)> {
///     let mut all = Vec::new();
///     for_await!(pair in Box::pin(stream) { all.push(pair) });
///     all
/// }
///
/// assert_eq!(segue::run(all(pairs(3))), [(1, 0), (2, 0), (2, 1)]);
/// ```
///
/// Elsewhere it is an error that says where it belongs:
///
/// ```compile_fail
/// use segue::{Stream, for_await};
///
/// async fn plain(stream: impl Stream<Item = u32> + Unpin) {
///     for_await!(n in stream { drop(n) });
/// }
/// ```
pub use segue_macros::for_await;

/// A coroutine from a block: `generator! { for x in list { yield x } }`.
///
/// The block is lowered as a function under [`#[segue::coroutine]`](macro@coroutine) is, and all that is said there of
/// suspensions, drops, misuse and limits holds for it. It is an expression; nothing of it runs before it is started.
///
/// ```
/// use segue::generator;
///
/// fn evens(list: Vec<u32>) -> impl Iterator<Item = u32> {
///     generator! {
///         for n in list {
///             if n % 2 == 0 {
///                 yield n;
///             }
///         }
///     }
/// }
///
/// assert!(evens(vec![1, 2, 3, 4]).eq([2, 4]));
/// ```
///
/// # The words
///
/// Besides `yield_!` and `yield_from!` there are the words themselves, as Python spells them (PEP 255, PEP 380): `yield x`
/// takes all that follows for its operand, as `return x` does, so write `(yield x) + 1`. `yield from g` delegates. Where
/// something follows that an expression may begin with, `from` is always that word; a variable called `from` is yielded by
/// `yield (from)`. In other macros the words aren't read: bind the value first.
///
/// ```
/// use segue::{Coroutine, CoroutineState::*, generator};
///
/// let doubles = || generator! { (resume = u32) (yield 1) + (yield 2) };
/// let mut all = generator! { (resume = u32)
///     let sum = yield from doubles();
///     yield sum;
///     "done"
/// };
/// assert_eq!(all.start(), Yielded(1));
/// assert_eq!(all.resume(10), Yielded(2));
/// assert_eq!(all.resume(20), Yielded(30));
/// assert_eq!(all.resume(0), Complete("done"));
/// ```
///
/// # Its types
///
/// They may be said in parentheses at its head, `(yield = Y, resume = R, return = T)`, each or none. What is yielded and
/// returned is inferred where it isn't said; nothing is sent. Say them where rustc can't tell, or a value is to be coerced:
///
/// ```
/// use segue::{Coroutine, generator};
/// use std::num::ParseIntError;
///
/// let text = "1,2,x";
/// let numbers = generator! { (yield = u64, return = Result<(), ParseIntError>)
///     for word in text.split(',') {
///         yield word.parse()?;
///     }
///     Ok(())
/// };
/// # let mut numbers = numbers;
/// # numbers.start();
/// # numbers.resume(());
/// # assert!(numbers.resume(()).complete().unwrap().is_err());
/// ```
///
/// If it is sent nothing and returns `()`, it is an [`Iterator`] as well.
///
/// # What it captures
///
/// The variables around it that it names, each as a whole and by value, as if it began with `let mut x = x;`: they needn't be
/// `mut` outside. To borrow one, capture a reference. They are dropped with the block or when it ends, in the order in which
/// they are first named, as those of an `async move` block are.
///
/// ```
/// use segue::generator;
///
/// let words = vec!["a".to_string(), "b".to_string()];
/// let (list, n) = (&words, 0);
/// let numbered = generator! {
///     for word in list {
///         n += 1;
///         yield format!("{n} {word}");
///     }
/// };
/// assert!(numbered.eq(["1 a", "2 b"]));
/// assert_eq!(words.len(), 2);
/// ```
///
/// One that is only called or stands in a macro that isn't std's can't be told from a function by its name. It is captured by
/// the closure that runs the block, so it must be `mut` outside to be changed, and can't be moved out of it (E0507): call
/// `{once}()`, or begin with `let x = x;`. A `const` or `static` whose name begins with a small letter is taken for a variable
/// (E0530): name it by a path.
///
/// ```
/// use segue::generator;
///
/// let text = String::from("once");
/// let once = move || text;
/// let mut it = generator! {
///     yield {once}();
/// };
/// assert_eq!(it.next().as_deref(), Some("once"));
/// ```
pub use segue_macros::generator;

/// Awaits some futures at once, and gives what they give as a tuple.
///
/// They are polled in the order in which they are written, each until it is done. An operand is an expression of the function: it may
/// borrow variables, and in a coroutine it may suspend; what it makes on the way is gone before anything is polled. The futures are dropped, the last one first, when all are done. The macro
/// can be used in any `async` function. Under `#[segue::coroutine]` those of `futures` and of `tokio` can be used as well: they do there
/// what they do anywhere.
///
/// ```
/// use segue::time::sleep;
/// use std::time::Duration;
///
/// async fn length(word: &str) -> usize {
///     sleep(Duration::from_millis(1)).await;
///     word.len()
/// }
///
/// #[segue::coroutine]
/// async fn lengths() -> usize {
///     let (one, other) = (String::from("one"), String::from("other"));
///     let (a, b) = segue::join!(length(&one), length(&other));
///     a * 10 + b
/// }
///
/// assert_eq!(segue::run(lengths()), 35);
/// ```
///
/// # Errors
///
/// It is written `segue::join!`; imported by name it is taken for one that isn't known, and is called in an `async` block.
pub use segue_macros::join;

/// [`join!`](join) for futures of a `Result`: the first error ends it.
///
/// Those that aren't done are dropped then. What it evaluates to is a `Result` of a tuple.
///
/// ```
/// use std::num::ParseIntError;
///
/// async fn number(word: &str) -> Result<u32, ParseIntError> {
///     segue::task::yield_now().await;
///     word.parse()
/// }
///
/// #[segue::coroutine]
/// async fn sum(words: [&str; 2]) -> Result<u32, ParseIntError> {
///     let (a, b) = segue::try_join!(number(words[0]), number(words[1]))?;
///     Ok(a + b)
/// }
///
/// assert_eq!(segue::run(sum(["1", "2"])), Ok(3));
/// assert!(segue::run(sum(["1", "two"])).is_err());
/// ```
pub use segue_macros::try_join;

/// Awaits the first of some futures, and goes on with what it gives.
///
/// A branch is `pattern = future => handler`, or `pattern = future, if condition => handler`. First all conditions are evaluated, then
/// all futures are made. Those whose condition holds are polled in the order in which they are written. The first
/// that is ready with an output that matches its pattern is chosen; one whose output doesn't match isn't polled again. Then all futures
/// are dropped, the last one first, and the handler runs: ordinary code of the function, which may suspend, use `?`, `return`, `break`
/// and `continue`, and use what the futures have borrowed. To go on with a future later, make a variable of it and give the macro `&mut` of that.
///
/// ```
/// use segue::time::sleep;
/// use std::pin::pin;
/// use std::time::Duration;
///
/// #[segue::coroutine]
/// async fn ticks_until(end: impl Future<Output = &'static str>) -> (u32, &'static str) {
///     let mut end = pin!(end);
///     let mut ticks = 0;
///     loop {
///         segue::select! {
///             word = &mut end => return (ticks, word),
///             () = sleep(Duration::from_millis(2)), if ticks < 3 => ticks += 1,
///         }
///     }
/// }
///
/// let end = async {
///     sleep(Duration::from_millis(40)).await;
///     "end"
/// };
/// assert_eq!(segue::run(ticks_until(end)), (3, "end"));
/// ```
///
/// # Panics
///
/// If no branch is left that could be chosen, and none is `else => handler`.
///
/// ```
/// let none = async {
///     segue::select! {
///         Some(n) = std::future::ready(None) => n,
///         n = std::future::pending(), if false => n,
///         else => 7,
///     }
/// };
/// assert_eq!(segue::run(none), 7);
/// ```
pub use segue_macros::select;
