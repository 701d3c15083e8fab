//! One request and the head of its answer, over a connection of the pool or a new one.

use super::{
    errors,
    gauge::Io,
    link::Link,
    output::Timings,
    pool::{Pool, Target},
    request::Request,
    tls::{self, Roots},
    url as urls,
};
use bytes::Bytes;
use http::{HeaderValue, Method, Response, header};
use http_body_util::Full;
use hyper::body::Incoming;
use std::time::{Duration, Instant};
use testmesh_flow::Code;
use testmesh_runner::{ActionError, StepContext};

/// A server commonly closes what rests a minute; some do after five seconds.
const RESTS: Duration = Duration::from_secs(30);
/// A request that may not be sent twice takes only what was in use a moment ago: it is as good as certain that the server still listens.
const RESTS_FOR_UNSAFE: Duration = Duration::from_secs(1);

/// Sends the request and gives the head of the answer with the connection that its body will come over.
pub(crate) async fn send(
    cx: &StepContext<'_>,
    pool: &Pool,
    roots: &Roots,
    target: &Target,
    request: &Request,
    timings: &mut Timings,
) -> Result<(Link, Response<Incoming>), ActionError> {
    let repeatable = is_idempotent(&request.method);
    if let Some(mut link) = pool.take(target, if repeatable { RESTS } else { RESTS_FOR_UNSAFE }) {
        match attempt(cx, &mut link, target, request, timings).await {
            Ok(response) => return Ok((link, response)),
            Err(error) => {
                let passed = link.passed();
                // Connections that rest are closed at any moment: that says nothing about the request, as long as the server cannot have acted on it.
                if passed.read > 0 || !(repeatable || passed.written == 0) {
                    return Err(errors::before_answer(target, &error, &link));
                }
            }
        }
    }
    let mut link = connect(cx, pool, roots, target, timings).await?;
    match attempt(cx, &mut link, target, request, timings).await {
        Ok(response) => Ok((link, response)),
        Err(error) => Err(errors::before_answer(target, &error, &link)),
    }
}

/// RFC 9110 §9.2.2.
fn is_idempotent(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE].contains(method)
}

async fn connect(cx: &StepContext<'_>, pool: &Pool, roots: &Roots, target: &Target, timings: &mut Timings) -> Result<Link, ActionError> {
    let dialed = cx.dial(&target.host, target.port).await?;
    timings.dns += dialed.dns;
    timings.connect += dialed.connect;
    let stream: Box<dyn Io> = if target.tls {
        let config = pool.tls(roots, target.verify).await?;
        let (stream, took) = tls::handshake(cx, config, target, dialed.stream).await?;
        timings.tls += took;
        Box::new(stream)
    } else {
        Box::new(dialed.stream)
    };
    Link::open(stream).await.map_err(|error| errors::protocol(target, &error))
}

async fn attempt(
    cx: &StepContext<'_>,
    link: &mut Link,
    target: &Target,
    request: &Request,
    timings: &mut Timings,
) -> Result<Response<Incoming>, hyper::Error> {
    cx.phase(Code::Timeout, format!("sending the request to {target}"));
    let began = Instant::now();
    let response = link
        .send(message(request), || cx.phase(Code::FirstByteTimeout, format!("waiting for the first byte of the answer from {target}")))
        .await;
    timings.ttfb += link.passed().first_byte.map_or_else(|| began.elapsed(), |at| at.duration_since(began));
    response
}

fn message(request: &Request) -> http::Request<Full<Bytes>> {
    let mut message = http::Request::new(Full::new(request.body.clone().unwrap_or_default()));
    *message.method_mut() = request.method.clone();
    *message.uri_mut() = origin_form(request);
    *message.headers_mut() = request.headers.clone();
    if let Ok(host) = HeaderValue::from_str(&urls::authority(&request.url)) {
        message.headers_mut().entry(header::HOST).or_insert(host);
    }
    message
}

/// The path and the query. A URL that was read holds nothing else than a request line can.
fn origin_form(request: &Request) -> http::Uri {
    let url = &request.url;
    let text = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    text.parse().unwrap_or_default()
}
