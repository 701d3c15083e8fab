//! Whatever comes of an execution, what it opened is closed with it. Alone in its process, so that nobody else opens and closes files meanwhile.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use futures_util::{FutureExt, future::BoxFuture};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use testmesh_demo::{Options as ShopOptions, Ports, Shop};
use testmesh_events::Line;
use testmesh_flow::{
    Source, Sources, Value, ast,
    plan::{FileText, Files, Input, Inputs},
    random::Seed,
};
use testmesh_runner::{Actions, Cause, Clock, Control, Options, Recorder, Request, Sink, SinkError, Summary};

const PASSES: &str = r#"
name: Passes
steps:
  - {action: http_request, config: {url: "${URL}/_lab/echo"}, assert: status == 200}
  - {action: http_request, config: {url: "${URL}/_lab/redirect/3"}, assert: status == 200}
  - {action: http_request, config: {url: "${URL}/_lab/cookie?name=a&value=1"}, assert: status == 200}
  - {action: exec, config: {command: sh, args: ["-c", "sleep 1000 >/dev/null 2>&1 & echo there"]}, assert: 'stdout == "there\n"'}
  - {action: wait_for, config: {url: "${URL}/health"}, assert: ready}
"#;
const FAILS: &str = r#"
name: Fails
config: {fail_fast: false}
steps:
  - {action: http_request, config: {url: "${URL}/_lab/html500"}, assert: status == 200, retry: {max_attempts: 3, delay: 1ms}}
  - {action: http_request, config: {url: "http://127.0.0.1:1/"}, assert: status == 200}
  - {action: http_request, config: {url: "${URL}/_lab/echo", max_body: 5}, assert: status == 200}
  - {action: http_request, config: {url: "${URL}/_lab/loop"}, assert: status == 200}
  - {action: exec, config: {command: sh, args: ["-c", "sleep 1000 & exit 3"]}}
"#;
const OUT_OF_TIME: &str = r#"
name: Out of time
config: {fail_fast: false}
steps:
  - {action: http_request, timeout: 50ms, config: {url: "${URL}/_lab/slow?ms=60000"}, assert: status == 200}
  - {action: exec, timeout: 50ms, config: {command: sh, args: ["-c", "sleep 1000 & sleep 1000"]}}
  - {action: http_request, config: {url: "${URL}/_lab/echo"}, eventually: {timeout: 60ms, interval: 5ms}, assert: status == 500}
"#;
const CANCELLED: &str = r#"
name: Cancelled
steps:
  - {action: http_request, config: {url: "${URL}/_lab/echo"}, assert: status == 200}
  - {action: http_request, config: {url: "${URL}/_lab/slow?ms=60000"}, assert: status == 200}
"#;

/// No flow here names a file.
struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str, _: &str) -> Result<FileText, String> {
        Err("there is no file".into())
    }
}

/// Nobody reads what happens.
struct Nowhere;

impl Sink for Nowhere {
    fn name(&self) -> String {
        "nowhere".into()
    }

    fn write<'a>(&'a mut self, _: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        std::future::ready(Ok(())).boxed()
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        std::future::ready(Ok(())).boxed()
    }
}

fn request(yaml: &str, url: &str, actions: &Actions) -> Request {
    let mut sources = Sources::default();
    let source = Arc::new(Source::new("flow.yaml", yaml));
    let id = sources.add(source.clone());
    let file = ast::parse(&source, id, false);
    let caller = vec![Input { name: "URL".into(), value: Value::text(url), origin: "--var".into(), secret: false }];
    let inputs = Inputs { caller, ..Inputs::default() };
    let planned = testmesh_flow::plan::plan(&file.flows[0], sources, &actions.catalog(), &NoFiles, &inputs);
    Request {
        plan: Arc::new(planned.plan.unwrap_or_else(|| panic!("{:#?}", planned.diagnostics))),
        folder: PathBuf::from("."),
        exclusive: Vec::new(),
    }
}

/// Runs a flow many times at once, and stops it after a while if it does not end.
async fn run(yaml: &str, url: &str, actions: &Actions, stop: Option<Duration>) -> Summary {
    let requests = vec![request(yaml, url, actions); 5];
    let control = Control::default();
    let stopping = stop.map(|after| {
        let control = control.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            control.stop(Cause::Interrupt);
        })
    });
    let options = Options {
        parallel: 5,
        fail_fast: false,
        timeout: None,
        seed: Seed::new(7),
        clock: Clock::starting_at(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC),
    };
    let (recorder, feeding) = Recorder::start(Vec::new(), vec![Box::new(Nowhere)]);
    let summary = testmesh_runner::run(requests, actions, &options, &control, &recorder).await;
    drop(recorder);
    assert!(feeding.finish().await.is_empty());
    if let Some(stopping) = stopping {
        stopping.await.unwrap();
    }
    summary
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// The children of all threads.
fn children() -> String {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let of = |path: PathBuf| std::fs::read_to_string(path.join("children")).unwrap_or_default();
    threads.filter_map(|thread| Some(of(thread.ok()?.path()))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptors_and_children_are_back() {
    let shop: Shop = testmesh_demo::start(ShopOptions { ports: Ports::ANY, ..ShopOptions::default() }).await.unwrap();
    let url = format!("http://{}", shop.services()[0].address);
    let actions = testmesh_actions::all();
    let stop = Some(Duration::from_millis(150));
    let cases = [(PASSES, None, [5, 0, 0]), (FAILS, None, [0, 5, 0]), (OUT_OF_TIME, None, [0, 5, 0]), (CANCELLED, stop, [0, 0, 5])];
    // The first round opens what the runtime, the shop and its database keep for themselves.
    let mut before = usize::MAX;
    for round in 0..3 {
        for (yaml, stop, due) in cases {
            let Summary { passed, failed, cancelled, .. } = run(yaml, &url, &actions, stop).await;
            assert_eq!([passed, failed, cancelled], due, "{yaml}");
            settle(before, &format!("round {round} of {yaml}")).await;
        }
        if round == 0 {
            before = settled().await;
        }
    }
    shop.stop().await;
}

/// Waits until there are no more descriptors than before and no child.
async fn settle(before: usize, what: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    while descriptors() > before || !children().is_empty() {
        assert!(Instant::now() < end, "{what}: {} descriptors, {before} before; children {}", descriptors(), children());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The number of descriptors when it has stood still for a while: the shop's ends of connections close a moment later.
async fn settled() -> usize {
    let (mut seen, mut since) = (descriptors(), Instant::now());
    while since.elapsed() < Duration::from_millis(300) {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if descriptors() != seen {
            (seen, since) = (descriptors(), Instant::now());
        }
    }
    seen
}
