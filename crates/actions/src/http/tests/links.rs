//! Connections: used again, given up, closed with their execution.

use super::{OK, cut_on, run_on};
use crate::testing::{Act, Server, send, until};
use std::time::Duration;
use testmesh_runner::testing::Probe;

const GET: &str = r#"{"url":"http://127.0.0.1:PORT/"}"#;
const POST: &str = r#"{"url":"http://127.0.0.1:PORT/","method":"POST","body":{}}"#;

#[tokio::test]
async fn requests_of_an_execution_share_a_connection() {
    let server = Server::start(|_, _| vec![send(OK)]).await;
    let probe = Probe::default();
    for _ in 0..50 {
        assert_eq!(run_on(&probe, &server, GET).await.show(&["status"]), "status: 200");
        assert_eq!(run_on(&probe, &server, POST).await.show(&["status"]), "status: 200");
    }
    assert!(server.seen().iter().all(|seen| seen.connection == 0));
    let outcome = run_on(&probe, &server, GET).await;
    assert!(outcome.show(&["timings"]).starts_with(r#"timings: {"dns":0,"connect":0,"tls":0,"ttfb":"#));
    run_on(&Probe::default(), &server, GET).await;
    assert_eq!(server.seen().last().unwrap().connection, 1, "another execution has its own");
}

#[tokio::test]
async fn connections_close_with_their_execution() {
    let server = Server::start(|_, _| vec![send(OK)]).await;
    let probe = Probe::default();
    let several = (0..8).map(|_| run_on(&probe, &server, GET));
    for outcome in futures_util::future::join_all(several).await {
        assert_eq!(outcome.show(&["status"]), "status: 200");
    }
    until("eight stand", || server.open() == 8).await;
    drop(probe);
    until("none stands", || server.open() == 0).await;
}

#[tokio::test]
async fn a_cut_step_closes_its_connection() {
    let server = Server::start(|_, _| vec![Act::Hang]).await;
    let probe = Probe::default();
    let outcome = cut_on(&probe, &server, GET).await;
    assert!(outcome.show(&[]).contains("TM0614"));
    until("none stands", || server.open() == 0).await;
}

/// A server that answers the first request and does `act` at the second of the same connection; a new connection is answered.
async fn dies_at_second(act: Act, config: &str, idle: Duration) -> (String, Vec<usize>) {
    let server = Server::start(move |seen, number| match (seen.connection, number) {
        (0, 1) => vec![act.clone()],
        _ => vec![send(OK)],
    })
    .await;
    let probe = Probe::default();
    run_on(&probe, &server, GET).await;
    tokio::time::sleep(idle).await;
    let outcome = run_on(&probe, &server, config).await;
    let shown = server.hide(&outcome.show(&["status"]));
    (shown, server.seen().iter().map(|seen| seen.connection).collect())
}

#[tokio::test]
async fn a_connection_that_died_at_rest_is_no_failure_where_a_second_try_is_safe() {
    let now = Duration::ZERO;
    let (shown, connections) = dies_at_second(Act::Close, GET, now).await;
    assert_eq!((shown.as_str(), connections), ("status: 200", vec![0, 0, 1]));
    let (shown, connections) = dies_at_second(Act::Close, &GET.replace("\"}", "\",\"method\":\"DELETE\"}"), now).await;
    assert_eq!((shown.as_str(), connections), ("status: 200", vec![0, 0, 1]));
    let (shown, connections) = dies_at_second(Act::Close, POST, now).await;
    assert!(
        shown.starts_with("errored TM0617: 127.0.0.1:PORT closed the connection without an answer (it was a connection of an earlier"),
        "{shown}"
    );
    assert_eq!(connections, [0, 0], "a POST is not sent twice");
    let (shown, connections) = dies_at_second(Act::Close, POST, Duration::from_millis(1100)).await;
    assert_eq!((shown.as_str(), connections), ("status: 200", vec![0, 1]), "a POST takes no connection that rested long");
    let (shown, connections) = dies_at_second(send("HTTP/1.1 2xx\r\n\r\n"), GET, now).await;
    assert!(shown.starts_with("errored TM0618: the head of the answer"), "{shown}");
    assert_eq!(connections, [0, 0], "an answer that began is not asked for again");
}

#[tokio::test]
async fn connections_that_cannot_serve_again_are_given_up() {
    for answer in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more",
    ] {
        let server = Server::start(move |_, _| vec![send(answer)]).await;
        let probe = Probe::default();
        for connection in 0..2 {
            let outcome = run_on(&probe, &server, GET).await;
            assert_eq!(outcome.show(&["body"]), "body: \"ok\"", "{answer}");
            assert_eq!(server.seen()[connection].connection, connection, "{answer}");
        }
    }
}

#[tokio::test]
async fn bodies_over_the_bound_are_refused() {
    for answer in [
        vec![send("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"), Act::Hang],
        vec![send(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n{}\r\n", "x".repeat(2000))), Act::Hang],
    ] {
        let server = Server::start(move |_, _| answer.clone()).await;
        let outcome = run_on(&Probe::default(), &server, r#"{"url":"http://127.0.0.1:PORT/","max_body":"1KB"}"#).await;
        let shown = outcome.show(&[]);
        assert!(shown.starts_with("errored TM0622: the body of the answer") && shown.contains("`max_body` allows (1024 bytes)"), "{shown}");
        let known = outcome.result.unwrap_err().output.unwrap();
        assert!(known.contains("status") && known.contains("headers") && !known.contains("body"));
    }
}

#[tokio::test]
async fn nobody_there() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = format!(r#"{{"url":"http://{closed}/"}}"#);
    let outcome = crate::testing::step(&crate::all(), &Probe::default(), "http_request", &config).await;
    assert!(outcome.show(&[]).starts_with(&format!("errored TM0612: {closed} refused the connection (is the service up")));
    let outcome = crate::testing::step(&crate::all(), &Probe::default(), "http_request", r#"{"url":"http://nowhere.invalid/"}"#).await;
    assert!(outcome.show(&[]).starts_with("errored TM0611: the host `nowhere.invalid` cannot be resolved"), "{}", outcome.show(&[]));
}
