//! `exec`: runs a program.
//!
//! Invariants: the program and whatever it starts are one process group, which is killed when the step is dropped. What is left of the group when
//! the program has ended lives on, at most until the execution ends. What is kept of its output is bounded.

mod group;
mod start;
mod tail;
#[cfg(all(test, unix))]
mod tests;

use crate::scalar;
use group::{Group, Groups};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Any;
use std::{collections::BTreeMap, pin::pin, process::ExitStatus, time::Duration};
use tail::Captured;
use testmesh_events::Level;
use testmesh_flow::{Code, Map, Value, catalog::ActionTimeout};
use testmesh_runner::{Action, ActionError, Spec, StepContext};
use tokio::{io::AsyncWriteExt, process::ChildStdin, time::Instant};

/// Runs a program and gives its exit code and output.
pub struct Exec;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The program: a name that is looked for in `PATH`, or a path. No shell reads it.
    ///
    /// For a shell, write `command: sh` and `args: [-c, "…"]`.
    pub command: String,
    /// Its arguments, each as it is.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Any>>")]
    pub args: Option<Vec<Value>>,
    /// What it reads: text as it is, anything else as JSON. Nothing by default.
    #[serde(default)]
    #[schemars(with = "Any")]
    pub stdin: Value,
    /// Environment variables to set beside those of TestMesh itself; null takes one away.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, Any>>")]
    pub env: Option<Map>,
    /// The folder that it runs in, from the flow's folder; by default that of TestMesh itself.
    #[serde(default)]
    pub cwd: Option<String>,
}

#[derive(JsonSchema)]
pub struct Output {
    /// The exit code; 128 and the number of the signal for a program that was killed by one.
    pub exit_code: i32,
    /// What it wrote to the standard output, as text.
    pub stdout: String,
    /// What it wrote to the standard error, as text.
    pub stderr: String,
    /// Whether it wrote more than is kept of either.
    pub truncated: bool,
    /// How long it ran, in milliseconds.
    pub duration_ms: u64,
}

/// What a program that has ended left open is read this long: more would be waiting for a process that it left behind.
const GRACE: Duration = Duration::from_millis(250);

impl Action for Exec {
    const SPEC: Spec = Spec {
        name: "exec",
        aliases: &[],
        about: "Runs a program and gives its exit code and output.",
        subject: None,
        timeout: ActionTimeout::Own,
    };
    type Config = Config;
    type Output = Output;

    async fn run(&self, config: Config, cx: &StepContext<'_>) -> Result<Output, ActionError> {
        let input = if config.stdin.is_null() { None } else { Some(config.stdin.to_text().unwrap_or_default()) };
        let began = Instant::now();
        let mut child = start::start(&config, input.is_some(), &cx.execution.folder)?;
        let group = Group::led_by(&child);
        cx.phase(Code::Timeout, format!("running `{}`", config.command));
        let (mut stdout, mut stderr) = (Captured::default(), Captured::default());
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let status = {
            let pump = async { tokio::join!(feed(pipes.0, input), stdout.read(pipes.1), stderr.read(pipes.2)) };
            let mut pump = pin!(pump);
            let mut pumped = false;
            let status = loop {
                tokio::select! {
                    status = child.wait() => break status.map_err(|error| lost(&config.command, &error))?,
                    _ = &mut pump, if !pumped => pumped = true,
                }
            };
            if !pumped {
                // That it takes longer is said below.
                let _ = tokio::time::timeout(GRACE, pump).await;
            }
            status
        };
        note_left_behind(cx, group, &config.command);
        let output = Output {
            exit_code: exit_code(status),
            truncated: stdout.is_truncated() || stderr.is_truncated(),
            stdout: told(cx, "stdout", &stdout),
            stderr: told(cx, "stderr", &stderr),
            duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        judge(cx, &config.command, status, output)
    }
}

/// A program that does not read all of it has had enough; that is no failure.
async fn feed(pipe: Option<ChildStdin>, input: Option<String>) {
    if let (Some(mut pipe), Some(input)) = (pipe, input) {
        let _ = pipe.write_all(input.as_bytes()).await;
    }
}

/// Processes that the program started and that did not end with it.
fn note_left_behind(cx: &StepContext<'_>, group: Group, command: &str) {
    if let Some(group) = group.survivors() {
        cx.execution.connections.get::<Groups>().keep(group);
        let message = format!("`{command}` has ended and left processes behind; they are killed when the execution ends");
        cx.log(Level::Info, message, Value::map(Map::new()));
    }
}

/// A stream as text; what is not kept or is no text is said.
fn told(cx: &StepContext<'_>, name: &'static str, captured: &Captured) -> String {
    let (text, lossy) = captured.text();
    if lossy {
        cx.log(Level::Warn, format!("`{name}` is no UTF-8: `\u{fffd}` stands for what cannot be shown"), Value::map(Map::new()));
    }
    text
}

fn judge(cx: &StepContext<'_>, command: &str, status: ExitStatus, output: Output) -> Result<Output, ActionError> {
    let cut = output.truncated && ["stdout", "stderr"].iter().any(|field| cx.asserts(field));
    let (code, bound) = (output.exit_code, tail::KEPT >> 20);
    let failure = if !status.success() && !cx.asserts("exit_code") {
        let how = group::signal(status).map_or_else(|| format!("ended with exit code {code}"), |signal| format!("was killed by {signal}"));
        let last = tail::last_lines(&output.stderr).or_else(|| tail::last_lines(&output.stdout));
        let last = last.map(|lines| format!(":\n{lines}")).unwrap_or_default();
        ActionError::failed(Code::ProcessFailed, format!("`{command}` {how}{last}"))
            .help(format!("write `assert: exit_code == {code}` when that is what it should do"))
    } else if cut {
        ActionError::errored(Code::BodyTooLarge, format!("`{command}` wrote more than {bound} MB, and what it wrote is asserted on"))
            .help("let it write less, or write to a file")
    } else {
        if output.truncated {
            cx.log(Level::Warn, format!("`{command}` wrote more than {bound} MB: the rest is not kept"), Value::map(Map::new()));
        }
        return Ok(output);
    };
    Err(failure.output(testmesh_runner::Output::into_map(output)))
}

fn exit_code(status: ExitStatus) -> i32 {
    status.code().or_else(|| group::signal_number(status).map(|number| 128 + number)).unwrap_or(-1)
}

fn lost(command: &str, error: &std::io::Error) -> ActionError {
    ActionError::errored(Code::ProcessFailed, format!("`{command}` cannot be waited for: {error}"))
}

/// Arguments and variables as texts.
fn argument(key: &str, value: &Value) -> Result<String, ActionError> {
    let no_text = || {
        ActionError::errored(Code::ConfigRejected, format!("`{key}` is {}, which has no one text", scalar::named(value)))
            .help("give a text, a number or a boolean; `toJSON(…)` makes a text of an object")
            .key(key.to_owned())
    };
    scalar::text(value).ok_or_else(no_text)
}

impl testmesh_runner::Output for Output {
    fn into_map(self) -> Map {
        Map::from_iter([
            ("exit_code", Value::Int(self.exit_code.into())),
            ("stdout", self.stdout.into()),
            ("stderr", self.stderr.into()),
            ("truncated", self.truncated.into()),
            ("duration_ms", self.duration_ms.into()),
        ])
    }
}
