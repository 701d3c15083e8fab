//! Where the lines of a run go: the console, a JSON document, lines of JSON, a file.

use futures_util::{FutureExt, future::BoxFuture};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use testmesh_events::{EventKind, Line};
use testmesh_report::{Console, ConsoleOptions, JsonReport};
use testmesh_runner::{Sink, SinkError};

type Shared = Arc<Mutex<Option<Console<io::Stdout>>>>;

/// The console; it redraws itself while somebody watches.
pub(crate) struct ConsoleSink {
    console: Shared,
    ticking: Option<tokio::task::JoinHandle<()>>,
}

impl ConsoleSink {
    pub(crate) fn new(options: ConsoleOptions) -> Self {
        let live = options.live;
        let console: Shared = Arc::new(Mutex::new(Some(Console::new(io::stdout(), options))));
        let ticking = live.then(|| tokio::spawn(tick(console.clone())));
        Self { console, ticking }
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
        let mut console = lock(&self.console);
        let written = console.as_mut().map_or(Ok(()), |console| lines.iter().try_for_each(|line| console.line(line)));
        done(written)
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        if let Some(ticking) = self.ticking.take() {
            ticking.abort();
        }
        let console = lock(&self.console).take();
        done(console.map_or(Ok(()), |console| console.finish().and_then(|mut out| out.flush())))
    }
}

/// One JSON document on standard output, at the end.
#[derive(Default)]
pub(crate) struct JsonSink(Option<JsonReport>);

impl Sink for JsonSink {
    fn name(&self) -> String {
        "standard output".to_owned()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        let report = self.0.get_or_insert_default();
        for line in lines {
            report.line(line);
        }
        done(Ok(()))
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        let report = self.0.take().unwrap_or_default();
        let text = report.finish().and_then(|json| serde_json::to_string_pretty(&json)).map_err(io::Error::other);
        done(text.and_then(|text| {
            let mut out = io::stdout().lock();
            writeln!(out, "{text}").and_then(|()| out.flush())
        }))
    }
}

/// A JSON value a line.
pub(crate) struct LinesSink<W: Write + Send> {
    name: String,
    out: W,
}

pub(crate) fn stdout_lines() -> LinesSink<BufWriter<io::Stdout>> {
    LinesSink { name: "standard output".to_owned(), out: BufWriter::new(io::stdout()) }
}

/// The record file. Made at once, so that a path that cannot be written is known before anything runs.
pub(crate) fn record(path: &Path) -> io::Result<LinesSink<BufWriter<File>>> {
    Ok(LinesSink { name: format!("the record {}", path.display()), out: BufWriter::new(File::create(PathBuf::from(path))?) })
}

impl<W: Write + Send> Sink for LinesSink<W> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        let one = |out: &mut W, line: &Line| {
            serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
            out.write_all(b"\n")
        };
        let written = lines.iter().try_for_each(|line| one(&mut self.out, line));
        done(written.and_then(|()| self.out.flush()))
    }

    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>> {
        done(self.out.flush())
    }
}

/// Counts what a run has warned about.
pub(crate) struct Warnings(pub(crate) Arc<std::sync::atomic::AtomicU64>);

impl Sink for Warnings {
    fn name(&self) -> String {
        "the count of warnings".to_owned()
    }

    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>> {
        let warned = lines.iter().filter(|line| matches!(line, Line::Event(event) if matches!(event.kind, EventKind::Warned { .. } | EventKind::StepFinished { tolerated: true, .. })));
        self.0.fetch_add(warned.count() as u64, std::sync::atomic::Ordering::Relaxed);
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
