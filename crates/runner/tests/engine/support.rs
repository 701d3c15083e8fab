//! One `check`: flow text in, the events out as lines, on paused time with an action that does what it is told.

use futures_util::{FutureExt, future::BoxFuture};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use testmesh_events::{Event, EventKind, Line, Status, StepStatus};
use testmesh_flow::{
    Code, Map, Source, Sources, Value, ast,
    catalog::ActionTimeout,
    plan::{Export, FileText, Files, FoundFlow, Input, Inputs, NoFlow},
    random::Seed,
};
use testmesh_runner::{
    Action, ActionError, Actions, Cause, Clock, Control, Options, Output, Recorder, Request, Sink, SinkError, Spec, Stages, StepContext,
    Time,
};

/// Answers with `value`; on the first calls with what stands in `first`; fails, errs or waits when told to. Counts its calls by `key`.
#[derive(Default)]
struct Probe {
    calls: Mutex<HashMap<String, usize>>,
}

/// What the probe is to do.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProbeConfig {
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    value: Value,
    /// Values of the first calls with this key.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    first: Vec<Value>,
    #[serde(default)]
    key: String,
    wait: Option<Time>,
    /// From which call on it waits.
    #[serde(default)]
    wait_from: usize,
    /// The first so many calls err.
    #[serde(default)]
    errs: usize,
    #[serde(default)]
    asserted: bool,
    timeout: Option<Time>,
    #[serde(default)]
    panics: bool,
}

#[derive(JsonSchema)]
struct ProbeOutput {
    #[schemars(with = "serde_json::Value")]
    body: Value,
    calls: i64,
}

impl Output for ProbeOutput {
    fn into_map(self) -> Map {
        Map::from_iter([("body", self.body), ("calls", Value::Int(self.calls))])
    }
}

impl Action for Probe {
    const SPEC: Spec =
        Spec { name: "probe", aliases: &["p"], about: "", subject: Some("body"), timeout: ActionTimeout::Engine(Duration::from_secs(30)) };
    type Config = ProbeConfig;
    type Output = ProbeOutput;

    async fn run(&self, config: ProbeConfig, cx: &StepContext<'_>) -> Result<ProbeOutput, ActionError> {
        let _ = config.timeout;
        assert!(!config.panics, "the probe was told to panic");
        let call = {
            let mut calls = self.calls.lock().unwrap();
            let count = calls.entry(config.key.clone()).or_default();
            *count += 1;
            *count
        };
        if let Some(wait) = config.wait.filter(|_| call >= config.wait_from) {
            cx.phase(Code::FirstByteTimeout, "waiting for the probe");
            tokio::time::sleep(wait.0).await;
        }
        if call <= config.errs {
            return Err(ActionError::errored(Code::Refused, "the probe was told to err"));
        }
        if config.asserted && !cx.asserts("body") {
            return Err(ActionError::failed(Code::ActionFailed, "nothing asserts the body"));
        }
        let body = config.first.get(call - 1).cloned().unwrap_or(config.value);
        Ok(ProbeOutput { body, calls: call as i64 })
    }
}

/// The files beside a flow: one env file, and the other documents of its own text.
struct Beside(Arc<Source>);

