//! `http_request`: one HTTP exchange, redirects followed.
//!
//! The way of a request: [`config`] is read into a [`request`], [`fetch`] sends it hop by hop over a link of the execution's [`pool`] and reads the
//! answer, [`decode`] makes values of its bytes, [`output`] is what assertions see.
//!
//! Invariants: nothing is spawned. A connection is driven by the request that uses it and rests in the pool of its execution otherwise, so that
//! dropping either closes it. What was sent is sent again only when the server cannot have acted on it, or acting twice is the same as once.

mod body;
mod config;
mod cookies;
pub(crate) mod decode;
mod errors;
mod exchange;
pub(crate) mod fetch;
mod gauge;
mod link;
mod output;
mod pool;
mod redirect;
mod request;
#[cfg(test)]
mod tests;
mod tls;
mod trace;
mod url;

pub use config::{Config, NotInBuild, Size};
pub use output::Output;
pub use tls::Roots;

pub(crate) use cookies::Sent;
pub(crate) use request::Request;
use std::{sync::Arc, time::Duration};
use testmesh_flow::{Code, catalog::ActionTimeout};
use testmesh_runner::{Action, ActionError, Spec, StepContext};

/// Sends a request over HTTP/1.1 and gives the answer.
#[derive(Default)]
pub struct HttpRequest {
    roots: Arc<Roots>,
}

impl HttpRequest {
    /// An action that trusts these roots.
    pub fn new(roots: Arc<Roots>) -> Self {
        Self { roots }
    }
}

impl Action for HttpRequest {
    const SPEC: Spec = Spec {
        name: "http_request",
        aliases: &["http"],
        about: "Sends an HTTP request and gives the answer.",
        subject: Some("body"),
        timeout: ActionTimeout::Engine(Duration::from_secs(30)),
    };
    type Config = Config;
    type Output = Output;

    async fn run(&self, config: Config, cx: &StepContext<'_>) -> Result<Output, ActionError> {
        let request = Request::from_config(&config, cx)?;
        let options = fetch::Options {
            follow: config.follow_redirects.unwrap_or(true),
            verify: config.verify_ssl.unwrap_or(true),
            max_body: config.max_body.unwrap_or_default().0,
        };
        let answer = fetch::fetch(cx, &self.roots, request, &options).await;
        let answer = answer.map_err(|error| ActionError { key: error.key.or(Some("url".into())), ..error })?;
        let mut body = decode::decode(&answer.head.headers, &answer.body);
        for doubt in body.doubts.drain(..) {
            cx.warn(doubt.code, doubt.message, doubt.help.map(str::to_owned), None);
        }
        let output = answer.into_output(body);
        if output.status >= 400 && !cx.asserts("status") {
            let message = format!("{} answered with status {}, which nothing asserts", output.url, output.status);
            let help = format!("write `assert: status == {}` when that is what it should be", output.status);
            cx.warn(Code::StatusUnasserted, message, Some(help), None);
        }
        Ok(output)
    }
}
