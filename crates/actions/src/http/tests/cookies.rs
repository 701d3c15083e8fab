//! The jar of the execution.

use super::{OK, redirect, run_on};
use crate::testing::{Act, Server, send};
use testmesh_runner::testing::Probe;

fn sets(cookies: &[&str]) -> Vec<Act> {
    let lines: Vec<_> = cookies.iter().map(|cookie| format!("Set-Cookie: {cookie}\r\n")).collect();
    vec![send(format!("HTTP/1.1 200 OK\r\n{}Content-Length: 0\r\n\r\n", lines.concat()))]
}

/// What is sent to `path` after an answer of `/login` set these cookies.
async fn check(cookies: &'static [&'static str], config: &str, expected: Option<&str>) {
    let server = Server::start(move |seen, _| if seen.line().contains("/login") { sets(cookies) } else { vec![send(OK)] }).await;
    let probe = Probe::default();
    run_on(&probe, &server, r#"{"url":"http://127.0.0.1:PORT/login"}"#).await;
    run_on(&probe, &server, config).await;
    assert_eq!(server.seen()[1].header("cookie"), expected, "{cookies:?} {config}");
}

#[tokio::test]
async fn cookies_are_kept_as_in_a_browser() {
    let get = r#"{"url":"http://127.0.0.1:PORT/a/b"}"#;
    check(&["sid=1"], get, Some("sid=1")).await;
    check(&["sid=1", "sid=2"], get, Some("sid=2")).await;
    check(&["sid=1; Path=/other"], get, None).await;
    check(&["x=1; Path=/", "y=2; Path=/a/b", "z=3; Path=/a"], get, Some("y=2; z=3; x=1")).await;
    check(&["sid=1; Max-Age=0"], get, None).await;
    check(&["sid=1; Domain=example.com"], get, None).await;
    check(&["sid=1; HttpOnly; SameSite=Strict"], get, Some("sid=1")).await;
    check(&["sid=a b=c"], get, Some("sid=a b=c")).await;
    check(&["broken"], get, None).await;
    check(&["sid=1", "t=2"], r#"{"url":"http://127.0.0.1:PORT/","cookies":{"sid":"mine","u":5}}"#, Some("sid=mine; u=5; t=2")).await;
    check(&["sid=1", "t=2"], r#"{"url":"http://127.0.0.1:PORT/","headers":{"Cookie":"sid=hand"}}"#, Some("sid=hand; t=2")).await;
    check(&["sid=1"], r#"{"url":"http://127.0.0.1:PORT/","cookies":"off"}"#, None).await;
    check(&["sid=1"], r#"{"url":"http://localhost:PORT/"}"#, None).await;
}

#[tokio::test]
async fn redirects_set_cookies_too() {
    let server = Server::start(|_, number| match number {
        0 => vec![send("HTTP/1.1 302 Found\r\nLocation: /home\r\nSet-Cookie: sid=1\r\nContent-Length: 0\r\n\r\n")],
        1 => sets(&["theme=dark"]),
        _ => redirect(302, "/never"),
    })
    .await;
    let outcome = run_on(&Probe::default(), &server, r#"{"url":"http://127.0.0.1:PORT/login","method":"POST"}"#).await;
    assert_eq!(outcome.show(&["cookies"]), r#"cookies: {"sid":"1","theme":"dark"}"#);
    assert_eq!(server.seen()[1].header("cookie"), Some("sid=1"));
}

#[tokio::test]
async fn executions_share_no_jar_and_off_keeps_nothing() {
    let server = Server::start(|_, _| sets(&["sid=1"])).await;
    let (one, other) = (Probe::default(), Probe::default());
    run_on(&one, &server, r#"{"url":"http://127.0.0.1:PORT/"}"#).await;
    run_on(&other, &server, r#"{"url":"http://127.0.0.1:PORT/","cookies":"off"}"#).await;
    run_on(&other, &server, r#"{"url":"http://127.0.0.1:PORT/"}"#).await;
    run_on(&one, &server, r#"{"url":"http://127.0.0.1:PORT/"}"#).await;
    let sent: Vec<_> = server.seen().iter().map(|seen| seen.header("cookie").map(str::to_owned)).collect();
    assert_eq!(sent, [None, None, None, Some("sid=1".to_owned())]);
}
