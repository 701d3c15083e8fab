//! What was found by generated flows: the worst decides at every level, and what ends a step is what is said of it.

use crate::support::{Setting, check, check_with};

#[test]
fn the_worst_iteration_decides_and_not_the_first() {
    check(
        "
name: f
config: {fail_fast: false}
steps:
  - id: each
    action: for_each
    config:
      items: [1, 2, 3]
      steps: [{id: s, action: p, config: {errs: 1}, assert: calls == 3}]
",
        "
        steps/0/iteration/0/0#1 errored
        TM0612: the probe was told to err
        steps/0/iteration/0/0 errored
        steps/0/iteration/1/0#1 failed
        failed calls == 3
        steps/0/iteration/1/0 failed
        steps/0/iteration/2/0#1 passed
        steps/0/iteration/2/0 passed
        steps/0#1 failed
        TM0506: 2 iterations did not pass, the worst was iteration 2 of 3: step `s` failed
        steps/0 failed
        = failed
        ",
    );
}

#[test]
fn a_called_flow_that_failed_before_its_time_was_over_failed() {
    check(
        "
name: f
steps:
  - {id: call, action: run_flow, timeout: 1s, config: {flow: g}}
---
name: g
config: {fail_fast: false}
steps:
  - {id: bad, action: p, assert: calls == 2}
  - {id: slow, action: p, config: {wait: 5s}}
",
        "
        steps/0/flow/steps/0#1 failed
        failed calls == 2
        steps/0/flow/steps/0 failed
        steps/0/flow/steps/1#1 errored
        TM0604: the step's `timeout` of 1s ran out while waiting for the probe
        steps/0/flow/steps/1 errored
        steps/0#1 failed
        TM0506: the flow `g` failed: step `bad` failed
        steps/0 failed
        = failed
        ",
    );
}

#[test]
fn what_failed_in_a_branch_before_another_ended_it_counts() {
    check(
        "
name: f
config: {fail_fast: false}
steps:
  - id: both
    action: parallel
    config:
      fail_fast: true
      branches:
        - steps: [{id: quick, action: p, config: {wait: 1s, errs: 9, key: q}}]
        - steps: [{id: bad, action: p, assert: calls == 2}, {id: slow, action: p, config: {wait: 5s}}]
",
        "
        steps/0/branch/1/0#1 failed
        failed calls == 2
        steps/0/branch/1/0 failed
        steps/0/branch/0/0#1 errored
        TM0612: the probe was told to err
        steps/0/branch/0/0 errored
        steps/0/branch/1/1#1 cancelled
        TM0605: ended by `fail_fast`, since branch `branch_0` errored while waiting for the probe
        steps/0/branch/1/1 cancelled
        steps/0#1 failed
        TM0506: branch `branch_1`: step `bad` failed
        steps/0 failed
        = failed
        ",
    );
}

#[test]
fn a_branch_that_ends_another_as_the_time_runs_out_cancels_nothing() {
    check(
        "
name: f
steps:
  - id: both
    timeout: 1s
    action: parallel
    config:
      fail_fast: true
      branches:
        - steps: [{id: quick, action: p, config: {wait: 1s, errs: 9, key: q}}]
        - steps: [{id: slow, action: p, config: {wait: 5s}}]
",
        "
        steps/0/branch/0/0#1 errored
        TM0612: the probe was told to err
        steps/0/branch/0/0 errored
        steps/0/branch/1/0#1 errored
        TM0604: the step's `timeout` of 1s ran out while waiting for the probe
        steps/0/branch/1/0 errored
        steps/0#1 errored
        TM0506: branch `branch_0`: step `quick` errored
        steps/0 errored
        = errored
        ",
    );
}

#[test]
fn a_branch_of_the_teardown_that_another_kept_from_running_is_left_behind() {
    check(
        "
name: f
steps: [{id: a, action: p, assert: calls == 1}]
teardown:
  - id: both
    action: parallel
    config:
      fail_fast: true
      max_concurrent: 1
      branches:
        - steps: [{id: bad, action: p, config: {key: b}, assert: calls == 2}]
        - steps: [{id: undo, action: p, config: {key: u}}]
",
        "
        steps/0#1 passed
        steps/0 passed
        teardown/0/branch/0/0#1 failed
        failed calls == 2
        teardown/0/branch/0/0 failed
        undo skipped: ended by `fail_fast`, since branch `branch_0` failed
        teardown/0#1 failed
        TM0506: branch `branch_0`: step `bad` failed
        teardown/0 failed
        = failed TM0607: the steps passed, and the teardown did not: something may be left behind left behind: undo
        ",
    );
}

#[test]
fn a_branch_ended_by_another_was_ended_by_no_one_else() {
    let branches = "
name: f
steps: [{id: a, action: p, config: {wait: 9s}, assert: calls == 1}]
teardown:
  - id: outer
    action: parallel
    config:
      fail_fast: true
      branches:
        - steps: [{id: bad, action: p, config: {wait: 1s, key: b}, assert: calls == 2}]
        - steps:
            - id: inner
              action: parallel
              config: {fail_fast: true, branches: [{steps: [{id: slow, action: p, config: {wait: 5s, key: s}}]}]}
";
    check_with(
        branches,
        &Setting { timeout_ms: Some(500), ..Setting::default() },
        "
        steps/0#1 errored
        TM0604: the time of the run (`--timeout`) ran out while waiting for the probe
        steps/0 errored
        teardown/0/branch/0/0#1 failed
        failed calls == 2
        teardown/0/branch/0/0 failed
        teardown/0/branch/1/0/branch/0/0#1 cancelled
        TM0605: ended by `fail_fast`, since branch `branch_0` failed while waiting for the probe
        teardown/0/branch/1/0/branch/0/0 cancelled
        teardown/0/branch/1/0#1 cancelled
        TM0506: branch `branch_0`: step `slow` cancelled
        teardown/0/branch/1/0 cancelled
        teardown/0#1 failed
        TM0506: branch `branch_0`: step `bad` failed
        teardown/0 failed
        = failed TM0604: the time of the run (`--timeout`) ran out left behind: slow, inner
        ",
    );
}

#[test]
fn a_branch_that_was_ended_is_not_cancelled_by_what_ends_the_whole_later() {
    check_with(
        "
name: f
steps:
  - id: both
    action: parallel
    config:
      fail_fast: true
      branches:
        - steps: [{id: bad, action: p, config: {wait: 1s, key: b}, assert: calls == 2}]
        - steps: [{id: call, action: run_flow, config: {flow: g}}]
---
name: g
steps: [{id: slow, action: p, config: {wait: 9s, key: s}}]
teardown: [{id: undo, action: p, config: {wait: 5s, key: u}}]
",
        &Setting { timeout_ms: Some(2000), ..Setting::default() },
        "
        steps/0/branch/0/0#1 failed
        failed calls == 2
        steps/0/branch/0/0 failed
        steps/0/branch/1/0/flow/steps/0#1 cancelled
        TM0605: ended by `fail_fast`, since branch `branch_0` failed while waiting for the probe
        steps/0/branch/1/0/flow/steps/0 cancelled
        steps/0/branch/1/0/flow/teardown/0#1 passed
        steps/0/branch/1/0/flow/teardown/0 passed
        steps/0/branch/1/0#1 cancelled
        TM0605: ended by `fail_fast`, since branch `branch_0` failed
        steps/0/branch/1/0 cancelled
        steps/0#1 failed
        TM0506: branch `branch_0`: step `bad` failed
        steps/0 failed
        = failed TM0604: the time of the run (`--timeout`) ran out
        ",
    );
}
