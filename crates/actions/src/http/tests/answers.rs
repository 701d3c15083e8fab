//! What comes back: bodies, headers, framing, and everything that can be wrong with them.

use super::{cut_on, run_on};
use crate::testing::{Act, Server, send};
use std::time::Duration;
use testmesh_runner::testing::Probe;

const FIELDS: &[&str] = &["status", "body", "body_encoding", "content_type", "size"];

async fn check(answer: &[Act], expected: &str) {
    let acts = answer.to_vec();
    let hangs = matches!(answer.last(), Some(Act::Hang));
    let server = Server::start(move |_, _| acts.clone()).await;
    let (probe, config) = (Probe::default(), r#"{"url":"http://127.0.0.1:PORT/"}"#);
    let outcome = if hangs { cut_on(&probe, &server, config).await } else { run_on(&probe, &server, config).await };
    let shown = server.hide(&outcome.show(FIELDS));
    assert!(shown.contains(expected.trim()), "\n--- {}\n--- expected\n{expected}\n--- found\n{shown}", show(answer));
}

fn show(acts: &[Act]) -> String {
    acts.iter()
        .map(|act| if let Act::Send(bytes) = act { String::from_utf8_lossy(bytes).into_owned() } else { format!("{act:?}") })
        .collect()
}

fn with_type(content_type: &str, body: impl AsRef<[u8]>) -> Vec<Act> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 200 OK\r\n{content_type}Content-Length: {}\r\n\r\n", body.len());
    vec![send([head.as_bytes(), body].concat())]
}

#[tokio::test]
async fn bodies_are_decoded_by_type_and_content() {
    for (content_type, body, expected) in [
        ("application/json", &b"{\"a\":1}"[..], "body: {\"a\":1}\nbody_encoding: \"json\""),
        ("application/problem+json; charset=utf-8", b"[1.50]", "body: [1.50]\nbody_encoding: \"json\""),
        ("", b" {\"a\":1}", "body: {\"a\":1}"),
        ("text/plain", b"[1]", "body: [1]"),
        ("text/html", b"{\"a\":1}", "body: \"{\\\"a\\\":1}\"\nbody_encoding: \"text\""),
        ("text/plain", b"ok", "body: \"ok\"\nbody_encoding: \"text\""),
        ("application/json", b"5", "body: 5"),
        ("application/json", b"", "body: null\nbody_encoding: null"),
        ("application/json", b"{\"a\":}", "TM0704 the body says it is application/json, and is not: at byte 5"),
        ("text/plain", b"{oops", "TM0704 the body begins as JSON, and is not: at byte 1"),
        ("application/json", b"{\"a\":0.12345678901234567890}", "TM0703 a float cannot hold all digits of $.a"),
        ("application/json", b"{\"a\":1,\"a\":2}", "body: {\"a\":2}"),
        ("text/plain; charset=iso-8859-1", b"caf\xe9", "body: \"caf\u{e9}\""),
        ("text/plain; charset=\"UTF-16LE\"", b"h\0i\0", "body: \"hi\""),
        ("text/plain; charset=nope", b"hi", "the charset `nope` of the body is not known"),
        ("application/json", b"\xef\xbb\xbf{\"a\":1}", "body: {\"a\":1}"),
        ("text/plain", b"\xff\xfe\xfd", "body_encoding: \"base64\""),
        ("image/png", b"\x89PNG", "body: \"iVBORw==\"\nbody_encoding: \"base64\""),
        ("image/svg+xml", b"<svg/>", "body: \"<svg/>\""),
        ("application/octet-stream", b"abc", "body: \"YWJj\""),
        ("", b"\x00\x01", "body: \"AAE=\""),
        ("text/html", b"<h1>500</h1>", "content_type: \"text/html\"\nsize: 12"),
    ] {
        let header = if content_type.is_empty() { String::new() } else { format!("Content-Type: {content_type}\r\n") };
        check(&with_type(&header, body), expected).await;
    }
    check(&with_type("Content-Encoding: gzip\r\n", b"\x1f\x8b"), "body: \"H4s=\"\nbody_encoding: \"base64\"").await;
    check(&with_type("Content-Encoding: gzip\r\n", b"\x1f\x8b"), "TM0202 the body is encoded as `gzip`").await;
}

