//! Variables, their strength, and values that repeat.

use crate::support::{Setting, check_with, events, run};
use testmesh_events::EventKind;

#[test]
fn the_caller_beats_the_flow_and_env_is_evaluated_over_the_merged_set() {
    check_with(
        "
name: f
env_file: values.env
env: {BASE: flow, URL: '${BASE}/v1', BOTH: env, OUT: '${OUT:-none}', FROM_FILE: '${FROM_FILE}'}
steps:
  - {id: a, action: probe, config: {value: '${URL} ${BOTH} ${OUT} ${FROM_FILE}'}, assert: body == 'call/v1 env none file'}
",
        &Setting { vars: vec![("BASE", "call")], ..Setting::default() },
        "
  steps/0#1 passed
steps/0 passed
= passed
",
    );
}

#[test]
fn text_from_outside_stays_text() {
    check_with(
        "
name: f
steps:
  - {id: a, action: probe, config: {value: '${N}'}, assert: [body == '7', body == 7]}
",
        &Setting { vars: vec![("N", "7")], ..Setting::default() },
        "
  steps/0#1 failed
    failed body == 7: `body` is the text \"7\": `==` cannot compare it with the integer 7
steps/0 failed
= failed
",
    );
}

fn values(seed: u64) -> Vec<String> {
    let yaml = "
name: f
env: {ONCE: '${RANDOM_ID}'}
steps:
  - {id: a, action: probe, config: {value: ['${RANDOM_ID} ${UUID}', '${RANDOM_ID}', '${ONCE}', '${FAKER.internet.email}', '${EXECUTION_ID}']}}
  - {id: b, action: probe, config: {value: ['${RANDOM_ID}', '${ONCE}', '${TIMESTAMP} ${DATE}']}}
";
    let lines = run(yaml, &Setting { seed, ..Setting::default() }).unwrap();
    let outputs = events(&lines).into_iter().filter_map(|event| match event.kind {
        EventKind::AttemptFinished { record, .. } => record.output.get("body").cloned(),
        _ => None,
    });
    outputs.flat_map(|body| body.as_list().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect::<Vec<_>>()).collect()
}

#[test]
fn random_values_are_a_function_of_seed_and_place() {
    let first = values(1);
    assert_eq!(first, values(1));
    assert_ne!(first, values(2));
    let (one, two) = first[0].split_once(' ').unwrap();
    assert_eq!(one, two, "one value per string");
    assert_ne!(one, first[1], "another place, another value");
    assert_eq!(first[2], first[6], "an `env` value is evaluated once");
    assert_ne!(first[1], first[5]);
    assert_eq!(first[7], "1767323045 2026-01-02");
}
