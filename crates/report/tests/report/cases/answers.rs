//! Answers that do not fit.

use crate::build::{Recording, failed, record};
use testmesh_events::{CaptureRecord, Failure, Line, Status};
use testmesh_flow::{Code, Value};

const ITEMS: &str = "flow:
  name: Prices are positive
  steps:
    - id: list
      name: List the items
      action: http_request
      config:
        url: \"{{BASE}}/items\"
      assert:
        - status == 200
        - expression: all(body.items, .price > 0)
          message: no item may be free
        - len(body.items) == 3
";

pub(crate) fn nested_predicate() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("Prices are positive", "flows/items.yaml", ITEMS);
    let mut record = record(
        Status::Failed,
        r#"{"method":"GET","url":"http://shop.test:8080/items","headers":{"accept":"application/json"}}"#,
        r#"{"status":200,"duration_ms":12.4,"content_type":"application/json","size":412,
            "headers":{"content-type":"application/json","x-request-id":"r-1"},
            "body":{"page":1,"next":null,"tags":["a","b","c","d"],"items":[{"sku":"apple","price":3,"stock":9},{"sku":"pear","price":0,"stock":2},{"sku":"fig","price":7,"stock":0}]}}"#,
    );
    let expression = "all(body.items, .price > 0)";
    let parts = [
        (expression, 0, "false"),
        ("body.items", 1, r#"[{"sku":"apple","price":3,"stock":9},{"sku":"pear","price":0,"stock":2},{"sku":"fig","price":7,"stock":0}]"#),
        (".price > 0", 1, "false"),
        (".price", 2, "0"),
    ];
    let mut price = run.is_false(flow, expression, ".price > 0", &parts, Some(("0", ">", "0")));
    price.message = Some("no item may be free".into());
    for part in price.explanation.as_mut().unwrap().parts.iter_mut().skip(2) {
        part.item = Some(1);
    }
    record.assertions = vec![run.holds(flow, "status == 200"), price, run.holds(flow, "len(body.items) == 3")];
    record.uses = vec![run.used(flow, "BASE", r#""http://shop.test:8080""#, "--var", Some("{{BASE}}"))];
    run.step(flow, ("steps/0", "list", "List the items", "http_request"), record);
    run.ended(flow, Status::Failed, 31.0);
    run.end(1, 40.0)
}

const ORDER: &str = "flow:
  name: An order keeps its lines
  steps:
    - id: read
      action: http_request
      config:
        method: POST
        url: http://shop.test/orders/search
        body: {order: 42}
      assert:
        - body.order == EXPECTED
";

pub(crate) fn object_diff() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("An order keeps its lines", "flows/order.yaml", ORDER);
    let actual = r#"{"id":42,"total":"19.90","lines":[{"sku":"apple","count":2},{"sku":"fig","count":1}],"note":"leave at the door","address":{"city":"Köln","zip":"50667"},"extra":true}"#;
    let expected = r#"{"id":42,"total":19.9,"lines":[{"sku":"apple","count":2},{"sku":"pear","count":4},{"sku":"fig","count":1}],"note":"leave at the gate","address":{"city":"Köln","zip":"50667","street":null}}"#;
    let output = format!(
        r#"{{"status":200,"duration_ms":8.0,"headers":{{"content-type":"application/json"}},"content_type":"application/json","size":1200,"body":{{"order":{actual},"took":3}}}}"#
    );
    let mut record = record(Status::Failed, r#"{"method":"POST","url":"http://shop.test/orders/search","body":{"order":42}}"#, &output);
    let expression = "body.order == EXPECTED";
    let parts = [(expression, 0, "false"), ("body.order", 1, actual), ("EXPECTED", 1, expected)];
    record.assertions = vec![run.is_false(flow, expression, expression, &parts, Some((actual, "==", expected)))];
    record.uses = vec![run.used(flow, "EXPECTED", expected, "env of the flow", None)];
    run.step(flow, ("steps/0", "read", "read", "http_request"), record);
    run.ended(flow, Status::Failed, 25.0);
    run.end(1, 30.0)
}

const LETTER: &str = "flow:
  name: The letter reads well
  steps:
    - id: render
      action: exec
      config:
        command: render
        args: [letter]
      assert:
        - stdout == LETTER
        - '\"x\" in stdout'
        - \"EXPECTED_DIGEST == digest\"
";

pub(crate) fn long_text() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("The letter reads well", "flows/letter.yaml", LETTER);
    let lines = (1..=40).map(|line| format!("line {line} of the letter")).collect::<Vec<_>>();
    let expected = Value::text(lines.join("\n")).to_json();
    let mut changed = lines.clone();
    changed[19] = "line 20 of the better".into();
    changed[30].push_str("  ");
    changed.insert(5, "a line that nobody asked for".into());
    let actual = Value::text(changed.join("\n")).to_json();
    let mut record =
        record(Status::Failed, r#"{"command":"render","args":["letter"]}"#, &format!(r#"{{"exit_code":0,"stdout":{actual},"stderr":""}}"#));
    let digests = [
        Value::text(format!("{}77{}", "ab".repeat(80), "cd".repeat(80))).to_json(),
        Value::text(format!("{}78{}", "ab".repeat(80), "cd".repeat(80))).to_json(),
    ];
    let texts = run.is_false(
        flow,
        "stdout == LETTER",
        "stdout == LETTER",
        &[("stdout == LETTER", 0, "false"), ("stdout", 1, &actual), ("LETTER", 1, &expected)],
        Some((&actual, "==", &expected)),
    );
    let digest_parts =
        [("EXPECTED_DIGEST == digest", 0, "false"), ("EXPECTED_DIGEST", 1, digests[0].as_str()), ("digest", 1, digests[1].as_str())];
    let digest =
        run.is_false(flow, "EXPECTED_DIGEST == digest", "EXPECTED_DIGEST == digest", &digest_parts, Some((&digests[0], "==", &digests[1])));
    let inside = run.is_false(
        flow,
        "\"x\" in stdout",
        "\"x\" in stdout",
        &[("\"x\" in stdout", 0, "false"), ("stdout", 1, &actual)],
        Some((r#""x""#, "in", &actual)),
    );
    record.assertions = vec![texts, inside, digest];
    run.step(flow, ("steps/0", "render", "Render the letter", "exec"), record);
    run.ended(flow, Status::Failed, 25.0);
    run.end(1, 30.0)
}

const MISSING: &str = "flow:
  name: A job ends well
  steps:
    - id: job
      action: http_request
      config:
        url: http://jobs.test/1
      assert:
        - body.statsu != \"failed\"
        - 200 == status
        - body.count == \"3\"
";

pub(crate) fn missing_member() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("A job ends well", "flows/job.yaml", MISSING);
    let output = r#"{"status":503,"duration_ms":1500.0,"headers":{},"body":{"status":"failed","count":3}}"#;
    let mut record = record(Status::Failed, r#"{"url":"http://jobs.test/1","query":{"verbose":true}}"#, output);
    let expression = "body.statsu != \"failed\"";
    let mut missing = run.is_false(
        flow,
        expression,
        "body.statsu",
        &[(expression, 0, "null"), ("body.statsu", 1, "null"), ("body", 2, r#"{"status":"failed","count":3}"#)],
        None,
    );
    missing.failure =
        Some(Failure { help: Some("did you mean `status`?".into()), ..failed(Code::MissingMember, "`body` has no member `statsu`") });
    for (part, note) in missing.explanation.as_mut().unwrap().parts.iter_mut().zip(["not evaluated", "missing"]) {
        (part.value, part.note) = (None, Some(note.into()));
    }
    let status = run.is_false(
        flow,
        "200 == status",
        "200 == status",
        &[("200 == status", 0, "false"), ("status", 1, "503")],
        Some(("200", "==", "503")),
    );
    let expression = "body.count == \"3\"";
    let mut count =
        run.is_false(flow, expression, expression, &[(expression, 0, "null"), ("body.count", 1, "3")], Some(("3", "==", "\"3\"")));
    count.failure = Some(failed(Code::TypeMismatch, "`body.count` is the number 3; write `string(body.count)`"));
    record.assertions = vec![missing, status, count];
    run.step(flow, ("steps/0", "job", "job", "http_request"), record);
    run.ended(flow, Status::Failed, 1510.0);
    run.end(1, 1520.0)
}

const CAPTURE: &str = "flow:
  name: Log in
  steps:
    - id: login
      action: http_request
      config:
        url: http://shop.test/login
      output:
        token: $.session.token
        user: body.user.id
";

pub(crate) fn capture_failed() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("Log in", "flows/login.yaml", CAPTURE);
    let mut record = record(
        Status::Failed,
        r#"{"url":"http://shop.test/login","method":"POST","form":{"name":"ada"}}"#,
        r#"{"status":200,"headers":{"content-type":"text/plain"},"body":"line one\nline two\u001b[31m\nline three"}"#,
    );
    let token = CaptureRecord {
        failure: Some(failed(Code::CaptureFailed, "`$.session.token` found nothing: the body is a text")),
        ..run.captured(flow, "token", "$.session.token", "null")
    };
    let user = CaptureRecord {
        failure: Some(failed(Code::MissingMember, "`body` is a text and has no members")),
        ..run.captured(flow, "user", "body.user.id", "null")
    };
    record.captures = vec![token, user];
    run.step(flow, ("steps/0", "login", "login", "http_request"), record);
    run.ended(flow, Status::Failed, 25.0);
    run.end(1, 30.0)
}

const ROWS: &str = "flow:
  name: Rows are there
  steps:
    - id: rows
      action: database_query
      config:
        query: |
          select id, state
          from orders
      assert:
        - first_row.state == \"paid\" && row_count > 0
";

pub(crate) fn sql_rows() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("Rows are there", "flows/rows.yaml", ROWS);
    let rows = (1..=30).map(|id| format!(r#"{{"id":{id},"state":"open"}}"#)).collect::<Vec<_>>().join(",");
    let output = format!(r#"{{"row_count":30,"first_row":{{"id":1,"state":"open"}},"rows":[{rows}]}}"#);
    let mut record = record(
        Status::Failed,
        r#"{"connection":"postgres://app:***@db.test/shop","query":"select id, state\nfrom orders\nwhere paid = $1","params":[true]}"#,
        &output,
    );
    let expression = "first_row.state == \"paid\" && row_count > 0";
    let decided = "first_row.state == \"paid\"";
    let mut assertion = run.is_false(
        flow,
        expression,
        decided,
        &[(expression, 0, "false"), (decided, 1, "false"), ("first_row.state", 2, "\"open\""), ("row_count > 0", 1, "null")],
        Some(("\"open\"", "==", "\"paid\"")),
    );
    let last = assertion.explanation.as_mut().unwrap().parts.last_mut().unwrap();
    (last.value, last.note) = (None, Some("not evaluated".into()));
    record.assertions = vec![assertion];
    run.step(flow, ("steps/0", "rows", "rows", "database_query"), record);
    run.ended(flow, Status::Failed, 25.0);
    run.end(1, 30.0)
}

const SECRET: &str = "flow:
  name: The key is refused
  secrets: [KEY]
  steps:
    - id: call
      action: http_request
      config:
        url: http://shop.test/private
        headers:
          X-Key: ${KEY}
      assert: body.key != KEY
";

pub(crate) fn masked() -> Vec<Line> {
    let mut run = Recording::new(1);
    let flow = run.flow("The key is refused", "flows/secret.yaml", SECRET);
    let mut record = record(
        Status::Failed,
        r#"{"url":"http://shop.test/private","headers":{"X-Key":"***","authorization":"***"},"auth":{"type":"bearer","token":"***"},"cookies":{"sid":"***"}}"#,
        r#"{"status":200,"headers":{"set-cookie":"***"},"duration_ms":3.0,"body":{"key":"***"}}"#,
    );
    let mut assertion = run.is_false(
        flow,
        "body.key != KEY",
        "body.key != KEY",
        &[("body.key != KEY", 0, "false"), ("body.key", 1, "\"***\""), ("KEY", 1, "\"***\"")],
        Some(("\"***\"", "!=", "\"***\"")),
    );
    assertion.replayable = false;
    record.assertions = vec![assertion];
    record.uses = vec![run.used(flow, "KEY", "\"***\"", "--secret", Some("${KEY}"))];
    run.step(flow, ("steps/0", "call", "call", "http_request"), record);
    run.ended(flow, Status::Failed, 25.0);
    run.end(1, 30.0)
}
