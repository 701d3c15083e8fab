//! Problems that an author can act on, as plain data: the terminal, an editor, a code review and an HTTP answer show the same values.

mod code;

pub use code::Code;

use crate::{Sources, Span};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Warning,
    Error,
}

/// A place and what is to be said about it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One problem: a stable code, what is wrong, where, and the next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// The first is where the problem is; the others tell what it has to do with.
    pub labels: Vec<Label>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message)
    }

    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message)
    }

    fn new(code: Code, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: String::new() }];
        Self { code, severity, message: message.into(), labels, help: None }
    }

    /// The words under the caret.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Another place that belongs to the problem.
    #[must_use]
    pub fn with(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// `did you mean `X`?` when `found` is near one of the `known` names.
    #[must_use]
    pub fn did_you_mean<'a>(self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match crate::nearest::nearest(found, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// One line: `file:line:column: error[TM0105]: message`. The long form is `report`'s.
    pub fn one_line(&self, sources: &Sources) -> String {
        let severity = if self.is_error() { "error" } else { "warning" };
        format!("{}: {severity}[{}]: {}", sources.place(self.span()), self.code, self.message)
    }
}

/// Problems in the order of the text, errors before warnings at one place, without repetition.
///
/// That YAML reads a text otherwise than it looks is no news where an error begins at the same place, nor is what a flow
/// lacks for itself where it is called.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    let place = |diagnostic: &Diagnostic| (diagnostic.span().source, diagnostic.span().start);
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (place(d), std::cmp::Reverse(d.severity), d.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)).then_with(|| a.labels.len().cmp(&b.labels.len()))
    });
    diagnostics.dedup_by(|later, earlier| {
        let same = (later.code, later.severity, &later.message) == (earlier.code, earlier.severity, &earlier.message);
        let again = same && later.labels.starts_with(&earlier.labels);
        again || (later.code == Code::YamlTrap && earlier.is_error() && place(later) == place(earlier))
    });
}
