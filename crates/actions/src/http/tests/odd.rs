//! Servers that do not wait for the request, answer with noise, or are not there.

use super::{OK, cut_on, run_on};
use crate::testing::{Act, Server, send, step, step_within};
use std::time::Duration;
use testmesh_runner::testing::Probe;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};

/// Answers as soon as the head of a request has come, and closes without reading the rest.
#[tokio::test]
async fn an_answer_before_the_body_is_sent_counts() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = [0; 1024];
        let _ = stream.read(&mut head).await;
        stream.write_all(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 5\r\n\r\nlarge").await.unwrap();
        // As servers do that are careful: what was said arrives before the rest is refused.
        stream.shutdown().await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    });
    let config = format!(r#"{{"url":"http://127.0.0.1:{port}/","method":"POST","body":"{}"}}"#, "x".repeat(8 << 20));
    let outcome = step(&crate::all(), &Probe::default(), "http_request", &config).await;
    assert!(outcome.show(&["status", "body"]).starts_with("status: 413\nbody: \"large\""), "{}", outcome.show(&[]));
    task.await.unwrap();
}

#[tokio::test]
async fn phases_are_told() {
    // A listener whose queue is full: the handshake of the next connection does not end.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _full = [TcpStream::connect(address).await.unwrap()];
    let config = format!(r#"{{"url":"http://{address}/"}}"#);
    let shown = step_within(Duration::from_millis(300), &crate::all(), &Probe::default(), "http_request", &config).await.show(&[]);
    assert_eq!(shown, format!("errored TM0613: timeout while connecting to {address}"));
    // A listener that says nothing: neither TLS nor a large body gets through.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let large = "x".repeat(16 << 20);
    for (config, phase) in [
        (format!(r#"{{"url":"https://{address}/","verify_ssl":false}}"#), "TM0616: timeout while shaking hands over TLS with"),
        (format!(r#"{{"url":"http://{address}/","body":"{large}"}}"#), "TM0604: timeout while sending the request to"),
        (format!(r#"{{"url":"http://{address}/"}}"#), "TM0614: timeout while waiting for the first byte of the answer from"),
    ] {
        let shown = step_within(Duration::from_millis(300), &crate::all(), &Probe::default(), "http_request", &config).await.show(&[]);
        assert_eq!(shown, format!("errored {phase} {address}"));
    }
}

#[tokio::test]
async fn a_switch_of_protocols_is_an_answer() {
    let server =
        Server::start(|_, _| vec![send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nnoise"), Act::Hang])
            .await;
    let outcome = cut_on(&Probe::default(), &server, r#"{"url":"http://127.0.0.1:PORT/"}"#).await;
    assert_eq!(outcome.show(&["status", "body"]), "status: 101\nbody: null");
}

/// Whatever a server says, the step ends with an answer or with words.
#[tokio::test]
async fn noise_is_survived() {
    let whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n";
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..300 {
        let mut bytes = whole.to_vec();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] = random(256) as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let noise = bytes.clone();
        let server = Server::start(move |_, _| vec![send(&noise), Act::Close]).await;
        let outcome = run_on(&Probe::default(), &server, r#"{"url":"http://127.0.0.1:PORT/","follow_redirects":false}"#).await;
        let shown = outcome.show(&["status"]);
        let worded = shown.starts_with("status: ") || shown.starts_with("errored TM061");
        assert!(worded, "round {round}: {shown}\n{}", String::from_utf8_lossy(&bytes));
    }
}

#[tokio::test]
async fn many_at_once() {
    let server = Server::start(|_, _| vec![Act::Wait(Duration::from_millis(5)), send(OK)]).await;
    let probe = Probe::default();
    for _ in 0..3 {
        let all = (0..100).map(|_| run_on(&probe, &server, r#"{"url":"http://127.0.0.1:PORT/"}"#));
        for outcome in futures_util::future::join_all(all).await {
            assert_eq!(outcome.show(&["body"]), "body: \"ok\"");
        }
    }
}
