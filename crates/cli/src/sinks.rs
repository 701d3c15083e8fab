//! Where the lines of a run go: the console, a JSON document, lines of JSON, a file.

use crate::{behind::Behind, exit::Exit};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value as Json, json};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use testmesh_events::{EventKind, Line};
use testmesh_flow::Code;
use testmesh_report::{Console, ConsoleOptions, JsonReport};
use testmesh_runner::{Sink, SinkError};

type Shared = Arc<Mutex<Option<Console<Behind>>>>;

/// The console; it redraws itself while somebody watches. Each run of a call is written for itself.
pub(crate) struct ConsoleSink {
    options: ConsoleOptions,
    console: Shared,
    /// A run was begun.
    begun: bool,
    ticking: Option<tokio::task::JoinHandle<()>>,
}

impl ConsoleSink {
    pub(crate) fn new(options: ConsoleOptions) -> Self {
        let live = options.live;
        let console: Shared = Arc::new(Mutex::new(Some(Console::new(Behind::new(io::stdout()), options.clone()))));
        let ticking = live.then(|| tokio::spawn(tick(console.clone())));
        Self { options, console, begun: false, ticking }
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut console = lock(&self.console);
        if let Line::Run(_) = line
            && std::mem::replace(&mut self.begun, true)
            && let Some(last) = console.take()
        {
            let mut out = last.finish()?;
            writeln!(out)?;
            *console = Some(Console::new(out, self.options.clone()));
        }
        console.as_mut().map_or(Ok(()), |console| console.line(line))
    }
}

async fn tick(console: Shared) {
    let began = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if let Some(console) = lock(&console).as_mut() {
            // The next line reports that the terminal is gone.
            let _ = console.tick(began.elapsed());
        }
    }
}

impl Sink for ConsoleSink {
    fn name(&self) -> String {
        "standard output".to_owned()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        done(lines.iter().try_for_each(|line| self.line(line)))
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        if let Some(ticking) = self.ticking.take() {
            ticking.abort();
        }
        let console = lock(&self.console).take();
        done(console.map_or(Ok(()), |console| console.finish().and_then(|mut out| out.close())))
    }
}

/// One JSON document on standard output, at the end: the report of the run, or those of all its repetitions.
#[derive(Default)]
pub(crate) struct JsonSink {
    reports: Vec<JsonReport>,
    repeated: bool,
}

impl JsonSink {
    fn line(&mut self, line: &Line) {
        if let Line::Run(header) = line {
            self.repeated |= header.repetition.is_some();
            self.reports.push(JsonReport::default());
        }
        if let Some(report) = self.reports.last_mut() {
            report.line(line);
        }
    }

    fn document(&mut self) -> serde_json::Result<String> {
        let mut reports = std::mem::take(&mut self.reports).into_iter().map(JsonReport::finish).collect::<serde_json::Result<Vec<_>>>()?;
        let document = match reports.pop() {
            Some(last) if self.repeated => {
                reports.push(last);
                repetitions(&reports)
            }
            Some(only) => only,
            None => JsonReport::default().finish()?,
        };
        serde_json::to_string_pretty(&document)
    }
}

/// The reports of several runs as one: its verdict and exit code are those of the worst.
fn repetitions(reports: &[Json]) -> Json {
    let code = |report: &Json| report["end"]["exit_code"].as_u64();
    let worst = reports.iter().reduce(|worst, report| {
        let rank = |report| code(report).map_or(0, Exit::rank);
        if rank(report) < rank(worst) { report } else { worst }
    });
    json!({
        "format": 1,
        "verdict": worst.map(|worst| &worst["verdict"]),
        "repetitions": reports,
        "end": {"exit_code": worst.and_then(code)},
    })
}

impl Sink for JsonSink {
    fn name(&self) -> String {
        "standard output".to_owned()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        for line in lines {
            self.line(line);
        }
        done(Ok(()))
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        let text = self.document().map_err(io::Error::other);
        done(text.and_then(|text| {
            let mut out = io::stdout().lock();
            writeln!(out, "{text}").and_then(|()| out.flush())
        }))
    }
}

/// A JSON value a line.
pub(crate) struct LinesSink {
    name: String,
    out: BufWriter<Behind>,
}

pub(crate) fn stdout_lines() -> LinesSink {
    LinesSink { name: "standard output".to_owned(), out: BufWriter::new(Behind::new(io::stdout())) }
}

/// The record file. Made at once, so that a path that cannot be written is known before anything runs.
pub(crate) fn record(path: &Path) -> io::Result<LinesSink> {
    let file = File::create(PathBuf::from(path))?;
    Ok(LinesSink { name: format!("the record {}", path.display()), out: BufWriter::new(Behind::new(file)) })
}

impl Sink for LinesSink {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        let one = |out: &mut BufWriter<Behind>, line: &Line| {
            serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
            out.write_all(b"\n")
        };
        let written = lines.iter().try_for_each(|line| one(&mut self.out, line));
        done(written.and_then(|()| self.out.flush()))
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        done(self.out.flush().and_then(|()| self.out.get_mut().close()))
    }
}

/// What a run came upon besides its verdicts.
#[derive(Default)]
pub(crate) struct Noticed {
    pub(crate) warnings: AtomicU64,
    /// Failures that are mistakes of the program.
    pub(crate) mistakes: AtomicU64,
}

/// Counts what is noticed.
pub(crate) struct Noticing(pub(crate) Arc<Noticed>);

impl Sink for Noticing {
    fn name(&self) -> String {
        "the count of warnings".to_owned()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        for line in lines {
            let Line::Event(event) = line else { continue };
            match &event.kind {
                EventKind::Warned { .. } | EventKind::StepFinished { tolerated: true, .. } => {
                    self.0.warnings.fetch_add(1, Ordering::Relaxed);
                }
                EventKind::AttemptFinished { record, .. } if record.failure.as_ref().is_some_and(|it| it.code == Code::Internal) => {
                    self.0.mistakes.fetch_add(1, Ordering::Relaxed);
                }
                _ => {}
            }
        }
        done(Ok(()))
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        done(Ok(()))
    }
}

fn done<'a>(result: io::Result<()>) -> BoxFuture<'a, Result<(), SinkError>> {
    std::future::ready(result.map_err(|error| SinkError(error.to_string()))).boxed()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
