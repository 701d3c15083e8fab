//! Exchanges with a scripted server, as tables of a config, what the server does, and what comes of it.

mod answers;
mod requests;

use crate::testing::{Act, Seen, Server};
use std::time::Duration;
use testmesh_flow::{Code, Map, Value};
use testmesh_runner::{
    ActionError, Actions,
    testing::{Probe, Said},
};

/// What came of a step.
pub(super) struct Outcome {
    pub(super) result: Result<Map, ActionError>,
    pub(super) said: Said,
    pub(super) seen: Vec<Seen>,
    port: u16,
}

/// Runs `http_request` against a server; `PORT` in the config is its port.
pub(super) async fn run(config: &str, script: impl Fn(&Seen, usize) -> Vec<Act> + Send + Sync + 'static) -> Outcome {
    let server = Server::start(script).await;
    let probe = Probe::default();
    run_on(&probe, &server, config).await
}

pub(super) async fn run_on(probe: &Probe, server: &Server, config: &str) -> Outcome {
    let cx = probe.context();
    let call = actions();
    let call = call.call("http_request", parse(&config.replace("PORT", &server.port.to_string())), &cx);
    // Longer than anything here takes: a test that would hang fails instead.
    let result = match tokio::time::timeout(Duration::from_millis(700), call).await {
        Ok(result) => result.unwrap(),
        Err(_) => Err(cx.said().waiting.map_or_else(
            || ActionError::errored(Code::Internal, "no phase was told"),
            |(code, doing)| ActionError::errored(code, format!("timeout while {doing}")),
        )),
    };
    Outcome { result, said: cx.said(), seen: server.seen(), port: server.port }
}

fn actions() -> Actions {
    crate::all()
}

pub(super) fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

impl Outcome {
    /// The output's fields that are asked for as JSON, or the error; then what was warned of.
    pub(super) fn show(&self, fields: &[&str]) -> String {
        let mut lines = match &self.result {
            Ok(output) => fields.iter().map(|field| format!("{field}: {}", output.get(field).unwrap_or(&Value::Null).to_json())).collect(),
            Err(error) => {
                let help = error.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
                vec![format!("{} {}: {}{help}", error.status, error.code, error.message)]
            }
        };
        lines.extend(self.said.warnings.iter().map(|(code, message)| format!("{code} {message}")));
        lines.join("\n").replace(&format!(":{}", self.port), ":PORT")
    }
}
