//! A connection that speaks HTTP/1.1. It has no task of its own: whoever waits for something of it drives it, and dropping it closes it.

use super::gauge::{Gauge, Gauged, Io, Passed};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::{Frame, Incoming},
    client::conn::http1::{Builder, Connection, SendRequest},
};
use hyper_util::rt::TokioIo;
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Instant,
};

/// The head of an answer may have so many headers, and be so large.
pub(crate) const MAX_HEADERS: usize = 1000;
pub(crate) const MAX_HEAD: usize = 1 << 20;

pub(crate) struct Link {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver,
    gauge: Arc<Gauge>,
    /// When the last exchange over it ended.
    pub(crate) idle_since: Instant,
    pub(crate) reused: bool,
}

/// The connection, until it ends.
enum Driver {
    Runs(Pin<Box<Connection<TokioIo<Gauged>, Full<Bytes>>>>),
    Ended(Option<hyper::Error>),
}

impl Link {
    pub(crate) async fn open(stream: Box<dyn Io>) -> Result<Self, hyper::Error> {
        let gauge = Arc::new(Gauge::default());
        let io = TokioIo::new(Gauged { stream, gauge: gauge.clone() });
        let (sender, connection) = Builder::new().max_headers(MAX_HEADERS).max_header_size(MAX_HEAD).handshake(io).await?;
        Ok(Self { sender, driver: Driver::Runs(Box::pin(connection)), gauge, idle_since: Instant::now(), reused: false })
    }

    /// Sends a request and waits for the head of its answer. `sent` is called once, when the request has left.
    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>, sent: impl Fn()) -> Result<Response<Incoming>, hyper::Error> {
        if self.reused {
            self.gauge.begin();
        }
        let gauge = &self.gauge;
        let mut told = false;
        let answer = self.sender.send_request(request);
        let answer = drive(&mut self.driver, answer, || {
            if !told && gauge.waits() {
                told = true;
                sent();
            }
        });
        match answer.await {
            // The connection knows better why it ended than who waited for it.
            Err(error) if error.is_canceled() || error.is_closed() => Err(self.driver.take_error().unwrap_or(error)),
            other => other,
        }
    }

    /// The next piece of an answer's body; `None` at its end.
    pub(crate) async fn frame(&mut self, body: &mut Incoming) -> Option<Result<Frame<Bytes>, hyper::Error>> {
        drive(&mut self.driver, body.frame(), || ()).await
    }

    /// What passed over it in this exchange.
    pub(crate) fn passed(&self) -> Passed {
        self.gauge.passed()
    }

    /// Whether another request can be sent over it, as far as is known here.
    pub(crate) fn is_ready(&mut self) -> bool {
        self.driver.poll(&mut Context::from_waker(Waker::noop()));
        matches!(self.driver, Driver::Runs(_)) && self.sender.is_ready()
    }
}

impl Driver {
    fn poll(&mut self, cx: &mut Context<'_>) {
        if let Self::Runs(connection) = self
            && let Poll::Ready(end) = connection.as_mut().poll(cx)
        {
            *self = Self::Ended(end.err());
        }
    }

    fn take_error(&mut self) -> Option<hyper::Error> {
        if let Self::Ended(error) = self { error.take() } else { None }
    }
}

/// Waits for something that the connection brings about, and moves the connection along meanwhile.
async fn drive<F: Future>(driver: &mut Driver, future: F, mut moved: impl FnMut()) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        // The future puts its request into the connection's hands, the connection works, the future sees what came of it.
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(output);
        }
        driver.poll(cx);
        moved();
        future.as_mut().poll(cx)
    })
    .await
}