#[tokio::test]
async fn framing() {
    for (answer, expected) in [
        ("HTTP/1.1 204 No Content\r\n\r\n", "status: 204\nbody: null"),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "status: 304\nbody: null"),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            "body: \"hi\"",
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\nabc\r\n0\r\nTrailer: 1\r\n\r\n", "body: \"hiabc\""),
        ("HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n", "status: 599"),
    ] {
        check(&[send(answer)], expected).await;
    }
    check(&[send("HTTP/1.0 200 OK\r\n\r\nuntil the end"), Act::Close], "body: \"until the end\"").await;
    check(&[send("HTTP/1.1 200 OK\r\n\r\nuntil the end"), Act::Close], "body: \"until the end\"").await;
    check(&[send("HTTP/1.1 200 OK\r\nContent-Len"), Act::Wait(Duration::from_millis(20)), send("gth: 1\r\n\r\nx")], "body: \"x\"").await;
}

#[tokio::test]
async fn an_unasserted_error_status_is_a_warning() {
    check(
        &[send("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")],
        "TM0702 http://127.0.0.1:PORT/ answered with status 500, which nothing",
    )
    .await;
}

#[tokio::test]
async fn broken_answers_are_classified() {
    let cut = "closed the connection";
    for (answer, expected) in [
        (vec![Act::Close], format!("errored TM0617: 127.0.0.1:PORT {cut} without an answer (the service may have")),
        (
            vec![send("HTTP/1.1 200 OK\r\nConte"), Act::Close],
            format!("TM0617: 127.0.0.1:PORT {cut} in the head of its answer, after 22 bytes"),
        ),
        (
            vec![send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), Act::Close],
            format!("TM0617: 127.0.0.1:PORT {cut} in the body of its answer, after 3 of 10 bytes"),
        ),
        (
            vec![send(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"), Act::Close],
            "TM0618: 127.0.0.1:PORT speaks HTTP/2 without TLS, and was asked in HTTP/1.1 (a gRPC service".to_owned(),
        ),
        (
            vec![send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), Act::Close],
            format!("TM0617: 127.0.0.1:PORT {cut} in the body of its answer, after 2 bytes"),
        ),
        (
            vec![send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n")],
            "TM0618: the body of the answer from 127.0.0.1:PORT is broken after 2 bytes: ".to_owned(),
        ),
        (
            vec![send("SSH-2.0-OpenSSH_9.2\r\n")],
            "TM0618: the answer from 127.0.0.1:PORT does not begin as HTTP/1.1 does, but with `SSH-2.0".to_owned(),
        ),
        (
            vec![send(b"\x15\x03\x01\x00\x02\x02\x46"), Act::Close],
            "TM0616: 127.0.0.1:PORT speaks TLS, and was asked over plain http (write `https://`".to_owned(),
        ),
        (
            vec![send("HTTP/1.1 200 OK\r\nBad Header: 1\r\n\r\n")],
            "TM0618: the head of the answer from 127.0.0.1:PORT cannot be read: ".to_owned(),
        ),
        (vec![send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")], "TM0618: the head".to_owned()),
        (vec![send(format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(2 << 20)))], "TM0618: the head of the answer".to_owned()),
        (vec![send(format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(200 << 10)))], "status: 200".to_owned()),
        (vec![Act::Hang], "TM0614: timeout while waiting for the first byte of the answer from 127.0.0.1:PORT".to_owned()),
        (
            vec![send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), Act::Hang],
            "TM0615: timeout while reading the body of the answer from 127.0.0.1:PORT, after 3 of 10 bytes".to_owned(),
        ),
    ] {
        check(&answer, &expected).await;
    }
}
