//! Rows of data: each is an execution of its own.

use crate::support::{Setting, check, check_with, events, run};
use std::collections::BTreeSet;
use testmesh_events::EventKind;

#[test]
fn each_row_is_an_execution_and_fails_alone() {
    check(
        r#"
name: rows
data:
  - {user: ada, age: 36}
  - {user: alan, age: 41}
  - {user: grace, age: 36}
setup: [{id: s, action: p, config: {value: "${user}"}, output: {who: body}}]
steps: [{id: ask, action: p, config: {value: "${age}"}, assert: body == 36}]
teardown: [{id: t, action: p, config: {value: "${who} ${flow.status}"}}]
"#,
        r#"
        row 1 of 3 [ada]
        setup/0#1 passed
        who <- "ada"
        setup/0 passed
        steps/0#1 passed
        steps/0 passed
        teardown/0#1 passed
        teardown/0 passed
        = passed
        row 2 of 3 [alan]
        setup/0#1 passed
        who <- "alan"
        setup/0 passed
        steps/0#1 failed
        failed body == 36
        steps/0 failed
        teardown/0#1 passed
        teardown/0 passed
        = failed
        row 3 of 3 [grace]
        setup/0#1 passed
        who <- "grace"
        setup/0 passed
        steps/0#1 passed
        steps/0 passed
        teardown/0#1 passed
        teardown/0 passed
        = passed
        "#,
    );
}

