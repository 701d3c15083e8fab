//! Names: whether each that is used means something where it stands.

mod doubts;
mod early;
mod maybe;
mod members;
mod outside;
mod place;
mod reach;
mod unknown;

pub(super) use doubts::{Used, words};
pub(super) use outside::Seen;
pub(super) use place::{At, Place, TextKind};

use super::{Variables, known};
use crate::{
    Code, Diagnostic, Severity, Span,
    expr::NameUse,
    schema::{Object, Shape},
};
use std::{
    cell::RefCell,
    collections::HashMap,
    ops::{ControlFlow, Range},
    sync::Arc,
};

/// What is known of a step before anything runs.
#[derive(Clone, Debug)]
pub(super) struct StepInfo {
    pub(super) phase: &'static str,
    pub(super) id: Arc<str>,
    /// Where its id stands.
    pub(super) span: Span,
    pub(super) output: Shape,
    /// In written order, each with the place of its name.
    pub(super) captures: Vec<(Arc<str>, Span)>,
    /// The step that it stands in, and the ordinal of the list there.
    pub(super) parent: Option<(usize, usize)>,
    /// What it does with the steps inside it.
    pub(super) inside: Inside,
    /// The ordinal behind those of all steps inside it.
    pub(super) end: usize,
    /// Why it may end without its captures although the flow goes on: its `when`, `disabled`, `on_error: ignore`.
    pub(super) may_lack: Option<MayLack>,
    /// Names that its `when` or condition looks at as something that may be absent.
    pub(super) guards: Vec<Arc<str>>,
}

/// What becomes of the steps inside a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    Nothing,
    /// One of two lists runs, perhaps none.
    Either {
        both: bool,
    },
    /// The list runs for each item.
    Loop {
        item: Arc<str>,
        index: Arc<str>,
        parallel: bool,
        may_be_empty: bool,
    },
    /// All lists run at the same time.
    Branches,
    /// The list runs again and again.
    Rounds,
    /// Another flow.
    Call,
}

/// Why a step may end without its captures although the flow goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MayLack {
    /// Its `when`, as it is written.
    When(Arc<str>),
    Disabled,
    Ignored,
}

impl StepInfo {
    fn captures(&self, name: &str) -> bool {
        self.captures.iter().any(|(captured, _)| **captured == *name)
    }
}

/// Everything that a name of a flow can mean.
pub(super) struct Names<'a> {
    variables: &'a Variables,
    /// In the order in which they run.
    steps: Vec<StepInfo>,
    /// By name: the steps that capture it.
    captures: HashMap<Arc<str>, Vec<usize>>,
    /// By id: the steps that have it, in order.
    ids: HashMap<Arc<str>, Vec<usize>>,
    /// What the caller passes, where that is known.
    passed: Option<Vec<Arc<str>>>,
    /// Something that gives names could not be read, which is reported: an unknown name may be one of those.
    incomplete: bool,
    /// Keys that stand in the wrong place, which is reported: what they were to give has no value.
    strays: Vec<Arc<str>>,
    /// It is planned by itself, and runs only when another flow calls it: what is unknown is an input.
    is_library: bool,
    /// The flow has rows of data.
    has_rows: bool,
    seen: RefCell<Seen>,
}

impl<'a> Names<'a> {
    pub(super) fn new(variables: &'a Variables, steps: Vec<StepInfo>, incomplete: bool, strays: Vec<Arc<str>>) -> Self {
        let mut captures: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        let mut ids: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (index, step) in steps.iter().enumerate() {
            ids.entry(step.id.clone()).or_default().push(index);
            for (name, _) in &step.captures {
                captures.entry(name.clone()).or_default().push(index);
            }
        }
        Self {
            variables,
            steps,
            captures,
            ids,
            passed: None,
            incomplete,
            strays,
            is_library: false,
            has_rows: false,
            seen: RefCell::default(),
        }
    }

    /// Of a flow that another calls: the names that are passed to it, when they are known.
    pub(super) fn passed(mut self, passed: Option<Vec<Arc<str>>>) -> Self {
        self.passed = passed;
        self
    }

    /// A name that is used where it means one of two things.
    fn hidden(&self, used: &NameUse, place: &Place, nearer: &str) -> Diagnostic {
        let name = &used.name;
        let is_variable = self.captured_before(name, place.at) || self.variables.get(name).is_some();
        let own = if self.own(place.at).is_some() { format!(", or `response.{name}` to be plain") } else { String::new() };
        let (other, way) = match () {
            () if is_variable && nearer != "a variable or capture" => {
                ("the variable or capture", format!("write `vars.{name}` for the other{own}"))
            }
            () if self.loop_name(name, place.at) => {
                ("what the loop goes through, which has that name too,", format!("give it another name, with `item_name`{own}"))
            }
            () => ("the step", format!("write `steps.{name}` for the step, or give it another id")),
        };
        let message = format!("`{name}` is {nearer} here; {other} of that name is hidden");
        Diagnostic::warning(Code::HiddenName, place.span(&used.range), message).help(way)
    }

