//! The one that reads the texts, on a stack as large as the program gives. When it does not come back, it was a text that did it.

use crate::{Target, seeds::Seeds, targets};
use rustix::time::{ClockId, clock_gettime};
use std::{
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// No text may take longer, in time of the processor.
pub(crate) const LONGEST: Duration = Duration::from_secs(2);
/// What a worker that gave up on a text ends with.
pub(crate) const TOO_LONG: i32 = 3;

/// Reads texts from a number on, and writes the number of each before it begins. Ends with its standard input.
pub(crate) fn run(target: Target, seed: u64, from: u64) -> anyhow::Result<bool> {
    let seeds = Seeds::load(target)?;
    on_stack(target, move |began| {
        let mut out = std::io::stdout().lock();
        for number in from.. {
            // Whoever started it reads this; when nobody does any more, it is over.
            if writeln!(out, "{number}").and_then(|()| out.flush()).is_err() {
                return true;
            }
            if !read(target, &seeds.input(seed, number), began) {
                return false;
            }
        }
        true
    })
}

/// Reads one text.
pub(crate) fn one(target: Target, text: String) -> anyhow::Result<bool> {
    on_stack(target, move |began| read(target, &text, began))
}

fn read(target: Target, text: &str, began: &AtomicI64) -> bool {
    began.store(spent(), Ordering::Relaxed);
    let sound = catch_unwind(AssertUnwindSafe(|| targets::read(target, text))).is_ok();
    began.store(i64::MAX, Ordering::Relaxed);
    sound
}

fn on_stack(target: Target, work: impl FnOnce(&AtomicI64) -> bool + Send + 'static) -> anyhow::Result<bool> {
    let began = Arc::new(AtomicI64::new(i64::MAX));
    let watched = began.clone();
    let worker = std::thread::Builder::new().stack_size(targets::stack(target)).spawn(move || work(&began))?;
    while !worker.is_finished() {
        std::thread::sleep(Duration::from_millis(20));
        let since = watched.load(Ordering::Relaxed);
        if spent().saturating_sub(since) > LONGEST.as_millis() as i64 {
            std::process::exit(TOO_LONG);
        }
    }
    Ok(worker.join().unwrap_or(false))
}

/// Milliseconds that this process has worked.
fn spent() -> i64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec * 1000 + spent.tv_nsec / 1_000_000
}
