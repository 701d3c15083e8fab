//! Servers that do to a client what the world does, byte by byte.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// What a server does with a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// Reads the head of a request, writes this and closes.
    Answer(&'static str),
    /// The same with bytes that are no text.
    AnswerBytes(&'static [u8]),
    /// Writes this and leaves it at that, without ever closing.
    AnswerAndHang(&'static str),
    /// Writes this without waiting for a request.
    Greet(&'static [u8]),
    /// Reads what comes and says nothing.
    Silence,
    /// Closes without having read anything.
    Close,
    /// Answers one request after the other on one connection, and closes it after this many without a word.
    Keep(&'static str, usize),
}

/// A server; the first connections get the first acts, all others the last one.
pub(crate) struct Server {
    address: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn start(acts: &'static [Act]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self::serve(listener, acts)
    }

    /// A server at an address where nobody listens before `delay` has passed.
    pub(crate) fn start_later(acts: &'static [Act], delay: Duration) -> Self {
        let address = free_address();
        let over = Arc::new(AtomicBool::new(false));
        thread::spawn(move || {
            thread::sleep(delay);
            // It lives as long as the test: the thread ends with the process.
            std::mem::forget(Self::serve(TcpListener::bind(address).unwrap(), acts));
        });
        Self { address, over }
    }

    fn serve(listener: TcpListener, acts: &'static [Act]) -> Self {
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let (ended, count) = (over.clone(), AtomicUsize::new(0));
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let index = count.fetch_add(1, Ordering::Relaxed).min(acts.len() - 1);
                thread::spawn(move || play(stream, acts[index]));
            }
        });
        Self { address, over }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Wakes the one that waits for connections. That nobody does is no matter.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(100));
    }
}

/// An address where nobody listens.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// The client may go away at any moment: no write or read must succeed.
fn play(mut stream: TcpStream, act: Act) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    match act {
        Act::Close => {}
        Act::Greet(bytes) => {
            let _ = stream.write_all(bytes);
            wait_for_the_end(stream);
        }
        Act::Silence => wait_for_the_end(stream),
        Act::Answer(text) => answer(stream, text.as_bytes()),
        Act::AnswerBytes(bytes) => answer(stream, bytes),
        Act::AnswerAndHang(text) => {
            if head(&mut stream) {
                let _ = stream.write_all(text.as_bytes());
                wait_for_the_end(stream);
            }
        }
        Act::Keep(text, times) => {
            for _ in 0..times {
                if !head(&mut stream) || stream.write_all(text.as_bytes()).is_err() {
                    return;
                }
            }
        }
    }
}

fn answer(mut stream: TcpStream, bytes: &[u8]) {
    if head(&mut stream) {
        let _ = stream.write_all(bytes);
    }
}

/// Reads the head of a request; false when the client has gone.
fn head(stream: &mut TcpStream) -> bool {
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !seen.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => seen.push(byte[0]),
            _ => return false,
        }
        // A client that greets in another protocol sends no such line.
        if seen.first() == Some(&0x16) && seen.len() > 4 {
            return true;
        }
    }
    true
}

fn wait_for_the_end(mut stream: TcpStream) {
    while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
}

/// A listener that accepts nobody and whose queue is full: who connects waits. `None` when the system does not do so.
pub(crate) struct FullBacklog {
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
    address: SocketAddr,
}

impl FullBacklog {
    pub(crate) fn fill() -> Option<Self> {
        let listener = backlog_of_none()?;
        let address = listener.local_addr().ok()?;
        let mut waiting = Vec::new();
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            match TcpStream::connect_timeout(&address, Duration::from_millis(500)) {
                Ok(stream) => waiting.push(stream),
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                    return Some(Self { _listener: listener, _waiting: waiting, address });
                }
                Err(_) => return None,
            }
        }
        None
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

#[cfg(unix)]
fn backlog_of_none() -> Option<TcpListener> {
    use rustix::net::{AddressFamily, SocketType, bind, listen, socket};
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).ok()?;
    bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).ok()?;
    listen(&socket, 0).ok()?;
    Some(TcpListener::from(socket))
}

#[cfg(not(unix))]
fn backlog_of_none() -> Option<TcpListener> {
    None
}
