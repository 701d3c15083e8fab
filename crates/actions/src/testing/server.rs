//! A scripted server: it reads requests, notes them, and does what it is told.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// What a server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Send(Vec<u8>),
    Wait(Duration),
    /// Says no more, and keeps the connection.
    Hang,
    Close,
}

pub(crate) fn send(bytes: impl AsRef<[u8]>) -> Act {
    Act::Send(bytes.as_ref().to_vec())
}

/// A request as it came: the number of its connection from 0, and its text.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) connection: usize,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    /// The value of a header that came once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        let mut values = head.lines().filter_map(|line| line.split_once(": ")).filter(|(n, _)| n.eq_ignore_ascii_case(name));
        let value = values.next()?.1;
        assert!(values.next().is_none(), "{name} came twice: {head}");
        Some(value)
    }

    pub(crate) fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

type Script = dyn Fn(&Seen, usize) -> Vec<Act> + Send + Sync;

/// A server on a port of its own, until it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    open: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers each request as `script` says, which is given the request and its number from 0.
    pub(crate) async fn start(script: impl Fn(&Seen, usize) -> Vec<Act> + Send + Sync + 'static) -> Self {
        Self::with(None, script).await
    }

    pub(crate) async fn with(tls: Option<TlsAcceptor>, script: impl Fn(&Seen, usize) -> Vec<Act> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, open, script) = (Arc::<Mutex<Vec<Seen>>>::default(), Arc::<AtomicUsize>::default(), Arc::new(script));
        let (notes, count) = (seen.clone(), open.clone());
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            for connection in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (notes, count, script, tls) = (notes.clone(), count.clone(), script.clone(), tls.clone());
                connections.spawn(async move {
                    count.fetch_add(1, Ordering::SeqCst);
                    match tls {
                        None => serve(stream, connection, &notes, &*script).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, connection, &notes, &*script).await;
                            }
                        }
                    }
                    count.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, seen, open, task }
    }

    /// A text in which `PORT` stands for the server's port.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("PORT", &self.port.to_string())
    }

    /// A text in which the server's port is `PORT` again.
    pub(crate) fn hide(&self, text: &str) -> String {
        text.replace(&format!(":{}", self.port), ":PORT")
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Connections that stand.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, connection: usize, notes: &Mutex<Vec<Seen>>, script: &Script) {
    let mut unread = Vec::new();
    while let Some(text) = request(&mut stream, &mut unread).await {
        let seen = Seen { connection, text };
        let number = {
            let mut notes = notes.lock().unwrap();
            notes.push(seen.clone());
            notes.len() - 1
        };
        for act in script(&seen, number) {
            match act {
                Act::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                }
                Act::Wait(time) => tokio::time::sleep(time).await,
                Act::Hang => {
                    // Until the other side has enough of it.
                    let mut rest = [0; 64];
                    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
                    return;
                }
                Act::Close => {
                    let _ = stream.shutdown().await;
                    return;
                }
            }
        }
    }
}

/// The next request, or `None` when the connection is closed.
async fn request(stream: &mut (impl AsyncRead + Unpin), unread: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&unread[..end]).into_owned();
            let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
            let whole = end + 4 + length.unwrap_or(0);
            if unread.len() >= whole {
                let rest = unread.split_off(whole);
                return Some(String::from_utf8_lossy(&std::mem::replace(unread, rest)).into_owned());
            }
        }
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await.ok().filter(|read| *read > 0)?;
        unread.extend_from_slice(&piece[..read]);
    }
}
