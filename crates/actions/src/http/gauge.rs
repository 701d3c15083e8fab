//! A stream that counts: how much went each way, when the first byte came, and how the answer began.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Instant,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So many bytes of an answer's beginning are kept to say what it was when it was no HTTP.
const OPENING: usize = 48;

/// What passed since [`begin`](Gauge::begin).
#[derive(Clone, Debug, Default)]
pub(crate) struct Passed {
    pub(crate) read: u64,
    pub(crate) written: u64,
    /// Everything that was written has left.
    pub(crate) flushed: bool,
    pub(crate) first_byte: Option<Instant>,
    pub(crate) opening: Vec<u8>,
}

#[derive(Debug, Default)]
pub(crate) struct Gauge(Mutex<Passed>);

impl Gauge {
    /// Forgets the exchange before.
    pub(crate) fn begin(&self) {
        *self.state() = Passed::default();
    }

    pub(crate) fn passed(&self) -> Passed {
        self.state().clone()
    }

    /// Whether the request has left and nothing has come yet.
    pub(crate) fn waits(&self) -> bool {
        let state = self.state();
        state.flushed && state.written > 0 && state.read == 0
    }

    fn state(&self) -> MutexGuard<'_, Passed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream to a server, plain or through TLS.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

pub(crate) struct Gauged {
    pub(crate) stream: Box<dyn Io>,
    pub(crate) gauge: Arc<Gauge>,
}

impl AsyncRead for Gauged {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let came = buffer.filled().get(before..).unwrap_or_default();
        if !came.is_empty() {
            let mut state = self.gauge.state();
            state.read += came.len() as u64;
            state.first_byte.get_or_insert_with(Instant::now);
            let room = OPENING.saturating_sub(state.opening.len()).min(came.len());
            state.opening.extend(came.iter().take(room));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Gauged {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        let mut state = self.gauge.state();
        state.written += written as u64;
        state.flushed = false;
        drop(state);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.gauge.state().flushed = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
