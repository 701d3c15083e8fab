//! What an execution opened is closed with it. Alone in its process, so that nobody else opens and closes files meanwhile.

#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};
use testmesh_flow::{Map, Value};
use testmesh_runner::testing::Probe;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

fn children() -> String {
    let id = std::process::id();
    std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default()
}

/// Answers one request on each connection and holds it open.
async fn serve(listener: TcpListener) {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        tokio::spawn(async move {
            let mut bytes = [0; 4096];
            while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        });
    }
}

#[tokio::test]
async fn descriptors_and_children_are_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(serve(listener));
    let actions = testmesh_actions::all();
    let get = Value::map(Map::from_iter([("url", url)]));
    let args = Value::list(vec!["-c".into(), "sleep 1000 >/dev/null 2>&1 &".into()]);
    let exec = Value::map(Map::from_iter([("command", Value::from("sh")), ("args", args)]));
    // The first use of each opens what the runtime keeps for itself.
    let mut before = None;
    for round in 0..3 {
        let probe = Probe::default();
        let cx = probe.context();
        let several = (0..5).map(|_| actions.call("http_request", get.clone(), &cx));
        for answer in futures_util::future::join_all(several).await {
            assert!(answer.unwrap().is_ok());
        }
        assert!(actions.call("exec", exec.clone(), &cx).await.unwrap().is_ok());
        drop(cx);
        drop(probe);
        let end = Instant::now() + Duration::from_secs(5);
        while before.is_some_and(|before| descriptors() > before) || !children().is_empty() {
            assert!(Instant::now() < end, "round {round}: {} descriptors, {before:?} before; children {}", descriptors(), children());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if before.is_none() {
            // The server's ends of the first round close a moment later.
            tokio::time::sleep(Duration::from_millis(100)).await;
            before = Some(descriptors());
        }
    }
    server.abort();
}
