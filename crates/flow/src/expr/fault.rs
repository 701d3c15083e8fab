//! What can go wrong: reading an expression ([`ParseError`]) and evaluating it ([`Fault`]).

use crate::Code;
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

/// Which of the two a fault is: the answer is no, or the question could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The answer does not fit the expression: a missing member, a number compared with a text, an overflow.
    Mismatch,
    /// A name has no value, or nothing of that name is known.
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
