//! What can go wrong: reading an expression ([`ParseError`]) and evaluating it ([`Fault`]).

use crate::{Code, Value};
use std::ops::Range;

/// Why a text is no expression or template. The range is in the text that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    pub code: Code,
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl ParseError {
    pub(crate) fn new(code: Code, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, range, message: message.into(), help: None }
    }

    pub(crate) fn syntax(range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Code::ExpressionSyntax, range, message)
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// What a fault is: the answer is no, or the question could not be asked, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The answer does not fit the expression: a missing member, a number compared with a text, an overflow.
    Mismatch,
    /// A capture or a step is declared, and nothing has given it a value.
    NoValue,
    /// A name cannot be resolved: nothing of that name is known, or its value cannot be worked out.
    Unresolved,
    /// The evaluation was too dear, or something that should not happen did.
    Internal,
}

/// Why an expression has no value. The range is in the text that the expression was parsed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub code: Code,
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Fault {
    pub fn new(kind: FaultKind, code: Code, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { kind, code, range, message: message.into(), help: None }
    }

    /// The answer does not fit.
    pub fn mismatch(range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(FaultKind::Mismatch, Code::TypeMismatch, range, message)
    }

    /// A name without a value.
    pub fn unresolved(range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(FaultKind::Unresolved, Code::Unresolved, range, message)
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A problem that does not know its place yet: of a function, an operator, a regular expression.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    code: Code,
    message: String,
    help: Option<String>,
    /// Which argument of a function it is about; `None`: the whole.
    pub(super) argument: Option<usize>,
    /// Which part of the argument's text it is about.
    within: Option<Range<usize>>,
    /// Nothing was found, which `exists` and `??` may catch.
    missing: bool,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { code: Code::TypeMismatch, message: message.into(), help: None, argument: None, within: None, missing: false }
    }

    /// Nothing was found.
    pub(super) fn nothing(message: impl Into<String>) -> Self {
        Self { missing: true, ..Self::coded(Code::MissingMember, message) }
    }

    pub(super) fn is_missing(&self) -> bool {
        self.missing
    }

    pub(super) fn coded(code: Code, message: impl Into<String>) -> Self {
        Self { code, ..Self::new(message) }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn about(mut self, argument: usize) -> Self {
        self.argument = Some(argument);
        self
    }

    pub(super) fn within(mut self, range: Range<usize>) -> Self {
        self.within = Some(range);
        self
    }

    /// As an error about a text that is a literal at `range`: about a part of it, when what is written there is the text itself.
    pub(super) fn in_literal(mut self, range: Range<usize>, text: &str) -> ParseError {
        let written_out = range.len() == text.len() + 2;
        match self.within.take().filter(|_| written_out) {
            Some(within) => {
                let place = |at: usize| (range.start + 1 + at).min(range.end);
                let part = place(within.start)..place(within.end.max(within.start + 1));
                self.at(part)
            }
            None => self.at(range),
        }
    }

    pub(super) fn at(self, range: Range<usize>) -> ParseError {
        ParseError { code: self.code, range, message: self.message, help: self.help }
    }

    pub(super) fn fault(self, range: Range<usize>) -> Fault {
        Fault { help: self.help, ..Fault::new(FaultKind::Mismatch, self.code, range, self.message) }
    }
}

/// A text cut to about so many characters, for messages.
pub(super) fn shorten(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The longest text that a message quotes, in characters.
const QUOTED: usize = 60;

/// A value in a message, with its article: ``the text "201"``, `null`, `a list of 3 items`.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("the boolean {value}"),
        // A long text is never quoted in part: part of a secret is masked nowhere.
        Value::Text(text) if text.chars().nth(QUOTED).is_some() => format!("a text of {}", count(text.chars().count(), "character")),
        Value::Text(_) => format!("the text {}", value.to_json()),
        Value::List(items) if items.is_empty() => "an empty list".to_owned(),
        Value::List(items) => format!("a list of {}", count(items.len(), "item")),
        Value::Map(map) if map.is_empty() => "an empty object".to_owned(),
        Value::Map(map) => format!("an object of {}", count(map.len(), "member")),
        other => format!("the {} {}", other.type_name(), other.to_text().unwrap_or_default()),
    }
}

/// `1 item`, `2 items`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
