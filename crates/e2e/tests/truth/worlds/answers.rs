//! Servers byte by byte, and what a step makes of them.

use crate::support::{ERRORED, FAILED, PASSED, server::Act};

/// A server, what a step asks of it, and what must come of it.
pub(super) struct World {
    pub(super) name: &'static str,
    pub(super) acts: &'static [Act],
    /// The `config` of an `http_request` beside its URL, and other keys of the step.
    pub(super) config: &'static str,
    pub(super) step: &'static str,
    pub(super) code: i32,
    /// The code of the first problem, and words of its message.
    pub(super) problem: Option<(&'static str, &'static str)>,
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

pub(super) fn worlds() -> Vec<&'static World> {
    [BROKEN, ODD, LATER].into_iter().flatten().collect()
}
