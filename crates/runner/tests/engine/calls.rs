//! Flows that call flows.

use crate::support::{Setting, check, check_with};

#[test]
fn a_called_flow_gets_inputs_and_gives_outputs() {
    check(
        r#"
name: parent
env: {BASE: "http://x", UNUSED: "${NOWHERE:-}"}
steps:
  - {id: make, action: p, config: {value: 7}, output: {made: body}}
  - id: call
    action: run_flow
    config: {flow: child, input: {user: "${made}"}}
    output: {token: flow.output.token}
    assert: [status == "passed", 'output.token == "t7"', 'flow.status == "passed"']
  - {id: after, action: p, config: {value: "${token} ${flow.status} ${flow.output.base}"}, assert: 'body == "t7 passed http://x"'}
teardown: [{id: t, action: p, config: {value: "${flow.status}"}, assert: body == "passed"}]
---
name: child
env: {BASE: "http://localhost"}
setup: [{id: s, action: p, config: {value: "${BASE}"}, output: {base: body}}]
steps: [{id: login, action: p, config: {value: "t${input.user}${user == 7 ? '' : 'no'}"}, output: {t: body}, assert: body == "t7"}]
teardown: [{id: out, action: p}]
output: {token: t, base: "${base}"}
"#,
        r#"
        steps/0#1 passed
        made <- 7
        steps/0 passed
        steps/1/flow/setup/0#1 passed
        base <- "http://x"
        steps/1/flow/setup/0 passed
        steps/1/flow/steps/0#1 passed
        t <- "t7"
        steps/1/flow/steps/0 passed
        steps/1/flow/teardown/0#1 passed
        steps/1/flow/teardown/0 passed
        steps/1#1 passed
        token <- "t7"
        steps/1 passed
        steps/2#1 passed
        steps/2 passed
        teardown/0#1 passed
        teardown/0 passed
        = passed
        "#,
    );
}

const FAILING: &str = "
name: parent
steps:
  - {id: call, action: run_flow, config: {flow: child}ASSERT}
---
name: child
steps: [{id: bad, action: p, config: {value: 1}, assert: body == 2}]
teardown: [{id: undo, action: p}]
";

#[test]
fn a_called_flow_that_fails_fails_the_step() {
    check(
        &FAILING.replace("ASSERT", ""),
        "
        steps/0/flow/steps/0#1 failed
        failed body == 2
        steps/0/flow/steps/0 failed
        steps/0/flow/teardown/0#1 passed
        steps/0/flow/teardown/0 passed
        steps/0#1 failed
        TM0506: the flow `child` failed: step `bad` failed
        steps/0 failed
        = failed
        ",
    );
}

#[test]
fn a_failure_that_the_step_asserts_on_is_an_answer() {
    check(
        &FAILING.replace("ASSERT", ", assert: flow.status == 'failed'"),
        "
        steps/0/flow/steps/0#1 failed
        failed body == 2
        steps/0/flow/steps/0 failed
        steps/0/flow/teardown/0#1 passed
        steps/0/flow/teardown/0 passed
        steps/0#1 passed
        steps/0 passed
        = passed
        ",
    );
}

#[test]
fn a_call_that_is_interrupted_tears_down_both() {
    check_with(
        "
name: parent
steps: [{id: call, action: run_flow, config: {flow: child}}]
teardown: [{id: outer, action: p}]
---
name: child
steps: [{id: slow, action: p, config: {wait: 10s}, assert: body == null}]
teardown: [{id: inner, action: p}]
",
        &Setting { interrupts: vec![1000], ..Setting::default() },
        "
        steps/0/flow/steps/0#1 cancelled
        TM0605: interrupted while waiting for the probe
        steps/0/flow/steps/0 cancelled
        steps/0/flow/teardown/0#1 passed
        steps/0/flow/teardown/0 passed
        steps/0#1 cancelled
        TM0605: interrupted
        steps/0 cancelled
        teardown/0#1 passed
        teardown/0 passed
        = cancelled TM0605: interrupted
        ",
    );
}

#[test]
fn calls_that_cannot_be() {
    let call = |config: &str, child: &str| format!("name: parent\nsteps: [{{id: c, action: run_flow, config: {config}}}]\n---\n{child}");
    let child = "name: child\nsteps: [{action: p, config: {value: \"${who}\"}, assert: body != null}]\n";
    check(&call("{flow: chidl, input: {who: 1}}", child), "flow.yaml:2:50: error[TM0421]: there is no flow `chidl`");
    check(&call("{flow: child}", child), "flow.yaml:5:40: error[TM0302]: nothing is called `who` here");
    check(
        &call("{flow: child}", "name: child\nsteps: [{action: run_flow, config: {flow: parent}}]"),
        "flow.yaml:5:43: error[TM0423]: these flows call each other: `parent` → `child` → `parent`",
    );
}

#[test]
fn an_input_file_gives_way_to_input() {
    check(
        r#"
name: parent
steps:
  - {id: call, action: run_flow, config: {flow: child, input_file: input.yaml, input: {both: given}}}
---
name: child
steps: [{action: p, config: {value: "${from_file} ${both}"}, assert: 'body == "7 given"'}]
"#,
        "
        steps/0/flow/steps/0#1 passed
        steps/0/flow/steps/0 passed
        steps/0#1 passed
        steps/0 passed
        = passed
        ",
    );
}
