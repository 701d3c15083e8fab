//! What is legal and looks like a mistake: captures that nobody uses, variables that a capture replaces, conditions that are decided.

use super::{At, Inside, Names, Place, StepInfo};
use crate::{
    Code, Diagnostic, Span,
    expr::{Doubt, NameUse},
    plan::Condition,
    schema::Shape,
};
use std::{collections::HashSet, sync::Arc};

/// What the texts of a flow use.
#[derive(Default)]
pub(in crate::plan) struct Used<'a> {
    /// Names as they stand, and those of variables behind `vars.`.
    names: HashSet<&'a str>,
    /// Steps, and what is taken of them; of `None` all.
    of_steps: HashSet<(&'a str, Option<&'a str>)>,
}

impl<'a> Used<'a> {
    pub(in crate::plan) fn new(uses: impl Iterator<Item = &'a NameUse>) -> Self {
        let mut used = Self::default();
        for it in uses {
            let member = |index: usize| it.path.get(index).map(|(name, _)| name.as_ref());
            match it.name.as_ref() {
                "vars" | "env" => used.names.extend(member(0)),
                "steps" | "setup" | "teardown" => used.of_steps.extend(member(0).map(|id| (id, member(1)))),
                name => {
                    used.names.insert(name);
                    used.of_steps.insert((name, member(0)));
                }
            }
        }
        used
    }

    /// A text whose names are not known one by one.
    pub(in crate::plan) fn add_words(&mut self, words: impl Iterator<Item = &'a str>) {
        for word in words {
            self.names.insert(word);
            self.of_steps.insert((word, None));
        }
    }

    fn takes(&self, step: &StepInfo, name: &str) -> bool {
        self.of_steps.contains(&(step.id.as_ref(), None)) || self.of_steps.contains(&(step.id.as_ref(), Some(name)))
    }

    fn names_step(&self, id: &str) -> bool {
        self.of_steps.iter().any(|(step, _)| *step == id)
    }
}

impl Names<'_> {
    /// Captures that no text uses. What is masked is captured for that.
    pub(in crate::plan) fn unused_captures(&self, used: &Used, is_secret: impl Fn(Span, &str) -> bool, out: &mut Vec<Diagnostic>) {
        for (ordinal, step) in self.steps.iter().enumerate() {
            // Loops and branches give what was captured in them.
            let is_given = self.around(ordinal).any(|(around, _)| {
                let around = self.steps.get(around).filter(|info| matches!(info.inside, Inside::Loop { .. } | Inside::Branches));
                around.is_some_and(|info| used.names_step(&info.id))
            });
            let is_used = |name: &str| is_given || used.names.contains(name) || used.takes(step, name);
            for (name, span) in step.captures.iter().filter(|(name, span)| !is_used(name) && !is_secret(*span, name)) {
                let unused = Diagnostic::warning(Code::UnusedCapture, *span, format!("`{name}` is captured here, and nothing uses it"));
                out.push(unused.help("use it, for example in an assertion of a later step, or take it away"));
            }
        }
    }

    /// Variables that earlier steps use by a name which a capture takes for something else.
    pub(in crate::plan) fn replaced_variables<'u>(&self, uses: impl Iterator<Item = (&'u NameUse, Place<'u>)>, out: &mut Vec<Diagnostic>) {
        let mut told: HashSet<&str> = HashSet::new();
        for (used, place) in uses {
            let name = used.name.as_ref();
            let (Some(here), Some(captures)) = (place.at.step(), self.captures.get(name)) else { continue };
            let is_variable =
                self.variables.get(name).is_some() && !self.captured_before(name, place.at) && !self.loop_name(name, place.at);
            let of_output = || self.own_output(place.at).is_some_and(|object| object.find(name).is_some());
            let Some(by) = captures.iter().find(|by| self.is_before(here, **by)).and_then(|by| self.steps.get(*by)) else { continue };
            if !is_variable || of_output() || !told.insert(name) {
                continue;
            }
            let Some((_, span)) = by.captures.iter().find(|(captured, _)| **captured == *name) else { continue };
            let message =
                format!("`{name}` means another thing from here on: the variable of that name is hidden, which an earlier step uses");
            let hidden = Diagnostic::warning(Code::HiddenName, *span, message).with(place.span(&used.range), "the variable is used here");
            out.push(hidden.help("give the capture another name"));
        }
    }

    /// What of a condition is decided before anything runs; of an assertion also that all of it is.
    pub(in crate::plan) fn decided(&self, condition: &Condition, place: &Place, out: &mut Vec<Diagnostic>) {
        let shape_of = |name: &str, member: Option<&str>| self.shape_of(name, member, place.at);
        let is_assertion = matches!(place.at, At::Asserts(_));
        let whole = condition.expr.range();
        // A `when: false` is a switch; an assertion that is decided asserts nothing.
        let is_meant = |doubt: &Doubt| is_assertion || doubt.range != whole || doubt.code == Code::NeverEqual;
        for Doubt { code, range, message, help } in condition.expr.doubts(&shape_of).into_iter().filter(is_meant) {
            out.push(Diagnostic::warning(code, place.span(&range), message).help(help));
        }
    }

    /// The shape of what a name means, where that is certain: a field of an output that its action declares.
    fn shape_of(&self, name: &str, member: Option<&str>, at: At) -> Option<Shape> {
        if let Some(own) = self.own(at) {
            match (own.output.object().and_then(|object| object.find(name)), name) {
                (Some((_, key)), _) => return Some(key.shape.clone()),
                (None, "response" | "result") => return Some(own.output.clone()),
                (None, _) if own.output.object().is_none() => return None,
                _ => {}
            }
        }
        if self.loop_name(name, at) || self.captured_before(name, at) || self.variables.get(name).is_some() {
            return None;
        }
        let step = self.step_before(name, at)?;
        let is_captured = |member: &str| step.captures(member);
        (!member.is_some_and(is_captured)).then(|| step.output.clone())
    }
}

/// The words of a text that may be names.
pub(in crate::plan) fn words(text: &Arc<str>) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').flat_map(|word| std::iter::once(word).chain(word.split('-')))
}
