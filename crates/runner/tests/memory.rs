//! What flows cost in memory: while they run, and as plans.
//!
//! The heap is counted for the whole process, so this is one test: nothing else runs beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use futures_util::{FutureExt, future::BoxFuture};
use peak_alloc::PeakAlloc;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::{Arc, Mutex};
use testmesh_events::{EventKind, Line, Status};
use testmesh_flow::{
    Map, Source, Sources, Value, ast,
    catalog::{ActionTimeout, Catalog},
    plan::{self, FileText, Files, Inputs, Plan},
    random::Seed,
};
use testmesh_runner::{
    Action, ActionError, Actions, Clock, Control, Options, Output, Recorder, Request, STACK, Sink, SinkError, Spec, StepContext,
};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const KB: usize = 1 << 10;
const MB: usize = 1 << 20;

/// Answers with a body of this many bytes, made anew each time.
struct Ask;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskConfig {
    url: String,
    method: Option<String>,
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    headers: Value,
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    body: Value,
    #[serde(default)]
    size: usize,
}

#[derive(JsonSchema)]
struct AskOutput {
    status: i64,
    #[schemars(with = "serde_json::Value")]
    body: Value,
}

impl Output for AskOutput {
    fn into_map(self) -> Map {
        Map::from_iter([("status", Value::Int(self.status)), ("body", self.body)])
    }
}

impl Action for Ask {
    const SPEC: Spec = Spec { name: "ask", aliases: &["http_request"], about: "", subject: Some("body"), timeout: ActionTimeout::Own };
    type Config = AskConfig;
    type Output = AskOutput;

    async fn run(&self, config: AskConfig, _: &StepContext<'_>) -> Result<AskOutput, ActionError> {
        let AskConfig { url, method, headers, body, size } = config;
        assert!(url.len() + method.map_or(0, |method| method.len()) > 0 && headers.get("none").is_none());
        let answer = Map::from_iter([("id", Value::Int(7)), ("sent", body), ("text", Value::text("x".repeat(size)))]);
        Ok(AskOutput { status: 200, body: Value::map(answer) })
    }
}

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str, _: &str) -> Result<FileText, String> {
        Err("there is none".into())
    }
}

/// How an execution ended, and nothing else.
#[derive(Clone, Default)]
struct End(Arc<Mutex<Option<Status>>>);

impl Sink for End {
    fn name(&self) -> String {
        "the test".into()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        for line in lines {
            if let Line::Event(event) = line
                && let EventKind::ExecutionFinished { status, .. } = &event.kind
            {
                *self.0.lock().unwrap() = Some(*status);
            }
        }
        std::future::ready(Ok(())).boxed()
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        std::future::ready(Ok(())).boxed()
    }
}

fn planned(yaml: &str, catalog: &Catalog) -> Plan {
    let mut sources = Sources::default();
    let source = Arc::new(Source::new("flow.yaml", yaml));
    let id = sources.add(source.clone());
    let file = ast::parse(&source, id, false);
    let planned = plan::plan(&file.flows[0], sources.clone(), catalog, &NoFiles, &Inputs::default());
    let said: Vec<_> = planned.diagnostics.iter().map(|diagnostic| diagnostic.one_line(&sources)).collect();
    planned.plan.unwrap_or_else(|| panic!("{said:#?}"))
}

/// What running a flow adds to the heap at its worst moment, beside the plan.
fn cost_of_running(yaml: &str) -> usize {
    let actions = Actions::default().with(Ask);
    let plan = Arc::new(planned(yaml, &actions.catalog()));
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        HEAP.reset_peak_usage();
        let before = HEAP.current_usage();
        let end = End::default();
        let options = Options {
            parallel: 1,
            fail_fast: false,
            timeout: None,
            seed: Seed::new(0),
            clock: Clock::starting_at("2026-01-02T03:04:05Z".parse().unwrap(), jiff::tz::TimeZone::UTC),
        };
        runtime.block_on(async {
            let (recorder, feeding) = Recorder::start(vec![Box::new(end.clone())], Vec::new());
            let requests = vec![Request { plan, folder: "".into(), exclusive: Vec::new() }];
            testmesh_runner::run(requests, &actions, &options, &Control::default(), &recorder).await;
            drop(recorder);
            assert_eq!(feeding.finish().await, Vec::<String>::new());
        });
        assert_eq!(*end.0.lock().unwrap(), Some(Status::Passed));
        HEAP.peak_usage() - before
    };
    std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap()
}

/// A flow of so many steps; each captures, and asserts on the one before.
fn sequence(steps: usize) -> String {
    let step = |index: usize| {
        let before = if index == 0 { "7".to_owned() } else { format!("id_{}", index - 1) };
        format!(
            "  - id: step_{index}
    action: ask
    config: {{url: 'http://localhost/{index}', size: 2000}}
    output: {{id_{index}: $.id, unused_{index}: $.text}}
    assert: [status == 200, body.id == {before}, 'len(body.text) == 2000']
"
        )
    };
    format!("name: sequence\nsteps:\n{}", (0..steps).map(step).collect::<String>())
}

/// A loop of so many rounds.
fn repeated(rounds: usize) -> String {
    format!(
        "name: loop
steps:
  - action: for_each
    config:
      items: {{start: 1, end: {rounds}}}
      steps:
        - id: ask
          action: ask
          config: {{url: 'http://localhost/${{item}}', size: 2000}}
          output: {{id: $.id}}
          assert: [status == 200, body.id == 7]
"
    )
}

/// `few` and `many` executed steps cost the same within 4 MB.
fn check_running(flow: fn(usize) -> String, few: usize, many: usize) {
    let (few, many) = (cost_of_running(&flow(few)), cost_of_running(&flow(many)));
    assert!(many.saturating_sub(few) <= 4 * MB, "few {} KB, many {} KB", few / KB, many / KB);
}

/// A plan costs at most so many times its text.
const PLAN: usize = 12;

fn check_plan(yaml: &str) {
    let catalog = Actions::default().with(Ask).catalog();
    // What is made once, for the first plan of all, counts for none.
    drop(planned(yaml, &catalog));
    let before = HEAP.current_usage();
    let plan = planned(yaml, &catalog);
    let cost = HEAP.current_usage() - before;
    let steps = plan.all_steps().count();
    assert!(cost <= PLAN * yaml.len(), "{steps} steps, a text of {} bytes, and a plan of {cost}: {} times", yaml.len(), cost / yaml.len());
}

/// A flow as people write them: a login, requests with bodies, headers, captures and assertions, control flow, a teardown.
const REALISTIC: &str = include_str!("memory/realistic.yaml");

/// The same with its steps so many times over.
fn long(times: usize) -> String {
    let (before, rest) = REALISTIC.split_once("\n  steps:\n").unwrap();
    let (steps, teardown) = rest.split_once("\n  teardown:\n").unwrap();
    let again = |number: usize| {
        let lines = steps.lines().map(|line| if line.contains("- id: ") { format!("{line}_{number}\n") } else { format!("{line}\n") });
        lines.collect::<String>().replace("polled.body", &format!("polled_{number}.body"))
    };
    format!("{before}\n  steps:\n{}\n  teardown:\n{teardown}", (0..times).map(again).collect::<String>())
}

#[test]
fn flows_cost_little_memory() {
    check_plan(REALISTIC);
    check_plan(&long(100));
    check_running(sequence, 100, 10_000);
    check_running(repeated, 100, 10_000);
}
