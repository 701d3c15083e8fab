//! Runs as a whole.

use crate::build::{Recording, errored, record};
use testmesh_events::{Event, EventKind, InvalidFile, LeftOut, Level, Line, RowHead, Status, StepStatus};
use testmesh_flow::{Code, Diagnostic, SourceId, Span, Value};

const GOOD: &str = "flow:
  name: Say hello
  steps:
    - id: hello
      action: http_request
      assert: status == 200
    - id: note
      action: log
";

fn good(run: &mut Recording, name: &str, file: &str) {
    let flow = run.flow(name, file, GOOD);
    let mut hello = record(Status::Passed, r#"{"url":"http://shop.test/hello"}"#, r#"{"status":200}"#);
    hello.assertions = vec![run.holds(flow, "status == 200")];
    run.step(flow, ("steps/0", "hello", "Say hello", "http_request"), hello);
    run.start(flow, "steps/1", "note", "note", "log");
    run.log(flow, "steps/1", Level::Info, "hello was said", Value::Null);
    run.attempt(flow, "steps/1", record(Status::Passed, "{}", "{}"));
    run.finish(flow, "steps/1", StepStatus::Passed, 1, 1.0);
    run.ended(flow, Status::Passed, 420.0);
}

pub(crate) fn passed() -> Vec<Line> {
    let mut run = Recording::new(2);
    good(&mut run, "Say hello", "flows/hello.yaml");
    good(&mut run, "Say hello again", "flows/again.yaml");
    run.end(0, 850.0)
}

const ROWS: &str = "name: Sign up
data:
  - {user: ada, expected: 201}
  - {user: alan, expected: 409}
steps:
  - id: create
    action: http_request
    assert: status == expected
";

/// Each row is an execution, known by its number and its first column.
pub(crate) fn rows() -> Vec<Line> {
    let mut run = Recording::new(2);
    for (number, label, text, status) in
        [(1, "ada", "{user: ada, expected: 201}", Status::Passed), (2, "alan", "{user: alan, expected: 409}", Status::Failed)]
    {
        let flow = run.flow("Sign up", "flows/sign-up.yaml", ROWS);
        let span = run.span(flow, text);
        run.row(flow, &RowHead { number, of: 2, label: label.into(), span });
        let mut create = record(status, r#"{"url":"http://shop.test/users"}"#, r#"{"status":201}"#);
        let parts = [("status == expected", 0, "false"), ("status", 1, "201"), ("expected", 1, "409")];
        create.assertions = vec![match status {
            Status::Passed => run.holds(flow, "status == expected"),
            _ => run.is_false(flow, "status == expected", "status == expected", &parts, Some(("201", "==", "409"))),
        }];
        run.step(flow, ("steps/0", "create", "create", "http_request"), create);
        run.ended(flow, status, 12.0);
    }
    run.end(1, 30.0)
}

pub(crate) fn warnings() -> Vec<Line> {
    let mut run = Recording::new(2);
    for file in ["flows/a.yaml", "flows/a.yaml"] {
        let flow = run.flow("Doubtful", file, GOOD);
        let span = run.span(flow, "id: hello");
        let warning = Diagnostic::warning(Code::StatusUnasserted, span, "the answer has status 404, and nothing asserts it")
            .help("assert `status`, or say `status >= 400`");
        run.warn(flow, warning.clone());
        run.warn(flow, warning);
        let mut bad = record(Status::Errored, "{}", "null");
        bad.failure = Some(errored(Code::UnknownHost, "the host `shop.tset` is not known", None));
        run.start(flow, "steps/0", "hello", "hello", "http_request");
        run.attempt(flow, "steps/0", bad);
        run.event(
            flow,
            EventKind::StepFinished {
                path: crate::build::path("steps/0"),
                status: StepStatus::Errored,
                attempts: 1,
                duration_ms: 3.0,
                tolerated: true,
                observed: false,
            },
        );
        run.step(flow, ("steps/1", "note", "note", "log"), record(Status::Passed, "{}", "{}"));
        run.ended(flow, Status::Passed, 10.0);
    }
    let flow = run.flow("Doubtful and wrong", "flows/b.yaml", GOOD);
    let span = run.span(flow, "status == 200");
    for _ in 0..3 {
        run.warn(flow, Diagnostic::warning(Code::LostDigits, span, "0.12345678901234567890 loses digits").saying("compared here"));
    }
    let mut bad = record(Status::Failed, "{}", r#"{"status":404}"#);
    bad.assertions = vec![run.is_false(
        flow,
        "status == 200",
        "status == 200",
        &[("status == 200", 0, "false"), ("status", 1, "404")],
        Some(("404", "==", "200")),
    )];
    run.step(flow, ("steps/0", "hello", "hello", "http_request"), bad);
    run.ended(flow, Status::Failed, 10.0);
    run.end(1, 25.0)
}

const BAD: &str = "flow:
  name: Wrong in three ways
  steps:
    - id: a
      action: http_requset
      asert: status == 200
    - id: a
      action: log
";

pub(crate) fn invalid_files() -> Vec<Line> {
    let mut run = Recording::new(1);
    let span = |needle: &str| {
        let start = BAD.find(needle).unwrap();
        Span::new(SourceId(0), start..start + needle.len())
    };
    let second = BAD.rfind("id: a").unwrap();
    let diagnostics = vec![
        Diagnostic::error(Code::UnknownAction, span("http_requset"), "there is no action `http_requset`")
            .did_you_mean("http_requset", ["http_request", "log"]),
        Diagnostic::error(Code::UnknownKey, span("asert"), "unknown key `asert`").did_you_mean("asert", ["assert", "action"]),
        Diagnostic::error(Code::DuplicateId, Span::new(SourceId(0), second..second + 5), "the id `a` stands twice")
            .saying("again here")
            .with(span("id: a"), "first here"),
    ];
    let source = run.source("flows/bad.yaml", BAD);
    run.header().invalid = vec![InvalidFile { file: "flows/bad.yaml".into(), sources: vec![source], diagnostics }];
    run.header().left_out = vec![LeftOut { file: "flows/values.yaml".into(), reason: "it holds no flow".into() }];
    good(&mut run, "Say hello", "flows/hello.yaml");
    run.end(2, 440.0)
}

/// Twelve at once, whose events are mixed.
pub(crate) fn many() -> Vec<Line> {
    let mut run = Recording::new(12);
    let flows = (0..12).map(|index| run.flow(&format!("Flow {index}"), &format!("flows/{index}.yaml"), GOOD)).collect::<Vec<_>>();
    for flow in &flows {
        run.start(*flow, "steps/0", "hello", "Say hello", "http_request");
    }
    for (index, flow) in flows.iter().enumerate().rev() {
        let status = match index {
            3 => Status::Failed,
            7 => Status::Errored,
            _ => Status::Passed,
        };
        let mut hello = record(status, r#"{"url":"http://shop.test/hello"}"#, r#"{"status":200,"headers":{}}"#);
        match status {
            Status::Failed => {
                let comparison = Some(("500", "==", "200"));
                hello.assertions = vec![run.is_false(
                    *flow,
                    "status == 200",
                    "status == 200",
                    &[("status == 200", 0, "false"), ("status", 1, "500")],
                    comparison,
                )];
            }
            Status::Errored => hello.failure = Some(errored(Code::Refused, "shop.test:80 refused the connection", Some("is it up?"))),
            _ => hello.assertions = vec![run.holds(*flow, "status == 200")],
        }
        run.attempt(*flow, "steps/0", hello);
        run.finish(*flow, "steps/0", status.into(), 1, 12.4);
        run.ended(*flow, status, 20.0 + index as f64);
    }
    run.end(1, 95.0)
}

pub(crate) fn nothing_ran() -> Vec<Line> {
    Recording::new(0).end(3, 1.0)
}

/// The reader lost the end of an execution: its own count and that of the footer differ.
pub(crate) fn lost_events() -> Vec<Line> {
    let mut run = Recording::new(1);
    good(&mut run, "Say hello", "flows/hello.yaml");
    let mut lines = run.end(0, 440.0);
    lines.retain(|line| !matches!(line, Line::Event(Event { kind: EventKind::ExecutionFinished { .. }, .. })));
    lines
}

/// The writer of the record was killed.
pub(crate) fn breaks_off() -> Vec<Line> {
    let mut run = Recording::new(2);
    good(&mut run, "Say hello", "flows/hello.yaml");
    let flow = run.flow("Never ends", "flows/end.yaml", GOOD);
    run.start(flow, "steps/0", "hello", "Say hello", "http_request");
    run.lines
}
