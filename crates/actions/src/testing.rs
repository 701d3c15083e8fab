//! For tests: running an action as a step, against a scripted server.

mod server;

pub(crate) use server::{Act, Seen, Server, send};

use std::time::{Duration, Instant};
use testmesh_flow::{Code, Map, Value};
use testmesh_runner::{
    ActionError, Actions,
    testing::{Probe, Said},
};

/// What came of a step.
pub(crate) struct Outcome {
    pub(crate) result: Result<Map, ActionError>,
    pub(crate) said: Said,
}

/// Runs an action to its end.
pub(crate) async fn step(actions: &Actions, probe: &Probe, name: &str, config: &str) -> Outcome {
    step_within(Duration::from_secs(20), actions, probe, name, config).await
}

/// Runs an action and cuts it after a while, as the engine does: the phase that it told is the error then.
pub(crate) async fn step_within(bound: Duration, actions: &Actions, probe: &Probe, name: &str, config: &str) -> Outcome {
    let config: Value = serde_json::from_str(config).unwrap_or_else(|error| panic!("{config}: {error}"));
    let cx = probe.context();
    let result = match tokio::time::timeout(bound, actions.call(name, config, &cx)).await {
        Ok(result) => result.unwrap(),
        Err(_) => Err(cx.said().waiting.map_or_else(
            || ActionError::errored(Code::Internal, "no phase was told"),
            |(code, doing)| ActionError::errored(code, format!("timeout while {doing}")),
        )),
    };
    Outcome { result, said: cx.said() }
}

impl Outcome {
    /// The output's fields that are asked for as JSON, or the error; then what was said beside it.
    pub(crate) fn show(&self, fields: &[&str]) -> String {
        let mut lines = match &self.result {
            Ok(output) => fields.iter().map(|field| format!("{field}: {}", output.get(field).unwrap_or(&Value::Null).to_json())).collect(),
            Err(error) => {
                let help = error.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
                vec![format!("{} {}: {}{help}", error.status, error.code, error.message)]
            }
        };
        lines.extend(self.said.warnings.iter().map(|(code, message)| format!("{code} {message}")));
        lines.extend(self.said.logs.iter().map(|(level, message, _)| format!("{level:?}: {message}")));
        lines.join("\n")
    }
}

/// Waits until something holds, five seconds at most.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(5);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
