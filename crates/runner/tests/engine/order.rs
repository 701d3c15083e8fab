//! Phases, skips, and what a failure means for what follows.

use crate::support::check;

#[test]
fn a_flow_passes() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {value: {id: 7}}, assert: [body.id == 7], output: {got: $.id}}
  - {id: b, action: probe, config: {value: '${got}'}, assert: body == 7}
",
        "
  steps/0#1 passed
    got <- 7
steps/0 passed
  steps/1#1 passed
steps/1 passed
= passed
",
    );
}

#[test]
fn all_captures_and_assertions_are_evaluated() {
    check(
        "
name: f
steps:
  - id: a
    action: probe
    config: {value: {id: 7}}
    assert: [body.id == 8, body.id == 7, body.nme == 1]
    output: {x: $.nope, y: $.id}
  - {id: b, action: probe}
teardown:
  - {id: c, action: probe, config: {value: '${y}'}, assert: body == 7}
  - {id: d, action: probe, config: {value: '${x}'}}
",
        "
  steps/0#1 failed
    x <- TM0504: `$.nope` finds nothing: `$` has no member `nope`
    y <- 7
    failed body.id == 8
    failed body.nme == 1: `body` has no member `nme`
steps/0 failed
b skipped: not reached: step `a` failed
  teardown/0#1 passed
teardown/0 passed
d skipped: `x` has no value: step `a` failed before it could capture it
= failed
",
    );
}

#[test]
fn a_failed_setup_skips_the_steps_and_teardown_runs() {
    check(
        "
name: f
setup:
  - {id: s, action: probe, config: {errs: 1}}
  - {id: s2, action: probe}
steps:
  - {id: a, action: probe, assert: calls == 1}
teardown:
  - {id: s, action: probe}
",
        "
  setup/0#1 errored
    TM0612: the probe was told to err
setup/0 errored
s2 skipped: not reached: step `s` errored
a skipped: not reached: step `s` errored
  teardown/0#1 passed
teardown/0 passed
= errored
",
    );
}

#[test]
fn every_teardown_step_is_tried_and_a_failure_there_fails() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, assert: calls == 1}
teardown:
  - {id: t, action: probe, assert: calls == 9}
  - {id: u, action: probe}
",
        "
  steps/0#1 passed
steps/0 passed
  teardown/0#1 failed
    failed calls == 9
teardown/0 failed
  teardown/1#1 passed
teardown/1 passed
= failed TM0607: the steps passed, and the teardown did not: something may be left behind
",
    );
}

#[test]
fn on_error_decides_what_follows() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, on_error: continue, assert: calls == 9}
  - {id: b, action: probe, on_error: {action: ignore}, assert: calls == 9}
  - {id: c, action: probe, on_error: fail, assert: calls == 9}
  - {id: d, action: probe}
",
        "
  steps/0#1 failed
    failed calls == 9
steps/0 failed
  steps/1#1 failed
    failed calls == 9
steps/1 failed (tolerated)
  steps/2#1 failed
    failed calls == 9
steps/2 failed
d skipped: not reached: step `c` failed
= failed
",
    );
}

#[test]
fn without_fail_fast_later_steps_run() {
    check(
        "
name: f
config: {fail_fast: false}
steps:
  - {id: a, action: probe, config: {errs: 1}}
  - {id: b, action: probe, assert: calls == 2}
",
        "
  steps/0#1 errored
    TM0612: the probe was told to err
steps/0 errored
  steps/1#1 passed
steps/1 passed
= errored
",
    );
}

#[test]
fn when_decides_whether_a_step_runs() {
    check(
        "
name: f
env: {GO: false}
steps:
  - {id: a, action: probe, when: GO, output: {x: $.id}}
  - {id: b, action: probe, when: '!GO', assert: calls == 1}
  - {id: c, action: probe, when: calls_of == 1}
",
        "flow.yaml:7:34: error[TM0302]: nothing is called `calls_of` here",
    );
    check(
        "
name: f
env: {GO: false, N: 1}
steps:
  - {id: a, action: probe, when: GO, output: {x: $.id}}
  - {id: b, action: probe, when: '!GO', assert: calls == 1}
  - {id: c, action: probe, when: N}
",
        "
a skipped: `when` was false
  steps/1#1 passed
steps/1 passed
  steps/2#1 errored
    TM0608: a condition needs a boolean; `N` is the integer 1
steps/2 errored
= errored
",
    );
}

#[test]
fn a_flow_that_runs_nothing_is_an_error() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, disabled: true}
  - {id: b, action: probe, when: 'false'}
",
        "
a skipped: the step is disabled
b skipped: `when` was false
= errored TM0606: no step of `steps` was executed: all were skipped, disabled, or could not begin
",
    );
}

#[test]
fn one_id_in_several_phases() {
    check(
        "
name: f
setup:
  - {id: s, action: probe, config: {value: 1}}
steps:
  - {id: s, action: probe, config: {value: 2}, assert: [setup.s.body == 1, steps.s.body == 2, s.body == 2, body == 2]}
teardown:
  - {id: s, action: probe, config: {value: '${setup.s.body + steps.s.body + s.body}'}, assert: [setup.s.body == 1, steps.s.body == 2, s.body == 5, teardown.s.body == 5]}
",
        "
  setup/0#1 passed
setup/0 passed
  steps/0#1 passed
steps/0 passed
  teardown/0#1 passed
teardown/0 passed
= passed
",
    );
}
