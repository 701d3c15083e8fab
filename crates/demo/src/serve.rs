//! Serving one router on one listener until told to stop.
//!
//! Connections, and the calls on them, belong to the future that serves them: dropping it ends them at once, so that a
//! stopped shop does nothing more. Short of that a call is carried through, also when its client goes away in the middle
//! of it: nobody finds a row without its event, or a cache that an update was about to drop.

use std::error::Error;
use std::io;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::lock::lock;

/// How long to wait before accepting again when the system has run out of what a connection needs.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until `shutdown`, then lets each finish the request it is at.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, router.clone(), shutdown.clone()));
                }
                Err(error) if is_the_connections(&error) => {}
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve_connection(stream: TcpStream, router: Router, shutdown: CancellationToken) {
    // Small answers must not wait for the acknowledgement of the previous ones; where that cannot be had, they wait.
    stream.set_nodelay(true).ok();
    let router = TowerToHyperService::new(router);
    // A connection has one call at a time, so each replaces one that is over.
    let last_call = Mutex::new(None);
    let service = service_fn(|request| {
        let (answer, answered) = oneshot::channel();
        let call = router.call(request);
        let call = tokio::spawn(async move { answer.send(call.await).is_ok() });
        *lock(&last_call) = Some(AbortOnDropHandle::new(call));
        async { answered.await.map(|Ok(response)| response) }
    });
    drive(TokioIo::new(stream), service, shutdown).await;

    let unfinished = lock(&last_call).take();
    if let Some(call) = unfinished {
        // Whether the answer found a taker, or the call panicked, is past mattering to anybody.
        call.await.ok();
    }
}

/// Answers the requests of one connection until its client or `shutdown` ends it.
async fn drive<S>(io: TokioIo<TcpStream>, service: S, shutdown: CancellationToken)
where
    S: HttpService<Incoming, ResBody = Body, Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let mut connection = pin!(http1::Builder::new().timer(TokioTimer::new()).serve_connection(io, service));
    tokio::select! {
        // A connection that broke is its client's to report: there is nobody left to answer.
        _ = connection.as_mut() => return,
        () = shutdown.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    connection.await.ok();
}

/// Whether accepting failed for this one connection only.
fn is_the_connections(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset)
}
