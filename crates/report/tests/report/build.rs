//! Recordings in few words: spans are found by the text they cover, times pass by fixed steps.

use jiff::{SignedDuration, Timestamp};
use testmesh_events::{
    AssertionRecord, AttemptRecord, CaptureRecord, Comparison, Counts, Event, EventKind, ExecutionId, Explanation, Failure, FlowHead,
    Level, Line, NodePath, Observation, Part, Phase, RowHead, RunFooter, RunHeader, Skip, SourceRef, SourceText, Status, StepHead,
    StepStatus, Use, fingerprint,
};
use testmesh_flow::{Code, Diagnostic, SourceId, Span, Value};

pub(crate) struct Recording {
    pub(crate) lines: Vec<Line>,
    now: Timestamp,
    flows: Vec<Flow>,
}

struct Flow {
    id: ExecutionId,
    seq: u64,
    text: &'static str,
}

/// Which flow of a recording.
#[derive(Clone, Copy)]
pub(crate) struct At(usize);

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub(crate) fn path(text: &str) -> NodePath {
    NodePath(text.into())
}

impl Recording {
    pub(crate) fn new(executions: u64) -> Self {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let header = RunHeader {
            repetition: None,
            format: 1,
            version: "0.1.0".into(),
            host: "linux x86_64".into(),
            started: now,
            seed: "7c1f".into(),
            selection: vec!["flows".into()],
            executions,
            invalid: Vec::new(),
            left_out: Vec::new(),
            warned: Vec::new(),
        };
        Self { lines: vec![Line::Run(header)], now, flows: Vec::new() }
    }

