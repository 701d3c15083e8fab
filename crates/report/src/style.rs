//! How text is to look. Everything reads without colour and, with `unicode` off, in ASCII: colour and signs only repeat what words say.

use anstyle::{AnsiColor, Color, Effects};
use testmesh_events::{Status, StepStatus};

/// What the place where the text will be read can do. Given by the caller: nothing here looks at a terminal or an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    pub color: bool,
    /// Columns of the terminal; long values and source lines are shortened to fit.
    pub width: usize,
    /// Signs beyond ASCII (`✓`, `…`). An author's own text is shown as it is either way.
    pub unicode: bool,
}

impl Style {
    /// Without colour and signs, 100 columns wide: for files and other programs.
    pub fn plain() -> Self {
        Self { color: false, width: 100, unicode: false }
    }

    /// The columns that can be counted on: a terminal narrower than 40 wraps.
    pub(crate) fn columns(&self) -> usize {
        self.width.max(40)
    }

    pub(crate) fn paint(&self, role: Role, text: &str) -> String {
        let style = role.style();
        if !self.color || text.is_empty() || style == anstyle::Style::new() {
            return text.to_owned();
        }
        format!("{style}{text}{style:#}")
    }

    pub(crate) fn sign(&self, sign: Sign) -> &'static str {
        let (unicode, ascii) = sign.forms();
        if self.unicode { unicode } else { ascii }
    }
}

/// What a piece of text is, from which its colour follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Plain,
    Strong,
    Quiet,
    Place,
    Passed,
    Failed,
    Errored,
    Warning,
    /// What was expected, in a diff.
    Expected,
    /// What is there instead, in a diff.
    Actual,
}

impl Role {
    fn style(self) -> anstyle::Style {
        let color = |color: AnsiColor| anstyle::Style::new().fg_color(Some(Color::Ansi(color)));
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Strong => anstyle::Style::new().effects(Effects::BOLD),
            Self::Quiet => anstyle::Style::new().effects(Effects::DIMMED),
            Self::Place => color(AnsiColor::Cyan),
            Self::Passed | Self::Expected => color(AnsiColor::Green),
            Self::Failed => color(AnsiColor::Red).effects(Effects::BOLD),
            Self::Errored => color(AnsiColor::Magenta).effects(Effects::BOLD),
            Self::Warning => color(AnsiColor::Yellow),
            Self::Actual => color(AnsiColor::Red),
        }
    }
}

impl From<Status> for Role {
    fn from(status: Status) -> Self {
        match status {
            Status::Passed => Self::Passed,
            Status::Failed => Self::Failed,
            Status::Errored => Self::Errored,
            Status::Cancelled => Self::Warning,
        }
    }
}

impl From<StepStatus> for Role {
    fn from(status: StepStatus) -> Self {
        status.verdict().map_or(Self::Quiet, Self::from)
    }
}

/// A sign with its ASCII form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Ellipsis,
    /// `×14`
    Times,
    /// `0.2–7.1 s`
    Range,
    Arrow,
    Rule,
    Verdict(Status),
}

impl Sign {
    fn forms(self) -> (&'static str, &'static str) {
        match self {
            Self::Ellipsis => ("…", "..."),
            Self::Times => ("×", "x"),
            Self::Range => ("–", "-"),
            Self::Arrow => ("→", "->"),
            Self::Rule => ("─", "-"),
            Self::Verdict(Status::Passed) => ("✓", "ok  "),
            Self::Verdict(Status::Failed) => ("✗", "FAIL"),
            Self::Verdict(Status::Errored) => ("!", "ERR "),
            Self::Verdict(Status::Cancelled) => ("-", "STOP"),
        }
    }
}

/// The status as a word of a heading.
pub(crate) fn word(status: Status) -> &'static str {
    match status {
        Status::Passed => "PASSED",
        Status::Failed => "FAILED",
        Status::Errored => "ERRORED",
        Status::Cancelled => "CANCELLED",
    }
}

/// The status as the first word of a line for each execution.
pub(crate) fn short_word(status: Status) -> &'static str {
    match status {
        Status::Passed => "PASS",
        Status::Failed => "FAIL",
        Status::Errored => "ERROR",
        Status::Cancelled => "CANCEL",
    }
}
