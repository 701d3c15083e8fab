//! JSON: a list of objects. Its values are read by the JSON reader, the places of its rows by a walk over a text that is known to be JSON.

use super::{MOST, Row, Table, no_rows, too_many};
use crate::{Code, Diagnostic, SourceId, Span, Value, json};
use std::{collections::HashSet, ops::Range};

pub(super) fn read(text: &str, id: SourceId) -> Table {
    let mut table = Table::default();
    if text.trim().is_empty() {
        table.fault(no_rows(Span::new(id, 0..0), "the file is empty"));
        return table;
    }
    let parsed = match json::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let end = text.get(error.offset..).and_then(|rest| rest.chars().next()).map_or(error.offset, |c| error.offset + c.len_utf8());
            let span = Span::new(id, error.offset..end);
            let bad = Diagnostic::error(Code::BadData, span, format!("the file is no JSON: {}", error.message));
            table.fault(bad.help("rows are a list of objects: `[{\"email\": \"ada@example.com\"}]`"));
            return table;
        }
    };
    let ranges = items(text);
    let whole = Span::new(id, text.len() - text.trim_start().len()..text.trim_end().len());
    let span = |index: usize| ranges.get(index).map_or(whole, |range| Span::new(id, range.clone()));
    notes(&parsed, &ranges, id, &mut table);
    match &parsed.value {
        Value::List(items) if items.is_empty() => table.fault(no_rows(whole, "the list is empty")),
        Value::List(items) if items.len() > MOST => table.fault(too_many(span(MOST))),
        Value::List(items) => {
            let mut known = HashSet::new();
            for (index, item) in items.iter().enumerate() {
                row(item, span(index), &mut known, &mut table);
            }
        }
        other => {
            let message = format!("rows must be a list of objects, and this is {}", crate::plan::describe(other));
            table.fault(Diagnostic::error(Code::BadData, first_of(whole, text), message).help("put the rows in `[` and `]`"));
        }
    }
    table
}

/// The first character of a span: a message about all of a file is no reason to show all of it.
fn first_of(span: Span, text: &str) -> Span {
    let start = span.range().start;
    let end = text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |c| start + c.len_utf8());
    Span::new(span.source, start..end)
}

fn row(item: &Value, span: Span, known: &mut HashSet<std::sync::Arc<str>>, table: &mut Table) {
    match item {
        Value::Map(values) if !values.is_empty() => {
            table.add_columns(known, values.keys().map(|name| (name.clone(), span)));
            table.rows.push(Row { values: values.clone(), span, places: Vec::new() });
        }
        other => table.fault(super::nodes::no_row(span, &crate::plan::describe(other), matches!(other, Value::Map(_)))),
    }
}

/// Numbers that lost digits are a doubt, members that stand twice an error: the first would be dropped without a word.
fn notes(parsed: &json::Parsed, rows: &[Range<usize>], id: SourceId, table: &mut Table) {
    let place = |path: &str| {
        let index = path.strip_prefix("$[").and_then(|rest| rest.split(']').next()).and_then(|digits| digits.parse::<usize>().ok());
        let range = index.and_then(|index| rows.get(index)).cloned().unwrap_or(0..0);
        Span::new(id, range)
    };
    for path in &parsed.lossy {
        let message = format!("the number at `{path}` has more digits than can be kept");
        table.fault(Diagnostic::warning(Code::LostDigits, place(path), message).help("write it as a text, in quotes"));
    }
    for path in &parsed.duplicates {
        let message = format!("`{path}` stands twice in its object");
        table.fault(Diagnostic::error(Code::BadColumn, place(path), message).help("keep one of them"));
    }
}

/// Where the items of the outermost list stand, in a text that is JSON.
fn items(text: &str) -> Vec<Range<usize>> {
    let (mut ranges, mut depth, mut start, mut in_text) = (Vec::new(), 0_usize, 0, false);
    let mut bytes = text.bytes().enumerate();
    let item = |start: usize, end: usize| {
        let written = text.get(start..end).unwrap_or_default();
        let first = end - written.trim_start().len();
        first..first + written.trim().len()
    };
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => in_text = !in_text,
            b'\\' if in_text => {
                bytes.next();
            }
            _ if in_text => {}
            b'[' | b'{' => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            b',' if depth == 1 => {
                ranges.push(item(start, at));
                start = at + 1;
            }
            b']' | b'}' => {
                if depth == 1 {
                    ranges.push(item(start, at));
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    ranges
}
