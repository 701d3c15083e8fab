//! From a config to a request.

mod headers;

use super::{config::Config, cookies::Sent, trace, url as urls};
use crate::scalar;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use testmesh_flow::{Code, Map, Value};
use testmesh_runner::{ActionError, StepContext};
use url::Url;

/// What goes to a server, but for the `Host` and the kept cookies, which each hop adds.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) cookies: Sent,
}

/// What need not be encoded in a query: the unreserved characters of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const USER_AGENT: &str = concat!("testmesh/", env!("CARGO_PKG_VERSION"));

impl Request {
    /// A plain GET.
    pub(crate) fn get(url: &str, cx: &StepContext<'_>) -> Result<Self, ActionError> {
        let url = urls::read(url)?;
        let mut request = Self { method: Method::GET, headers: defaults(cx), url: url.clone(), body: None, cookies: Sent::default() };
        request.log_in(&url);
        Ok(request)
    }

    /// Takes the `user:password@` of a URL.
    pub(crate) fn log_in(&mut self, url: &Url) {
        if let Some(credentials) = headers::basic(url) {
            self.headers.insert(header::AUTHORIZATION, credentials);
        }
    }

    pub(crate) fn from_config(config: &Config, cx: &StepContext<'_>) -> Result<Self, ActionError> {
        let mut request = Self::get(&config.url, cx)?;
        request.method = method(config.method.as_deref().unwrap_or("GET"))?;
        request.cookies = Sent::from_config(config.cookies.as_ref())?;
        append_query(&mut request.url, config.query.as_ref())?;
        request.set_body(config.body.as_ref());
        headers::apply(&mut request.headers, config.headers.as_ref())?;
        headers::check_length(&request.headers, request.body.as_ref().map_or(0, Bytes::len))?;
        Ok(request)
    }

    fn set_body(&mut self, body: Option<&Value>) {
        let expects_one = [Method::POST, Method::PUT, Method::PATCH].contains(&self.method);
        let (bytes, content_type) = match body {
            None if expects_one => {
                self.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(0));
                return;
            }
            None => return,
            Some(Value::Text(text)) => {
                let json = text.trim_start().starts_with(['{', '[']);
                (Bytes::from(text.as_ref().to_owned()), if json { "application/json" } else { "text/plain; charset=utf-8" })
            }
            Some(value) => (Bytes::from(value.to_json()), "application/json"),
        };
        self.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = Some(bytes);
    }
}

/// The headers that are sent unless the author says otherwise.
fn defaults(cx: &StepContext<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
    // Hex digits and dashes: there is no such header value that cannot be.
    if let Ok(parent) = HeaderValue::from_str(&trace::parent(cx)) {
        headers.insert("traceparent", parent);
    }
    headers
}

fn method(text: &str) -> Result<Method, ActionError> {
    let standard = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];
    let text = standard.into_iter().find(|name| name.eq_ignore_ascii_case(text)).unwrap_or(text);
    if text.eq_ignore_ascii_case("CONNECT") {
        return Err(
            ActionError::errored(Code::ConfigRejected, "CONNECT asks a proxy for a tunnel; it is no request of its own").key("method")
        );
    }
    Method::from_bytes(text.as_bytes()).map_err(|_error| {
        ActionError::errored(Code::ConfigRejected, format!("`{text}` is no HTTP method"))
            .help("write `GET`, `POST`, or another single word")
            .key("method")
    })
}

fn append_query(url: &mut Url, query: Option<&Map>) -> Result<(), ActionError> {
    let mut pairs = Vec::new();
    for (name, value) in query.into_iter().flat_map(Map::iter) {
        let values = scalar::texts(value).map_err(|found| {
            ActionError::errored(Code::ConfigRejected, format!("the query parameter `{name}` is {found}, which has no one text"))
                .help("give a text, a number, a boolean or a list of them")
                .key(format!("query.{name}"))
        })?;
        let encode = |text: &str| utf8_percent_encode(text, QUERY).to_string();
        pairs.extend(values.iter().map(|value| format!("{}={}", encode(name), encode(value))));
    }
    if !pairs.is_empty() {
        let before = url.query().filter(|query| !query.is_empty()).map(|query| format!("{query}&")).unwrap_or_default();
        url.set_query(Some(&format!("{before}{}", pairs.join("&"))));
    }
    Ok(())
}
