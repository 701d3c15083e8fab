//! Recording what each part of an expression was, and which part decided.

use super::{Evaluator, Outcome, Stop};
use crate::{
    Value,
    expr::{
        Comparison, Part, Trace,
        ast::{Binary, Kind, Node, NodeId, Unary},
        meter::Meter,
    },
};
use std::ops::Range;

/// More parts than anybody reads.
const MOST_PARTS: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Recorder {
    parts: Vec<Part>,
    depth: usize,
    item: Option<usize>,
    decided: Option<Range<usize>>,
    comparison: Option<Comparison>,
    /// Whether the predicate at work has an item in the record already.
    told: bool,
    last_note: Option<String>,
    /// What may be spent on the record.
    meter: Meter,
}

/// Where the record stood before an item of a predicate.
pub(super) struct Mark {
    parts: usize,
    item: Option<usize>,
    decided: Option<Range<usize>>,
    comparison: Option<Comparison>,
    told: bool,
}

impl Recorder {
    pub(super) fn finish(self, fault: Option<&Range<usize>>, whole: Range<usize>) -> Trace {
        let decided = fault.cloned().or(self.decided).unwrap_or(whole);
        Trace { parts: self.parts, decided, comparison: self.comparison }
    }

    /// A value for the record; one that was built may be too large when it is written out.
    fn shown(&mut self, value: &Value, only_reads: bool) -> Option<Value> {
        if only_reads {
            return Some(value.clone());
        }
        self.meter.visit(value).is_ok().then(|| value.clone().leave())
    }

    fn open(&mut self, range: Range<usize>) -> Option<usize> {
        if self.parts.len() >= MOST_PARTS {
            return None;
        }
        let (depth, item) = (self.depth, self.item);
        self.parts.push(Part { range, value: None, note: None, depth, item });
        Some(self.parts.len() - 1)
    }
}

impl<'a> Evaluator<'a> {
    /// Evaluates a node and records it.
    pub(super) fn recorded(&mut self, id: NodeId, node: &'a Node) -> Outcome {
        // Literals are seen, and an item that is left out before its dot is not.
        if matches!(node.kind, Kind::Literal(_)) || node.range().is_empty() {
            return self.plain(id, node);
        }
        let told = self.recorder.as_mut().map(|recorder| {
            recorder.depth += 1;
            std::mem::replace(&mut recorder.told, false)
        });
        let part = self.recorder.as_mut().and_then(|recorder| {
            recorder.depth -= 1;
            let part = recorder.open(node.range());
            recorder.depth += 1;
            part
        });
        let result = self.plain(id, node);
        let note = match &result {
            Err(Stop::Missing(missing)) => Some(self.missing(missing).message),
            Err(Stop::Fault(fault)) => Some(fault.message.clone()),
            Ok(_) => self.context.note.take(),
        };
        let only_reads = self.tree.only_reads;
        let Some(recorder) = self.recorder.as_mut() else {
            return result;
        };
        recorder.depth -= 1;
        recorder.told = told.unwrap_or_default();
        let shown = result.as_ref().ok().and_then(|value| recorder.shown(value, only_reads));
        if let Some(part) = part.and_then(|part| recorder.parts.get_mut(part)) {
            part.value = shown;
            // A fault is told once, where it arose.
            part.note = note.filter(|note| recorder.last_note.as_ref() != Some(note));
            if part.note.is_some() {
                recorder.last_note.clone_from(&part.note);
            }
        }
        if !passes_on(&node.kind) && recorder.decided.as_ref() != Some(&node.range()) {
            recorder.decided = Some(node.range());
            recorder.comparison = None;
        }
        result
    }

    /// A comparison has both its sides.
    pub(super) fn note_comparison(&mut self, range: &Range<usize>, operator: &'static str, left: &Value, right: &Value) {
        let only_reads = self.tree.only_reads;
        if let Some(recorder) = &mut self.recorder {
            recorder.decided = Some(range.clone());
            let sides = (recorder.shown(left, only_reads), recorder.shown(right, only_reads));
            recorder.comparison = if let (Some(left), Some(right)) = sides { Some(Comparison { left, right, operator }) } else { None };
        }
    }

    /// Both sides of `&&` or `||` were needed for the answer.
    pub(super) fn note_decided(&mut self, operator: Binary, range: &Range<usize>) {
        // A conjunction that its last side made false is decided there; all else needed both.
        if operator == Binary::Or {
            self.note_whole(range);
        }
    }

    /// Nothing smaller than this decided.
    pub(super) fn note_whole(&mut self, range: &Range<usize>) {
        if let Some(recorder) = &mut self.recorder {
            recorder.decided = Some(range.clone());
            recorder.comparison = None;
        }
    }

    /// A part that nobody needed to look at.
    pub(super) fn note_unevaluated(&mut self, id: NodeId) {
        let node = self.node(id);
        if matches!(node.kind, Kind::Literal(_)) {
            return;
        }
        if let Some(recorder) = &mut self.recorder
            && let Some(part) = recorder.open(node.range())
            && let Some(part) = recorder.parts.get_mut(part)
        {
            part.note = Some("not evaluated".to_owned());
        }
    }

    /// Begins an item of a predicate.
    pub(super) fn mark(&mut self, index: usize) -> Option<Mark> {
        let recorder = self.recorder.as_mut()?;
        let mark = Mark {
            parts: recorder.parts.len(),
            item: recorder.item,
            decided: recorder.decided.clone(),
            comparison: recorder.comparison.clone(),
            told: recorder.told,
        };
        recorder.item = Some(index);
        recorder.told = false;
        Some(mark)
    }

    /// Ends an item: its parts stay in the record when it is `told` and is the first that is.
    pub(super) fn release(&mut self, mark: Option<Mark>, told: bool) {
        let (Some(recorder), Some(mark)) = (self.recorder.as_mut(), mark) else {
            return;
        };
        recorder.item = mark.item;
        let keep = told && !mark.told;
        if !keep {
            recorder.parts.truncate(mark.parts);
            recorder.decided = mark.decided;
            recorder.comparison = mark.comparison;
        }
        recorder.told = mark.told || keep;
    }
}

/// Whether a node's answer is that of a part of it, which then is what decided.
fn passes_on(kind: &Kind) -> bool {
    match kind {
        Kind::Binary { operator, .. } => matches!(operator, Binary::And | Binary::Or | Binary::Coalesce),
        Kind::Unary { operator, .. } => *operator == Unary::Not,
        Kind::Conditional { .. } | Kind::Let { .. } | Kind::Sequence(_) => true,
        Kind::Each { each, .. } => {
            use crate::expr::ast::Each;
            matches!(each, Each::All | Each::Any | Each::None)
        }
        _ => false,
    }
}
