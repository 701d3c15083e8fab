//! The tree: values with their places.

use std::ops::Range;

/// Something with the bytes of the text at which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    pub value: T,
    pub range: Range<usize>,
}

/// A value and where it stands; a table that has a header stands at its header.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub kind: Kind,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text(String),
    Integer(i128),
    Float {
        value: f64,
        /// As it is written, without `_` and a leading `+`: `1.50` differs from `1.5`.
        written: String,
    },
    Boolean(bool),
    /// A date, a time, or both, as TOML writes them.
    Date(String),
    List(Vec<Value>),
    /// Unique keys, in the order of the text.
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Placed<String>,
    pub value: Value,
}

impl Value {
    /// The value in the words of a message: `the text "x"`, `the number 5`, `a list`.
    pub fn describe(&self) -> String {
        match &self.kind {
            Kind::Text(text) if text.is_empty() => "an empty text".to_owned(),
            Kind::Text(text) => format!("the text {}", shortened(text)),
            Kind::Integer(number) => format!("the number {number}"),
            Kind::Float { written, .. } => format!("the number {written}"),
            Kind::Boolean(value) => format!("the boolean {value}"),
            Kind::Date(date) => format!("the date or time {date}"),
            Kind::List(items) if items.is_empty() => "an empty list".to_owned(),
            Kind::List(_) => "a list".to_owned(),
            Kind::Table(_) => "a table".to_owned(),
        }
    }
}

/// The beginning of a text's first line, quoted.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let head: String = text.lines().next().unwrap_or_default().chars().take(SHOWN).collect();
    if head.len() < text.len() { format!("\"{head}…\"") } else { format!("\"{head}\"") }
}
