//! Answers for trying out an HTTP client, under `/_lab` of the user service. None of them belongs to the shop.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::Failure;
use crate::lock::lock;

/// The longest wait to ask for, in milliseconds.
const LONGEST: u64 = 10 * 60 * 1000;

/// How often each key was asked for; kept until the shop stops.
type Calls = Arc<Mutex<HashMap<String, u64>>>;

#[derive(Deserialize)]
struct Slow {
    ms: u64,
}

#[derive(Deserialize)]
struct Cookie {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct Eventually {
    #[serde(default = "Eventually::default_after")]
    after: u64,
}

pub(crate) fn calls() -> Router {
    Router::new()
        .route("/_lab/redirect/{n}", get(redirect))
        .route("/_lab/loop", get(redirect_to_itself))
        .route("/_lab/slow", get(slow))
        .route("/_lab/html500", get(html_error))
        .route("/_lab/badjson", get(bad_json))
        .route("/_lab/echo", any(echo))
        .route("/_lab/json", post(json_back))
        .route("/_lab/cookie", get(cookie))
        .route("/_lab/eventually/{key}", get(eventually))
        .with_state(Calls::default())
}

/// Redirects `n` times, then answers 200.
async fn redirect(n: Result<Path<u32>, PathRejection>) -> Result<Response, Failure> {
    let Path(n) = n?;
    Ok(match n.checked_sub(1) {
        Some(left) => found(&format!("/_lab/redirect/{left}")),
        None => Json(json!({ "redirects_left": 0 })).into_response(),
    })
}

async fn redirect_to_itself() -> Response {
    found("/_lab/loop")
}

/// Answers after `ms` milliseconds.
async fn slow(query: Result<Query<Slow>, QueryRejection>) -> Result<Json<Value>, Failure> {
    let Query(Slow { ms }) = query?;
    if ms > LONGEST {
        return Err(Failure::bad_request(format!("ms must not be more than {LONGEST}")));
    }
    tokio::time::sleep(Duration::from_millis(ms)).await;
    Ok(Json(json!({ "waited_ms": ms })))
}

/// Fails as a proxy does, with a page instead of JSON.
async fn html_error() -> (StatusCode, Html<&'static str>) {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        Html("<!DOCTYPE html>\n<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>\n"),
    )
}

/// Claims JSON and breaks off in the middle of it.
async fn bad_json() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"status": "ok", "items": [1, 2,"#).into_response()
}

/// Tells what the request was. Repeated headers are joined with `, `; what is not UTF-8 shows as U+FFFD.
async fn echo(
    method: Method,
    uri: Uri,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Failure> {
    let Query(pairs) = query?;
    let mut query: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        query.entry(name).or_default().push(value);
    }
    Ok(Json(json!({
        "method": method.as_str(),
        "path": uri.path(),
        "query": query,
        "headers": joined(&headers),
        "body": String::from_utf8_lossy(&body?),
    })))
}

/// Answers with the bytes of the JSON it is sent, as they are.
async fn json_back(body: Result<Bytes, BytesRejection>) -> Result<Response, Failure> {
    let body = body?;
    serde_json::from_slice::<serde::de::IgnoredAny>(&body)
        .map_err(|error| Failure::bad_request(format!("the body is not JSON: {error}")))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Sets the cookie `name` to `value` for all paths.
async fn cookie(query: Result<Query<Cookie>, QueryRejection>) -> Result<Response, Failure> {
    let Query(Cookie { name, value }) = query?;
    if !is_token(&name) || !value.chars().all(is_cookie_char) {
        return Err(Failure::bad_request("no cookie can have this name or value"));
    }
    let header = HeaderValue::from_str(&format!("{name}={value}; Path=/")).map_err(|error| Failure::bad_request(error.to_string()))?;
    Ok(([(header::SET_COOKIE, header)], Json(json!({ "name": name, "value": value }))).into_response())
}

/// Is pending until it was called `after` times for this key.
async fn eventually(
    State(calls): State<Calls>,
    key: Result<Path<String>, PathRejection>,
    query: Result<Query<Eventually>, QueryRejection>,
) -> Result<Json<Value>, Failure> {
    let (Path(key), Query(Eventually { after })) = (key?, query?);
    let calls = {
        let mut calls = lock(&calls);
        let count = calls.entry(key).or_default();
        *count += 1;
        *count
    };
    let state = if calls < after { "PENDING" } else { "SHIPPED" };
    Ok(Json(json!({ "state": state, "calls": calls })))
}

impl Eventually {
    fn default_after() -> u64 {
        3
    }
}

fn found(location: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

fn joined(headers: &HeaderMap) -> BTreeMap<&str, String> {
    let values = |name| {
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        values.collect::<Vec<_>>().join(", ")
    };
    headers.keys().map(|name| (name.as_str(), values(name))).collect()
}

/// RFC 6265: a name is a token of RFC 9110.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// RFC 6265: printable ASCII without space, quotes, comma, semicolon and backslash.
fn is_cookie_char(c: char) -> bool {
    c.is_ascii_graphic() && !"\",;\\".contains(c)
}
