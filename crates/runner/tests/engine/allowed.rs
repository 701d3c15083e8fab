//! Comments that silence warnings which come when a flow runs.

use crate::support::check;

#[test]
fn a_comment_silences_a_warning_of_its_line() {
    check(
        "
name: f
steps:
  - id: a
    action: p
    config: {value: {calls: 5}}
    output:
      told: $.calls
      other: $.calls # testmesh: allow TM0704 the code of another warning
      silent: $.calls # testmesh: allow TM0706 the body's is meant
      # testmesh: allow TM0706 so it is here
      above: $.calls
    assert: told == 5 and other == 5 and silent == 5 and above == 5
",
        "
        warning TM0706: `$.calls` means something in `body` and in the whole output; that of `body` was taken
        warning TM0706: `$.calls` means something in `body` and in the whole output; that of `body` was taken
        steps/0#1 passed
        told <- 5
        other <- 5
        silent <- 5
        above <- 5
        steps/0 passed
        = passed
        ",
    );
}

#[test]
fn in_a_called_flow_its_own_comments_count() {
    check(
        "
name: parent
steps:
  - {id: a, action: p, config: {value: {calls: 5}}, output: {told: $.calls}, assert: told == 5}
  - {id: call, action: run_flow, config: {flow: child}}
---
name: child
steps:
  - id: quiet
    action: p
    config: {value: {calls: 5}}
    output: {silent: $.calls} # testmesh: allow TM0706 the body's is meant
    assert: silent == 5
  - {id: loud, action: p, config: {value: {calls: 6}}, output: {heard: $.calls}, assert: heard == 6}
",
        "
        warning TM0706: `$.calls` means something in `body` and in the whole output; that of `body` was taken
        steps/0#1 passed
        told <- 5
        steps/0 passed
        steps/1/flow/steps/0#1 passed
        silent <- 5
        steps/1/flow/steps/0 passed
        warning TM0706: `$.calls` means something in `body` and in the whole output; that of `body` was taken
        steps/1/flow/steps/1#1 passed
        heard <- 6
        steps/1/flow/steps/1 passed
        steps/1#1 passed
        steps/1 passed
        = passed
        ",
    );
}

#[test]
fn nothing_asserted_is_silenced_at_the_step_that_was_skipped() {
    let flow = |comment: &str| {
        format!(
            "
name: f
env: {{REGION: eu}}
steps:
  - id: judge {comment}
    when: REGION == \"us\"
    action: p
    assert: calls == 1
  - {{id: other, action: p}}
"
        )
    };
    let ran = "
        judge skipped: `when` was false
        steps/1#1 passed
        steps/1 passed";
    let warning = "warning TM0701: nothing was asserted: step `judge` was not executed, and no other that was asserts anything";
    check(&flow(""), &format!("{ran}\n{warning}\n= passed"));
    check(&flow("# testmesh: allow TM0701 there is nothing to judge in Europe"), &format!("{ran}\n= passed"));
}
