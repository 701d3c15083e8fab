//! Steps that could not ask, waited in vain, were tried again, cut off or skipped.

use crate::build::{At, Recording, errored, failed, json, path, record};
use testmesh_events::{EventKind, Failure, Level, Line, Phase, Skip, Status, StepStatus};
use testmesh_flow::{Code, Value};

const CALL: &str = "flow:
  name: The shop is up
  steps:
    - id: health
      name: Ask for health
      action: http_request
      config:
        url: ${SHOP_URL}/health
      assert: status == 200
    - id: later
      action: log
";

pub(crate) fn refused() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("The shop is up", "flows/up.yaml", CALL);
    let mut record = record(Status::Errored, r#"{"method":"GET","url":"http://127.0.0.1:1/health"}"#, "null");
    let help = "is it up? the address comes from `SHOP_URL`";
    record.failure = Some(Failure {
        span: Some(run.span(flow, "${SHOP_URL}/health")),
        ..errored(Code::Refused, "127.0.0.1:1 refused the connection", Some(help))
    });
    record.uses = vec![run.used(flow, "SHOP_URL", r#""http://127.0.0.1:1""#, "environment `local`", None)];
    run.step(flow, ("steps/0", "health", "Ask for health", "http_request"), record);
    run.skip(flow, ("steps/1", "later", "later", "log"), Skip::NotReached, "not reached");
    run.ended(flow, Status::Errored, 15.0);
    run.end(4, 20.0)
}

const WAIT: &str = "flow:
  name: An order is shipped
  steps:
    - id: shipped
      action: http_request
      config:
        url: http://shop.test/orders/42
      eventually: {timeout: 10s, interval: 500ms}
      assert: body.state == \"SHIPPED\"
";

pub(crate) fn never_held() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("An order is shipped", "flows/ship.yaml", WAIT);
    run.start(flow, "steps/0", "shipped", "Wait for the parcel", "http_request");
    let seen = |number: u32| match number {
        1 => "connection refused",
        2..=15 => "state is \"PENDING\"",
        16..=18 => "state is \"PACKED\"",
        _ => "state is \"SHIPPING\"",
    };
    for number in 1..=20 {
        run.saw(flow, "steps/0", number, f64::from(number - 1) * 500.0 + 12.0, seen(number));
    }
    let mut record = record(
        Status::Failed,
        r#"{"url":"http://shop.test/orders/42"}"#,
        r#"{"status":200,"headers":{},"duration_ms":7.0,"body":{"state":"SHIPPING"}}"#,
    );
    let expression = "body.state == \"SHIPPED\"";
    record.assertions = vec![run.is_false(
        flow,
        expression,
        expression,
        &[(expression, 0, "false"), ("body.state", 1, "\"SHIPPING\"")],
        Some(("\"SHIPPING\"", "==", "\"SHIPPED\"")),
    )];
    record.failure = Some(Failure {
        span: Some(run.span(flow, "{timeout: 10s, interval: 500ms}")),
        ..failed(Code::NotHeld, "the assertions did not hold within 10s; the last of 20 looks said no")
    });
    (record.duration_ms, record.observations) = (10_000.0, 20);
    run.attempt(flow, "steps/0", record);
    run.finish(flow, "steps/0", StepStatus::Failed, 1, 10_000.0);
    run.ended(flow, Status::Failed, 10_010.0);
    run.end(1, 10_020.0)
}

const AGAIN: &str = "flow:
  name: The queue drains
  steps:
    - id: drain
      action: http_request
      config:
        url: http://queue.test/depth
      retry: {max_attempts: 3}
      assert: body.depth == 0
";

pub(crate) fn retry() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("The queue drains", "flows/queue.yaml", AGAIN);
    run.start(flow, "steps/0", "drain", "drain", "http_request");
    let mut first = record(Status::Errored, r#"{"url":"http://queue.test/depth"}"#, "null");
    first.failure = Some(errored(Code::ConnectTimeout, "connecting to queue.test:80 took more than 5 s", None));
    first.duration_ms = 5_000.0;
    run.attempt(flow, "steps/0", first);
    for (attempt, depth) in [(2, "7"), (3, "4")] {
        run.log(flow, "steps/0", Level::Info, &format!("attempt {attempt}"), Value::Null);
        let mut again = record(
            Status::Failed,
            r#"{"url":"http://queue.test/depth"}"#,
            &format!(r#"{{"status":200,"headers":{{}},"body":{{"depth":{depth}}}}}"#),
        );
        again.attempt = attempt;
        again.assertions = vec![run.is_false(
            flow,
            "body.depth == 0",
            "body.depth == 0",
            &[("body.depth == 0", 0, "false"), ("body.depth", 1, depth)],
            Some((depth, "==", "0")),
        )];
        run.attempt(flow, "steps/0", again);
    }
    run.log(flow, "steps/0", Level::Warn, "the queue is slow\nand that is all", json(r#"{"depth":4,"workers":["a","b"]}"#));
    run.finish(flow, "steps/0", StepStatus::Failed, 3, 7_030.0);
    run.ended(flow, Status::Failed, 7_040.0);
    run.end(1, 7_050.0)
}

const LOOP: &str = "flow:
  name: Every user can pay
  steps:
    - id: users
      action: for_each
      config:
        items: [ada, bob]
        steps:
          - id: pay
            action: http_request
            config: {url: http://shop.test/pay}
            assert: status == 200
";

pub(crate) fn nested_steps() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("Every user can pay", "flows/pay.yaml", LOOP);
    run.start(flow, "steps/0", "users", "users", "for_each");
    for (index, status) in [(0, 200), (1, 402)] {
        let passed = status == 200;
        let output = format!(r#"{{"status":{status},"headers":{{}},"body":null}}"#);
        let mut record = record(if passed { Status::Passed } else { Status::Failed }, r#"{"url":"http://shop.test/pay"}"#, &output);
        let text = status.to_string();
        record.assertions = vec![if passed {
            run.holds(flow, "status == 200")
        } else {
            run.is_false(
                flow,
                "status == 200",
                "status == 200",
                &[("status == 200", 0, "false"), ("status", 1, &text)],
                Some((&text, "==", "200")),
            )
        }];
        run.step(flow, (&format!("steps/0/{index}/0"), "pay", "Pay", "http_request"), record);
    }
    let mut record = record(Status::Failed, r#"{"items":["ada","bob"]}"#, r#"{"count":2,"passed":1,"failed":1}"#);
    record.failure = Some(failed(Code::ActionFailed, "1 of 2 iterations did not pass"));
    run.attempt(flow, "steps/0", record);
    run.finish(flow, "steps/0", StepStatus::Failed, 1, 44.0);
    run.ended(flow, Status::Failed, 50.0);
    run.end(1, 60.0)
}

const CLEAN: &str = "flow:
  name: A user comes and goes
  steps:
    - id: create
      action: http_request
  teardown:
    - id: remove
      action: http_request
    - id: forget
      action: http_request
    - id: sweep
      action: http_request
";

pub(crate) fn teardown_failed() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("A user comes and goes", "flows/user.yaml", CLEAN);
    run.step(flow, ("steps/0", "create", "create", "http_request"), record(Status::Passed, "{}", "{}"));
    run.event(flow, EventKind::PhaseStarted { phase: Phase::Teardown });
    let mut remove = record(Status::Errored, r#"{"method":"DELETE","url":"http://shop.test/users/1"}"#, "null");
    remove.failure = Some(errored(Code::ReadTimeout, "the answer of shop.test:80 did not end within 30 s", None));
    run.step(flow, ("teardown/0", "remove", "remove", "http_request"), remove);
    run.skip(
        flow,
        ("teardown/1", "forget", "forget", "http_request"),
        Skip::NoValue,
        "`session_id` has no value: step `login` did not run",
    );
    run.step(flow, ("teardown/2", "sweep", "sweep", "http_request"), record(Status::Passed, "{}", "{}"));
    run.ended(flow, Status::Errored, 30_020.0);
    run.end(4, 30_030.0)
}

fn cut_off(run: &mut Recording, flow: At) {
    let kind = EventKind::ExecutionFinished {
        status: Status::Cancelled,
        duration_ms: 2_000.0,
        failure: Some(Failure {
            status: Status::Cancelled,
            ..errored(Code::Cancelled, "the call was interrupted twice; the teardown was not run", None)
        }),
        left_behind: vec!["remove (flows/user.yaml:7)".into(), "sweep (flows/user.yaml:11)".into()],
    };
    run.event(flow, kind);
}

pub(crate) fn cancelled() -> Vec<Line> {
    let mut run = Recording::new(3);
    let flow = run.flow("A user comes and goes", "flows/user.yaml", CLEAN);
    run.start(flow, "steps/0", "create", "create", "http_request");
    run.event(
        flow,
        EventKind::StepFinished {
            path: path("steps/0"),
            status: StepStatus::Cancelled,
            attempts: 0,
            duration_ms: 1_990.0,
            tolerated: false,
            observed: false,
        },
    );
    run.skip(flow, ("teardown/0", "remove", "remove", "http_request"), Skip::Cancelled, "interrupted");
    cut_off(&mut run, flow);
    let mut lines = run.end(130, 2_010.0);
    if let Some(Line::End(footer)) = lines.last_mut() {
        footer.not_run = vec!["Pay (flows/pay.yaml)".into(), "Ship (flows/ship.yaml)".into()];
    }
    lines
}

const SKIPS: &str = "flow:
  name: Some of it is skipped
  steps:
    - id: off
      action: log
    - id: maybe
      action: log
    - id: broken
      action: assert
    - id: after
      action: log
    - id: last
      action: log
";

pub(crate) fn skips() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("Some of it is skipped", "flows/skips.yaml", SKIPS);
    run.skip(flow, ("steps/0", "off", "off", "log"), Skip::Disabled, "disabled");
    run.skip(flow, ("steps/1", "maybe", "maybe", "log"), Skip::Condition, "`when: STAGE == \"prod\"` is false");
    let mut record = record(Status::Errored, "null", "null");
    record.failure = Some(errored(Code::Unresolved, "`order_id` has no value", Some("step `create`, which captures it, was skipped")));
    run.step(flow, ("steps/2", "broken", "broken", "assert"), record);
    run.skip(flow, ("steps/3", "after", "after", "log"), Skip::NotReached, "not reached");
    run.skip(flow, ("steps/4", "last", "last", "log"), Skip::NotReached, "not reached");
    run.ended(flow, Status::Errored, 5.0);
    run.end(4, 10.0)
}
