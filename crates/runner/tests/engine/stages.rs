//! Flows before and after all others, and flows that never run at the same time (contract §1).

use crate::support::{Setting, check_with, events, run};
use testmesh_events::EventKind;

const AROUND: &str = "
name: login
output: {token: token, user: '\"ada\"'}
steps: [{id: login, action: p, config: {value: BODY}, assert: body == 'tok-1234', output: {token: {path: body, secret: true}}}]
---
name: seed
output: {made: '40 + 2'}
steps: [{id: make, action: p, config: {value: '${user}', wait: 1s}, assert: body == 'ada'}]
---
name: own
env: {user: nobody, made: 1}
steps: [{id: look, action: p, config: {value: \"${user} ${token}\"}, assert: [body == 'ada tok-1234', made == 42]}]
---
name: clean
steps: [{id: clean, action: p, config: {value: 1}, assert: made == 42}]
";

fn around(body: &str, setting: Setting, expected: &str) {
    check_with(&AROUND.replace("BODY", body), &Setting { before: 2, after: 1, ..setting }, expected);
}

/// What flows of `before` export is stronger than a flow's `env`, and stays secret.
#[test]
fn exports_are_variables_of_every_flow() {
    around(
        "tok-1234",
        Setting::default(),
        "before: login
           steps/0#1 passed
             token <- \"***\"
         steps/0 passed
         = passed
         before: seed
           steps/0#1 passed
         steps/0 passed
         = passed
           steps/0#1 passed
         steps/0 passed
         = passed
         after: clean
           steps/0#1 passed
         steps/0 passed
         = passed",
    );
    let lines = run(&AROUND.replace("BODY", "tok-1234"), &Setting { before: 2, after: 1, ..Setting::default() }).unwrap();
    let outputs = format!("{:?}", events(&lines));
    assert!(outputs.contains("ada ***"), "{outputs}");
}

/// `--var` of the caller beats what is exported. A flow that fails exports what it has.
#[test]
fn the_caller_beats_exports() {
    around(
        "tok-1234",
        Setting { vars: vec![("user", "alan")], ..Setting::default() },
        "before: login
           steps/0#1 passed
             token <- \"***\"
         steps/0 passed
         = passed
         before: seed
           steps/0#1 failed
             failed body == 'ada'
         steps/0 failed
         = failed
         after: clean
           steps/0#1 passed
         steps/0 passed
         = passed",
    );
}

/// If one of `before` does not pass no other runs but those of `after`.
#[test]
fn nothing_runs_on_unsound_ground() {
    around(
        "other",
        Setting::default(),
        "before: login
           steps/0#1 failed
             token <- \"***\"
             failed body == 'tok-1234'
         steps/0 failed
         = failed
         after: clean
           steps/0#1 errored
             errored made == 42: `made` has no value: exported by the flow `seed` does not give one
         steps/0 errored
         = errored",
    );
}

/// An interrupt ends what runs; `after` has its turn nevertheless, and a second interrupt ends that too.
#[test]
fn after_runs_when_interrupted() {
    let flow = "
name: own
steps: [{id: long, action: p, config: {wait: 10s}, assert: body == nil}]
---
name: clean
steps: [{id: slow, action: p, config: {wait: 5s}, assert: body == nil}]
";
    let setting = |interrupts| Setting { after: 1, interrupts, ..Setting::default() };
    check_with(
        flow,
        &setting(vec![1000]),
        "  steps/0#1 cancelled
             TM0605: interrupted while waiting for the probe
         steps/0 cancelled
         = cancelled TM0605: interrupted
         after: clean
           steps/0#1 passed
         steps/0 passed
         = passed",
    );
    check_with(
        flow,
        &setting(vec![1000, 2000]),
        "  steps/0#1 cancelled
             TM0605: interrupted while waiting for the probe
         steps/0 cancelled
         = cancelled TM0605: interrupted
         after: clean
           steps/0#1 cancelled
             TM0605: interrupted while waiting for the probe
         steps/0 cancelled
         = cancelled TM0605: interrupted",
    );
    check_with(
        flow,
        &Setting { after: 1, timeout_ms: Some(1000), ..Setting::default() },
        "  steps/0#1 errored
             TM0604: the time of the run (`--timeout`) ran out while waiting for the probe
         steps/0 errored
         = errored TM0604: the time of the run (`--timeout`) ran out
         after: clean
           steps/0#1 passed
         steps/0 passed
         = passed",
    );
}

/// In a run that is bounded a flow of `after` has a minute: a call ends.
#[test]
fn after_has_a_bound() {
    check_with(
        "
name: own
steps: [{id: s, action: p, assert: body == nil}]
---
name: clean
steps: [{id: hangs, action: p, config: {wait: 50m, timeout: 1h}, assert: body == nil}]
",
        &Setting { after: 1, timeout_ms: Some(1000), ..Setting::default() },
        "  steps/0#1 passed
         steps/0 passed
         = passed
         after: clean
           steps/0#1 errored
             TM0604: the time of the run (`--timeout`) ran out while waiting for the probe
         steps/0 errored
         = errored TM0604: the time of the run (`--timeout`) ran out",
    );
}

/// Flows with what they share; gives when each began and ended, in seconds, by name.
fn times(flows: &[(&str, &str)], parallel: usize) -> Vec<(String, u64, u64)> {
    let one = |(name, exclusive): &(&str, &str)| {
        format!(
            "\nname: {name}\nconfig: {{exclusive: {exclusive}}}\nsteps: [{{id: s, action: p, config: {{wait: 1s}}, assert: body == nil}}]\n"
        )
    };
    let yaml = flows.iter().map(one).collect::<Vec<_>>().join("---");
    let lines = run(&yaml, &Setting { parallel, ..Setting::default() }).unwrap();
    let mut times: Vec<(String, u64, u64)> = Vec::new();
    let mut names = std::collections::HashMap::new();
    let zero = events(&lines).first().unwrap().at;
    for event in events(&lines) {
        let second = event.at.duration_since(zero).as_secs_f64().round() as u64;
        match event.kind {
            EventKind::ExecutionStarted { flow, .. } => {
                names.insert(event.execution, times.len());
                times.push((flow.name, second, 0));
            }
            EventKind::ExecutionFinished { .. } => times[names[&event.execution]].2 = second,
            _ => {}
        }
    }
    times
}

#[test]
fn flows_that_share_a_name_take_turns() {
    let began = |flows: &[(&str, &str)], parallel| {
        let times = times(flows, parallel);
        assert!(times.iter().all(|(_, began, ended)| ended - began == 1), "{times:?}");
        times.into_iter().map(|(name, began, _)| format!("{name}@{began}")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(began(&[("a", "x"), ("b", "x"), ("c", "[]")], 100), "a@0 c@0 b@1");
    // Whoever shares nothing overtakes: no slot is idle.
    assert_eq!(began(&[("a", "x"), ("b", "x"), ("c", "[]"), ("d", "[]")], 2), "a@0 c@0 b@1 d@1");
    // Two names: each excludes.
    assert_eq!(began(&[("a", "[x, y]"), ("b", "y"), ("c", "x"), ("d", "z")], 100), "a@0 d@0 b@1 c@1");
    // `all` runs when nothing else does.
    assert_eq!(began(&[("a", "[]"), ("b", "all"), ("c", "[]"), ("d", "all")], 100), "a@0 c@0 b@1 d@2");
    assert_eq!(began(&[("a", "all"), ("b", "[]"), ("c", "[]")], 100), "a@0 b@1 c@1");
}

#[test]
fn an_empty_name_is_refused() {
    let refused = run("name: x\nconfig: {exclusive: ['']}\nsteps: [{id: s, action: p}]", &Setting::default());
    assert_eq!(refused.unwrap_err(), "flow.yaml:2:22: error[TM0115]: a name in `exclusive` is empty");
}
