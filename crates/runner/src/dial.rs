//! The one way to the network: resolve, connect, measure, classify.

use crate::{action::ActionError, context::StepContext};
use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};
use testmesh_flow::Code;
use tokio::net::TcpStream;

/// A connection that stands, and how long its making took.
#[derive(Debug)]
pub struct Dialed {
    pub stream: TcpStream,
    pub address: SocketAddr,
    pub dns: Duration,
    pub connect: Duration,
}

impl StepContext<'_> {
    /// Connects to a host and port over TCP, trying each address that the name has.
    pub async fn dial(&self, host: &str, port: u16) -> Result<Dialed, ActionError> {
        let began = Instant::now();
        self.phase(Code::UnknownHost, format!("resolving the host `{host}`"));
        let addresses = resolve(host, port).await?;
        let dns = began.elapsed();
        self.phase(Code::ConnectTimeout, format!("connecting to {host}:{port}"));
        let began = Instant::now();
        let mut last = None;
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Requests are small and answered: waiting to fill a packet only costs time. A system that refuses this still works.
                    let _ = stream.set_nodelay(true);
                    return Ok(Dialed { stream, address, dns, connect: began.elapsed() });
                }
                Err(error) => last = Some(error),
            }
        }
        Err(last.map_or_else(|| unknown_host(host, "it has no address"), |error| connect_failed(host, port, &error)))
    }
}

async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ActionError> {
    // An IPv6 address stands in brackets in a URL, not in a look-up.
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    match tokio::net::lookup_host((bare, port)).await {
        Ok(addresses) => Ok(addresses.collect()),
        Err(error) => Err(unknown_host(host, &error.to_string())),
    }
}

fn unknown_host(host: &str, cause: &str) -> ActionError {
    let cause = cause.trim_start_matches("failed to lookup address information: ");
    ActionError::errored(Code::UnknownHost, format!("the host `{host}` cannot be resolved: {cause}"))
        .help("check the spelling of the host, and that its name is known where this runs")
}

fn connect_failed(host: &str, port: u16, error: &io::Error) -> ActionError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ActionError::errored(Code::Refused, format!("{host}:{port} refused the connection"))
            .help(format!("is the service up, and does it listen on port {port}?")),
        io::ErrorKind::TimedOut => {
            ActionError::errored(Code::ConnectTimeout, format!("{host}:{port} did not answer the connection attempt"))
        }
        _ => ActionError::errored(Code::Unreachable, format!("{host}:{port} cannot be reached: {error}")),
    }
}
