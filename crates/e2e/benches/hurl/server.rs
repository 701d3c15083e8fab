//! The server that both programs ask: it answers in JSON, over connections that stay open, at once or after 20 ms.

use anyhow::Result;
use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How long an answer to a path below `/slow` takes.
const LATENCY: Duration = Duration::from_millis(20);
/// A request is no longer.
const LONGEST: usize = 16 << 10;

/// Starts it on a thread of its own; it ends with the process.
pub(crate) fn start() -> Result<SocketAddr> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream));
            }
        });
    });
    Ok(address)
}

/// Answers until the client has gone, which is how a connection ends.
async fn serve(mut stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut request = Vec::with_capacity(LONGEST);
    loop {
        let end = loop {
            if let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            if request.len() >= LONGEST || stream.read_buf(&mut request).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8_lossy(request.get(..end)?).into_owned();
        let path = head.split(' ').nth(1)?;
        if path.starts_with("/slow/") {
            tokio::time::sleep(LATENCY).await;
        }
        stream.write_all(answer(path).as_bytes()).await.ok()?;
        request.drain(..end);
    }
}

/// The item of the number that the path ends in.
fn answer(path: &str) -> String {
    let id: u64 = path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let next = id + 1;
    let body = format!(
        r#"{{"id":{id},"next":{next},"name":"item","price":10.5,"stock":{{"berlin":3,"london":0}},"tags":["new","small"],"description":"An item like any other."}}"#
    );
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}
