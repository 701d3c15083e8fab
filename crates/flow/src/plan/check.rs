//! Names: whether each that is used means something where it stands.

use super::{Variables, known};
use crate::{
    Code, Diagnostic, Severity, Sources, Span,
    expr::NameUse,
    schema::{Object, Shape},
    yaml::Node,
};
use std::{collections::HashMap, sync::Arc};

/// What is known of a step before anything runs.
#[derive(Clone, Debug)]
pub(super) struct StepInfo {
    pub(super) phase: &'static str,
    pub(super) id: Arc<str>,
    pub(super) output: Shape,
    pub(super) captures: Vec<Arc<str>>,
}

/// Where an expression stands, which decides what it sees.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    /// In a step, outside its captures and assertions: the index in the order of execution.
    Step(usize),
    /// In the captures of a step, after so many of them.
    Captures(usize, usize),
    /// In the assertions of a step.
    Asserts(usize),
    /// In `env` and the keys of the flow: variables and built-ins only.
    Flow,
}

impl At {
    fn ordinal(self) -> Option<usize> {
        match self {
            Self::Step(step) | Self::Captures(step, _) | Self::Asserts(step) => Some(step),
            Self::Flow => None,
        }
    }
}

/// What a bare name is to a step's own output.
enum Own {
    /// One of its fields, with what there is to say about it.
    Field(Option<Diagnostic>),
    Other,
}

