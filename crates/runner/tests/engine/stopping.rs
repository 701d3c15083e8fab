//! Ctrl-C once and twice, and the run's own time.

use crate::support::{Setting, check, check_with};

const FLOW: &str = "
name: f
steps:
  - {id: a, action: probe, config: {wait: 10s}, assert: calls == 1}
  - {id: b, action: probe}
teardown:
  - {id: t, action: probe, config: {wait: 5s, key: t}}
  - {id: u, action: probe, config: {key: u}}
";

#[test]
fn once_interrupts_and_tears_down() {
    check_with(
        FLOW,
        &Setting { interrupts: vec![1000], ..Setting::default() },
        "
  steps/0#1 cancelled
    TM0605: interrupted while waiting for the probe
steps/0 cancelled
b skipped: interrupted
  teardown/0#1 passed
teardown/0 passed
  teardown/1#1 passed
teardown/1 passed
= cancelled TM0605: interrupted
",
    );
}

#[test]
fn twice_lists_what_is_left_behind() {
    check_with(
        FLOW,
        &Setting { interrupts: vec![1000, 2000], ..Setting::default() },
        "
  steps/0#1 cancelled
    TM0605: interrupted while waiting for the probe
steps/0 cancelled
b skipped: interrupted
  teardown/0#1 cancelled
    TM0605: interrupted while waiting for the probe
teardown/0 cancelled
u skipped: interrupted
= cancelled TM0605: interrupted left behind: t, u
",
    );
}

#[test]
fn the_time_of_the_run_is_an_error_and_tears_down() {
    check_with(
        FLOW,
        &Setting { timeout_ms: Some(1000), ..Setting::default() },
        "
  steps/0#1 errored
    TM0604: the time of the run (`--timeout`) ran out while waiting for the probe
steps/0 errored
b skipped: the time of the run (`--timeout`) ran out
  teardown/0#1 passed
teardown/0 passed
  teardown/1#1 passed
teardown/1 passed
= errored TM0604: the time of the run (`--timeout`) ran out
",
    );
}

#[test]
fn an_eventually_and_a_retry_are_interrupted_while_they_wait() {
    check_with(
        "
name: f
steps:
  - {id: a, action: probe, config: {value: 1}, assert: body == 2, retry: {max_attempts: 5, delay: 10s}}
",
        &Setting { interrupts: vec![1000], ..Setting::default() },
        "
  steps/0#1 failed
    failed body == 2
steps/0 failed
= cancelled TM0605: interrupted
",
    );
}

/// A panic is a bug of the action; what the flow made is cleared up all the same.
#[test]
fn a_panic_of_an_action_is_an_error() {
    check(
        "
name: panics
steps:
  - {id: broken, action: p, config: {panics: true}, assert: body == nil}
  - {id: next, action: p, assert: body == nil}
teardown:
  - {id: clean, action: p, assert: body == nil}
",
        "  steps/0#1 errored
             TM0901: the action `probe` panicked: this is a bug in it
         steps/0 errored
         next skipped: not reached: step `broken` errored
           teardown/0#1 passed
         teardown/0 passed
         = errored",
    );
}
