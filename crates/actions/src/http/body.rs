//! Reading the body of an answer, within its bound.

use super::{errors, link::Link, pool::Target};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use hyper::body::{Body, Incoming};
use testmesh_flow::Code;
use testmesh_runner::{ActionError, StepContext};

/// Reads all of it; more than `limit` bytes are an error.
pub(crate) async fn read(
    cx: &StepContext<'_>,
    link: &mut Link,
    target: &Target,
    incoming: &mut Incoming,
    headers: &HeaderMap,
    limit: u64,
) -> Result<Bytes, ActionError> {
    let whole = incoming.size_hint().exact();
    if whole.is_some_and(|whole| whole > limit) {
        return Err(too_large(limit, whole));
    }
    let mut body = BytesMut::new();
    loop {
        cx.phase(Code::ReadTimeout, format!("reading the body of the answer from {target}, after {}", progress(body.len(), whole)));
        match link.frame(incoming).await {
            None => return Ok(body.freeze()),
            Some(Err(error)) => return Err(errors::in_body(target, &error, &progress(body.len(), declared(headers)))),
            Some(Ok(frame)) => {
                // Trailers are no part of the body.
                let Ok(data) = frame.into_data() else { continue };
                if (body.len() + data.len()) as u64 > limit {
                    return Err(too_large(limit, None));
                }
                body.extend_from_slice(&data);
            }
        }
    }
}

fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn progress(read: usize, whole: Option<u64>) -> String {
    whole.map_or_else(|| format!("{read} bytes"), |whole| format!("{read} of {whole} bytes"))
}

fn too_large(limit: u64, whole: Option<u64>) -> ActionError {
    let has = whole.map_or_else(|| "is larger than".to_owned(), |whole| format!("has {whole} bytes, which is more than"));
    ActionError::errored(Code::BodyTooLarge, format!("the body of the answer {has} `max_body` allows ({limit} bytes)"))
        .help("ask for less, or set `max_body` higher")
        .key("max_body")
}
