//! Runs a case on paused time.

use crate::{
    act::{Journal, Scripted},
    model::Case,
    text,
};
use futures_util::{FutureExt, future::BoxFuture};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use testmesh_events::{Event, Line};
use testmesh_flow::{
    Diagnostic, Source, SourceId, Sources, ast,
    plan::{FileText, Files, FoundFlow, Inputs, NoFlow},
    random::Seed,
};
use testmesh_runner::{Actions, Cause, Clock, Control, Options, Recorder, Request, STACK, Sink, SinkError, Summary};
use tokio::time::Instant;

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) events: Vec<Event>,
    pub(crate) journal: Journal,
    pub(crate) summary: Summary,
}

/// No run of a generated flow takes as long.
const FOREVER: Duration = Duration::from_hours(24 * 365);
/// Nor has one so many events.
const TOO_MANY: usize = 200_000;

/// The documents of the text itself.
struct Documents(Arc<Source>);

impl Files for Documents {
    fn read(&self, _: &str, _: &str) -> Result<FileText, String> {
        Err("there is no such file".into())
    }

    fn flow(&self, _: &str, name: &str) -> Result<FoundFlow, NoFlow> {
        let file = ast::parse(&self.0, SourceId(0), false);
        let found = file.flows.iter().find(|flow| *flow.name.text == *name);
        let flow = found.ok_or_else(|| NoFlow::Missing(Vec::new()))?;
        Ok(FoundFlow { source: self.0.clone(), document: Some(flow.document) })
    }

    fn glob(&self, _: &str, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}

#[derive(Clone, Default)]
struct Collected(Arc<Mutex<Vec<Event>>>);

impl Sink for Collected {
    fn name(&self) -> String {
        "the property".into()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        let mut events = self.0.lock().unwrap();
        events.extend(lines.iter().filter_map(|line| if let Line::Event(event) = line { Some(event.clone()) } else { None }));
        assert!(events.len() < TOO_MANY, "there is no end of events");
        std::future::ready(Ok(())).boxed()
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        std::future::ready(Ok(())).boxed()
    }
}

/// On a stack as large as the engine asks for.
pub(crate) fn run(case: &Case) -> Ran {
    let on_stack = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async { tokio::time::timeout(FOREVER, drive(case)).await }).expect("the run never ends")
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, on_stack).unwrap();
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

async fn drive(case: &Case) -> Ran {
    let began = Instant::now();
    let journal = Journal::default();
    let actions = Actions::default().with(Scripted { began, journal: journal.clone(), calls: Mutex::default() });
    let text = text::of(&case.flow);
    let source = Arc::new(Source::new("flow.yaml", text.as_str()));
    let mut sources = Sources::default();
    let file = ast::parse(&source, sources.add(source.clone()), false);
    let planned = testmesh_flow::plan::plan(&file.flows[0], sources.clone(), &actions.catalog(), &Documents(source), &Inputs::default());
    let all = file.diagnostics.iter().chain(&planned.diagnostics);
    let errors: Vec<_> = all.filter(|it| it.is_error()).map(|diagnostic: &Diagnostic| diagnostic.one_line(&sources)).collect();
    assert!(errors.is_empty(), "what is generated must be valid: {errors:#?}");
    let requests = vec![Request { plan: Arc::new(planned.plan.unwrap()), folder: "".into(), exclusive: Vec::new() }];
    let collected = Collected::default();
    let (recorder, feeding) = Recorder::start(vec![Box::new(collected.clone())], Vec::new());
    let control = Control::default();
    let interrupting = tokio::spawn(interrupt(control.clone(), case.interrupt, case.again));
    let clock = Clock::starting_at("2026-01-02T03:04:05Z".parse().unwrap(), jiff::tz::TimeZone::UTC);
    let options = Options { parallel: 1, fail_fast: false, timeout: case.timeout.map(Duration::from_millis), seed: Seed::new(1), clock };
    let summary = testmesh_runner::run(requests, &actions, &options, &control, &recorder).await;
    interrupting.abort();
    drop(recorder);
    assert_eq!(feeding.finish().await, Vec::<String>::new());
    let events = std::mem::take(&mut *collected.0.lock().unwrap());
    Ran { events, journal, summary }
}

async fn interrupt(control: Control, first: Option<u64>, again: Option<u64>) {
    let Some(first) = first else { return };
    tokio::time::sleep(Duration::from_millis(first)).await;
    control.stop(Cause::Interrupt);
    let Some(again) = again else { return };
    tokio::time::sleep(Duration::from_millis(again)).await;
    control.abandon();
}