/// What comes from a CSV file is text; JSON keeps its types. A row that lacks a column leaves it to what is weaker.
#[test]
fn files_of_rows() {
    let flow = |file: &str, assert: &str| {
        format!(
            "name: rows\nenv: {{age: 5}}\ndata_source: {{file: {file}}}\nsteps: [{{id: s, action: p, config: {{value: \"${{age}}\"}}, assert: '{assert}'}}]"
        )
    };
    let passed = |labels: [&str; 2]| {
        let row = |number: usize, label: &str| format!("row {number} of 2 [{label}]\nsteps/0#1 passed\nsteps/0 passed\n= passed\n");
        row(1, labels[0]) + &row(2, labels[1])
    };
    check(&flow("users.csv", r#"body in ["36", "41"]"#), &passed(["ada", "alan"]));
    check(&flow("users.json", "body == (user == \"ada\" ? 36 : 5)"), &passed(["ada", "alan"]));
    check(
        &flow("'${user}s.json'", "body == 1"),
        "flow.yaml:3:24: error[TM0119]: `data.file` must be known before the run: `user` has no value: it is no variable",
    );
    check(
        &flow("nobody.csv", "body == 1"),
        "flow.yaml:3:21: error[TM0401]: the data file `nobody.csv` cannot be read: there is no such file",
    );
}

/// The name of the file may hold variables that are known before the run.
#[test]
fn the_file_of_rows_by_a_variable() {
    let flow = "
name: rows
env: {STAGE: \"${STAGE:-users}\", FILE: \"${STAGE}.csv\"}
data: {file: \"${FILE}\"}
steps: [{id: s, action: p, config: {value: \"${user} ${age}\"}, assert: body exists}]
";
    assert_eq!(events(&run(flow, &Setting::default()).unwrap()).iter().filter(|event| event.seq == 0).count(), 2);
    let other = run(flow, &Setting { vars: vec![("STAGE", "nobody")], ..Setting::default() });
    assert_eq!(other.unwrap_err(), "flow.yaml:4:14: error[TM0401]: the data file `nobody.csv` cannot be read: there is no such file");
}

#[test]
fn secrets_are_masked_in_the_text_of_a_data_file() {
    let flow = "
name: rows
secrets: [token]
data: {file: tokens.json}
steps: [{id: s, action: p, config: {value: \"${user}: ${token}\"}, assert: body exists}]
";
    let record = serde_json::to_string(&run(flow, &Setting::default()).unwrap()).unwrap();
    assert!(!record.contains("c-secret") && record.contains("tokens.json"), "{record}");
}

/// The environment and `env` are weaker than a row, the caller is stronger.
#[test]
fn the_caller_beats_a_row() {
    let flow = "
name: rows
env: {WHO: nobody, TEXT: \"I am ${WHO}\"}
data: [{WHO: ada}, {WHO: alan}]
steps: [{id: s, action: p, config: {value: \"${TEXT}\"}, output: {said: body}}]
";
    let ran = |label: &str, number: usize, said: &str| {
        format!("row {number} of 2 [{label}]\nsteps/0#1 passed\nsaid <- \"I am {said}\"\nsteps/0 passed\n= passed\n")
    };
    check(flow, &(ran("ada", 1, "ada") + &ran("alan", 2, "alan")));
    let setting = Setting { vars: vec![("WHO", "grace")], ..Setting::default() };
    check_with(flow, &setting, &(ran("ada", 1, "grace") + &ran("alan", 2, "grace")));
}

/// A column that a row lacks has no value there: nil to `exists` and `??`, and an error to anything else.
#[test]
fn a_row_without_a_column() {
    check(
        r#"
name: rows
data: [{user: ada, role: admin}, {user: alan}]
steps:
  - {id: s, action: p, config: {value: "${role ?? 'none'}"}, output: {said: body}, assert: role exists == (user == "ada")}
  - {id: t, action: p, config: {value: "${role}"}}
"#,
        r#"
        row 1 of 2 [ada]
        steps/0#1 passed
        said <- "admin"
        steps/0 passed
        steps/1#1 passed
        steps/1 passed
        = passed
        row 2 of 2 [alan]
        steps/0#1 passed
        said <- "none"
        steps/0 passed
        steps/1#1 errored
        TM0601: `role` has no value: the row of the data has no such column
        steps/1 errored
        = errored
        "#,
    );
}

#[test]
fn a_flow_that_names_all_rows_runs_once() {
    check(
        r#"
name: rows
data: {type: csv, file: users.csv}
steps:
  - id: each
    action: for_each
    config: {items: "${data}", steps: [{id: s, action: p, config: {value: "${item.user}"}, assert: "body == data[index].user"}]}
    assert: [count == 2, len(data) == 2]
"#,
        "
        steps/0/iteration/0/0#1 passed
        steps/0/iteration/0/0 passed
        steps/0/iteration/1/0#1 passed
        steps/0/iteration/1/0 passed
        steps/0#1 passed
        steps/0 passed
        = passed
        ",
    );
}

#[test]
fn names_that_rows_do_not_give() {
    for (data, assert, wanted) in [
        ("[{user: ada}]", "body == usr", "4:45: error[TM0302]: nothing is called `usr` here"),
        ("[{user: ada}]", "data.user == body", "4:42: error[TM0312]: `data` is the list of all rows, which has no member `user`"),
        (
            "[{user: ada}]",
            "user == data[0].user",
            "4:37: error[TM0135]: `user` has no one value: the flow names `data`, so it runs once, with all rows",
        ),
        ("[{user: ada}, {}]", "body == user", "3:21: error[TM0133]: the row is empty"),
        ("[{user: \"${x}\"}]", "body == user", "3:15: error[TM0119]: a row cannot hold a template: it is data, the same whatever runs"),
        ("[]", "body == user", "3:7: error[TM0131]: `data` has no row: the list is empty"),
        ("", "body == user", "3:1: error[TM0131]: `data` has no row: nothing stands under it"),
        ("{type: xml, file: a}", "body == user", "3:14: error[TM0115]: `data` has no type `xml`"),
        ("{type: csv}", "body == user", "3:7: error[TM0106]: `data` has no `file`"),
        ("{file: users}", "body == user", "3:14: error[TM0106]: what `users` holds cannot be told from its name"),
        ("{fil: users.csv}", "body == user", "3:8: error[TM0105]: `data` has no key `fil`"),
        ("ada", "body == user", "3:7: error[TM0107]: `data` must be a list of rows or a file of them, and this is the text \"ada\""),
    ] {
        let flow = format!("\nname: rows\ndata: {data}\nsteps: [{{id: s, action: p, assert: '{assert}'}}]");
        let found = run(&flow, &Setting::default()).unwrap_err();
        assert_eq!(found, format!("flow.yaml:{wanted}"), "{data} {assert}");
    }
}

/// At most `parallel_rows` rows run at the same time, and one when nothing is said; other flows are not held up.
#[test]
fn rows_at_the_same_time() {
    let most = |config: &str| {
        let flow = format!(
            "
name: rows
config: {config}
data: [{{n: 1}}, {{n: 2}}, {{n: 3}}, {{n: 4}}, {{n: 5}}]
steps: [{{id: s, action: p, config: {{wait: 1s, value: \"${{n}}\"}}, assert: body == n}}]
---
name: other
steps: [{{id: s, action: p, config: {{wait: 1s}}, assert: body == nil}}]
"
        );
        let (mut running, mut most, mut begun) = (BTreeSet::new(), 0, Vec::new());
        for event in events(&run(&flow, &Setting::default()).unwrap()) {
            match event.kind {
                EventKind::ExecutionStarted { row, .. } => {
                    begun.push(row.as_ref().map_or(0, |row| row.number));
                    running.extend(row.map(|_| event.execution));
                }
                EventKind::ExecutionFinished { .. } => {
                    running.remove(&event.execution);
                }
                _ => {}
            }
            most = most.max(running.len());
        }
        (most, begun)
    };
    assert_eq!(most("{}").0, 1);
    assert_eq!(most("{}").1, [1, 0, 2, 3, 4, 5]);
    assert_eq!(most("{parallel_rows: 3}"), (3, vec![1, 2, 3, 0, 4, 5]));
    let bad = run("name: x\nconfig: {parallel_rows: 0}\ndata: [{n: 1}]\nsteps: [{id: s, action: p}]", &Setting::default());
    assert_eq!(
        bad.unwrap_err(),
        "flow.yaml:2:25: error[TM0107]: `parallel_rows` must be a whole number from 1 on, and this is the number 0"
    );
}

/// The random values of a row are those of its place: no two rows share them, and a seed repeats them.
#[test]
fn each_row_has_randomness_of_its_own() {
    let flow = "
name: rows
data: {file: users.csv}
steps: [{id: s, action: p, config: {value: \"${RANDOM_ID} ${user} ${age}\"}, output: {id: body}}]
";
    let captured = |seed: u64| -> Vec<String> {
        let lines = run(flow, &Setting { seed, ..Setting::default() }).unwrap();
        let of = |kind: EventKind| match kind {
            EventKind::AttemptFinished { record, .. } => record.captures.iter().map(|it| it.value.to_json()).collect(),
            _ => Vec::new(),
        };
        events(&lines).into_iter().flat_map(|event| of(event.kind)).collect()
    };
    let ids: BTreeSet<_> = events(&run(flow, &Setting::default()).unwrap()).iter().map(|event| event.execution).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(captured(7), captured(7));
    let all: BTreeSet<String> = captured(7).into_iter().chain(captured(8)).collect();
    assert_eq!(all.len(), 4);
}

#[test]
fn secret_columns_are_masked_from_the_first_event_on() {
    let flow = "
name: rows
secrets: [token]
data: [{token: abcd-1234, user: ada}, {token: efgh-5678, user: abcd-1234}]
steps: [{id: s, action: p, config: {value: \"${user}: ${token}\"}, output: {said: body}}]
";
    let lines = run(flow, &Setting::default()).unwrap();
    let record = serde_json::to_string(&lines).unwrap();
    assert!(!record.contains("efgh-5678") && record.contains("***"), "{record}");
    // The secret of one row is plain text to another, but for the text of the flow.
    let of_first: Vec<_> = events(&lines).into_iter().filter(|event| event.execution == events(&lines)[0].execution).collect();
    assert!(!serde_json::to_string(&of_first).unwrap().contains("abcd-1234"));
    let source = lines.iter().find(|line| matches!(line, testmesh_events::Line::Source(_))).unwrap();
    assert!(!serde_json::to_string(source).unwrap().contains("abcd-1234"));
}

#[test]
fn flows_with_rows_and_flows_that_call() {
    let call =
        |child: &str| format!("name: parent\nsteps: [{{id: c, action: run_flow, config: {{flow: child}}}}]\n---\nname: child\n{child}");
    let rows = "data: [{user: ada}]\nsteps: [{id: s, action: p, config: {value: \"${user}\"}, assert: body == user}]";
    check(
        &call(rows),
        "flow.yaml:5:7: error[TM0137]: the flow `child` cannot be called: each row of its `data` is an execution of its own",
    );
    check(
        &call("data: [{user: ada}]\nsteps: [{id: s, action: p, assert: 'data[0].user == \"ada\"'}]"),
        "
        steps/0/flow/steps/0#1 passed
        steps/0/flow/steps/0 passed
        steps/0#1 passed
        steps/0 passed
        = passed
        ",
    );
    // A row's value of what is under `env` reaches a called flow, a column alone does not.
    check(
        "
name: parent
env: {WHO: nobody}
data: [{WHO: ada}, {WHO: alan}]
steps: [{id: c, action: run_flow, config: {flow: child}, output: {said: flow.output.said}}]
---
name: child
library: true
steps: [{id: s, action: p, config: {value: \"${WHO}\"}, output: {said: body}, assert: body == WHO}]
output: {said: said}
",
        &[("ada", 1), ("alan", 2)].map(|(who, number)| {
            format!(
                "row {number} of 2 [{who}]\nsteps/0/flow/steps/0#1 passed\nsaid <- \"{who}\"\nsteps/0/flow/steps/0 passed\nsteps/0#1 passed\nsaid <- \"{who}\"\nsteps/0 passed\n= passed\n"
            )
        })
        .concat(),
    );
    check(
        "
name: parent
data: [{user: ada}]
steps: [{id: c, action: run_flow, config: {flow: child}, assert: user == \"ada\"}]
---
name: child
library: true
steps: [{id: s, action: p, config: {value: \"${user}\"}, assert: body exists}]
",
        "flow.yaml:8:47: error[TM0302]: nothing is called `user` here",
    );
}