    /// Whether a name is that of a step too, and what stands behind it is in the output of that step.
    fn means_step(&self, used: &NameUse, at: At) -> bool {
        let Some((member, _)) = used.path.first() else { return false };
        let has = |step: &StepInfo| step.captures(member) || step.output.object().is_some_and(|object| object.find(member).is_some());
        self.step_before(&used.name, at).is_some_and(has)
    }

    /// Checks the names of one text.
    pub(super) fn check(&self, uses: &[NameUse], place: &Place, out: &mut Vec<Diagnostic>) {
        out.extend(uses.iter().filter_map(|used| self.look_up(used, place)));
    }

    /// A variable of `let` that is called like something else would hide it from whoever reads on.
    pub(super) fn check_lets(&self, lets: &[(Arc<str>, Range<usize>)], place: &Place, out: &mut Vec<Diagnostic>) {
        for (name, range) in lets {
            let of_output = self.own_output(place.at).is_some_and(|object| object.find(name).is_some());
            let what = match (of_output, self.is_declared(name), self.steps.iter().any(|step| step.id == *name)) {
                (true, ..) => "a field of the output",
                (_, true, _) => "a variable or capture",
                (.., true) => "a step",
                _ => continue,
            };
            let message = format!("`let {name}` hides {what} of that name");
            out.push(Diagnostic::error(Code::HiddenName, place.span(range), message).help("choose another name"));
        }
    }

    /// Whether a variable or a capture of any step has this name.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.variables.get(name).is_some() || self.captures.contains_key(name)
    }

    /// All variables and captures.
    pub(super) fn declared(&self) -> impl Iterator<Item = &str> + Clone {
        self.variables.by_name.keys().chain(self.captures.keys()).map(AsRef::as_ref)
    }

    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    fn look_up(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let (name, at) = (used.name.as_ref(), place.at);
        if let Some(own) = self.own(at)
            && let ControlFlow::Break(found) = self.in_output(own, used, place)
        {
            return found;
        }
        let is_other = self.captured_before(name, at) || self.variables.get(name).is_some();
        if self.loop_name(name, at) {
            return (is_other || self.means_step(used, at)).then(|| self.hidden(used, place, "what a loop goes through"));
        }
        if is_other {
            self.note_column(name, &used.range, place);
            let hides = || self.means_step(used, at).then(|| self.hidden(used, place, "a variable or capture"));
            return self.maybe_without(used, place).or_else(hides);
        }
        if let Some(step) = self.step_before(name, at) {
            return members::in_step(step, used, 0, place).or_else(|| self.maybe_not_run(name, used, place));
        }
        if known::BUILT_INS.contains(&name) {
            return self.in_namespace(used, place);
        }
        if name == "data" && self.has_rows {
            return self.all_rows(used, place);
        }
        // With a default it may come from outside, or not.
        if self.of_process(name) || (used.guarded && known::is_env_name(name)) {
            return None;
        }
        self.without_meaning(used, place)
    }

    /// The step whose output is seen by its bare names.
    fn own(&self, at: At) -> Option<&StepInfo> {
        match at {
            At::Captures(step, _) | At::Asserts(step) => self.steps.get(step),
            At::Step(_) | At::After(_) | At::Output(_) | At::Flow => None,
        }
    }

    /// The names of that output, as far as they are known.
    fn own_output(&self, at: At) -> Option<&Arc<Object>> {
        self.own(at)?.output.object()
    }

    /// `Break` when the name is one of the step's own output, with what there is to say about it.
    fn in_output(&self, own: &StepInfo, used: &NameUse, place: &Place) -> ControlFlow<Option<Diagnostic>> {
        let (name, at) = (used.name.as_ref(), place.at);
        let Shape::Object(object) = &own.output else {
            // Anything may come back: what is no name of the flow's is taken for a field.
            let elsewhere = self.loop_name(name, at)
                || self.captured_before(name, at)
                || self.variables.get(name).is_some()
                || self.step_before(name, at).is_some();
            let is_field = !elsewhere && !known::BUILT_INS.contains(&name);
            return if is_field { ControlFlow::Break(None) } else { ControlFlow::Continue(()) };
        };
        if let Some((_, key)) = object.find(name) {
            let is_other = self.loop_name(name, at) || self.captured_before(name, at) || self.variables.get(name).is_some();
            let hides = is_other || self.means_step(used, at);
            let what = format!("`{name}`");
            let found = if hides {
                Some(self.hidden(used, place, "the step's own output"))
            } else {
                members::in_shape(&key.shape, used, 0, &what, place)
            };
            return ControlFlow::Break(found);
        }
        match name {
            "response" | "result" => ControlFlow::Break(members::in_object(object, used, 0, "the output", place)),
            "duration_ms" => ControlFlow::Break(None),
            _ => ControlFlow::Continue(()),
        }
    }
}

/// Under `exists` and `??` what is unknown is only a warning.
fn guarded(mut diagnostic: Diagnostic, guarded: bool) -> Diagnostic {
    if guarded {
        diagnostic.severity = Severity::Warning;
    }
    diagnostic
}
