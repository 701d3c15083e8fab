//! What the world does to a client: nothing of it hangs, each gets its code, its place and a next step, and what is an answer is one.

use crate::support::{
    ERRORED, FAILED, OpenShop, PASSED, call, each, folder,
    server::{Act, FullBacklog, Server, free_address},
};
use serde_json::Value as Json;
use std::time::{Duration, Instant};

/// None takes longer, whatever the server does; the clients here give up after a second or less.
const BOUND: Duration = Duration::from_secs(20);

/// A server, what a step asks of it, and what must come of it.
struct World {
    name: &'static str,
    acts: &'static [Act],
    /// The `config` of an `http_request` beside its URL, and other keys of the step.
    config: &'static str,
    step: &'static str,
    code: i32,
    /// The code of the first problem, and words of its message.
    problem: Option<(&'static str, &'static str)>,
}

const fn world(
    name: &'static str,
    acts: &'static [Act],
    step: &'static str,
    code: i32,
    problem: Option<(&'static str, &'static str)>,
) -> World {
    World { name, acts, config: "", step, code, problem }
}

const OK: &str = "assert: status == 200";

/// Answers that break off, or never come.
const BROKEN: &[World] = &[
    // Whether it was closed, or reset, or before all was sent, is a race.
    world("closed at once", &[Act::Close], OK, ERRORED, Some(("TM0617", "the connection"))),
    world("closed after the request", &[Act::Answer("")], OK, ERRORED, Some(("TM0617", "the connection without an answer"))),
    world("a head that breaks off", &[Act::Answer("HTTP/1.1 200 OK\r\nContent-Le")], OK, ERRORED, Some(("TM0617", ""))),
    world("no first byte", &[Act::Silence], "timeout: 300ms\n    assert: status == 200", ERRORED, Some(("TM0614", "first byte"))),
    World {
        config: ", timeout: 300ms",
        ..world("no first byte in the action's time", &[Act::Silence], OK, ERRORED, Some(("TM0614", "the action's `timeout` of 300ms")))
    },
    world(
        "a body that stops",
        &[Act::AnswerAndHang("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")],
        "timeout: 300ms\n    assert: status == 200",
        ERRORED,
        Some(("TM0615", "")),
    ),
    world(
        "a body that is cut",
        &[Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")],
        OK,
        ERRORED,
        Some(("TM0617", "")),
    ),
    world(
        "chunks that are cut",
        &[Act::Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n01")],
        OK,
        ERRORED,
        Some(("TM0617", "")),
    ),
    world(
        "chunks without the last",
        &[Act::Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n")],
        OK,
        ERRORED,
        Some(("TM0617", "")),
    ),
    world(
        "chunks of no size",
        &[Act::Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n01234\r\n0\r\n\r\n")],
        OK,
        ERRORED,
        Some(("TM0618", "")),
    ),
    world(
        "two lengths",
        &[Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n0123456789")],
        OK,
        ERRORED,
        Some(("TM0618", "")),
    ),
    world("another protocol", &[Act::Greet(b"SSH-2.0-OpenSSH_9.6\r\n")], OK, ERRORED, Some(("TM0618", ""))),
    world(
        "TLS where plain HTTP is spoken to",
        &[Act::AnswerBytes(b"\x15\x03\x01\x00\x02\x02\x46")],
        OK,
        ERRORED,
        Some(("TM0616", "speaks TLS, and was asked over plain http")),
    ),
    world("a status that is none", &[Act::Answer("HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n")], OK, ERRORED, Some(("TM0618", ""))),
    world(
        "a redirect to where nobody is",
        &[Act::Answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")],
        OK,
        ERRORED,
        Some(("TM0612", "127.0.0.1:1 refused the connection")),
    ),
    world(
        "a redirect to another protocol",
        &[Act::Answer("HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/\r\nContent-Length: 0\r\n\r\n")],
        "assert: status == 302",
        ERRORED,
        Some(("TM0621", "ftp")),
    ),
    world(
        "a redirect to itself",
        &[Act::Answer("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")],
        "assert: status == 302",
        ERRORED,
        Some(("TM0619", "more than 10 redirects")),
    ),
];

/// Answers that are odd, and answers.
const ODD: &[World] = &[
    world(
        "no length",
        &[Act::Answer("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it")],
        "assert: body == \"all of it\"",
        PASSED,
        None,
    ),
    world(
        "first to go on",
        &[Act::Answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")],
        "assert: [status == 200, 'body == \"ok\"']",
        PASSED,
        None,
    ),
    world("nothing", &[Act::Answer("HTTP/1.1 204 No Content\r\n\r\n")], "assert: [status == 204, body == nil, size == 0]", PASSED, None),
    world(
        "JSON that breaks off",
        &[Act::Answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\": 1")],
        "assert: [status == 200, body.a != 2]",
        FAILED,
        Some(("TM0502", "so it has no `a`")),
    ),
    world(
        "a page that says it is JSON",
        &[Act::Answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n<html>")],
        "output: {id: $.id}\n    assert: status == 200",
        FAILED,
        Some(("TM0504", "`$.id` finds nothing")),
    ),
    world(
        "a page with 500",
        &[Act::Answer("HTTP/1.1 500 Oh\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html>oh</html")],
        OK,
        FAILED,
        Some(("TM0501", "")),
    ),
    world(
        "JSON whose type is not said",
        &[Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"a\": 1}")],
        "assert: body.a == 1",
        PASSED,
        None,
    ),
    world(
        "more digits than can be kept",
        &[Act::Answer(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n{\"n\": 12345678901234567890123}\r\n",
        )],
        "assert: body.n == 12345678901234567890124.0",
        PASSED,
        None,
    ),
    world(
        "exact digits",
        &[Act::Answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"n\": 9007199254740993  }\n")],
        "assert: [body.n == 9007199254740993, body.n != 9007199254740992]",
        PASSED,
        None,
    ),
    world(
        "a redirect to nowhere",
        &[Act::Answer("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")],
        "assert: status == 302",
        PASSED,
        None,
    ),
    world(
        "text in another alphabet",
        &[Act::AnswerBytes(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Length: 4\r\n\r\nf\xfcr!")],
        "assert: 'body == \"für!\"'",
        PASSED,
        None,
    ),
    world(
        "bytes that are no text",
        &[Act::AnswerBytes(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\n\xff\xfe\x00")],
        "assert: [body_encoding == \"base64\", body == \"//4A\", size == 3]",
        PASSED,
        None,
    ),
];

/// What becomes true later, or does not.
const LATER: &[World] = &[
    world(
        "pending, and then silence",
        &[
            Act::Answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"state\":\"PENDING\"}"),
            Act::Silence,
        ],
        "eventually: {timeout: 500ms, interval: 20ms}\n    assert: 'body.state == \"SHIPPED\"'",
        FAILED,
        Some(("TM0505", "")),
    ),
    world(
        "silence all the time",
        &[Act::Silence],
        "eventually: {timeout: 400ms, interval: 20ms}\n    assert: status == 200",
        ERRORED,
        Some(("TM0604", "nothing could be observed")),
    ),
    world(
        "closed twice, and then well",
        &[Act::Close, Act::Close, Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")],
        "eventually: {timeout: 10s, interval: 10ms}\n    assert: status == 200",
        PASSED,
        None,
    ),
    world(
        "broken off twice, and asked again",
        &[
            Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"),
            Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"),
            Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        ],
        "retry: {max_attempts: 3, delay: 1ms, retry_on: [errored]}\n    assert: status == 200",
        PASSED,
        None,
    ),
    world(
        "a failure that is not asked again",
        &[Act::Answer("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno"), Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")],
        "retry: {max_attempts: 3, delay: 1ms, retry_on: [errored]}\n    assert: status == 200",
        FAILED,
        Some(("TM0501", "")),
    ),
];

fn flow(url: &str, config: &str, step: &str) -> String {
    format!("name: World\nsteps:\n  - id: ask\n    action: http_request\n    config: {{url: \"{url}\"{config}}}\n    {step}\n")
}

/// Runs a flow and compares its report with what is due; every problem has a place and, when nothing could be asked, a next step.
fn check(name: &str, flow: &str, code: i32, problem: Option<(&str, &str)>) -> Result<(), String> {
    let folder = folder(&[("world.yaml", flow)]);
    let began = Instant::now();
    let ran = call(&["run", "world.yaml", "--format", "json"], folder.path());
    let took = began.elapsed();
    let report: Json = serde_json::from_str(&ran.out).map_err(|error| format!("{name}: no report: {error}\n{}", ran.err))?;
    let found = &report["executions"][0]["problems"][0];
    let text = |key: &str| found[key].as_str().unwrap_or_default();
    let right = match problem {
        None => found.is_null(),
        Some((code, words)) => {
            let placed = found["line"].as_u64() >= Some(1) && found["file"] == "world.yaml";
            let helped = text("status") != "errored" || !text("help").is_empty();
            text("code") == code && text("message").contains(words) && placed && helped
        }
    };
    let verdict = report["verdict"] == ["passed", "failed", "", "", "errored"][usize::try_from(code).unwrap_or(2)];
    if ran.code == code && right && verdict && took < BOUND {
        return Ok(());
    }
    Err(format!("{name}: exit code {} for {code} in {took:?}, verdict {}, {problem:?} is due:\n{found:#}", ran.code, report["verdict"]))
}

#[test]
fn no_server_makes_it_lie() {
    let worlds: Vec<&World> = [BROKEN, ODD, LATER].into_iter().flatten().collect();
    each(&worlds, |world| {
        let server = Server::start(world.acts);
        check(world.name, &flow(&format!("http://{}/", server.address()), world.config, world.step), world.code, world.problem)
    });
}

#[test]
fn nobody_is_there() {
    let nobody = format!("http://{}/", free_address());
    let plain = Server::start(&[Act::Answer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]);
    let tls = format!("https://{}/", plain.address());
    let cases = [
        ("refused", nobody.as_str(), ("TM0612", "refused the connection")),
        ("an unknown host", "http://name.invalid/", ("TM0611", "the host `name.invalid` cannot be resolved")),
        ("TLS to a plain port", tls.as_str(), ("TM0616", "")),
        ("no port", "http://127.0.0.1:0/", ("TM0612", "127.0.0.1:0 refused the connection")),
    ];
    each(&cases, |(name, url, problem)| check(name, &flow(url, "", OK), ERRORED, Some(*problem)));
}

#[test]
fn a_connection_that_nobody_takes() {
    let Some(full) = FullBacklog::fill() else {
        eprintln!("SKIPPED: this system lets no queue of connections be full, so that a connect timeout was not tried");
        return;
    };
    let url = format!("http://{}/", full.address());
    check("connect timeout", &flow(&url, "", "timeout: 500ms\n    assert: status == 200"), ERRORED, Some(("TM0613", "connecting to")))
        .unwrap();
    let tcp = format!(
        "name: World\nsteps:\n  - action: wait_for\n    config: {{type: tcp, host: 127.0.0.1, port: {}, timeout: 500ms, interval: 50ms}}\n",
        full.address().port()
    );
    check("wait_for", &tcp, ERRORED, Some(("TM0604", "gave no answer within"))).unwrap();
}

#[test]
fn somebody_comes_later() {
    let server = Server::start_later(&[Act::Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")], Duration::from_millis(400));
    let url = format!("http://{}/", server.address());
    check("eventually", &flow(&url, "", "eventually: {timeout: 15s, interval: 50ms}\n    assert: status == 200"), PASSED, None).unwrap();
    let server = Server::start_later(&[Act::Close], Duration::from_millis(400));
    let (host, port) = (server.address().ip(), server.address().port());
    let text = format!(
        "name: World\nsteps:\n  - action: wait_for\n    config: {{host: {host}, port: {port}, timeout: 15s, interval: 50ms}}\n    assert: ready\n"
    );
    check("wait_for", &text, PASSED, None).unwrap();
}

/// A connection that the server closes while it rests is no reason for the next step to fail, and no reason to send anything twice.
#[test]
fn a_connection_that_is_closed_between_steps() {
    let server = Server::start(&[Act::Keep("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 1)]);
    let steps: String = ["GET", "POST", "GET", "POST", "PATCH"]
        .iter()
        .map(|method| {
            let url = format!("http://{}/", server.address());
            format!("  - action: http_request\n    config: {{method: {method}, url: \"{url}\"}}\n    assert: status == 200\n  - action: delay\n    config: {{duration: 30ms}}\n")
        })
        .collect();
    check("closed at rest", &format!("name: World\nsteps:\n{steps}"), PASSED, None).unwrap();
}

#[test]
fn the_shop_is_no_exception() {
    let shop = OpenShop::open();
    let url = shop.url("user-service");
    let cases = [
        ("/_lab/html500", "assert: [status == 500, 'content_type contains \"html\"', 'text contains \"<h1>\"']", PASSED, None),
        ("/_lab/badjson", "assert: [status == 200, body == text, 'body_encoding == \"text\"']", PASSED, None),
        // The answer that redirects once too often is there to be judged, and it is no answer to the question.
        ("/_lab/loop", OK, ERRORED, Some(("TM0619", "more than 10 redirects"))),
        ("/_lab/redirect/10", "assert: [status == 200, len(redirects) == 10]", PASSED, None),
        ("/_lab/redirect/11", "assert: status == 302", ERRORED, Some(("TM0619", "more than 10 redirects"))),
        ("/_lab/slow?ms=20000", "timeout: 200ms\n    assert: status == 200", ERRORED, Some(("TM0614", "first byte"))),
    ];
    each(&cases, |(path, step, code, problem)| check(path, &flow(&format!("{url}{path}"), "", step), *code, *problem));
}