impl Files for Beside {
    fn read(&self, _: &str, path: &str) -> Result<FileText, String> {
        match path {
            "values.env" => Ok(FileText { source: Arc::new(Source::new("values.env", "FROM_FILE=file\nBOTH=file\n")) }),
            "input.yaml" => Ok(FileText { source: Arc::new(Source::new("input.yaml", "from_file: 7\nboth: file\n")) }),
            "users.csv" => Ok(FileText { source: Arc::new(Source::new("users.csv", "user,age\nada,36\nalan,41\n")) }),
            "tokens.json" => {
                Ok(FileText { source: Arc::new(Source::new("tokens.json", r#"[{"user": "ada", "token": "a\"b/c-secret"}]"#)) })
            }
            "users.json" => {
                Ok(FileText { source: Arc::new(Source::new("users.json", r#"[{"user": "ada", "age": 36}, {"user": "alan"}]"#)) })
            }
            _ => Err("there is no such file".into()),
        }
    }

    fn flow(&self, _: &str, name: &str) -> Result<FoundFlow, NoFlow> {
        let file = ast::parse(&self.0, testmesh_flow::SourceId(0), false);
        let found: Vec<_> = file.flows.iter().filter(|flow| *flow.name.text == *name).collect();
        match found.as_slice() {
            [] => Err(NoFlow::Missing(file.flows.iter().map(|flow| flow.name.text.clone()).collect())),
            [flow] => Ok(FoundFlow { source: self.0.clone(), document: Some(flow.document) }),
            several => Err(NoFlow::Ambiguous(several.iter().map(|flow| format!("document {}", flow.document)).collect())),
        }
    }

    fn glob(&self, _: &str, pattern: &str) -> Result<Vec<String>, String> {
        Ok(if pattern == "data/*.json" { vec!["data/a.json".into(), "data/b.json".into()] } else { Vec::new() })
    }
}

#[derive(Clone, Default)]
pub(crate) struct Collected(pub(crate) Arc<Mutex<Vec<Line>>>);

impl Sink for Collected {
    fn name(&self) -> String {
        "the test".into()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        self.0.lock().unwrap().extend_from_slice(lines);
        std::future::ready(Ok(())).boxed()
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        std::future::ready(Ok(())).boxed()
    }
}

/// How a flow is run in a test.
#[derive(Default)]
pub(crate) struct Setting {
    pub(crate) vars: Vec<(&'static str, &'static str)>,
    pub(crate) secrets: Vec<(&'static str, &'static str)>,
    /// When Ctrl-C is pressed, in milliseconds.
    pub(crate) interrupts: Vec<u64>,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) seed: u64,
    /// How many documents, from the first on, run before all others, and how many, up to the last, after them.
    pub(crate) before: usize,
    pub(crate) after: usize,
    /// How many executions run at the same time, at most; 0 is 100.
    pub(crate) parallel: usize,
}

/// Runs a flow and gives every line that came out; an invalid flow is its diagnostics.
pub(crate) fn run(yaml: &str, setting: &Setting) -> Result<Vec<Line>, String> {
    let mut sources = Sources::default();
    let source = Arc::new(Source::new("flow.yaml", yaml));
    let id = sources.add(source.clone());
    let file = ast::parse(&source, id, false);
    let actions = Actions::default().with(Probe::default());
    let input =
        |(name, value): &(&str, &str), secret| Input { name: (*name).into(), value: Value::text(*value), origin: "--var".into(), secret };
    let mut inputs = Inputs {
        caller: setting.vars.iter().map(|pair| input(pair, false)).chain(setting.secrets.iter().map(|pair| input(pair, true))).collect(),
        ..Inputs::default()
    };
    let mut diagnostics = file.diagnostics;
    let mut stages = Stages::default();
    // Flows that others call stand behind the one that is run.
    let calls = yaml.contains("run_flow");
    let of_after = file.flows.len().saturating_sub(setting.after);
    for (index, flow) in file.flows.iter().enumerate().take(if calls { 1 } else { usize::MAX }) {
        let planned = testmesh_flow::plan::plan(flow, sources.clone(), &actions.catalog(), &Beside(source.clone()), &inputs);
        diagnostics.extend(planned.diagnostics.into_iter().filter(testmesh_flow::Diagnostic::is_error));
        let Some(plan) = planned.plan.map(Arc::new) else { continue };
        let request = Request { plan: plan.clone(), folder: "".into(), exclusive: Vec::new() };
        if index < setting.before {
            inputs.exports.extend(plan.output.iter().map(|it| Export { name: it.name.clone(), flow: plan.name.clone() }));
            stages.before.push(request);
        } else if index < of_after {
            stages.flows.push(request);
        } else {
            stages.after.push(request);
        }
    }
    if diagnostics.iter().any(testmesh_flow::Diagnostic::is_error) {
        return Err(diagnostics.iter().map(|diagnostic| diagnostic.one_line(&sources)).collect::<Vec<_>>().join("\n"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    Ok(runtime.block_on(async {
        let collected = Collected::default();
        let (recorder, feeding) = Recorder::start(vec![Box::new(collected.clone())], Vec::new());
        let control = Control::default();
        let interrupting = tokio::spawn(interrupt(control.clone(), setting.interrupts.clone()));
        let clock = Clock::starting_at("2026-01-02T03:04:05Z".parse().unwrap(), jiff::tz::TimeZone::UTC);
        let options = Options {
            parallel: if setting.parallel == 0 { 100 } else { setting.parallel },
            fail_fast: false,
            timeout: setting.timeout_ms.map(Duration::from_millis),
            seed: Seed::new(setting.seed),
            clock,
        };
        testmesh_runner::run(stages, &actions, &options, &control, &recorder).await;
        interrupting.abort();
        drop(recorder);
        assert_eq!(feeding.finish().await, Vec::<String>::new());
        collected.0.lock().unwrap().clone()
    }))
}

async fn interrupt(control: Control, at: Vec<u64>) {
    let began = tokio::time::Instant::now();
    for (index, at) in at.into_iter().enumerate() {
        tokio::time::sleep_until(began + Duration::from_millis(at)).await;
        if index == 0 { control.stop(Cause::Interrupt) } else { control.abandon() }
    }
}

pub(crate) fn events(lines: &[Line]) -> Vec<Event> {
    lines.iter().filter_map(|line| if let Line::Event(event) = line { Some(event.clone()) } else { None }).collect()
}

/// Runs a flow and compares what happened, a line an event, with what is expected.
pub(crate) fn check(yaml: &str, expected: &str) {
    check_with(yaml, &Setting::default(), expected);
}

pub(crate) fn check_with(yaml: &str, setting: &Setting, expected: &str) {
    let shown = match run(yaml, setting) {
        Ok(lines) => events(&lines).iter().flat_map(show).collect::<Vec<_>>().join("\n"),
        Err(diagnostics) => diagnostics,
    };
    let trim = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert_eq!(trim(&shown), trim(expected), "\n--- what happened ---\n{shown}\n");
}

fn show(event: &Event) -> Vec<String> {
    match &event.kind {
        EventKind::ExecutionStarted { stage: Some(stage), flow, .. } => vec![format!("{}: {}", stage.name(), flow.name)],
        EventKind::ExecutionStarted { row: Some(row), .. } => vec![format!("row {} of {} [{}]", row.number, row.of, row.label)],
        EventKind::ExecutionStarted { row: None, .. } | EventKind::StepStarted { .. } | EventKind::PhaseStarted { .. } => Vec::new(),
        EventKind::StepSkipped { step, reason, .. } => vec![format!("{} skipped: {reason}", step.id)],
        EventKind::Observed { observation, .. } => {
            vec![format!("  {:.0}ms {}: {}", observation.elapsed_ms, observation.status, observation.seen)]
        }
        EventKind::AttemptFinished { path, record } => {
            let mut lines = vec![format!("  {path}#{} {}", record.attempt, record.status)];
            lines.extend(record.failure.iter().map(|failure| format!("    {}: {}", failure.code, failure.message)));
            for capture in &record.captures {
                lines.push(match &capture.failure {
                    Some(failure) => format!("    {} <- {}: {}", capture.name, failure.code, failure.message),
                    None => format!("    {} <- {}", capture.name, capture.value.to_json()),
                });
            }
            for assertion in record.assertions.iter().filter(|assertion| assertion.status != Status::Passed) {
                let why = assertion.failure.as_ref().map_or(String::new(), |failure| format!(": {}", failure.message));
                lines.push(format!("    {} {}{why}", assertion.status, assertion.expression));
            }
            lines
        }
        EventKind::StepFinished { path, status, tolerated, .. } => {
            let passed = if *status == StepStatus::Passed { String::new() } else { format!(" {status}") };
            vec![format!("{path}{}{}", if passed.is_empty() { " passed" } else { &passed }, if *tolerated { " (tolerated)" } else { "" })]
        }
        EventKind::Log { message, .. } => vec![format!("log: {message}")],
        EventKind::Warned { diagnostic, .. } => vec![format!("warning {}: {}", diagnostic.code, diagnostic.message)],
        EventKind::ExecutionFinished { status, failure, left_behind, .. } => {
            let why = failure.as_ref().map_or(String::new(), |failure| format!(" {}: {}", failure.code, failure.message));
            let left = if left_behind.is_empty() { String::new() } else { format!(" left behind: {}", left_behind.join(", ")) };
            vec![format!("= {status}{why}{left}")]
        }
    }
}