/// Everything that a name of a flow can mean.
pub(super) struct Names<'a> {
    pub(super) variables: &'a Variables,
    pub(super) steps: Vec<StepInfo>,
    /// By name: the steps that capture it.
    pub(super) captures: HashMap<Arc<str>, Vec<usize>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(variables: &'a Variables, steps: Vec<StepInfo>) -> Self {
        let mut captures: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (index, step) in steps.iter().enumerate() {
            for name in &step.captures {
                captures.entry(name.clone()).or_default().push(index);
            }
        }
        Self { variables, steps, captures }
    }

    /// Checks the names of one text.
    pub(super) fn check(&self, uses: &[NameUse], node: &Node, at: At, sources: &Sources, out: &mut Vec<Diagnostic>) {
        for used in uses {
            let span = |range: &std::ops::Range<usize>| {
                sources.get(node.span.source).map_or(node.span, |source| node.span_at(source, range.clone()))
            };
            out.extend(self.look_up(used, at, &span));
        }
    }

    fn look_up(&self, used: &NameUse, at: At, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Option<Diagnostic> {
        let name = used.name.as_ref();
        if let Some(own) = self.own(at)
            && let Own::Field(found) = self.in_output(own, used, at, span)
        {
            return found;
        }
        if self.captured_before(name, at) || self.variables.get(name).is_some() {
            return None;
        }
        if let Some(step) = self.step_before(name, at) {
            return Self::in_step(step, used, 0, span);
        }
        if known::BUILT_INS.contains(&name) {
            return self.in_namespace(used, at, span);
        }
        // With a default it may come from outside, or not.
        if known::is_env_name(name) && (used.guarded || self.variables.process.contains_key(name)) {
            return None;
        }
        self.unknown(used, at, span)
    }

    /// The step whose output is seen by its bare names.
    fn own(&self, at: At) -> Option<&StepInfo> {
        match at {
            At::Captures(step, _) | At::Asserts(step) => self.steps.get(step),
            At::Step(_) | At::Flow => None,
        }
    }

    /// Whether the name is one of the step's own output.
    fn in_output(&self, own: &StepInfo, used: &NameUse, at: At, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Own {
        let name = used.name.as_ref();
        let Shape::Object(object) = &own.output else {
            // Anything may come back: what is no name of the flow's is taken for a field.
            let elsewhere = self.captured_before(name, at) || self.variables.get(name).is_some() || self.step_before(name, at).is_some();
            return if elsewhere || known::BUILT_INS.contains(&name) { Own::Other } else { Own::Field(None) };
        };
        if let Some((_, key)) = object.find(name) {
            let hides = self.captured_before(name, at) || self.variables.get(name).is_some();
            return Own::Field(if hides { Some(hidden(used, span)) } else { in_shape(&key.shape, used, 0, span) });
        }
        match name {
            "response" | "result" => Own::Field(in_object(object, used, 0, span)),
            "duration_ms" => Own::Field(None),
            _ => Own::Other,
        }
    }

    fn captured_before(&self, name: &str, at: At) -> bool {
        let Some(steps) = self.captures.get(name) else { return false };
        match at {
            At::Step(step) => steps.iter().any(|captured| *captured < step),
            At::Asserts(step) => steps.iter().any(|captured| *captured <= step),
            At::Captures(step, done) => {
                let earlier = |info: &StepInfo| info.captures.iter().take(done).any(|capture| **capture == *name);
                steps.iter().any(|captured| *captured < step) || self.steps.get(step).is_some_and(earlier)
            }
            At::Flow => false,
        }
    }

    /// The latest step of this id that can have run.
    fn step_before(&self, id: &str, at: At) -> Option<&StepInfo> {
        let here = at.ordinal()?;
        let own = usize::from(!matches!(at, At::Step(_)));
        self.steps.iter().take(here + own).rev().find(|step| *step.id == *id)
    }

    /// `STEP.NAME`: a capture of the step, then a field of its output. `skip` members lead to the step.
    fn in_step(step: &StepInfo, used: &NameUse, skip: usize, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Option<Diagnostic> {
        let (name, _) = used.path.get(skip)?;
        if step.captures.contains(name) || &**name == "duration_ms" {
            return None;
        }
        in_shape(&step.output, used, skip, span)
    }

    fn in_namespace(&self, used: &NameUse, at: At, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Option<Diagnostic> {
        let (member, range) = used.path.first()?;
        let unknown = |what: &str, known: Vec<&str>| {
            let diagnostic = Diagnostic::error(Code::UnknownName, span(range), format!("there is no {what} `{member}`"));
            Some(guarded(diagnostic.did_you_mean(member, known), used.path_guarded))
        };
        match used.name.as_ref() {
            "steps" | "setup" | "teardown" => {
                let phase = used.name.as_ref();
                let visible = at.ordinal().map_or(0, |here| here + usize::from(!matches!(at, At::Step(_))));
                let of_phase = |step: &&StepInfo| *step.id == **member && (phase == "steps" || step.phase == phase);
                match self.steps.iter().take(visible).rev().find(of_phase) {
                    Some(step) => Self::in_step(step, used, 1, span),
                    None if self.steps.iter().any(|step| of_phase(&step)) => Some(too_early(used, &format!("step `{member}`"), span)),
                    None => unknown("step", self.steps.iter().map(|step| step.id.as_ref()).collect()),
                }
            }
            "env" | "vars" => {
                let captured = used.name.as_ref() == "vars" && self.captured_before(member, at);
                let known = captured || self.variables.get(member).is_some() || self.variables.process.contains_key(member.as_ref());
                if known { None } else { unknown("variable", self.variables.names().map(AsRef::as_ref).collect()) }
            }
            "input" => unknown("input", Vec::new()),
            "flow" => {
                let members = ["name", "id", "status"];
                if members.contains(&member.as_ref()) { None } else { unknown("member of `flow`", members.to_vec()) }
            }
            "FAKER" => {
                let kind: Vec<_> = used.path.iter().map(|(name, _)| name.as_ref()).collect();
                let kind = kind.join(".");
                let known = crate::fake::kinds();
                (crate::fake::fake(&kind, crate::random::Seed::new(0)).is_none()).then(|| {
                    let diagnostic = Diagnostic::error(Code::UnknownName, span(range), format!("there is no fake value `{kind}`"));
                    diagnostic.did_you_mean(&kind, known.iter().copied())
                })
            }
            _ => None,
        }
    }

    fn unknown(&self, used: &NameUse, at: At, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Option<Diagnostic> {
        let name = used.name.as_ref();
        if ["response", "result"].contains(&name) {
            let message = format!("`{name}` is the output of the step, which only its own `assert` and `output` see");
            let diagnostic = Diagnostic::error(Code::MisplacedName, span(&used.range), message);
            return Some(diagnostic.help("write the id of an earlier step for its output: `STEP.body`"));
        }
        let captured = self.captures.get(name).map(|_| "a capture");
        let declared = captured.or_else(|| self.steps.iter().any(|step| *step.id == *name).then_some("a step"));
        if let Some(what) = declared {
            return (!used.guarded).then(|| too_early(used, &format!("`{name}`, {what},"), span));
        }
        let message = format!("nothing is called `{name}` here");
        let known = self.known(at);
        let diagnostic =
            Diagnostic::error(Code::UnknownName, span(&used.range), message).did_you_mean(name, known.iter().map(AsRef::as_ref));
        let diagnostic = if diagnostic.help.is_none() { diagnostic.help(self.advice(name, at)) } else { diagnostic };
        Some(guarded(diagnostic, used.guarded))
    }

    fn advice(&self, name: &str, at: At) -> String {
        let fields: Vec<_> = match self.own(at).map(|own| &own.output) {
            Some(Shape::Object(object)) => object.keys.keys().map(AsRef::as_ref).collect(),
            _ => Vec::new(),
        };
        if fields.is_empty() {
            format!("set it under `env:`, capture it in an earlier step, or pass `--var {name}=…`; a text needs quotes")
        } else {
            format!("the output has {}; a text needs quotes", fields.join(", "))
        }
    }

    /// All names that could have been meant.
    fn known(&self, at: At) -> Vec<Arc<str>> {
        let mut known: Vec<Arc<str>> = Vec::new();
        if let Some(Shape::Object(object)) = self.own(at).map(|own| &own.output) {
            known.extend(object.keys.keys().cloned());
        }
        known.extend(self.captures.keys().filter(|name| self.captured_before(name, at)).cloned());
        known.extend(self.variables.names().cloned());
        known.extend(self.steps.iter().filter(|step| self.step_before(&step.id, at).is_some()).map(|step| step.id.clone()));
        known.extend(known::BUILT_INS.iter().map(|name| Arc::from(*name)));
        known.sort();
        known
    }
}

fn guarded(mut diagnostic: Diagnostic, guarded: bool) -> Diagnostic {
    if guarded {
        diagnostic.severity = Severity::Warning;
    }
    diagnostic
}

fn too_early(used: &NameUse, what: &str, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Diagnostic {
    let message = format!("{what} has no value yet: what gives it one comes later");
    Diagnostic::error(Code::UsedTooEarly, span(&used.range), message)
        .help("use it in a later step, or move the step that gives it a value before this one")
}

fn hidden(used: &NameUse, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Diagnostic {
    let name = &used.name;
    let message = format!("`{name}` is the step's own output here; the variable or capture of that name is hidden");
    Diagnostic::warning(Code::HiddenName, span(&used.range), message)
        .help(format!("write `vars.{name}` for the other, or `response.{name}` to be plain"))
}

/// Whether the members after `skip` exist in a shape, as far as it is closed.
fn in_shape(shape: &Shape, used: &NameUse, skip: usize, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Option<Diagnostic> {
    match shape {
        Shape::Object(object) => in_object(object, used, skip, span),
        _ => None,
    }
}

fn in_object(object: &Object, used: &NameUse, skip: usize, span: &dyn Fn(&std::ops::Range<usize>) -> Span) -> Option<Diagnostic> {
    let (name, range) = used.path.get(skip)?;
    match object.find(name) {
        Some((_, key)) => in_shape(&key.shape, used, skip + 1, span),
        None if object.open || &**name == "duration_ms" || used.path_guarded => None,
        None => {
            let message = format!("the output has no member `{name}`");
            let diagnostic = Diagnostic::error(Code::MissingMember, span(range), message).did_you_mean(name, object.names());
            let list: Vec<_> = object.names().collect();
            Some(if diagnostic.help.is_none() { diagnostic.help(format!("it has {}", list.join(", "))) } else { diagnostic })
        }
    }
}
