//! Steps inside steps as deep as is allowed, in flows that call flows.

use crate::support::{Setting, events, run};
use testmesh_events::{EventKind, Status};

/// Flows that call each other; in each the call stands inside conditions.
fn flows(calls: usize, conditions: usize) -> String {
    let document = |number: usize| {
        let last = number + 1 == calls;
        let inner = if last {
            "{action: p, assert: body == null}".to_owned()
        } else {
            format!("{{action: run_flow, config: {{flow: f{}}}}}", number + 1)
        };
        let nested = (0..conditions).fold(inner, |inner, _| format!("{{action: if, config: {{condition: 'true', then: [{inner}]}}}}"));
        format!("name: f{number}\nsteps: [{nested}]\n")
    };
    let documents: Vec<_> = (0..calls).map(document).collect();
    format!("# run_flow\n{}", documents.join("---\n"))
}

/// Runs them with the stack that the engine asks for.
fn end(calls: usize, conditions: usize) -> Result<Status, String> {
    let on_stack = move || {
        let lines = run(&flows(calls, conditions), &Setting::default())?;
        let ends = events(&lines).into_iter().filter_map(|event| match event.kind {
            EventKind::ExecutionFinished { status, .. } => Some(status),
            _ => None,
        });
        ends.last().ok_or_else(|| "it did not end".to_owned())
    };
    std::thread::Builder::new().stack_size(testmesh_runner::STACK).spawn(on_stack).unwrap().join().unwrap()
}

#[test]
fn what_may_be_nested_can_be_run() {
    assert_eq!(end(1, 30), Ok(Status::Passed));
    // Each but the last has its call around the next: 64 steps around the innermost.
    assert_eq!(end(65, 0), Ok(Status::Passed));
    assert_eq!(end(4, 15), Ok(Status::Passed));
}

#[test]
fn deeper_is_refused_before_it_runs() {
    for (calls, conditions) in [(66, 0), (32, 20), (8, 30)] {
        let refused = end(calls, conditions).unwrap_err();
        assert!(refused.contains("TM0104") && refused.contains("deeper than 64"), "{calls} × {conditions}: {refused}");
    }
}

#[test]
fn calls_that_multiply_are_refused_once() {
    let document = |number: usize| {
        let calls = format!("  - {{action: run_flow, config: {{flow: f{}}}}}\n", number + 1).repeat(8);
        let steps = if number == 7 { "  - {action: p, assert: body == null}\n".to_owned() } else { calls };
        format!("name: f{number}\nsteps:\n{steps}")
    };
    let refused = run(&(0..8).map(document).collect::<Vec<_>>().join("---\n"), &Setting::default()).unwrap_err();
    assert_eq!(refused.lines().map(|line| line.contains("more than 1000 calls")).collect::<Vec<_>>(), [true], "{refused}");
}
