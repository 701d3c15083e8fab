//! No sequence of lines makes a report panic, whatever it says and in whatever order.

use crate::{
    recordings,
    snapshots::{console, report},
};
use proptest::prelude::*;
use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};
use testmesh_events::{Event, EventKind, ExecutionId, Line};
use testmesh_flow::{Code, Diagnostic, Label, Source, SourceId, Sources, Span};
use testmesh_report::{Console, ConsoleOptions, Style, Verbosity, diagnostics, diagnostics_json};

/// All lines of all recordings: every kind of event there is.
static POOL: LazyLock<Vec<Line>> = LazyLock::new(|| recordings().into_iter().flat_map(|(_, lines)| lines).collect());

/// A line of the pool, with its numbers turned into others.
fn changed(line: &Line, noise: (u8, u64, f64, u32)) -> Line {
    let (execution, seq, time, place) = noise;
    let mut line = line.clone();
    if let Line::Event(Event { execution: id, seq: number, kind, .. }) = &mut line {
        *id = ExecutionId(uuid::Uuid::from_u128(u128::from(execution % 3)));
        *number = seq;
        change(kind, time, place);
    }
    line
}

fn change(kind: &mut EventKind, time: f64, place: u32) {
    match kind {
        EventKind::StepStarted { step } | EventKind::StepSkipped { step, .. } => (step.span.start, step.span.source.0) = (place, place % 3),
        EventKind::StepFinished { duration_ms, .. } | EventKind::ExecutionFinished { duration_ms, .. } => *duration_ms = time,
        EventKind::Observed { observation, .. } => (observation.elapsed_ms, observation.attempt) = (time, place % 3),
        EventKind::AttemptFinished { record, .. } => {
            let record = Arc::make_mut(record);
            record.attempt = place % 4;
            for explanation in record.assertions.iter_mut().filter_map(|assertion| assertion.explanation.as_mut()) {
                explanation.decided.start = place;
                for (index, part) in explanation.parts.iter_mut().enumerate() {
                    (part.depth, part.span.end, part.item) = (place, place.wrapping_mul(7), Some(index as u64));
                }
            }
        }
        EventKind::Warned { diagnostic, .. } => {
            for label in &mut diagnostic.labels {
                (label.span.start, label.span.end) = (place.wrapping_mul(3), place);
            }
        }
        EventKind::ExecutionStarted { sources, .. } if place.is_multiple_of(5) => sources.clear(),
        _ => {}
    }
}

fn noise() -> impl Strategy<Value = (usize, (u8, u64, f64, u32))> {
    let seq = prop_oneof![0..40_u64, 0..u64::MAX];
    (any::<usize>(), (any::<u8>(), seq, any::<f64>(), prop_oneof![0..400_u32, any::<u32>()]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(chosen in prop::collection::vec(noise(), 0..60), width in 0..140_usize, unicode: bool, color: bool) {
        let lines = chosen.into_iter().map(|(index, noise)| changed(&POOL[index % POOL.len()], noise)).collect::<Vec<_>>();
        let style = Style { color, width, unicode };
        for verbosity in [Verbosity::Quiet, Verbosity::Normal, Verbosity::Verbose] {
            console(&lines, &style, verbosity);
        }
        report(&lines);
        let mut live = Console::new(Vec::new(), ConsoleOptions { style, live: true, verbosity: Verbosity::Normal });
        for line in &lines {
            live.line(line).unwrap();
            live.tick(Duration::from_secs(1)).unwrap();
        }
        live.finish().unwrap();
    }
}

/// Pieces that texts are hard to draw with.
const PIECES: [&str; 14] = [
    "a",
    "key: ",
    "\t",
    "\r\n",
    "\n",
    "\r",
    "日",
    "é",
    "\u{301}",
    "\u{200d}",
    "\u{1b}[31m",
    "\u{202e}",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "\0",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_drawn(text in text(), message in text(), places in prop::collection::vec((0..3_u32, 0..80_u32, 0..80_u32), 0..5), width in 0..120_usize, unicode: bool) {
        let mut sources = Sources::default();
        sources.add(Arc::new(Source::new("a.yaml", text.as_str())));
        sources.add(Arc::new(Source::new(message.as_str(), message.as_str())));
        let labels = places.into_iter().map(|(source, start, end)| Label { span: Span { source: SourceId(source), start, end }, text: message.clone() });
        let problem = Diagnostic { labels: labels.collect(), help: Some(text), ..Diagnostic::error(Code::YamlSyntax, Span::default(), message) };
        let list = [problem];
        let drawn = diagnostics(&list, &sources, &Style { color: false, width, unicode });
        prop_assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{drawn:?}");
        diagnostics_json(&list, &sources);
    }
}
