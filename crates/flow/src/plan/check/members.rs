//! Members: of namespaces, of the output of steps, as far as their shape is known.

use super::{Inside, Names, Place, StepInfo, guarded, unknown::advice};
use crate::{
    Code, Diagnostic,
    expr::NameUse,
    nearest,
    schema::{Object, Shape},
};

impl Names<'_> {
    /// What there is to say about `NAME.MEMBER` where `NAME` is built in.
    pub(super) fn in_namespace(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let (member, range) = used.path.first()?;
        let unknown = |message: String, help: String| {
            let diagnostic = Diagnostic::error(Code::UnknownName, place.member(range), message).help(help);
            // What nothing gives is unknown to `== nil` too, as it is when it stands alone: with a misspelt name it would always hold.
            Some(guarded(diagnostic, used.guarded))
        };
        match used.name.as_ref() {
            "steps" | "setup" | "teardown" => self.in_phase(used, place),
            name @ ("env" | "vars") => {
                let captured = name == "vars" && (self.captured_before(member, place.at) || self.loop_name(member, place.at));
                if self.variables.get(member).is_some() {
                    self.note_column(member, range, place);
                }
                let is_known = captured || self.variables.get(member).is_some() || self.of_process(member);
                if is_known || self.note_input(member) {
                    return None;
                }
                let help = did_you_mean(member, self.declared()).unwrap_or_else(|| advice(member, place.at));
                if self.incomplete { None } else { unknown(format!("there is no variable `{member}`"), help) }
            }
            "input" => {
                let help = match &self.passed {
                    _ if self.incomplete || self.note_input(member) => return None,
                    Some(passed) if passed.contains(member) => return None,
                    Some(passed) => did_you_mean(member, passed.iter().map(AsRef::as_ref))
                        .unwrap_or_else(|| format!("pass it: `input: {{{member}: …}}` in the `run_flow` that calls this flow")),
                    None => "nothing calls this flow with inputs".into(),
                };
                unknown(format!("there is no input `{member}`"), help)
            }
            "flow" => self.in_flow(used, place),
            "FAKER" => fake(used, place),
            _ => None,
        }
    }

    /// `flow.status` and its like; what a called flow gave stands there too, after the call.
    fn in_flow(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        const MEMBERS: [&str; 4] = ["name", "id", "status", "output"];
        let (member, range) = used.path.first()?;
        let unknown = |message: String, help: String| {
            Some(guarded(Diagnostic::error(Code::UnknownName, place.member(range), message).help(help), used.path_guarded))
        };
        if !MEMBERS.contains(&member.as_ref()) {
            let help = did_you_mean(member, MEMBERS).unwrap_or_else(|| format!("it has {}", MEMBERS.join(", ")));
            return unknown(format!("`flow` has no member `{member}`"), help);
        }
        if member.as_ref() != "output" {
            return None;
        }
        let calls = (0..self.steps.len()).rev().filter(|step| self.steps.get(*step).is_some_and(|info| info.inside == Inside::Call));
        let Some(call) = calls.into_iter().find(|step| self.reaches(*step, place.at)).and_then(|step| self.steps.get(step)) else {
            return unknown("no flow was called before, so there is no `flow.output`".into(), "call one with `run_flow`".into());
        };
        in_shape(&call.output, used, 0, &format!("what `{}` gives", call.id), place)
    }

    /// `steps.ID`, `setup.ID`, `teardown.ID`; what stands behind the id is looked up in the step.
    fn in_phase(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let phase = used.name.as_ref();
        let (id, range) = used.path.first()?;
        let is_meant = |step: &StepInfo| step.id == *id && (phase == "steps" || step.phase == phase);
        if let Some(step) = self.ordinal_before(id, place.at, is_meant).and_then(|ordinal| self.steps.get(ordinal)) {
            return in_step(step, used, 1, place);
        }
        if let Some(index) = self.steps.iter().position(is_meant) {
            return (!used.path_guarded).then(|| self.step_too_early(index, place.member(range), place));
        }
        let elsewhere = self.steps.iter().find(|step| step.id == *id);
        let elsewhere = elsewhere.map(|step| format!("it is in `{0}`: did you mean `{0}.{id}`?", step.phase));
        let ids = self.steps.iter().filter(|step| phase == "steps" || step.phase == phase).map(|step| step.id.as_ref());
        let near = || did_you_mean(id, ids.clone());
        let help = elsewhere.or_else(near).unwrap_or_else(|| match ids.collect::<Vec<_>>().as_slice() {
            [] => format!("the flow has no step in `{phase}`"),
            ids => format!("its steps are {}", ids.join(", ")),
        });
        let message = format!("`{phase}` has no step `{id}`");
        Some(guarded(Diagnostic::error(Code::UnknownName, place.member(range), message).help(help), used.guarded))
    }
}

fn fake(used: &NameUse, place: &Place) -> Option<Diagnostic> {
    let kind = used.path.iter().map(|(name, _)| name.as_ref()).collect::<Vec<_>>().join(".");
    if crate::fake::fake(&kind, crate::random::Seed::new(0)).is_some() {
        return None;
    }
    let ((_, first), (_, last)) = (used.path.first()?, used.path.last()?);
    let help =
        did_you_mean(&kind, crate::fake::kinds().iter().copied()).unwrap_or_else(|| "write for example `FAKER.internet.email`".into());
    let span = place.member(&(first.start..last.end));
    Some(Diagnostic::error(Code::UnknownName, span, format!("there is no fake value `{kind}`")).help(help))
}

/// `STEP.NAME`: a capture of the step, then a field of its output. `skip` members lead to the step.
pub(super) fn in_step(step: &StepInfo, used: &NameUse, skip: usize, place: &Place) -> Option<Diagnostic> {
    let (name, _) = used.path.get(skip)?;
    if step.captures(name) {
        return None;
    }
    let captures = || step.captures.iter().map(|(name, _)| name.as_ref());
    let found = in_shape(&step.output, used, skip, &format!("the output of `{}`", step.id), place)?;
    Some(match nearest::nearest(name, captures()) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found,
    })
}

/// Whether the members after `skip` exist in a shape, as far as it is closed. `what` is it in words.
pub(super) fn in_shape(shape: &Shape, used: &NameUse, skip: usize, what: &str, place: &Place) -> Option<Diagnostic> {
    in_object(shape.object()?, used, skip, what, place)
}

pub(super) fn in_object(object: &Object, used: &NameUse, skip: usize, what: &str, place: &Place) -> Option<Diagnostic> {
    let (name, range) = used.path.get(skip)?;
    match object.find(name) {
        Some((_, key)) => in_shape(&key.shape, used, skip + 1, &format!("`{name}`"), place),
        None if object.open || &**name == "duration_ms" => None,
        None => {
            let names: Vec<_> = object.names().collect();
            let help = nearest::meant(name, names.clone()).map(|near| format!("did you mean `{near}`?"));
            let help = help.unwrap_or_else(|| if names.is_empty() { "it has none".into() } else { format!("it has {}", names.join(", ")) });
            let missing = Diagnostic::error(Code::MissingMember, place.member(range), format!("{what} has no member `{name}`"));
            // Where null would do it is never there: true whatever the answer is.
            Some(guarded(missing.help(help), used.path_guarded))
        }
    }
}

fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest::nearest(found, known).map(|near| format!("did you mean `{near}`?"))
}
