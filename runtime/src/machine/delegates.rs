//! What a suspended function waits for: one of the futures or coroutines that it delegates to.
//!
//! `Delegate3<A, B, C>` holds one of three, `Outcome3` what one of three returned. A function with
//! more than eight delegations nests: its delegates are again `Delegate…`s, no deeper than they must.

use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::Input;
use super::step::Invariant;
use super::stream::{Source, Sources};
use crate::{Coroutine, CoroutineState};

/// The futures that one machine awaits, one at a time.
pub trait Futures {
    /// The outcomes, one for each future.
    type Outcomes;
    /// Polls the future that is there.
    fn poll_active(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Outcomes>;
}

/// The coroutines that one machine delegates to, one at a time.
pub trait Coroutines<R> {
    /// What each of them yields.
    type Yield;
    /// The outcomes, one for each coroutine.
    type Outcomes;
    /// Starts the coroutine that is there.
    fn start_active(&mut self) -> CoroutineState<Self::Yield, Self::Outcomes>;
    /// Resumes the coroutine that is there.
    fn resume_active(&mut self, sent: R) -> CoroutineState<Self::Yield, Self::Outcomes>;
    /// Whether the coroutine that is there can be resumed.
    fn active_is_resumable(&self) -> bool;
    /// Closes the coroutine that is there.
    fn close_active(&mut self);
}

macro_rules! delegates {
    ($Delegate:ident $Outcome:ident $Projected:ident: $($T:ident $of:ident $outcome:ident),+; $($rest:tt)*) => {
        delegates! { @one $Delegate $Outcome $Projected [$($T $of $outcome),+] [$($T),+] }
        delegates! { $($rest)* }
    };
    (@one $Delegate:ident $Outcome:ident $Projected:ident
        [$($T:ident $of:ident $outcome:ident),+] [$FirstT:ident $(, $RestT:ident)*]) => {
        pin_project! {
            /// One of the delegates of a machine.
            #[project = $Projected]
            #[derive(Debug)]
            pub enum $Delegate<$($T),+> {
                $(
                    /// This one.
                    $T { #[pin] delegate: $T },
                )+
                #[doc(hidden)]
                Never { never: Infallible, types: Invariant<($($T,)+)> },
            }
        }

        /// What one of the delegates of a machine returned.
        #[derive(Debug)]
        pub enum $Outcome<$($T),+> {
            $(
                /// This one.
                $T($T),
            )+
            #[doc(hidden)]
            Never(Infallible, Invariant<($($T,)+)>),
        }

        impl<$($T),+> $Delegate<$($T),+> {
            $(
                /// Waits for this delegate.
                #[inline]
                pub fn $of(delegate: $T) -> Self {
                    Self::$T { delegate }
                }
            )+
        }

        impl<$($T: Future),+> Futures for $Delegate<$($T),+> {
            type Outcomes = $Outcome<$($T::Output),+>;
            #[inline]
            fn poll_active(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Outcomes> {
                match self.project() {
                    $($Projected::$T { delegate } => delegate.poll(cx).map($Outcome::$T),)+
                    $Projected::Never { never, .. } => match *never {},
                }
            }
        }

        impl<Y, $($T: Source<Y>),+> Sources<Y> for $Delegate<$($T),+> {
            type Outcomes = $Outcome<$($T::Outcome),+>;
            #[inline]
            fn poll_active_source(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<CoroutineState<Y, Self::Outcomes>> {
                match self.project() {
                    $($Projected::$T { delegate } => {
                        delegate.poll_source(cx).map(|state| state.map_complete($Outcome::$T))
                    })+
                    $Projected::Never { never, .. } => match *never {},
                }
            }
        }

        /// As one of eight: it holds eight of its own.
        impl<Y, $($T: Source<Y>),+> Source<Y> for $Delegate<$($T),+> {
            type Outcome = $Outcome<$($T::Outcome),+>;
            #[inline]
            fn poll_source(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<CoroutineState<Y, Self::Outcome>> {
                self.poll_active_source(cx)
            }
        }

        impl<R, $FirstT: Coroutine<R>, $($RestT: Coroutine<R, Yield = $FirstT::Yield>),*> Coroutines<R>
            for $Delegate<$FirstT, $($RestT),*>
        {
            type Yield = $FirstT::Yield;
            type Outcomes = $Outcome<$($T::Return),+>;
            #[inline]
            fn start_active(&mut self) -> CoroutineState<Self::Yield, Self::Outcomes> {
                match self {
                    $(Self::$T { delegate } => delegate.start().map_complete($Outcome::$T),)+
                    Self::Never { never, .. } => match *never {},
                }
            }
            #[inline]
            fn resume_active(&mut self, sent: R) -> CoroutineState<Self::Yield, Self::Outcomes> {
                match self {
                    $(Self::$T { delegate } => delegate.resume(sent).map_complete($Outcome::$T),)+
                    Self::Never { never, .. } => match *never {},
                }
            }
            #[inline]
            fn active_is_resumable(&self) -> bool {
                match self {
                    $(Self::$T { delegate } => delegate.is_resumable(),)+
                    Self::Never { never, .. } => match *never {},
                }
            }
            #[inline]
            fn close_active(&mut self) {
                match self {
                    $(Self::$T { delegate } => delegate.close(),)+
                    Self::Never { never, .. } => match *never {},
                }
            }
        }

        /// As one of eight: it holds eight of its own.
        impl<$($T: Future),+> Future for $Delegate<$($T),+> {
            type Output = $Outcome<$($T::Output),+>;
            #[inline]
            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                self.poll_active(cx)
            }
        }

        /// As one of eight: it holds eight of its own.
        impl<R, $FirstT: Coroutine<R>, $($RestT: Coroutine<R, Yield = $FirstT::Yield>),*> Coroutine<R>
            for $Delegate<$FirstT, $($RestT),*>
        {
            type Yield = $FirstT::Yield;
            type Return = $Outcome<$($T::Return),+>;
            #[inline]
            fn start(&mut self) -> CoroutineState<Self::Yield, Self::Return> {
                self.start_active()
            }
            #[inline]
            fn resume(&mut self, sent: R) -> CoroutineState<Self::Yield, Self::Return> {
                self.resume_active(sent)
            }
            #[inline]
            fn is_resumable(&self) -> bool {
                self.active_is_resumable()
            }
            #[inline]
            fn close(&mut self) {
                self.close_active();
            }
        }

        impl<$($T),+> $Outcome<$($T),+> {
            $(
                /// What this delegate returned.
                #[inline]
                pub fn $outcome(self) -> $T {
                    #[allow(unreachable_patterns, reason = "a single delegate leaves no other")]
                    match self {
                        $Outcome::$T(value) => value,
                        _ => super::messages::wrong_input(),
                    }
                }
            )+
        }

        impl<R, Returned, $($T),+> Input<R, $Outcome<$($T),+>, Returned> {
            $(
                /// What this delegate returned.
                #[inline]
                pub fn $outcome(&mut self) -> $T {
                    self.outcome().$outcome()
                }
            )+
        }
    };
    () => {};
}

delegates! {
    Delegate1 Outcome1 Projected1: A of1 outcome1;
    Delegate2 Outcome2 Projected2: A of1 outcome1, B of2 outcome2;
    Delegate3 Outcome3 Projected3: A of1 outcome1, B of2 outcome2, C of3 outcome3;
    Delegate4 Outcome4 Projected4: A of1 outcome1, B of2 outcome2, C of3 outcome3, D of4 outcome4;
    Delegate5 Outcome5 Projected5: A of1 outcome1, B of2 outcome2, C of3 outcome3, D of4 outcome4, E of5 outcome5;
    Delegate6 Outcome6 Projected6: A of1 outcome1, B of2 outcome2, C of3 outcome3, D of4 outcome4, E of5 outcome5, F of6 outcome6;
    Delegate7 Outcome7 Projected7: A of1 outcome1, B of2 outcome2, C of3 outcome3, D of4 outcome4, E of5 outcome5, F of6 outcome6, G of7 outcome7;
    Delegate8 Outcome8 Projected8: A of1 outcome1, B of2 outcome2, C of3 outcome3, D of4 outcome4, E of5 outcome5, F of6 outcome6, G of7 outcome7, H of8 outcome8;
}