    pub(crate) fn header(&mut self) -> &mut RunHeader {
        match &mut self.lines[0] {
            Line::Run(header) => header,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn source(&mut self, name: &str, text: &str) -> SourceRef {
        let hash = fingerprint(text);
        self.lines.push(Line::Source(SourceText { hash: hash.clone(), name: name.into(), text: text.into() }));
        SourceRef { name: name.into(), hash }
    }

    pub(crate) fn flow(&mut self, name: &str, file: &str, text: &'static str) -> At {
        let source = self.source(file, text);
        let at = At(self.flows.len());
        let id = ExecutionId(uuid::Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + at.0 as u128));
        self.flows.push(Flow { id, seq: 0, text });
        let flow = FlowHead { name: name.into(), file: file.into(), ..FlowHead::default() };
        let planned = Counts { setup: 0, steps: 1, teardown: 0 };
        self.event(
            at,
            EventKind::ExecutionStarted {
                flow,
                stage: None,
                row: None,
                sources: vec![source],
                environment: Vec::new(),
                seed: "7c1f".into(),
                planned,
            },
        );
        self.event(at, EventKind::PhaseStarted { phase: Phase::Steps });
        at
    }

    /// Says which row of its data a flow is executed with.
    pub(crate) fn row(&mut self, at: At, head: &RowHead) {
        let id = self.flows[at.0].id;
        for line in &mut self.lines {
            if let Line::Event(Event { execution, kind: EventKind::ExecutionStarted { row, .. }, .. }) = line
                && *execution == id
            {
                *row = Some(head.clone());
            }
        }
    }

    pub(crate) fn event(&mut self, at: At, kind: EventKind) {
        self.now += SignedDuration::from_millis(5);
        let flow = &mut self.flows[at.0];
        self.lines.push(Line::Event(Event { execution: flow.id, seq: flow.seq, at: self.now, kind }));
        flow.seq += 1;
    }

    /// The span of the first place where the text stands in the flow.
    pub(crate) fn span(&self, at: At, needle: &str) -> Span {
        let start = self.flows[at.0].text.find(needle).unwrap_or_else(|| panic!("no {needle:?}"));
        Span::new(SourceId(0), start..start + needle.len())
    }

    pub(crate) fn start(&mut self, at: At, step: &str, id: &str, name: &str, action: &str) {
        let step = self.head(at, step, id, name, action);
        self.event(at, EventKind::StepStarted { step });
    }

    pub(crate) fn head(&self, at: At, step: &str, id: &str, name: &str, action: &str) -> StepHead {
        let text = format!("id: {id}");
        StepHead { path: path(step), id: id.into(), name: name.into(), action: action.into(), span: self.span(at, &text) }
    }

    pub(crate) fn attempt(&mut self, at: At, step: &str, record: AttemptRecord) {
        self.event(at, EventKind::AttemptFinished { path: path(step), record: record.into() });
    }

    pub(crate) fn finish(&mut self, at: At, step: &str, status: StepStatus, attempts: u32, duration_ms: f64) {
        self.event(at, EventKind::StepFinished { path: path(step), status, attempts, duration_ms, tolerated: false, observed: false });
    }

    /// A step that does one attempt.
    pub(crate) fn step(&mut self, at: At, step: (&str, &str, &str, &str), record: AttemptRecord) {
        let (place, id, name, action) = step;
        self.start(at, place, id, name, action);
        let (status, time) = (record.status, record.duration_ms);
        self.attempt(at, place, record);
        self.finish(at, place, status.into(), 1, time);
    }

    pub(crate) fn skip(&mut self, at: At, step: (&str, &str, &str, &str), skip: Skip, reason: &str) {
        let step = self.head(at, step.0, step.1, step.2, step.3);
        self.event(at, EventKind::StepSkipped { step, skip, reason: reason.into() });
    }

    pub(crate) fn log(&mut self, at: At, step: &str, level: Level, message: &str, data: Value) {
        self.event(at, EventKind::Log { path: Some(path(step)), level, message: message.into(), data });
    }

    pub(crate) fn warn(&mut self, at: At, diagnostic: Diagnostic) {
        self.event(at, EventKind::Warned { path: None, diagnostic });
    }

    pub(crate) fn saw(&mut self, at: At, step: &str, number: u32, elapsed_ms: f64, seen: &str) {
        let status = if seen.contains("refused") { Status::Errored } else { Status::Failed };
        let observation = Observation { attempt: 1, number, elapsed_ms, status, seen: seen.into() };
        self.event(at, EventKind::Observed { path: path(step), observation });
    }

    pub(crate) fn ended(&mut self, at: At, status: Status, duration_ms: f64) {
        self.event(at, EventKind::ExecutionFinished { status, duration_ms, failure: None, left_behind: Vec::new() });
    }

    /// The footer, whose counts are those of the executions that ended.
    pub(crate) fn end(mut self, exit_code: u8, duration_ms: f64) -> Vec<Line> {
        let mut footer = RunFooter {
            finished: self.now,
            duration_ms,
            status: None,
            exit_code,
            passed: 0,
            failed: 0,
            errored: 0,
            cancelled: 0,
            not_run: Vec::new(),
        };
        for line in &self.lines {
            let Line::Event(Event { kind: EventKind::ExecutionFinished { status, .. }, .. }) = line else { continue };
            footer.status = footer.status.max(Some(*status));
            match status {
                Status::Passed => footer.passed += 1,
                Status::Failed => footer.failed += 1,
                Status::Errored => footer.errored += 1,
                Status::Cancelled => footer.cancelled += 1,
            }
        }
        self.lines.push(Line::End(footer));
        self.lines
    }

    /// An assertion that holds.
    pub(crate) fn holds(&self, at: At, expression: &str) -> AssertionRecord {
        AssertionRecord {
            expression: expression.into(),
            span: self.span(at, expression),
            status: Status::Passed,
            message: None,
            failure: None,
            explanation: None,
            replayable: true,
        }
    }

    /// An assertion that is false. `decided` is a part of the expression; parts are `(text, depth, value)`.
    pub(crate) fn is_false(
        &self,
        at: At,
        expression: &str,
        decided: &str,
        parts: &[(&str, u32, &str)],
        comparison: Option<(&str, &str, &str)>,
    ) -> AssertionRecord {
        let whole = self.span(at, expression);
        let inside = |text: &str| {
            let start = whole.start + expression.find(text).unwrap_or_else(|| panic!("no {text:?} in {expression:?}")) as u32;
            Span { source: whole.source, start, end: start + text.len() as u32 }
        };
        let parts = parts.iter().map(|(text, depth, value)| Part {
            text: (*text).into(),
            span: inside(text),
            depth: *depth,
            value: Some(json(value)),
            note: None,
            item: None,
        });
        let comparison =
            comparison.map(|(left, operator, right)| Comparison { operator: operator.into(), left: json(left), right: json(right) });
        AssertionRecord {
            expression: expression.into(),
            span: whole,
            status: Status::Failed,
            message: None,
            failure: Some(failed(Code::AssertionFailed, "the assertion is false")),
            explanation: Some(Explanation { parts: parts.collect(), decided: inside(decided), comparison }),
            replayable: true,
        }
    }

    pub(crate) fn captured(&self, at: At, name: &str, path: &str, value: &str) -> CaptureRecord {
        let span = self.span(at, path);
        CaptureRecord { name: name.into(), path: path.into(), span, value: json(value), secret: false, defaulted: false, failure: None }
    }

    pub(crate) fn used(&self, at: At, name: &str, value: &str, origin: &str, place: Option<&str>) -> Use {
        Use { name: name.into(), value: json(value), origin: origin.into(), span: place.map(|place| self.span(at, place)) }
    }
}

pub(crate) fn failed(code: Code, message: &str) -> Failure {
    Failure { code, status: Status::Failed, message: message.into(), help: None, span: None }
}

pub(crate) fn errored(code: Code, message: &str, help: Option<&str>) -> Failure {
    Failure { code, status: Status::Errored, message: message.into(), help: help.map(Into::into), span: None }
}

pub(crate) fn record(status: Status, config: &str, output: &str) -> AttemptRecord {
    AttemptRecord {
        attempt: 1,
        status,
        config: json(config),
        output: json(output),
        captures: Vec::new(),
        assertions: Vec::new(),
        failure: None,
        uses: Vec::new(),
        duration_ms: 12.4,
        observations: 0,
    }
}
