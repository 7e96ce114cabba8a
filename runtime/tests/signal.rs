//! Ctrl-C. One test in a process of its own, for signals concern the whole process.
#![cfg(all(unix, feature = "signal"))]

use segue::signal::ctrl_c;
use segue::task::yield_now;
use segue::{run, spawn};
use signal_hook::consts::SIGINT;
use signal_hook::low_level::raise;

#[test]
fn ctrl_c_reaches_everybody_who_waits_and_ends_nobody_afterwards() {
    run(async {
        for _ in 0..3 {
            let waiting = [0, 1].map(|_| spawn(ctrl_c()));
            yield_now().await;
            assert!(waiting.iter().all(|task| !task.is_finished()));
            raise(SIGINT).unwrap();
            for task in waiting {
                task.await.unwrap().unwrap();
            }
            raise(SIGINT).unwrap();
        }
    });
}
