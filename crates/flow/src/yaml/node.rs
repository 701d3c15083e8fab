//! The tree: values with their places. Content is shared, so that an alias costs nothing.

use super::Scalar;
use crate::{Map, Source, Span, Value};
use std::{ops::Range, sync::Arc};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value itself, without anchor, tag and the white space behind it. Quotes and brackets belong to it. A block scalar is its lines,
    /// the first without indentation; a list or object in lines reaches from its first child to its last. Where nothing is written
    /// (`key:`) the span is empty. Behind an alias this is the place of the content, not of the alias.
    pub span: Span,
    pub kind: Kind,
    /// Where the alias stands that led to this node: `*name`, or that of the merge key that brought it. Nodes below it carry none.
    pub alias: Option<Span>,
}

#[derive(Clone, Debug)]
pub enum Kind {
    Scalar(Scalar),
    List(Arc<Vec<Node>>),
    /// Unique keys in the order of the text; merge keys (`<<`) are applied, in their place.
    Map(Arc<Vec<Entry>>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Key,
    pub value: Node,
}

/// A key of an object: the text of a scalar, whatever its type (`200` is the text `200`).
#[derive(Clone, Debug)]
pub struct Key {
    pub text: Arc<str>,
    pub span: Span,
    pub scalar: Scalar,
}

impl Node {
    /// The value, with everything below it.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(scalar) => scalar.value(),
            Kind::List(items) => Value::list(items.iter().map(Node::to_value).collect()),
            Kind::Map(entries) => Value::map(entries.iter().map(|entry| (entry.key.text.clone(), entry.value.to_value())).collect::<Map>()),
        }
    }

    pub fn as_scalar(&self) -> Option<&Scalar> {
        if let Kind::Scalar(scalar) = &self.kind { Some(scalar) } else { None }
    }

    /// The text, when the value is one: a plain `5` or `true` is none.
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar().filter(|scalar| scalar.is_text()).map(|scalar| &*scalar.text)
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        if let Kind::List(items) = &self.kind { Some(items) } else { None }
    }

    pub fn as_map(&self) -> Option<&[Entry]> {
        if let Kind::Map(entries) = &self.kind { Some(entries) } else { None }
    }

    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(Scalar::is_null)
    }

    /// The value under a key; `None` when there is none, or when this is no object.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// The key and value of a name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.as_map()?.iter().find(|entry| &*entry.key.text == name)
    }

    /// Where a reader should look: the alias that led here, else the value.
    pub fn place(&self) -> Span {
        self.alias.unwrap_or(self.span)
    }

    /// The place of a message about the whole value, one line where that can be: of an object in lines its first key, of a list in lines
    /// its first item, else [`Node::place`].
    pub fn head(&self) -> Span {
        let first = match &self.kind {
            Kind::Scalar(_) => None,
            Kind::List(items) => items.first().map(Self::head),
            Kind::Map(entries) => entries.first().map(|entry| entry.key.span),
        };
        // Brackets begin before what they hold.
        let in_lines = first.filter(|first| self.alias.is_none() && (first.source, first.start) == (self.span.source, self.span.start));
        in_lines.unwrap_or_else(|| self.place())
    }

    /// The value in the words of a message: ``the text `x` ``, `the number 5`, `a list`, `nothing (null)`.
    pub fn describe(&self) -> String {
        match &self.kind {
            Kind::Scalar(scalar) => scalar.describe(),
            Kind::List(items) if items.is_empty() => "an empty list".to_owned(),
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(entries) if entries.is_empty() => "an empty object".to_owned(),
            Kind::Map(_) => "an object".to_owned(),
        }
    }

    /// The place in the source of a range of bytes of the decoded text; the whole value when this is no scalar.
    ///
    /// `source` must be the text that the span points into.
    pub fn span_at(&self, source: &Source, range: Range<usize>) -> Span {
        match &self.kind {
            Kind::Scalar(scalar) => scalar.span_at(source, self.span, range),
            Kind::List(_) | Kind::Map(_) => self.span,
        }
    }
}

impl Key {
    pub(crate) fn new(scalar: Scalar, span: Span) -> Self {
        Self { text: scalar.text.clone(), span, scalar }
    }

    /// As [`Node::span_at`].
    pub fn span_at(&self, source: &Source, range: Range<usize>) -> Span {
        self.scalar.span_at(source, self.span, range)
    }
}
