//! What an exchange gives to assertions and captures.

use super::{decode::Decoded, request::Request, url as urls};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header, response::Parts};
use schemars::JsonSchema;
use serde_json::Value as Any;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use testmesh_flow::{Map, Value};

/// What is known of an exchange when the head of an answer has come.
#[derive(Clone)]
pub(crate) struct Head {
    began: Instant,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) url: String,
    pub(crate) cookies: Map,
    pub(crate) redirects: Vec<Value>,
    pub(crate) timings: Timings,
}

/// How long each part took, over all hops.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Timings {
    pub(crate) dns: Duration,
    pub(crate) connect: Duration,
    pub(crate) tls: Duration,
    pub(crate) ttfb: Duration,
    pub(crate) download: Duration,
}

pub(crate) struct Answer {
    pub(crate) head: Head,
    pub(crate) body: Bytes,
}

#[derive(JsonSchema)]
pub struct Output {
    /// The status code.
    #[schemars(extend("x-decides" = true))]
    pub status: u16,
    /// The body: JSON decoded, else text, binary as base64; null when it is empty.
    ///
    /// It is JSON when its type says so, or is absent or plain text and the text begins with `{` or `[`.
    #[schemars(with = "Any")]
    pub body: Value,
    /// The body as text; null when it is binary.
    #[schemars(with = "Option<String>")]
    pub text: Option<Arc<str>>,
    /// How `body` stands here: `json`, `text` or `base64`; null when it is empty.
    pub body_encoding: Option<&'static str>,
    /// The first value of each header; names match without case.
    #[schemars(with = "BTreeMap<String, String>")]
    pub headers: Map,
    /// All values of each header, as lists.
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub headers_all: Map,
    /// The cookies that the answers set, by name.
    #[schemars(with = "BTreeMap<String, String>")]
    pub cookies: Map,
    /// The URL of the last request.
    pub url: String,
    /// The answers that redirected, first to last.
    #[schemars(with = "Vec<Redirect>")]
    pub redirects: Vec<Value>,
    /// How long the exchange took, in milliseconds.
    pub duration_ms: u64,
    /// How long its parts took in milliseconds, over all hops; 0 for what a connection in use needs no more.
    #[schemars(with = "TimingsShape")]
    pub timings: Map,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The length of the body in bytes.
    pub size: u64,
}

/// An answer that redirected.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes the members of a value")]
struct Redirect {
    /// What was asked.
    url: String,
    status: u16,
    /// Where the answer pointed, as it said it.
    location: String,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes the members of a value")]
struct TimingsShape {
    /// Resolving the host.
    dns: f64,
    /// The TCP handshake.
    connect: f64,
    /// The TLS handshake.
    tls: f64,
    /// From sending the request to the first byte of the answer.
    ttfb: f64,
    /// Reading the body.
    download: f64,
}

impl Head {
    pub(crate) fn new(began: Instant) -> Self {
        let (headers, cookies) = (HeaderMap::new(), Map::new());
        Self { began, status: 0, headers, url: String::new(), cookies, redirects: Vec::new(), timings: Timings::default() }
    }

    /// Takes an answer's head in place of the one before it.
    pub(crate) fn answered(&mut self, request: &Request, parts: Parts) {
        self.status = parts.status.as_u16();
        self.headers = parts.headers;
        self.url = urls::shown(&request.url);
    }

    /// What is known without a body.
    pub(crate) fn known(&self) -> Map {
        let map = testmesh_runner::Output::into_map(Answer { head: self.clone(), body: Bytes::new() }.into_output(Decoded::default()));
        let body = ["body", "text", "body_encoding", "size"];
        map.iter().filter(|(name, _)| !body.contains(&name.as_ref())).map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl Answer {
    pub(crate) fn into_output(self, decoded: Decoded) -> Output {
        let Self { head, body } = self;
        let (headers, headers_all) = header_maps(&head.headers);
        Output {
            status: head.status,
            body: decoded.value,
            text: decoded.text,
            body_encoding: decoded.encoding,
            content_type: head.headers.get(header::CONTENT_TYPE).map(header_text),
            headers,
            headers_all,
            cookies: head.cookies,
            url: head.url,
            redirects: head.redirects,
            duration_ms: u64::try_from(head.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            timings: head.timings.to_map(),
            size: body.len() as u64,
        }
    }
}

impl Timings {
    fn to_map(self) -> Map {
        // Microseconds are what can be told apart.
        let millis = |time: Duration| Value::Float((time.as_secs_f64() * 1e6).round() / 1e3);
        let parts = [("dns", self.dns), ("connect", self.connect), ("tls", self.tls), ("ttfb", self.ttfb), ("download", self.download)];
        parts.into_iter().map(|(name, time)| (name, millis(time))).collect()
    }
}

/// The first value of each header, and the lists of all.
fn header_maps(headers: &HeaderMap) -> (Map, Map) {
    let (mut first, mut all) = (Map::headers(), Map::headers());
    for name in headers.keys() {
        let values: Vec<_> = headers.get_all(name).iter().map(|value| Value::from(header_text(value))).collect();
        first.insert(name.as_str(), values.first().cloned().unwrap_or_default());
        all.insert(name.as_str(), Value::list(values));
    }
    (first, all)
}

/// UTF-8 when it is, else every byte as the character of its number: what a header may hold besides ASCII, nobody says.
pub(crate) fn header_text(value: &HeaderValue) -> String {
    let bytes = value.as_bytes();
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

impl testmesh_runner::Output for Output {
    fn into_map(self) -> Map {
        Map::from_iter([
            ("status", Value::Int(self.status.into())),
            ("body", self.body),
            ("text", self.text.map_or(Value::Null, Value::Text)),
            ("body_encoding", self.body_encoding.map_or(Value::Null, Value::from)),
            ("headers", self.headers.into()),
            ("headers_all", self.headers_all.into()),
            ("cookies", self.cookies.into()),
            ("url", self.url.into()),
            ("redirects", Value::list(self.redirects)),
            ("duration_ms", self.duration_ms.into()),
            ("timings", self.timings.into()),
            ("content_type", self.content_type.map_or(Value::Null, Value::from)),
            ("size", self.size.into()),
        ])
    }
}
