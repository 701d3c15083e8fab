//! Names that perhaps have no value where they are used, since the step that gives it may not run.

use super::{At, Inside, MayLack, Names, Place, StepInfo};
use crate::{Code, Diagnostic, Span, expr::NameUse, plan::Variable};

impl Names<'_> {
    /// A doubt about a capture that may not have been taken; `None` when a variable of that name has a value in any case.
    pub(super) fn maybe_without(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let (name, at) = (used.name.as_ref(), place.at);
        let variable = self.variables.get(name);
        if let (At::Flow, Some(column)) = (at, variable.filter(|column| !column.is_sure() && !used.guarded)) {
            return Some(self.doubt(&format!("`{name}`"), name, Why::Row(column.span), used, place));
        }
        if self.is_expected_to_lack(name, used, at) || variable.is_some_and(Variable::is_sure) {
            return None;
        }
        let own = self.own(at).is_some_and(|own| own.captures(name));
        if own || self.captures_before(name, at).any(|from| self.surely(from, Wanted::Capture(name), at).is_ok()) {
            return None;
        }
        if self.captures_before(name, at).next().is_none() {
            return variable.map(|column| self.doubt(&format!("`{name}`"), name, Why::Row(column.span), used, place));
        }
        let why = self.captures_before(name, at).filter_map(|from| self.surely(from, Wanted::Capture(name), at).err()).last()?;
        Some(self.doubt(&format!("`{name}`"), name, why, used, place))
    }

    /// The same for the output of a step that may not have run.
    pub(super) fn maybe_not_run(&self, id: &str, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let at = place.at;
        if self.is_expected_to_lack(id, used, at) {
            return None;
        }
        let from = self.ordinal_before(id, at, |_| true)?;
        if self.own(at).is_some() && at.step() == Some(from) {
            return None;
        }
        let why = self.surely(from, Wanted::Output, at).err()?;
        Some(self.doubt(&format!("the output of `{id}`"), id, why, used, place))
    }

    /// Under `exists` or `??`, in the teardown, and where a condition around the place has looked whether it is there.
    fn is_expected_to_lack(&self, name: &str, used: &NameUse, at: At) -> bool {
        let Some(step) = at.step().or(if let At::Output(_) = at { Some(usize::MAX) } else { None }) else { return true };
        let in_teardown = self.steps.get(step).is_some_and(|info| info.phase == "teardown");
        let looks = |info: &StepInfo| info.guards.iter().any(|guarded| **guarded == *name);
        let looked = self.steps.get(step).is_some_and(looks) || self.around(step).any(|(it, _)| self.steps.get(it).is_some_and(looks));
        used.guarded || used.path_guarded && used.path.is_empty() || in_teardown || looked
    }

    /// Whether step `from` has surely given its value where `at` is; else the step that may keep it from doing so.
    fn surely(&self, from: usize, wanted: Wanted, at: At) -> Result<(), Why> {
        let here = at.step();
        if here.is_some_and(|here| !self.is_before(from, here) && !self.is_inside(from, here)) {
            return Err(Why::FirstRound);
        }
        self.runs_surely(from, here)?;
        let mut inner = from;
        for (around, list) in self.around(from) {
            if here.is_some_and(|here| self.is_inside(here, around)) {
                break;
            }
            self.inside_surely(around, list, inner, wanted)?;
            if Some(around) == here {
                break;
            }
            self.runs_surely(around, here)?;
            inner = around;
        }
        Ok(())
    }

    fn runs_surely(&self, step: usize, here: Option<usize>) -> Result<(), Why> {
        match self.steps.get(step).and_then(|info| info.may_lack.as_ref()) {
            None => Ok(()),
            Some(MayLack::When(when)) if here.is_some_and(|here| self.has_when(here, when)) => Ok(()),
            Some(_) => Err(Why::Step(step)),
        }
    }

    /// Whether the place runs under the same condition.
    fn has_when(&self, here: usize, when: &str) -> bool {
        let same = |info: &StepInfo| matches!(&info.may_lack, Some(MayLack::When(text)) if text.trim() == when.trim());
        self.steps.get(here).is_some_and(same) || self.around(here).any(|(around, _)| self.steps.get(around).is_some_and(same))
    }

    /// Whether the list of `around` that the value comes from runs surely, or another gives the same value when it does not.
    fn inside_surely(&self, around: usize, list: usize, inner: usize, wanted: Wanted) -> Result<(), Why> {
        let Some(info) = self.steps.get(around) else { return Ok(()) };
        match &info.inside {
            Inside::Either { both } => {
                let other = |other: usize| other != list && self.list_gives(around, other, wanted);
                if *both && (0..2).any(other) { Ok(()) } else { Err(Why::Branch(around, inner)) }
            }
            Inside::Loop { may_be_empty: true, .. } => Err(Why::Empty(around)),
            _ => Ok(()),
        }
    }

    /// Whether a list inside a step gives a value of this name in any case.
    fn list_gives(&self, around: usize, list: usize, wanted: Wanted) -> bool {
        let Wanted::Capture(name) = wanted else { return false };
        let Some(end) = self.steps.get(around).map(|info| info.end) else { return false };
        (around + 1..end).any(|step| {
            let Some(info) = self.steps.get(step).filter(|info| info.parent == Some((around, list))) else { return false };
            let gives = info.captures(name)
                || match &info.inside {
                    Inside::Either { both } => *both && (0..2).all(|list| self.list_gives(step, list, wanted)),
                    Inside::Loop { may_be_empty, .. } => !may_be_empty && self.list_gives(step, 0, wanted),
                    Inside::Rounds => self.list_gives(step, 0, wanted),
                    Inside::Branches => (0..info.end - step).any(|list| self.list_gives(step, list, wanted)),
                    Inside::Nothing | Inside::Call => false,
                };
            gives && info.may_lack.is_none()
        })
    }

    fn doubt(&self, what: &str, name: &str, why: Why, used: &NameUse, place: &Place) -> Diagnostic {
        let of = |step: usize| self.steps.get(step);
        let (reason, span) = match why {
            Why::Step(step) => match of(step).and_then(|info| info.may_lack.as_ref().map(|lack| (info, lack))) {
                Some((info, MayLack::When(_))) => (format!("step `{}` is skipped when its `when` is false", info.id), Some(info.span)),
                Some((info, MayLack::Disabled)) => (format!("step `{}` is disabled", info.id), Some(info.span)),
                Some((info, MayLack::Ignored)) => {
                    (format!("step `{}` may end without it, and `on_error: ignore` goes on", info.id), Some(info.span))
                }
                None => (String::new(), None),
            },
            Why::Branch(around, inner) => {
                let id = |step: usize| of(step).map(|info| info.id.to_string()).unwrap_or_default();
                let reason = format!("step `{}` runs in one branch of `{}` only", id(inner), id(around));
                (reason, of(inner).map(|info| info.span))
            }
            Why::Empty(around) => match of(around) {
                Some(info) => (format!("`{}` may have no item at all", info.id), Some(info.span)),
                None => (String::new(), None),
            },
            Why::Row(column) => ("some rows of the data do not have it".to_owned(), column),
            Why::FirstRound => ("what gives it one comes later in the round, so the first round has none".to_owned(), None),
        };
        let message = format!("{what} may have no value here: {reason}");
        let doubt = Diagnostic::warning(Code::MaybeUndefined, place.span(&used.range), message);
        let is_row = matches!(why, Why::Row(_));
        let doubt = span.map_or(doubt.clone(), |span| doubt.with(span, if is_row { "this column" } else { "this step" }));
        let other = if is_row { "give it to each row, or a default under `env:`" } else { "give this step the same condition" };
        doubt.help(format!("say what it is then, `{name} ?? …`, or {other}"))
    }
}

#[derive(Clone, Copy)]
enum Wanted<'a> {
    Capture(&'a str),
    Output,
}

/// What may keep a value from being there.
#[derive(Clone, Copy)]
enum Why {
    /// The step itself is skipped or fails.
    Step(usize),
    /// The step stands in one of two branches: that of the first, the second.
    Branch(usize, usize),
    /// A loop without an item.
    Empty(usize),
    /// It is captured later in the round.
    FirstRound,
    /// It is a column that some rows lack.
    Row(Option<Span>),
}
