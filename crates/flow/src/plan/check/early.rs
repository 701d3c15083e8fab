//! Names that are declared, and have no value yet where they are used.

use super::{At, Inside, Names, Place, StepInfo};
use crate::{Code, Diagnostic, Span, expr::NameUse};

impl Names<'_> {
    /// `Some` when the name is a capture or step that has its value later.
    pub(super) fn too_early(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let name = used.name.as_ref();
        if let Some(index) = self.captures.get(name).and_then(|steps| steps.first()) {
            return Some(self.capture_too_early(used, *index, place));
        }
        let index = self.steps.iter().position(|step| *step.id == *name)?;
        Some(self.step_too_early(index, place.span(&used.range), place))
    }

    fn capture_too_early(&self, used: &NameUse, index: usize, place: &Place) -> Diagnostic {
        let name = used.name.as_ref();
        let error = |code: Code, message: String| Diagnostic::error(code, place.span(&used.range), message);
        let Some(step) = self.steps.get(index) else {
            return error(Code::UsedTooEarly, format!("`{name}` has no value yet"));
        };
        let own = place.at.step() == Some(index);
        let diagnostic = match place.at {
            At::Flow => error(Code::MisplacedName, format!("`{name}` is a capture, and variables and built-ins alone can stand here"))
                .help(format!("write `${{{name}}}` in the step that needs it")),
            At::Captures(..) if own => error(Code::UsedTooEarly, format!("`{name}` has no value yet: it is captured below"))
                .help(format!("captures are taken in written order: write `{name}` above")),
            At::Captures(..) | At::Step(_) | At::Asserts(_) | At::After(_) if self.is_elsewhere(index, place.at) => {
                let place_of = self.apart(index, place.at);
                error(Code::UsedTooEarly, format!("`{name}` has no value here: {} captures it, {place_of}", described(step)))
                    .help("capture it before the two part, or use it after them")
            }
            _ if own => error(Code::UsedTooEarly, format!("`{name}` has no value yet: this step captures it when it has run"))
                .help("use it in a later step"),
            _ => error(Code::UsedTooEarly, format!("`{name}` has no value yet: {} captures it, and comes later", described(step)))
                .help(format!("use it after {0}, or move {0} before this step", described(step))),
        };
        match step.captures.iter().find(|(captured, _)| **captured == *name) {
            Some((_, span)) => diagnostic.with(*span, "captured here"),
            None => diagnostic,
        }
    }

    /// The step at `index` has no output yet at `span`.
    pub(super) fn step_too_early(&self, index: usize, span: Span, place: &Place) -> Diagnostic {
        let error = |code: Code, message: String| Diagnostic::error(code, span, message);
        let Some(step) = self.steps.get(index) else {
            return error(Code::UsedTooEarly, "the step has no output yet".into());
        };
        let what = described(step);
        match place.at {
            At::Flow => error(Code::MisplacedName, format!("{what} has its output later: variables and built-ins alone can stand here"))
                .help("use it in the step that needs it"),
            at if self.is_elsewhere(index, at) => {
                error(Code::UsedTooEarly, format!("{what} has no output here: it stands {}", self.apart(index, at)))
                    .with(step.span, "it stands here")
                    .help("use it after both")
            }
            at if at.step().is_some_and(|here| self.is_inside(here, index)) => {
                error(Code::UsedTooEarly, format!("{what} has no output yet: this step is inside it"))
                    .help("use the id of an earlier step, or a variable")
            }
            at if at.step() == Some(index) => error(Code::UsedTooEarly, format!("{what} has no output yet: this is what it is to do"))
                .help("use the id of an earlier step, or a variable"),
            _ => error(Code::UsedTooEarly, format!("{what} has no output yet: it comes later"))
                .with(step.span, "it stands here")
                .help(format!("use it after {what}, or move {what} before this step")),
        }
    }
}

impl Names<'_> {
    /// Whether the step stands in a list that does not run before that of the place.
    fn is_elsewhere(&self, index: usize, at: At) -> bool {
        at.step().and_then(|here| self.meeting(index, here)).is_some_and(|(.., (of_step, of_place))| of_step != of_place)
    }

    /// How the two lists are to each other, in words.
    fn apart(&self, index: usize, at: At) -> &'static str {
        match at.step().and_then(|here| self.meeting(index, here)) {
            Some((_, meeting, _)) if meeting.inside == Inside::Branches => "in a branch that runs at the same time",
            _ => "in the other branch",
        }
    }
}

fn described(step: &StepInfo) -> String {
    format!("step `{}`", step.id)
}
