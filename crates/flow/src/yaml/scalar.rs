//! Scalars: text, how it was written, and which value that is.

use super::{origin, quote::shortened};
use crate::{Source, Span, Value};
use std::{ops::Range, sync::Arc};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// A block that keeps its lines, `|`.
    Literal,
    /// A block that joins its lines, `>`.
    Folded,
}

/// A tag that says of which type a scalar is: `!!str` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    Str,
    Int,
    Float,
    Bool,
    Null,
}

/// The content of a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text that the scalar means: escapes, folding and indentation are undone.
    pub text: Arc<str>,
    pub style: Style,
    pub tag: Option<Tag>,
}

impl Scalar {
    /// The value: of a plain scalar null, a boolean or a number of JSON's grammar when it is one, else the text.
    ///
    /// What merely looks like a number (`0123`, `0x1F`, `+1`, `1_000`, `.inf`) is text. A tag decides before the style does.
    pub fn value(&self) -> Value {
        let text = &*self.text;
        let found = match self.tag {
            Some(Tag::Null) => null(text),
            Some(Tag::Bool) => boolean(text),
            Some(Tag::Int) => Value::number(text).filter(|number| matches!(number, Value::Int(_) | Value::UInt(_))),
            Some(Tag::Float) => Value::number(text),
            None if self.style == Style::Plain => null(text).or_else(|| boolean(text)).or_else(|| Value::number(text)),
            Some(Tag::Str) | None => None,
        };
        found.unwrap_or_else(|| Value::Text(self.text.clone()))
    }

    pub fn is_null(&self) -> bool {
        matches!(self.value(), Value::Null)
    }

    pub fn is_text(&self) -> bool {
        matches!(self.value(), Value::Text(_))
    }

    /// Whether nothing is written at all.
    pub(super) fn is_unwritten(&self) -> bool {
        self.text.is_empty() && self.style == Style::Plain && self.tag.is_none()
    }

    /// See [`super::Node::describe`].
    pub fn describe(&self) -> String {
        match self.value() {
            Value::Null => "nothing (null)".to_owned(),
            Value::Bool(value) => format!("the boolean {value}"),
            Value::Text(text) if text.is_empty() => "an empty text".to_owned(),
            Value::Text(text) => format!("the text {}", shortened(&text)),
            number => format!("the number {}", number.to_json()),
        }
    }

    /// See [`super::Node::span_at`].
    pub(super) fn span_at(&self, source: &Source, span: Span, range: Range<usize>) -> Span {
        origin::locate(self, source, span, range)
    }
}

fn null(text: &str) -> Option<Value> {
    matches!(text, "" | "~" | "null" | "Null" | "NULL").then_some(Value::Null)
}

fn boolean(text: &str) -> Option<Value> {
    match text {
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    }
}
