//! A step of many states: what it goes through is divided into groups, each a step of its own.
//!
//! To infer the types of a large function in one go takes rustc the cube of its length: whatever names a type goes
//! through all in it that isn't known yet. So the states of a group, and what they wait for, are types of their own, and
//! the closure of a group names no others but those of the groups that it leads to. What it ends with is put in its place
//! in the whole outside of it, once.

use core::ops::ControlFlow;

use super::step::Invariant;
use super::{At, Infallible, Input, Step};

/// Where a group leads: to itself, or to another.
#[derive(Debug)]
pub enum Exit<Own, Other> {
    /// To a state of this group.
    Here(Own),
    /// To a state of another.
    There(Other),
    #[doc(hidden)]
    Never(Infallible, Invariant<(Own, Other)>),
}

/// What a group of states ends with: as a step does, or in a jump to another group.
pub type Led<S, More, D, Others, Y, T, C> = ControlFlow<Step<Exit<S, More>, Exit<D, Others>, Y, T>, C>;

/// Takes a state of a group that has no delegates through the step of that group.
#[inline]
pub fn alone<A, S, J, More, Others, C, R, Y, T>(
    at: At<A, S, J>,
    input: Input<R, Infallible>,
    step: impl FnOnce(At<A, S, J>, Input<R, Infallible>) -> Led<S, More, Infallible, Others, Y, T, C>,
) -> Led<S, More, Infallible, Others, Y, T, C> {
    step(at, input)
}

macro_rules! groups {
    ($($Group:ident $enter:ident: $FirstT:ident $FirstJ:ident $(, $T:ident $J:ident)*;)*) => { $(
        /// One of so many groups: its state, or how it is entered. A function of more nests them.
        #[derive(Debug)]
        pub enum $Group<$FirstT $(, $T)*> {
            /// This one.
            $FirstT($FirstT),
            $(
                /// This one.
                $T($T),
            )*
            #[doc(hidden)]
            Never(Infallible, Invariant<($FirstT, $($T,)*)>),
        }

        /// Which group is entered, and how. Only the first may begin.
        #[inline]
        pub fn $enter<Arguments, $FirstT, $FirstJ $(, $T, $J)*>(
            at: At<Arguments, $Group<$FirstT $(, $T)*>, $Group<$FirstJ $(, $J)*>>,
        ) -> $Group<At<Arguments, $FirstT, $FirstJ> $(, At<Infallible, $T, $J>)*> {
            match at {
                At::Start(arguments) => $Group::$FirstT(At::Start(arguments)),
                At::Suspended($Group::$FirstT(state)) => $Group::$FirstT(At::Suspended(state)),
                At::Jump($Group::$FirstT(jump)) => $Group::$FirstT(At::Jump(jump)),
                $(
                    At::Suspended($Group::$T(state)) => $Group::$T(At::Suspended(state)),
                    At::Jump($Group::$T(jump)) => $Group::$T(At::Jump(jump)),
                )*
            }
        }
    )* };
}

groups! {
    Group2 enter2: A JumpA, B JumpB;
    Group3 enter3: A JumpA, B JumpB, C JumpC;
    Group4 enter4: A JumpA, B JumpB, C JumpC, D JumpD;
    Group5 enter5: A JumpA, B JumpB, C JumpC, D JumpD, E JumpE;
    Group6 enter6: A JumpA, B JumpB, C JumpC, D JumpD, E JumpE, F JumpF;
    Group7 enter7: A JumpA, B JumpB, C JumpC, D JumpD, E JumpE, F JumpF, G JumpG;
    Group8 enter8: A JumpA, B JumpB, C JumpC, D JumpD, E JumpE, F JumpF, G JumpG, H JumpH;
}
