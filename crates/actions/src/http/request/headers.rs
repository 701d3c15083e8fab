//! The headers that an author gives.

use crate::scalar;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::percent_decode_str;
use testmesh_flow::{Code, Map};
use testmesh_runner::ActionError;
use url::Url;

/// Sets each header that is given; null takes away one that would be sent by itself.
pub(super) fn apply(headers: &mut HeaderMap, given: Option<&Map>) -> Result<(), ActionError> {
    for (name, value) in given.into_iter().flat_map(Map::iter) {
        let header = header_name(name)?;
        if value.is_null() {
            leave_out(headers, &header)?;
            continue;
        }
        let values = scalar::texts(value).map_err(|found| {
            rejected(name, format!("the header `{name}` is {found}, which has no one text"))
                .help("give a text, a number, a boolean or a list of them")
        })?;
        headers.remove(&header);
        for value in values {
            headers.append(header.clone(), header_value(name, &value)?);
        }
    }
    Ok(())
}

/// A length given by hand must be that of the body: with another one the two sides no longer agree where the request ends.
pub(super) fn check_length(headers: &HeaderMap, length: usize) -> Result<(), ActionError> {
    let wrong = headers.get_all(header::CONTENT_LENGTH).iter().find(|value| value.as_bytes() != length.to_string().as_bytes());
    wrong.map_or(Ok(()), |value| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        Err(rejected("Content-Length", format!("the header `Content-Length` says {value}, and the body has {length} bytes"))
            .help("leave the header out: it is sent by itself"))
    })
}

/// The `Authorization` that a URL's `user:password@` stands for.
pub(super) fn basic(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(url.password().unwrap_or_default()));
    HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(credentials))).ok()
}

fn leave_out(headers: &mut HeaderMap, header: &HeaderName) -> Result<(), ActionError> {
    if [header::HOST, header::CONTENT_LENGTH].contains(header) {
        let name = header.as_str();
        return Err(rejected(name, format!("the header `{name}` belongs to every request and cannot be left out")));
    }
    headers.remove(header);
    Ok(())
}

fn header_name(name: &str) -> Result<HeaderName, ActionError> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_error| {
        let why = match name.chars().find(|c| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(*c)) {
            Some(' ') => "it has a space".to_owned(),
            Some(other) => format!("it has {other:?}"),
            None => "it is empty or too long".to_owned(),
        };
        rejected(name, format!("`{name}` is no header name: {why}"))
            .help("a header name is one word, such as `X-Request-Id`, without the colon")
    })
}

fn header_value(name: &str, value: &str) -> Result<HeaderValue, ActionError> {
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_error| {
        if value.contains(['\n', '\r']) {
            rejected(name, format!("the value of the header `{name}` holds a line break"))
                .help("write it in one line; a YAML text that begins with `|` or `>` ends in a line break, one with `|-` or `>-` does not")
        } else {
            rejected(name, format!("the value of the header `{name}` holds a control character")).help("encode it, for instance as base64")
        }
    })
}

fn rejected(name: &str, message: String) -> ActionError {
    ActionError::errored(Code::ConfigRejected, message).key(format!("headers.{name}"))
}
