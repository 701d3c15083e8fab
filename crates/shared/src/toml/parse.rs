//! Text to tree. What can still be read behind a mistake is read. The parser bounds how deep brackets and dotted keys nest, so a recursive
//! walk is safe.

use super::{Entry, Kind, Placed, Problem, ProblemKind, Value};
use std::ops::Range;
use toml::{
    Spanned,
    de::{DeFloat, DeInteger, DeTable, DeValue},
};

/// The entries of the root table, and what is wrong with the syntax.
pub(super) fn parse(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut problems = errors.iter().map(|error| syntax(text, error)).collect();
    let entries = table(root.into_inner(), &mut problems);
    (entries, problems)
}

fn syntax(text: &str, error: &toml::de::Error) -> Problem {
    let range = on_boundaries(text, error.span().unwrap_or(text.len()..text.len()));
    // The parser takes no value at all for an empty text without quotes.
    let message = match error.message().trim() {
        message if range.is_empty() && message.starts_with("string values must be quoted") => "a value is missing".to_owned(),
        message => format!("this is not TOML: {message}"),
    };
    Problem::new(ProblemKind::Syntax, range, message)
}

fn on_boundaries(text: &str, range: Range<usize>) -> Range<usize> {
    let start = floor(text, range.start);
    start..floor(text, range.end).max(start)
}

fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn table(table: DeTable, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let entry = |(key, value): (Spanned<_>, _)| {
        let range = key.span();
        let key = Placed { value: std::borrow::Cow::into_owned(key.into_inner()), range };
        Entry { key, value: tree(value, problems) }
    };
    let mut entries: Vec<Entry> = table.into_iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.key.range.start);
    entries
}

fn tree(value: Spanned<DeValue>, problems: &mut Vec<Problem>) -> Value {
    let range = value.span();
    let kind = match value.into_inner() {
        DeValue::String(text) => Kind::Text(text.into_owned()),
        DeValue::Integer(number) => integer(&number, &range, problems),
        DeValue::Float(number) => float(&number, &range, problems),
        DeValue::Boolean(value) => Kind::Boolean(value),
        DeValue::Datetime(date) => Kind::Date(date.to_string()),
        DeValue::Array(items) => Kind::List(items.into_iter().map(|item| tree(item, problems)).collect()),
        DeValue::Table(entries) => Kind::Table(table(entries, problems)),
    };
    Value { kind, range }
}

fn integer(number: &DeInteger, range: &Range<usize>, problems: &mut Vec<Problem>) -> Kind {
    Kind::Integer(i128::from_str_radix(number.as_str(), number.radix()).unwrap_or_else(|_| unreadable(range, problems)))
}

fn float(number: &DeFloat, range: &Range<usize>, problems: &mut Vec<Problem>) -> Kind {
    let value = number.as_str().parse().unwrap_or_else(|_| unreadable(range, problems));
    Kind::Float { value, written: number.as_str().trim_start_matches('+').to_owned() }
}

/// A number that cannot be kept is reported, and read as zero meanwhile.
fn unreadable<T: Default>(range: &Range<usize>, problems: &mut Vec<Problem>) -> T {
    problems.push(Problem::new(ProblemKind::BadValue, range.clone(), "the number is too large"));
    T::default()
}
