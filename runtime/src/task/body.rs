//! What a task is made of: its future and, in the same allocation, later its output.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// The life of a future, in one place in memory.
    #[project = StageProjection]
    #[project_replace = StageReplaced]
    pub(crate) enum Stage<F: Future> {
        Running { #[pin] future: F },
        Finished { output: F::Output },
        Taken,
    }
}

/// A task's body without its type. Kept as `Pin<Box<dyn Body>>`: the one allocation of a task.
pub(crate) trait Body {
    /// Polls the future; when it is done drops it and keeps the output.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()>;

    /// Moves the output into `out`, which must be an `Option` of the output's type.
    fn take_output(self: Pin<&mut Self>, out: &mut dyn Any);
}

pub(crate) fn new<F: Future + 'static>(future: F) -> Pin<Box<dyn Body>> {
    Box::pin(Stage::Running { future })
}

impl<F: Future + 'static> Body for Stage<F> {
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let StageProjection::Running { future } = self.as_mut().project() else { return Poll::Ready(()) };
        let Poll::Ready(output) = future.poll(context) else { return Poll::Pending };
        self.set(Stage::Finished { output });
        Poll::Ready(())
    }

    fn take_output(self: Pin<&mut Self>, out: &mut dyn Any) {
        let out = out.downcast_mut::<Option<F::Output>>().expect("a JoinHandle has the type of its task");
        if let StageReplaced::Finished { output } = self.project_replace(Stage::Taken) {
            *out = Some(output);
        }
    }
}
