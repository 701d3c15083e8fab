//! What is wrong with a document, as plain data.

use std::ops::Range;

/// One problem: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub message: String,
    /// The bytes of the text that it is about.
    pub range: Range<usize>,
    pub help: Option<String>,
}

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The text is not TOML.
    Syntax,
    UnknownKey,
    MissingKey,
    WrongType,
    /// The type is right, the value is not.
    BadValue,
}

impl Problem {
    pub fn new(kind: ProblemKind, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), range, help: None }
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

/// In the order of the text, without those that merely follow from a mistake in the syntax of the same value.
pub(super) fn tidy(problems: &mut Vec<Problem>) {
    let broken: Vec<usize> =
        problems.iter().filter(|problem| problem.kind == ProblemKind::Syntax).map(|problem| problem.range.start).collect();
    let echoes = |problem: &Problem| broken.iter().any(|at| (problem.range.start..=problem.range.end).contains(at));
    problems.retain(|problem| !matches!(problem.kind, ProblemKind::WrongType | ProblemKind::BadValue) || !echoes(problem));
    problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
    problems.dedup();
}
