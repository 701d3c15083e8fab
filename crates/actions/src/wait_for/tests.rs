//! What is ready, what is not, and what is said of it.

use crate::testing::{Act, Server, send, step};
use std::time::Duration;
use testmesh_runner::testing::Probe;

const FIELDS: &[&str] = &["ready", "attempts", "last_result"];

/// A server that is ready at its third request.
async fn third(config: &str) -> String {
    let server = Server::start(|_, number| match number {
        0 => vec![Act::Close],
        1 => vec![send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")],
        _ => vec![send("HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\n{\"state\":\"up\",\"n\":[1,2],\"x\":1}")],
    })
    .await;
    let config = config.replacen('{', r#"{"url":"http://127.0.0.1:PORT/","interval":"5ms","#, 1).replace(",}", "}");
    let outcome = step(&crate::all(), &Probe::default(), "wait_for", &server.fill(&config)).await;
    let known = outcome.result.as_ref().err().and_then(|error| error.output.as_ref()).map(|output| {
        let fields = FIELDS.iter().map(|field| format!("{field}: {}", output.get(field).unwrap().to_json()));
        fields.collect::<Vec<_>>().join("\n")
    });
    server.hide(&[outcome.show(FIELDS), known.unwrap_or_default()].join("\n"))
}

#[tokio::test]
async fn http() {
    for (config, expected) in [
        ("{}", "ready: true\nattempts: 3\nlast_result: {\"status\":200,\"body\":\"{"),
        (r#"{"status_code":503}"#, "ready: true\nattempts: 2\n"),
        (r#"{"body_contains":"up"}"#, "ready: true\nattempts: 3"),
        (r#"{"max_attempts":2}"#, "failed TM0505: http://127.0.0.1:PORT/ was not ready after 2 attempts in "),
        (r#"{"max_attempts":2}"#, "ms: the status is 503 (if it only needs longer"),
        (r#"{"max_attempts":2}"#, "ready: false\nattempts: 2\nlast_result: {\"status\":503,\"body\":null}"),
        (r#"{"max_attempts":1}"#, "errored TM0617: http://127.0.0.1:PORT/ was not ready after 1 attempt in "),
        (r#"{"timeout":"500ms","status_code":418}"#, "the status is 200, not 418"),
        (r#"{"timeout":"500ms","body_contains":"down"}"#, "the body does not contain `down`"),
    ] {
        let shown = third(config).await;
        assert!(shown.contains(expected), "{config}\n{shown}");
    }
}

#[tokio::test]
async fn json() {
    let body = r#"{"state":"up","n":[1,2]}"#;
    for (config, expected) in [
        (r#"{"json_path":"$.state"}"#, "ready: true"),
        (r#"{"json_path":"$.state","json_value":"up"}"#, "ready: true"),
        (r#"{"json_path":"$.n[*]","json_value":2}"#, "ready: true"),
        (r#"{"json_path":"$.stat"}"#, "`$.stat` finds nothing: `$` has no member `stat`"),
        (r#"{"json_path":"$.state","json_value":"down"}"#, "`$.state` is \"up\", not \"down\""),
        (r#"{"json_path":"$.["}"#, "errored TM0307"),
        (r#"{"json_value":1}"#, "errored TM0603: `json_value` needs a `json_path`"),
    ] {
        let server =
            Server::start(move |_, _| vec![send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))]).await;
        let config = config.replacen('{', r#"{"url":"http://127.0.0.1:PORT/","max_attempts":1,"#, 1);
        let shown = step(&crate::all(), &Probe::default(), "wait_for", &server.fill(&config)).await.show(FIELDS);
        assert!(shown.contains(expected), "{config}\n{shown}");
    }
}

#[tokio::test]
async fn tcp() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = format!(r#"{{"host":"127.0.0.1","port":{port},"interval":"5ms","timeout":"40ms"}}"#);
    let shown = step(&crate::all(), &Probe::default(), "wait_for", &config).await.show(FIELDS);
    assert_eq!(shown, format!("ready: true\nattempts: 1\nlast_result: {{\"address\":\"127.0.0.1:{port}\"}}"));
    drop(listener);
    let shown = step(&crate::all(), &Probe::default(), "wait_for", &config).await.show(FIELDS);
    assert!(shown.starts_with("errored TM0612: 127.0.0.1:") && shown.contains("refused the connection (is the service up"), "{shown}");
}

#[tokio::test]
async fn time() {
    // An attempt that is cut by the end is no observation.
    let server = Server::start(|_, _| vec![Act::Hang]).await;
    let config = server.fill(r#"{"url":"http://127.0.0.1:PORT/","timeout":"50ms"}"#);
    let outcome = step(&crate::all(), &Probe::default(), "wait_for", &config).await;
    assert!(outcome.show(&[]).starts_with("errored TM0604: http://127.0.0.1:") && outcome.show(&[]).contains("gave no answer within "));
    // The step's own time counts when it is shorter, and is not waited out.
    let server = Server::start(|_, _| vec![send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]).await;
    let probe = Probe { time_left: Some(Duration::from_millis(500)), ..Probe::default() };
    let config = server.fill(r#"{"url":"http://127.0.0.1:PORT/","interval":"10ms"}"#);
    let began = std::time::Instant::now();
    let outcome = step(&crate::all(), &probe, "wait_for", &config).await;
    assert!(outcome.show(&[]).contains("the status is 503") && began.elapsed() < Duration::from_millis(500));
}

#[tokio::test]
async fn configs_that_say_too_little_or_too_much() {
    for (config, words) in [
        ("{}", "nothing says what to wait for (give a `url`"),
        (r#"{"type":"tcp","url":"http://a/"}"#, "`url` is a key of `type: http`"),
        (r#"{"type":"tcp"}"#, "`type: tcp` needs a `port`"),
        (r#"{"type":"http"}"#, "`type: http` needs a `url`"),
        (r#"{"port":1,"status_code":200}"#, "`status_code` is a key of `type: http`"),
        (r#"{"url":"http://a/","port":1}"#, "`url` and `port` both say where"),
        (r#"{"url":"/health"}"#, "errored TM0621: the URL `/health` is relative"),
        (r#"{"type":"udp"}"#, "type: unknown variant `udp`"),
    ] {
        let shown = step(&crate::all(), &Probe::default(), "wait_for", config).await.show(&[]);
        assert!(shown.contains(words), "{config}\n{shown}");
    }
}
