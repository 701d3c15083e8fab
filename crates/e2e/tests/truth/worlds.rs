//! What the world does to a client: nothing of it hangs, each gets its code, its place and a next step, and what is an answer is one.

mod answers;

use crate::support::{
    ERRORED, OpenShop, PASSED, call, each, folder,
    server::{Act, FullBacklog, Server, free_address},
};
use answers::{World, worlds};
use serde_json::Value as Json;
use std::time::{Duration, Instant};

/// None takes longer, whatever the server does; the clients here give up after a second or less.
const BOUND: Duration = Duration::from_secs(20);

/// What most steps assert.
const OK: &str = "assert: status == 200";

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
    each(&worlds(), |world: &&World| {
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
