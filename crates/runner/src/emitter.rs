//! Where events leave an execution: numbered, stamped and masked, once.

use crate::{clock::Clock, recorder::Recorder};
use std::{borrow::Cow, sync::Arc};
use testmesh_events::{Event, EventKind, ExecutionId, Line, Mask, Masker, NodePath, redact, without_passwords};
use testmesh_flow::{Diagnostic, allow, plan::Plan, scope::Secrets};

pub(crate) struct Emitter {
    recorder: Recorder,
    execution: ExecutionId,
    clock: Clock,
    secrets: Arc<Secrets>,
    /// Held while an event is sent: branches emit at the same time, and numbers are given in the order in which events leave.
    state: tokio::sync::Mutex<State>,
}

struct State {
    next: u64,
    masker: Masker,
    /// How many secrets the masker knows.
    known: usize,
    /// Credentials that were taken out of the record by default, and the masker that takes them out elsewhere.
    redacted: Vec<String>,
    redactor: Masker,
}

/// Shorter credentials would mask half of everything; they are masked where they stand only.
const SHORTEST_REDACTED: usize = 6;

impl Emitter {
    pub(crate) fn new(recorder: Recorder, execution: ExecutionId, clock: Clock, secrets: Arc<Secrets>) -> Self {
        let state = State { next: 0, masker: Masker::none(), known: 0, redacted: Vec::new(), redactor: Masker::none() };
        Self { recorder, execution, clock, secrets, state: tokio::sync::Mutex::new(state) }
    }

    pub(crate) async fn emit(&self, mut kind: EventKind) {
        let mut state = self.state.lock().await;
        state.learn(&self.secrets);
        state.redact(&mut kind);
        kind.mask(&|text| state.masked(text));
        let event = Event { execution: self.execution, seq: state.next, at: self.clock.now(), kind };
        state.next += 1;
        self.recorder.line(Line::Event(event)).await;
    }

    /// A doubt about a step of `plan`, or about the flow; nothing when the author has silenced it there.
    pub(crate) async fn warn(&self, plan: &Plan, path: Option<NodePath>, diagnostic: Diagnostic) {
        if !allow::silences(&plan.allowed, &diagnostic) {
            self.emit(EventKind::Warned { path, diagnostic }).await;
        }
    }

    /// Returns when everything emitted so far is durable.
    pub(crate) async fn barrier(&self) -> Result<(), crate::recorder::SinkError> {
        self.recorder.barrier().await
    }

    /// What tells whether a text holds something that the record masks; `None` when nothing at all is masked.
    pub(crate) async fn hiding(&self) -> Option<Hiding<'_>> {
        let mut state = self.state.lock().await;
        state.learn(&self.secrets);
        let hides = !(state.masker.is_empty() && state.redactor.is_empty());
        hides.then_some(Hiding(state))
    }
}

/// What the record masks, at one moment.
pub(crate) struct Hiding<'a>(tokio::sync::MutexGuard<'a, State>);

impl Hiding<'_> {
    pub(crate) fn hides(&self, text: &str) -> bool {
        self.0.masked(text).is_some()
    }
}

impl State {
    fn learn(&mut self, secrets: &Secrets) {
        if secrets.count() != self.known {
            let secrets = secrets.all();
            self.masker = Masker::new(secrets.iter().map(AsRef::as_ref));
            self.known = secrets.len();
        }
    }

    /// The text without what must not be shown: secrets first, while they are whole. `None` when there is nothing of the kind in it.
    fn masked(&self, text: &str) -> Option<String> {
        let secrets = changed(self.masker.mask(text));
        let credentials = changed(self.redactor.mask(secrets.as_deref().unwrap_or(text))).or(secrets);
        without_passwords(credentials.as_deref().unwrap_or(text)).or(credentials)
    }

    /// Takes credentials out of configs and outputs, and from now on out of everything else.
    fn redact(&mut self, kind: &mut EventKind) {
        let mut taken = Vec::new();
        match kind {
            EventKind::AttemptFinished { record, .. } => {
                let record = Arc::make_mut(record);
                redact(&mut record.config, &mut taken);
                redact(&mut record.output, &mut taken);
            }
            EventKind::Log { data, .. } => redact(data, &mut taken),
            _ => {}
        }
        let before = self.redacted.len();
        for text in taken {
            if text.chars().count() >= SHORTEST_REDACTED && !self.redacted.contains(&text) {
                self.redacted.push(text);
            }
        }
        if self.redacted.len() != before {
            self.redactor = Masker::new(self.redacted.iter().map(String::as_str));
        }
    }
}

/// A text that masking has changed.
fn changed(text: Cow<'_, str>) -> Option<String> {
    match text {
        Cow::Owned(text) => Some(text),
        Cow::Borrowed(_) => None,
    }
}
