//! JSON values that keep their types, cheap to clone: text, lists and maps are shared.
//!
//! Three kinds more than JSON has, none of which ever leaves an expression: dates, durations and time zones ([`Value::leave`] turns them into text).
//! *Missing* is no value; see the expression evaluator.

mod map;
mod number;
mod serde_impls;
mod text;

pub use map::Map;
pub use number::Spelled;
pub use serde_impls::EXACT;
pub use text::NoText;
pub(crate) use text::{duration as duration_text, rfc3339};

use std::sync::Arc;

#[derive(Clone, Debug, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    /// An integer above `i64::MAX`, and only such.
    UInt(u64),
    Float(f64),
    /// A number that remembers how it was written (`1.50`, `1e3`, digits that a float cannot hold): a float to arithmetic, its spelling in text.
    Spelled(Arc<Spelled>),
    Text(Arc<str>),
    List(Arc<Vec<Value>>),
    Map(Arc<Map>),
    /// An instant in a zone; inside expressions only.
    Date(Arc<jiff::Zoned>),
    /// A length of time in nanoseconds, as Go's `time.Duration`; inside expressions only.
    Duration(i64),
    /// A time zone; inside expressions only.
    Zone(jiff::tz::TimeZone),
}

impl Value {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Arc::new(items))
    }

    pub fn map(map: Map) -> Self {
        Self::Map(Arc::new(map))
    }

    /// An unsigned integer, in the one form it has.
    pub fn unsigned(value: u64) -> Self {
        i64::try_from(value).map_or(Self::UInt(value), Self::Int)
    }

    /// The name of the value's type in messages: that of JSON, with `integer` and `float` apart.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) | Self::UInt(_) => "integer",
            Self::Float(_) | Self::Spelled(_) => "float",
            Self::Text(_) => "text",
            Self::List(_) => "list",
            Self::Map(_) => "object",
            Self::Date(_) => "date",
            Self::Duration(_) => "duration",
            Self::Zone(_) => "time zone",
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::UInt(_) | Self::Float(_) | Self::Spelled(_))
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub fn as_map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// A member of an object; `None` when there is none, or when this is no object.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_map()?.get(name)
    }

    /// The value as it stands outside an expression: dates as RFC 3339 text, durations and zones as text, at any depth.
    #[must_use]
    pub fn leave(self) -> Self {
        match self {
            Self::Date(_) | Self::Duration(_) | Self::Zone(_) => self.to_text().map_or(Self::Null, Self::text),
            Self::List(items) if items.iter().any(Value::holds_time) => Self::list(items.iter().cloned().map(Value::leave).collect()),
            Self::Map(map) if map.values().any(Value::holds_time) => {
                let left = map.iter().map(|(key, value)| (key.clone(), value.clone().leave()));
                Self::map(left.collect())
            }
            other => other,
        }
    }

    /// Adds the texts of the value's leaves: what it is made of, for masking. Null and booleans say nothing.
    pub(crate) fn leaf_texts(&self, out: &mut Vec<Arc<str>>) {
        match self {
            Self::Null | Self::Bool(_) => {}
            Self::Text(text) => out.push(text.clone()),
            Self::List(items) => items.iter().for_each(|item| item.leaf_texts(out)),
            Self::Map(map) => map.values().for_each(|value| value.leaf_texts(out)),
            other => out.extend(other.to_text().ok().map(Arc::from)),
        }
    }

    fn holds_time(&self) -> bool {
        match self {
            Self::Date(_) | Self::Duration(_) | Self::Zone(_) => true,
            Self::List(items) => items.iter().any(Value::holds_time),
            Self::Map(map) => map.values().any(Value::holds_time),
            _ => false,
        }
    }
}

/// Numbers compare by value whatever their kind, maps without order, everything else by kind and content.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a.timestamp() == b.timestamp(),
            (Self::Duration(a), Self::Duration(b)) => a == b,
            (Self::Zone(a), Self::Zone(b)) => a == b,
            (a, b) => a.compare_numbers(b).is_some_and(std::cmp::Ordering::is_eq),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::unsigned(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::text(value)
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Self {
        Self::map(value)
    }
}
