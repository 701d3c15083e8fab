//! Exchanges with a scripted server, as tables of a config, what the server does, and what comes of it.

mod answers;
mod cookies;
mod links;
mod odd;
mod redirects;
mod requests;
mod tls;

use crate::testing::{Act, Outcome, Seen, Server, send, step, step_within};
use std::time::Duration;
use testmesh_runner::testing::Probe;

pub(super) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Runs `http_request` against a server; `PORT` in the config is its port.
pub(super) async fn run(config: &str, script: impl Fn(&Seen, usize) -> Vec<Act> + Send + Sync + 'static) -> (Outcome, Server) {
    let server = Server::start(script).await;
    let outcome = run_on(&Probe::default(), &server, config).await;
    (outcome, server)
}

pub(super) async fn run_on(probe: &Probe, server: &Server, config: &str) -> Outcome {
    step(&crate::all(), probe, "http_request", &server.fill(config)).await
}

/// As [`run_on`], for a server that makes it wait without end.
pub(super) async fn cut_on(probe: &Probe, server: &Server, config: &str) -> Outcome {
    step_within(Duration::from_millis(300), &crate::all(), probe, "http_request", &server.fill(config)).await
}

pub(super) fn redirect(status: u16, location: &str) -> Vec<Act> {
    vec![send(format!("HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 4\r\n\r\ngone"))]
}
