//! Retry, eventually, timeouts.

use crate::support::check;

#[test]
fn a_retry_repeats_what_did_not_pass() {
    check(
        "
name: f
steps:
  - id: a
    action: probe
    config: {errs: 1, first: [0, 1], value: 2}
    assert: body == 2
    output: {got: $.body}
    retry: {max_attempts: 5, delay: 1s}
",
        "
  steps/0#1 errored
    TM0612: the probe was told to err
  steps/0#2 failed
    got <- 1
    failed body == 2
  steps/0#3 passed
    got <- 2
steps/0 passed
= passed
",
    );
}

#[test]
fn retry_on_says_what_is_worth_another_attempt() {
    check(
        "
name: f
steps:
  - id: a
    action: probe
    config: {errs: 1}
    assert: calls == 3
    retry: {max_attempts: 5, retry_on: [errored]}
",
        "
  steps/0#1 errored
    TM0612: the probe was told to err
  steps/0#2 failed
    failed calls == 3
steps/0 failed
= failed
",
    );
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {value: {n: 1}}, assert: calls == 2, retry: {max_attempts: 3, retry_on: body.n == 1}}
  - {id: b, action: probe, config: {value: {n: 1}, key: b}, assert: calls == 2, retry: {max_attempts: 3, retry_on: [500, timeout]}}
",
        "
  steps/0#1 failed
    failed calls == 2
  steps/0#2 passed
steps/0 passed
  steps/1#1 failed
    failed calls == 2
steps/1 failed
= failed
",
    );
}

#[test]
fn eventually_looks_until_it_holds() {
    check(
        "
name: f
steps:
  - id: a
    action: probe
    config: {errs: 1, first: [x, PENDING, PENDING], value: DONE}
    assert: body == 'DONE'
    eventually: {timeout: 10s, interval: 500ms}
",
        "
    0ms errored: the probe was told to err
    500ms failed: \"PENDING\" (body == 'DONE')
    1000ms failed: \"PENDING\" (body == 'DONE')
    1500ms passed: everything holds
  steps/0#1 passed
steps/0 passed
= passed
",
    );
}

#[test]
fn what_never_held_failed() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {value: 1}, assert: body == 2, eventually: {timeout: 2s, interval: 900ms}}
",
        "
    0ms failed: 1 (body == 2)
    900ms failed: 1 (body == 2)
    1800ms failed: 1 (body == 2)
    1980ms failed: 1 (body == 2)
  steps/0#1 failed
    TM0505: it did not hold within 2s: 4 looks
    failed body == 2
steps/0 failed
= failed
",
    );
}

#[test]
fn a_look_that_is_cut_does_not_count() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {wait: 5s}, assert: calls == 1, eventually: {timeout: 2s}}
",
        "
  steps/0#1 errored
    TM0604: nothing could be observed within the 2s of `eventually`
steps/0 errored
= errored
",
    );
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {wait: 900ms, value: 1}, assert: body == 2, eventually: {timeout: 2s, interval: 500ms}}
",
        "
    900ms failed: 1 (body == 2)
  steps/0#1 failed
    TM0505: it did not hold within 2s: 1 look
    failed body == 2
steps/0 failed
= failed
",
    );
}

#[test]
fn a_timeout_says_whose_and_while_what() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {wait: 5s}, timeout: 1s, on_error: continue}
  - {id: b, action: probe, config: {wait: 5s, timeout: 2s}, timeout: 3s, on_error: continue}
  - {id: c, action: probe, config: {wait: 1m}}
",
        "
  steps/0#1 errored
    TM0614: the step's `timeout` of 1s ran out while waiting for the probe
steps/0 errored
  steps/1#1 errored
    TM0614: the action's `timeout` of 2s ran out while waiting for the probe
steps/1 errored
  steps/2#1 errored
    TM0614: the action's `timeout` of 30s ran out while waiting for the probe
steps/2 errored
= errored
",
    );
}

#[test]
fn the_flows_timeout_bounds_setup_and_steps_and_not_the_teardown() {
    check(
        "
name: f
config: {timeout: 3s}
steps:
  - {id: a, action: probe, config: {wait: 2s}, assert: calls == 1}
  - {id: b, action: probe, config: {wait: 2s}}
  - {id: c, action: probe}
teardown:
  - {id: t, action: probe, config: {wait: 10s}}
",
        "
  steps/0#1 passed
steps/0 passed
  steps/1#1 errored
    TM0604: the flow's `config.timeout` ran out while waiting for the probe
steps/1 errored
c skipped: the flow's `config.timeout` ran out
  teardown/0#1 passed
teardown/0 passed
= errored TM0604: the flow's `config.timeout` ran out
",
    );
}

#[test]
fn the_teardown_has_its_own_time() {
    check(
        "
name: f
config: {teardown_timeout: 3s}
steps:
  - {id: a, action: probe, assert: calls == 1}
teardown:
  - {id: t, action: probe, config: {wait: 5s}}
  - {id: u, action: probe}
",
        "
  steps/0#1 passed
steps/0 passed
  teardown/0#1 errored
    TM0604: the teardown's time ran out while waiting for the probe
teardown/0 errored
u skipped: the teardown's time ran out
= errored TM0607: the steps passed, and the teardown did not: something may be left behind left behind: t, u
",
    );
}

#[test]
fn config_retry_holds_for_setup_and_steps() {
    check(
        "
name: f
config: {retry: {max_attempts: 2, delay: 10ms}}
steps:
  - {id: a, action: probe, config: {errs: 1}, assert: calls == 2}
teardown:
  - {id: t, action: probe, config: {errs: 1, key: t}}
",
        "
  steps/0#1 errored
    TM0612: the probe was told to err
  steps/0#2 passed
steps/0 passed
  teardown/0#1 errored
    TM0612: the probe was told to err
teardown/0 errored
= errored TM0607: the steps passed, and the teardown did not: something may be left behind
",
    );
}
