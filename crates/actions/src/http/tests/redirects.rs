//! Where answers point, and what is asked there.

use super::{OK, redirect, run, run_on};
use crate::testing::{Act, Server, send};
use testmesh_runner::testing::Probe;

#[tokio::test]
async fn methods_and_bodies_follow_as_in_a_browser() {
    for (method, status, second) in [
        ("POST", 301, "GET /b?c=1 HTTP/1.1"),
        ("POST", 302, "GET /b?c=1 HTTP/1.1"),
        ("POST", 303, "GET /b?c=1 HTTP/1.1"),
        ("POST", 307, "POST /b?c=1 HTTP/1.1"),
        ("POST", 308, "POST /b?c=1 HTTP/1.1"),
        ("PUT", 302, "PUT /b?c=1 HTTP/1.1"),
        ("PUT", 303, "GET /b?c=1 HTTP/1.1"),
        ("HEAD", 303, "HEAD /b?c=1 HTTP/1.1"),
    ] {
        let config = format!(r#"{{"url":"http://127.0.0.1:PORT/a?x=1#top","method":"{method}","query":{{"y":2}},"body":{{"z":3}}}}"#);
        let head = method == "HEAD";
        let (outcome, server) = run(&config, move |_, number| match number {
            0 if head => vec![send(format!("HTTP/1.1 {status} Found\r\nLocation: /b?c=1\r\n\r\n"))],
            0 => redirect(status, "/b?c=1"),
            _ if head => vec![send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")],
            _ => vec![send(OK)],
        })
        .await;
        let seen = server.seen();
        assert_eq!(seen[1].line(), second, "{status} {}", outcome.show(&[]));
        let kept = !second.starts_with("GET");
        assert_eq!(
            (seen[1].body(), seen[1].header("content-type")),
            if kept { (r#"{"z":3}"#, Some("application/json")) } else { ("", None) }
        );
        assert_eq!(seen[1].connection, 0, "the connection is used again");
        let shown = server.hide(&outcome.show(&["url", "redirects"]));
        let from = "http://127.0.0.1:PORT/a?x=1&y=2";
        let expected = format!(
            "url: \"http://127.0.0.1:PORT/b?c=1\"\nredirects: [{{\"url\":\"{from}\",\"status\":{status},\"location\":\"/b?c=1\"}}]"
        );
        assert_eq!(shown, expected);
    }
}

#[tokio::test]
async fn what_logs_in_stays_with_its_origin() {
    let other = Server::start(|_, _| vec![send(OK)]).await;
    let port = other.port;
    let config = r#"{"url":"http://127.0.0.1:PORT/","cookies":{"c":"1"},"headers":{"Authorization":"Bearer x","Cookie":"a=b","Host":"h","X-Other":"y"}}"#;
    let script = move |seen: &crate::testing::Seen, _: usize| match seen.line() {
        "GET / HTTP/1.1" => redirect(302, "/same"),
        _ => redirect(302, &format!("http://127.0.0.1:{port}/other")),
    };
    let (outcome, server) = run(config, script).await;
    assert!(outcome.result.is_ok());
    for seen in server.seen() {
        let sent = ["authorization", "cookie", "host", "x-other"].map(|name| seen.header(name));
        assert_eq!(sent, [Some("Bearer x"), Some("a=b; c=1"), Some("h"), Some("y")]);
    }
    let seen = &other.seen()[0];
    let sent = ["authorization", "cookie", "host", "x-other"].map(|name| seen.header(name));
    assert_eq!(sent, [None, None, Some(format!("127.0.0.1:{port}").as_str()), Some("y")]);
}

#[tokio::test]
async fn what_cannot_be_followed_is_said() {
    for (location, words) in [
        (
            "app://callback",
            "errored TM0621: http://127.0.0.1:PORT/ redirects to `app://callback`, which is neither http nor https (set `follow_",
        ),
        ("http://[", "errored TM0621: http://127.0.0.1:PORT/ redirects to `http://[`, which is no URL"),
    ] {
        let (outcome, server) = run(r#"{"url":"http://127.0.0.1:PORT/"}"#, move |_, _| redirect(302, location)).await;
        let shown = server.hide(&outcome.show(&[]));
        assert!(shown.starts_with(words), "{shown}");
        let known = outcome.result.unwrap_err().output.unwrap();
        assert_eq!(known.get("status").and_then(testmesh_flow::Value::as_i64), Some(302));
    }
}

#[tokio::test]
async fn the_eleventh_redirect_is_an_error() {
    let hops = |last: usize| {
        move |_: &crate::testing::Seen, number: usize| {
            if number < last { redirect(302, &format!("/{}", number + 1)) } else { vec![send(OK)] }
        }
    };
    let (outcome, _) = run(r#"{"url":"http://127.0.0.1:PORT/0"}"#, hops(10)).await;
    assert_eq!(outcome.show(&["status"]), "status: 200");
    let (outcome, server) = run(r#"{"url":"http://127.0.0.1:PORT/0"}"#, hops(11)).await;
    let shown = server.hide(&outcome.show(&[]));
    assert!(shown.starts_with("errored TM0619: more than 10 redirects: http://127.0.0.1:PORT/0 → http://127.0.0.1:PORT/1 → "), "{shown}");
    assert!(shown.contains("/10 → http://127.0.0.1:PORT/11 ("), "{shown}");
    assert_eq!(server.seen().len(), 11);
}

#[tokio::test]
async fn answers_that_are_not_followed_are_the_output() {
    let (outcome, _) = run(r#"{"url":"http://127.0.0.1:PORT/","follow_redirects":false}"#, |_, _| redirect(302, "/b")).await;
    assert_eq!(outcome.show(&["status", "body", "redirects"]), "status: 302\nbody: \"gone\"\nredirects: []");
    for answer in ["HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 300 Choices\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"] {
        let (outcome, server) = run(r#"{"url":"http://127.0.0.1:PORT/"}"#, move |_, _| vec![send(answer)]).await;
        assert!(outcome.result.is_ok() && server.seen().len() == 1);
    }
}

#[tokio::test]
async fn a_broken_body_of_a_redirect_is_not_waited_for() {
    let probe = Probe::default();
    let server = Server::start(|_, number| match number {
        0 => vec![send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 9\r\n\r\nabc"), Act::Close],
        _ => vec![send(OK)],
    })
    .await;
    let outcome = run_on(&probe, &server, r#"{"url":"http://127.0.0.1:PORT/"}"#).await;
    assert_eq!(outcome.show(&["status"]), "status: 200");
    assert_eq!(server.seen()[1].connection, 1);
}
