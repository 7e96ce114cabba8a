//! The compiled batches, and what they report.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::report::{Difference, Report};

/// Runs a batch of these bodies. A body that ends the process, or is silent for longer than `patience`, is a difference,
/// and the batch goes on after it.
pub(super) fn execute(
    binary: &Path,
    numbers: &[u64],
    patience: Duration,
    report: &mut Report,
) -> io::Result<()> {
    let mut first = numbers.first().copied();
    while let Some(from) = first {
        let lines = run(binary, from, patience)?;
        let last = read(&lines, report);
        first = last.and_then(|(number, logs)| {
            report.differences.push(Difference { number, logs, ended: true, shrunk: None });
            numbers.iter().copied().find(|next| *next > number)
        });
    }
    Ok(())
}

/// Reads the lines of a batch; the body that was started and never ended, if there is one, with what is known of its end.
fn read(lines: &[String], report: &mut Report) -> Option<(u64, String)> {
    let mut open = None;
    for line in lines {
        let mut words = line.split(' ');
        let (word, mut numbers) = (words.next(), words.map_while(|word| word.parse::<usize>().ok()));
        match (word, numbers.next()) {
            (Some("start"), Some(number)) => open = Some(number as u64),
            (Some("same"), Some(_)) => {
                open = None;
                report.same += 1;
                report.scripts += numbers.next().unwrap_or(0);
                report.suspensions += numbers.next().unwrap_or(0);
            }
            (Some("differs"), Some(number)) => {
                open = None;
                let (number, logs) = (number as u64, String::new());
                report.differences.push(Difference { number, logs, ended: false, shrunk: None });
            }
            _ => {
                if let (Some(text), Some(difference)) =
                    (line.strip_prefix('|'), report.differences.last_mut())
                {
                    difference.logs.push_str(text);
                    difference.logs.push('\n');
                }
            }
        }
    }
    open.map(|number| {
        (number, format!("the process ended or hung: {}", lines.last().map_or("", |line| line)))
    })
}

/// All lines of the batch from this body on, until it ends or is silent for too long.
fn run(binary: &Path, from: u64, patience: Duration) -> io::Result<Vec<String>> {
    let mut child = Command::new(binary)
        .arg(from.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (sender, receiver) = mpsc::channel();
    let output = child.stdout.take();
    let reader = thread::spawn(move || output.map_or(Ok(()), |output| forward(output, &sender)));
    let mut text = Vec::new();
    let mut heard = Instant::now();
    while heard.elapsed() < patience {
        match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok(chunk) => {
                text.extend::<Vec<u8>>(chunk);
                heard = Instant::now();
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    end(&mut child)?;
    reader.join().unwrap_or(Ok(()))?;
    Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
}

/// Ends a batch that hangs; one that has ended is left to the system.
fn end(child: &mut Child) -> io::Result<()> {
    if child.try_wait()?.is_none() {
        child.kill()?;
    }
    child.wait().map(drop)
}

/// Hands on what a batch prints as it comes.
fn forward(mut from: impl Read, to: &mpsc::Sender<Vec<u8>>) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 || to.send(buffer[..read].to_vec()).is_err() {
            return Ok(());
        }
    }
}
