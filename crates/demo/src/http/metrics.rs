//! The metrics of a service, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::lock::lock;

/// The upper bounds of the duration histogram, in seconds; `+Inf` follows.
const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

const TOTAL_HEAD: &str = "# HELP http_requests_total Requests answered.\n# TYPE http_requests_total counter\n";
const DURATION_HEAD: &str = "# HELP http_request_duration_seconds Time to answer a request.\n\
     # TYPE http_request_duration_seconds histogram\n";
const IN_FLIGHT_HEAD: &str = "# HELP http_requests_in_flight Requests being answered.\n\
     # TYPE http_requests_in_flight gauge\n";

/// What has been counted so far. Cheap to clone; all clones count together.
#[derive(Clone)]
pub(crate) struct Metrics(Arc<Counts>);

struct Counts {
    service: &'static str,
    in_flight: AtomicI64,
    /// By method and route. Both come from closed sets, so what clients send cannot make this grow.
    routes: Mutex<BTreeMap<(&'static str, String), Answers>>,
}

#[derive(Default)]
struct Answers {
    by_status: BTreeMap<u16, u64>,
    /// How many answers took at most the bound of the same index, and longer than the one before.
    buckets: [u64; BOUNDS.len()],
    count: u64,
    seconds: f64,
}

/// Counts a request as in flight until dropped, also when its client goes away before the answer.
struct InFlight<'a>(&'a AtomicI64);

/// Answers `request` through `next` and counts it.
pub(crate) async fn measure(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let _in_flight = InFlight::enter(&metrics.0.in_flight);
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or_else(String::new, |path| colon_names(path.as_str()));
    let start = Instant::now();
    let response = next.run(request).await;
    metrics.count((method, route), response.status(), start.elapsed());
    response
}

impl Metrics {
    pub(crate) fn new(service: &'static str) -> Self {
        Self(Arc::new(Counts { service, in_flight: AtomicI64::new(0), routes: Mutex::default() }))
    }

    /// Everything counted, with its content type.
    pub(crate) fn render(&self) -> ([(HeaderName, &'static str); 1], String) {
        ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], self.0.to_string())
    }

    fn count(&self, route: (&'static str, String), status: StatusCode, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut routes = lock(&self.0.routes);
        let answers = routes.entry(route).or_default();
        *answers.by_status.entry(status.as_u16()).or_default() += 1;
        answers.count += 1;
        answers.seconds += seconds;
        if let Some((bucket, _)) = answers.buckets.iter_mut().zip(BOUNDS).find(|(_, bound)| seconds <= *bound) {
            *bucket += 1;
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = self.service;
        let routes = lock(&self.routes);
        let labelled = || {
            routes
                .iter()
                .map(|((method, route), answers)| (format!("service=\"{service}\",method=\"{method}\",route=\"{route}\""), answers))
        };
        out.write_str(TOTAL_HEAD)?;
        for (labels, answers) in labelled() {
            for (status, count) in &answers.by_status {
                writeln!(out, "http_requests_total{{{labels},status=\"{status}\"}} {count}")?;
            }
        }
        out.write_str(DURATION_HEAD)?;
        for (labels, answers) in labelled() {
            answers.write_durations(out, &labels)?;
        }
        out.write_str(IN_FLIGHT_HEAD)?;
        writeln!(out, "http_requests_in_flight{{service=\"{service}\"}} {}", self.in_flight.load(Ordering::Relaxed))
    }
}

impl Answers {
    fn write_durations(&self, out: &mut fmt::Formatter<'_>, labels: &str) -> fmt::Result {
        const NAME: &str = "http_request_duration_seconds";
        let Self { buckets, count, seconds, .. } = self;
        let mut up_to = 0;
        for (within, bound) in buckets.iter().zip(BOUNDS) {
            up_to += within;
            writeln!(out, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {up_to}")?;
        }
        writeln!(out, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}")?;
        writeln!(out, "{NAME}_sum{{{labels}}} {seconds}\n{NAME}_count{{{labels}}} {count}")
    }
}

impl<'a> InFlight<'a> {
    fn enter(gauge: &'a AtomicI64) -> Self {
        gauge.fetch_add(1, Ordering::Relaxed);
        Self(gauge)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The name of a method, with one name for all that HTTP does not define.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "other",
    }
}

/// A route as the shop writes it: `/users/:id` for `/users/{id}`.
fn colon_names(route: &str) -> String {
    route.replace('{', ":").replace('}', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buckets_of_the_histogram_add_up() {
        let metrics = Metrics::new("s");
        for milliseconds in [1, 5, 7, 20_000] {
            metrics.count(("GET", "/r".into()), StatusCode::OK, Duration::from_millis(milliseconds));
        }
        let (_, text) = metrics.render();
        let bucket = |le: &str, count: u32| {
            let line = format!("http_request_duration_seconds_bucket{{service=\"s\",method=\"GET\",route=\"/r\",le=\"{le}\"}} {count}\n");
            assert!(text.contains(&line), "no {line} in\n{text}");
        };
        bucket("0.005", 2);
        bucket("0.01", 3);
        bucket("10", 3);
        bucket("+Inf", 4);
        assert!(text.contains("_sum{service=\"s\",method=\"GET\",route=\"/r\"} 20.013\n"), "{text}");
    }

    #[test]
    fn a_request_is_in_flight_until_its_guard_is_gone() {
        let metrics = Metrics::new("s");
        let guard = InFlight::enter(&metrics.0.in_flight);
        assert!(metrics.render().1.ends_with("http_requests_in_flight{service=\"s\"} 1\n"));
        drop(guard);
        assert!(metrics.render().1.ends_with("http_requests_in_flight{service=\"s\"} 0\n"));
    }
}
