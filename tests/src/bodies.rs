//! `differential!`: a body written once, compiled twice.

/// A test that compares segue's lowering of some items with rustc's.
///
/// ```text
/// differential! {
///     name = generator(body(3)), generator(body(0));
///     #[lowered(yield = i64)]
///     fn body(mut n: i64) { while n > 0 { yield_!(n); n -= 1 } }
/// }
/// ```
///
/// The items stand in two modules: in one `#[lowered]` is segue's attribute, in the other it makes an `async fn`. The
/// calls before the semicolon make the subjects: `generator(…)`, `values(…)` (by the `Iterator` face) or `task(…)`.
#[macro_export]
macro_rules! differential {
    ($(#[$meta:meta])* $name:ident = $($subject:expr),+; $($items:tt)*) => {
        $(#[$meta])*
        #[allow(
            clippy::all,
            dead_code,
            irrefutable_let_patterns,
            unreachable_code,
            unused_assignments,
            unused_braces,
            unused_mut,
            unused_must_use,
            unused_parens,
            unused_variables,
            reason = "bodies are written for what they show, not as one would write them"
        )]
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            mod ours {
                #[allow(unused_imports)]
                use {super::*, $crate::subject::ours::*};

                $($items)*

                pub(super) const SUBJECTS: &[fn() -> Box<dyn $crate::Subject>] = &[$(|| $subject),+];
            }

            mod rustcs {
                #[allow(unused_imports)]
                use {super::*, $crate::subject::rustcs::*};

                $($items)*

                pub(super) const SUBJECTS: &[fn() -> Box<dyn $crate::Subject>] = &[$(|| $subject),+];
            }

            #[test]
            fn agrees() {
                $crate::assert_same(stringify!($name), ours::SUBJECTS, rustcs::SUBJECTS);
            }
        }
    };
}
