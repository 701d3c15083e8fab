//! From many executions to many sinks: one bounded channel, one order.
//!
//! A *required* sink is waited for: a full one slows the run down, a failed one is an error of the run. An *optional* sink stands behind a queue
//! of its own: when it fails it is reported once and left alone, and never stalls or breaks a run.

use futures_util::future::BoxFuture;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};
use testmesh_events::Line;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
};

/// Something that reads the lines of a run, in batches and in order.
pub trait Sink: Send {
    /// How messages call it: `the console`, `the record run.jsonl`.
    fn name(&self) -> String;
    fn write<'a>(&'a mut self, lines: &'a [Line]) -> BoxFuture<'a, Result<(), SinkError>>;
    /// Nothing comes after this. What was written is durable when it returns.
    fn finish(&mut self) -> BoxFuture<'_, Result<(), SinkError>>;
}

#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);

enum Message {
    Line(Box<Line>),
    Barrier(oneshot::Sender<Result<(), SinkError>>),
}

/// Where the lines of a run are sent. Cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    sender: mpsc::Sender<Message>,
    failures: Arc<Mutex<Vec<String>>>,
}

/// The task that feeds the sinks; it ends when every [`Recorder`] is dropped.
pub struct Feeding {
    task: tokio::task::JoinHandle<()>,
    failures: Arc<Mutex<Vec<String>>>,
}

/// How many lines wait before a sender waits.
const CAPACITY: usize = 1024;
/// How many lines a sink gets at once.
const BATCH: usize = 256;

impl Recorder {
    /// Starts feeding. Must be called inside a runtime.
    pub fn start(required: Vec<Box<dyn Sink>>, optional: Vec<Box<dyn Sink>>) -> (Self, Feeding) {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        let failures: Arc<Mutex<Vec<String>>> = Arc::default();
        let task = tokio::spawn(feed(receiver, required, optional, failures.clone()));
        (Self { sender, failures: failures.clone() }, Feeding { task, failures })
    }

    /// Sends a line; waits while the required sinks are behind.
    pub async fn line(&self, line: Line) {
        // The task ends only after all senders are gone, or with a panic, which `Feeding::finish` reports.
        let _ = self.sender.send(Message::Line(Box::new(line))).await;
    }

    /// Returns when all lines before it are in the required sinks; the error is the first that a required sink had.
    pub async fn barrier(&self) -> Result<(), SinkError> {
        let (answer, answered) = oneshot::channel();
        let _ = self.sender.send(Message::Barrier(answer)).await;
        answered.await.unwrap_or_else(|_| Err(SinkError("the record's task has ended".to_owned())))
    }

    /// What sinks had to say so far.
    pub fn failures(&self) -> Vec<String> {
        crate::context::lock(&self.failures).clone()
    }
}

impl Feeding {
    /// Waits until everything is written; gives what went wrong with sinks, in words. All recorders must be dropped before.
    pub async fn finish(self) -> Vec<String> {
        let ended = self.task.await;
        let mut failures = crate::context::lock(&self.failures).clone();
        if let Err(error) = ended {
            failures.push(format!("the task that writes the record ended early: {error}"));
        }
        failures
    }
}

/// A sink behind its own queue.
struct Queued {
    lines: mpsc::UnboundedSender<Arc<Vec<Line>>>,
    broken: Arc<AtomicBool>,
}

async fn feed(
    mut receiver: mpsc::Receiver<Message>,
    mut required: Vec<Box<dyn Sink>>,
    optional: Vec<Box<dyn Sink>>,
    failures: Arc<Mutex<Vec<String>>>,
) {
    let mut tasks = JoinSet::new();
    let queues: Vec<Queued> = optional.into_iter().map(|sink| queue(sink, &mut tasks, &failures)).collect();
    let mut broken: Option<SinkError> = None;
    let mut inbox = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut inbox, BATCH).await > 0 {
        let mut batch = Vec::with_capacity(inbox.len());
        for message in inbox.drain(..) {
            match message {
                Message::Line(line) => batch.push(*line),
                Message::Barrier(answer) => {
                    write(std::mem::take(&mut batch), &mut required, &queues, &mut broken, &failures).await;
                    // Whoever asked may have been cancelled meanwhile.
                    let _ = answer.send(broken.clone().map_or(Ok(()), Err));
                }
            }
        }
        write(batch, &mut required, &queues, &mut broken, &failures).await;
    }
    drop(queues);
    for sink in &mut required {
        if let Err(error) = sink.finish().await {
            report(&failures, &sink.name(), &error);
        }
    }
    while tasks.join_next().await.is_some() {}
}

async fn write(
    batch: Vec<Line>,
    required: &mut [Box<dyn Sink>],
    queues: &[Queued],
    broken: &mut Option<SinkError>,
    failures: &Mutex<Vec<String>>,
) {
    if batch.is_empty() {
        return;
    }
    for sink in required {
        if let Err(error) = sink.write(&batch).await
            && broken.is_none()
        {
            report(failures, &sink.name(), &error);
            *broken = Some(error);
        }
    }
    let batch = Arc::new(batch);
    for queue in queues.iter().filter(|queue| !queue.broken.load(Ordering::Relaxed)) {
        // A closed queue is a broken sink, which has reported itself.
        let _ = queue.lines.send(batch.clone());
    }
}

fn queue(mut sink: Box<dyn Sink>, tasks: &mut JoinSet<()>, failures: &Arc<Mutex<Vec<String>>>) -> Queued {
    let (lines, mut queued) = mpsc::unbounded_channel::<Arc<Vec<Line>>>();
    let broken = Arc::new(AtomicBool::new(false));
    let (flag, failures) = (broken.clone(), failures.clone());
    tasks.spawn(async move {
        while let Some(batch) = queued.recv().await {
            if let Err(error) = sink.write(&batch).await {
                report(&failures, &sink.name(), &error);
                flag.store(true, Ordering::Relaxed);
                return;
            }
        }
        if let Err(error) = sink.finish().await {
            report(&failures, &sink.name(), &error);
        }
    });
    Queued { lines, broken }
}

fn report(failures: &Mutex<Vec<String>>, name: &str, error: &SinkError) {
    crate::context::lock(failures).push(format!("{name}: {error}"));
}
