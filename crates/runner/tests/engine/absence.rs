//! What has no value, and what has a wrong one: the two are told apart.

use crate::support::{Setting, check, check_with};

#[test]
fn a_teardown_step_whose_variable_cannot_be_worked_out_is_no_skip() {
    check(
        "
name: f
env: {M: {a: 1}, X: '${M.b}', Z: 0, Q: '${1 / Z}', K: a}
steps:
  - {id: a, action: probe, assert: calls == 1}
teardown:
  - {id: t, action: probe, config: {key: t, value: '${X}'}}
  - {id: u, action: probe, config: {key: u}, when: Q > 1}
  - {id: v, action: probe, config: {key: v, value: {a: 1, '${K}': 2}}}
",
        "
  steps/0#1 passed
steps/0 passed
  teardown/0#1 errored
    TM0601: the variable `X` has no value: `M` has no member `b`
teardown/0 errored
  teardown/1#1 errored
    TM0608: the variable `Q` has no value: the integer 1 is divided by zero
teardown/1 errored
  teardown/2#1 errored
    TM0602: the key `a` comes out twice
teardown/2 errored
= errored TM0607: the steps passed, and the teardown did not: something may be left behind
",
    );
}

#[test]
fn a_teardown_step_that_needs_a_lacking_value_anywhere_is_skipped() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {errs: 1}, output: {uid: $.id}, on_error: ignore}
  - {id: b, action: probe, config: {key: b}, assert: calls == 1}
teardown:
  - {id: t, action: probe, config: {key: t}, timeout: '${uid}'}
  - {id: u, action: probe, config: {key: u}, retry: {max_attempts: '${uid}'}}
  - {id: w, action: probe, config: {key: w}, when: uid != ''}
",
        "
  steps/0#1 errored
    TM0612: the probe was told to err
steps/0 errored (tolerated)
  steps/1#1 passed
steps/1 passed
t skipped: `uid` has no value: step `a` errored before it could capture it
u skipped: `uid` has no value: step `a` errored before it could capture it
w skipped: `uid` has no value: step `a` errored before it could capture it
= passed
",
    );
}

#[test]
fn the_flows_own_time_is_never_tolerated() {
    check(
        "
name: f
config: {timeout: 1s, teardown_timeout: 1s}
steps:
  - {id: a, action: probe, assert: calls == 1}
  - {id: b, action: probe, config: {wait: 5s}, on_error: ignore}
teardown:
  - {id: t, action: probe, config: {wait: 5s}, on_error: ignore}
",
        "
  steps/0#1 passed
steps/0 passed
  steps/1#1 errored
    TM0604: the flow's `config.timeout` ran out while waiting for the probe
steps/1 errored
  teardown/0#1 errored
    TM0604: the teardown's time ran out while waiting for the probe
teardown/0 errored
= errored TM0604: the flow's `config.timeout` ran out left behind: t
",
    );
}

#[test]
fn a_name_keeps_what_it_meant_until_a_step_captures_it() {
    check_with(
        "
name: f
env: {tok: first}
steps:
  - {id: a, action: probe, config: {value: '${tok:-zz} ${vars.tok} ${YEAR}'}, assert: [body == 'first first 2026', tok == 'first']}
  - {id: b, action: probe, config: {value: new}, when: 'false', output: {tok: body}}
  - {id: c, action: probe, config: {value: new, key: c}, output: {tok: body, t2: vars.tok}, assert: [tok == 'new', vars.tok == 'new', t2 == 'new', '\"c\" in steps']}
  - {id: YEAR, action: probe, assert: vars.tok == 'new'}
",
        &Setting::default(),
        "
  steps/0#1 passed
steps/0 passed
b skipped: `when` was false
  steps/2#1 passed
    tok <- \"new\"
    t2 <- \"new\"
steps/2 passed
  steps/3#1 passed
steps/3 passed
= passed
",
    );
}

#[test]
fn a_key_that_comes_out_twice_is_an_error_in_either_order() {
    check(
        "
name: f
env: {K: kk}
steps:
  - {id: a, action: probe, config: {value: {'${K}': 1, kk: 2}}}
",
        "
  steps/0#1 errored
    TM0602: the key `kk` comes out twice
steps/0 errored
= errored
",
    );
}

#[test]
fn a_step_that_could_not_ask_has_executed_nothing() {
    check(
        "
name: f
env: {F: text}
steps:
  - {id: a, action: probe, when: F, on_error: ignore}
",
        "
  steps/0#1 errored
    TM0608: a condition needs a boolean; `F` is the text \"text\"
steps/0 errored (tolerated)
= errored TM0606: no step of `steps` was executed: all were skipped, disabled, or could not begin
",
    );
}

#[test]
fn eventually_and_retry_stop_at_once_when_a_name_has_no_value() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {errs: 1}, output: {uid: $.id}, on_error: continue}
  - {id: b, action: probe, config: {key: b}, assert: uid == 'x', eventually: {timeout: 5s}, retry: {max_attempts: 3}}
",
        "
  steps/0#1 errored
    TM0612: the probe was told to err
steps/0 errored
  steps/1#1 errored
    errored uid == 'x': `uid` has no value: step `a` errored before it could capture it
steps/1 errored
= errored
",
    );
}

#[test]
fn a_look_that_its_own_timeout_cut_does_not_decide() {
    check(
        "
name: f
steps:
  - id: a
    action: probe
    config: {first: [1], value: 2, wait_from: 2, wait: 5s}
    timeout: 500ms
    assert: body == 3
    eventually: {timeout: 2s, interval: 200ms}
",
        "
    0ms failed: 1 (body == 3)
    700ms errored: the step's `timeout` of 500ms ran out while waiting for the probe
    1400ms errored: the step's `timeout` of 500ms ran out while waiting for the probe
  steps/0#1 failed
    TM0505: it did not hold within 2s: 1 look
    failed body == 3
steps/0 failed
= failed
",
    );
}

#[test]
fn an_eventually_as_long_as_its_interval_looks_again_at_its_end() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {first: [1], value: 2}, assert: body == 2, eventually: {timeout: 1s}}
",
        "
    0ms failed: 1 (body == 2)
    900ms passed: everything holds
  steps/0#1 passed
steps/0 passed
= passed
",
    );
}

#[test]
fn a_retry_on_that_cannot_decide_says_so() {
    check(
        "
name: f
steps:
  - {id: a, action: probe, config: {value: text}, assert: calls == 2, retry: {max_attempts: 3, retry_on: body.x == 1}}
",
        "
  steps/0#1 failed
    failed calls == 2
warning TM0608: `retry_on` could not decide, and the step is not tried again: `body` is the text \"text\", so it has no `x`
steps/0 failed
= failed
",
    );
    check(
        "
name: f
steps:
  - {id: a, action: probe, assert: calls == 2, retry: {retry_on: []}}
",
        "flow.yaml:4:66: error[TM0115]: `retry_on` lists nothing: nothing would be worth another attempt",
    );
}

#[test]
fn a_long_chain_of_variables_is_refused_before_it_runs() {
    let chain: String = (0..300).map(|index| format!("  V{index}: '${{V{}}}'\n", index + 1)).collect();
    let yaml = format!("name: f\nenv:\n{chain}  V300: 1\nsteps:\n  - {{id: a, action: probe, config: {{value: '${{V0}}'}}}}\n");
    let refused = crate::support::run(&yaml, &Setting::default()).unwrap_err();
    assert!(refused.contains("TM0311") && refused.contains("deeper than 64"), "{refused}");
}
