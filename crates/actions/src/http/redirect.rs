//! Where an answer points, and what is asked there.

use super::{output::Head, request::Request, url as urls};
use http::{HeaderMap, HeaderName, Method, header};
use testmesh_flow::{Code, Map, Value};
use testmesh_runner::ActionError;
use url::Url;

/// So many redirects are followed.
const MAX: usize = 10;

/// The request that an answer asks for, `None` when it does not redirect. What was followed is noted in the head.
pub(crate) fn next(request: &Request, head: &mut Head) -> Result<Option<Request>, ActionError> {
    let status = head.status;
    if ![301, 302, 303, 307, 308].contains(&status) {
        return Ok(None);
    }
    let Some(location) = head.headers.get(header::LOCATION) else { return Ok(None) };
    let location = String::from_utf8_lossy(location.as_bytes()).into_owned();
    let url = resolve(&request.url, &location)?;
    let from = Map::from_iter([
        ("url", Value::from(urls::shown(&request.url))),
        ("status", Value::Int(status.into())),
        ("location", Value::from(location)),
    ]);
    head.redirects.push(Value::map(from));
    if head.redirects.len() > MAX {
        return Err(too_many(head, &url));
    }
    Ok(Some(moved(request, url, status)))
}

fn resolve(base: &Url, location: &str) -> Result<Url, ActionError> {
    let cure = "set `follow_redirects: false` to look at the answer that redirects";
    let mut url = base.join(location).map_err(|error| {
        ActionError::errored(Code::BadUrl, format!("{} redirects to `{location}`, which is no URL: {error}", urls::shown(base))).help(cure)
    })?;
    if !["http", "https"].contains(&url.scheme()) {
        let message = format!("{} redirects to `{location}`, which is neither http nor https", urls::shown(base));
        return Err(ActionError::errored(Code::BadUrl, message).help(cure));
    }
    // RFC 9110 §10.2.2: the part of the page that was asked for stays.
    if url.fragment().is_none() {
        url.set_fragment(base.fragment());
    }
    Ok(url)
}

fn moved(request: &Request, url: Url, status: u16) -> Request {
    let mut next = request.clone();
    // As browsers do: a 303 is fetched with GET, and so is what was posted at 301 and 302.
    let fetches = match status {
        303 => request.method != Method::GET && request.method != Method::HEAD,
        301 | 302 => request.method == Method::POST,
        _ => false,
    };
    if fetches {
        next.method = Method::GET;
        next.body = None;
        remove(&mut next.headers, &BODY_HEADERS);
    }
    if url.origin() != request.url.origin() {
        remove(&mut next.headers, &[header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE, header::HOST]);
        next.cookies = next.cookies.across_origins();
    }
    next.log_in(&url);
    next.url = url;
    next
}

const BODY_HEADERS: [HeaderName; 6] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
    header::TRANSFER_ENCODING,
];

fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.remove(name);
    }
}

fn too_many(head: &Head, last: &Url) -> ActionError {
    let mut chain: Vec<_> = head.redirects.iter().filter_map(|hop| hop.get("url").and_then(Value::as_str)).collect();
    let last = urls::shown(last);
    chain.push(&last);
    ActionError::errored(Code::TooManyRedirects, format!("more than {MAX} redirects: {}", chain.join(" → ")))
        .help("the services may send the request in a circle; set `follow_redirects: false` to look at one answer")
}
