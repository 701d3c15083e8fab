//! What went wrong on the wire, in words for the author of a flow.

mod tls;

use super::{gauge::Passed, link::Link, pool::Target};
use std::{error::Error, io};
use testmesh_flow::Code;
use testmesh_runner::ActionError;
pub(crate) use tls::handshake as tls;

/// The exchange ended before the head of an answer could be read.
pub(crate) fn before_answer(target: &Target, error: &hyper::Error, link: &Link) -> ActionError {
    let passed = link.passed();
    if let Some(error) = not_http(target, &passed) {
        return error;
    }
    if error.is_parse() {
        return ActionError::errored(
            Code::ProtocolError,
            format!("the head of the answer from {target} cannot be read: {}", causes(error)),
        )
        .help("the server sends something that is not as HTTP/1.1 says");
    }
    if !is_cut(error) {
        return protocol(target, error);
    }
    let message = match (passed.read, passed.flushed, was_reset(error)) {
        (0, true, false) => format!("{target} closed the connection without an answer"),
        (0, true, true) => format!("{target} reset the connection without an answer"),
        (0, false, _) => format!("{target} closed the connection while the request was being sent"),
        _ => format!("{target} closed the connection in the head of its answer, after {} bytes", passed.read),
    };
    let help = if link.reused {
        "it was a connection of an earlier request, and this one is not safe to send twice: whether the server acted on it is not known"
    } else {
        "the service may have crashed or restarted at this request: look at its log"
    };
    ActionError::errored(Code::ConnectionCut, message).help(help)
}

/// The body of an answer ended early, or broke.
pub(crate) fn in_body(target: &Target, error: &hyper::Error, progress: &str) -> ActionError {
    let kind = source::<io::Error>(error).map(io::Error::kind);
    if error.is_parse() || matches!(kind, Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)) {
        let message = format!("the body of the answer from {target} is broken after {progress}: {}", causes(error));
        return ActionError::errored(Code::ProtocolError, message).help("the server sends something that is not as HTTP/1.1 says");
    }
    ActionError::errored(Code::ConnectionCut, format!("{target} closed the connection in the body of its answer, after {progress}"))
        .help("the service, or a proxy before it, may have crashed or run out of time: look at its log")
}

pub(crate) fn protocol(target: &Target, error: &hyper::Error) -> ActionError {
    ActionError::errored(Code::ProtocolError, format!("the exchange with {target} failed: {}", causes(error)))
        .help("the server does not speak HTTP/1.1 as it should")
}

/// Something else than HTTP answered.
fn not_http(target: &Target, passed: &Passed) -> Option<ActionError> {
    let opening = passed.opening.as_slice();
    if opening.is_empty() || b"HTTP/".starts_with(opening.get(..5).unwrap_or(opening)) {
        return None;
    }
    if matches!(opening, [0x14..=0x16, 3, ..]) {
        return Some(
            ActionError::errored(Code::TlsFailed, format!("{target} speaks TLS, and was asked over plain http"))
                .help("write `https://` in the URL, or the port of the plain service")
                .key("url"),
        );
    }
    // An HTTP/2 server begins with a SETTINGS frame: three bytes of length, and its type.
    if matches!(opening, [0, 0, _, 4, ..]) {
        return Some(
            ActionError::errored(Code::ProtocolError, format!("{target} speaks HTTP/2 without TLS, and was asked in HTTP/1.1"))
                .help("a gRPC service may listen on this port: write the port of the HTTP service, or use the action `grpc`")
                .key("url"),
        );
    }
    let shown = String::from_utf8_lossy(opening).escape_debug().to_string();
    Some(
        ActionError::errored(Code::ProtocolError, format!("the answer from {target} does not begin as HTTP/1.1 does, but with `{shown}`"))
            .help("another service may listen on this port"),
    )
}

fn is_cut(error: &hyper::Error) -> bool {
    error.is_incomplete_message() || error.is_closed() || error.is_canceled() || source::<io::Error>(error).is_some()
}

fn was_reset(error: &hyper::Error) -> bool {
    source::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
}

/// The first cause of this type.
fn source<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// An error, what it came from, and so on.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// An error and what it came from, as one text.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for error in chain(error) {
        let text = error.to_string();
        if !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
    }
    texts.join(": ")
}
