//! Taking the known keys of a table.

use super::{Entry, Kind, Placed, Problem, ProblemKind, Value};
use crate::nearest::nearest;
use std::ops::{Range, RangeInclusive};

/// A table that is being read. Each method takes one key and says what is wrong with its value; `None` is an absent or a wrong one.
#[derive(Debug)]
pub struct Table<'t> {
    what: &'t str,
    entries: &'t [Entry],
    known: Vec<&'static str>,
    problems: &'t mut Vec<Problem>,
}

impl<'t> Table<'t> {
    /// Reads the entries of a table; keys that `read` does not take are problems.
    pub(super) fn read<T>(entries: &'t [Entry], what: &'t str, problems: &'t mut Vec<Problem>, read: impl FnOnce(&mut Self) -> T) -> T {
        let mut table = Table { what, entries, known: Vec::new(), problems };
        let found = read(&mut table);
        table.report_unknown();
        found
    }

    /// A key with whatever stands under it.
    pub fn take(&mut self, key: &'static str) -> Option<&'t Entry> {
        self.known.push(key);
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// Whether something stands under a key, right or wrong.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key.value == key)
    }

    pub fn text(&mut self, key: &'static str) -> Option<Placed<String>> {
        let entry = self.take(key)?;
        self.as_text(&format!("`{key}`"), &entry.value)
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &'static str) -> Option<Placed<Vec<Placed<String>>>> {
        let entry = self.take(key)?;
        let Kind::List(items) = &entry.value.kind else {
            let problem = wrong_type(&format!("`{key}`"), "a list of texts", &entry.value);
            self.problems.push(match &entry.value.kind {
                Kind::Text(_) => problem.help("put it in brackets: `[\"…\"]`"),
                _ => problem,
            });
            return None;
        };
        let what = format!("an item of `{key}`");
        let value = items.iter().filter_map(|item| self.as_text(&what, item)).collect();
        Some(Placed { value, range: entry.value.range.clone() })
    }

    /// A whole number within bounds.
    pub fn integer(&mut self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<Placed<i64>> {
        let found = &self.take(key)?.value;
        let Kind::Integer(number) = found.kind else {
            self.problems.push(wrong_type(&format!("`{key}`"), "a whole number", found));
            return None;
        };
        let value = i64::try_from(number).ok().filter(|number| bounds.contains(number));
        if value.is_none() {
            let message = format!("`{key}` must be from {} to {}, and this is {number}", bounds.start(), bounds.end());
            self.problem(Problem::new(ProblemKind::BadValue, found.range.clone(), message));
        }
        value.map(|value| Placed { value, range: found.range.clone() })
    }

    pub fn boolean(&mut self, key: &'static str) -> Option<Placed<bool>> {
        let value = &self.take(key)?.value;
        let Kind::Boolean(found) = value.kind else {
            self.problems.push(wrong_type(&format!("`{key}`"), "true or false", value));
            return None;
        };
        Some(Placed { value: found, range: value.range.clone() })
    }

    /// The entries of a table whose keys are names of the author's choice.
    pub fn named(&mut self, key: &'static str) -> &'t [Entry] {
        let Some(entry) = self.take(key) else { return &[] };
        let Kind::Table(entries) = &entry.value.kind else {
            self.problems.push(wrong_type(&format!("`{key}`"), "a table", &entry.value));
            return &[];
        };
        entries
    }

    /// A list of tables, `[[key]]`; each is read on its own, and keys that `read` does not take are problems of what is called `what`.
    pub fn tables<T>(&mut self, key: &'static str, what: &str, mut read: impl FnMut(&mut Table, &Range<usize>) -> T) -> Vec<T> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        let wrong = |value: &Value| {
            let place = Value { kind: value.kind.clone(), range: entry.key.range.clone() };
            wrong_type(&format!("`{key}`"), "a list of tables", &place).help(format!("write `[[{key}]]` above each"))
        };
        let Kind::List(items) = &entry.value.kind else {
            self.problems.push(wrong(&entry.value));
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items {
            match &item.kind {
                Kind::Table(entries) => found.push(Table::read(entries, what, self.problems, |table| read(table, &item.range))),
                _ => self.problems.push(wrong(item)),
            }
        }
        found
    }

    /// Says something else that is wrong.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn as_text(&mut self, what: &str, value: &Value) -> Option<Placed<String>> {
        let Kind::Text(text) = &value.kind else {
            self.problems.push(wrong_type(what, "text", value));
            return None;
        };
        Some(Placed { value: text.clone(), range: value.range.clone() })
    }

    fn report_unknown(self) {
        for entry in self.entries.iter().filter(|entry| !self.known.contains(&entry.key.value.as_str())) {
            self.problems.push(unknown_key(self.what, &entry.key.value, &entry.key.range, &self.known));
        }
    }
}

fn unknown_key(what: &str, key: &str, range: &Range<usize>, known: &[&'static str]) -> Problem {
    let problem = Problem::new(ProblemKind::UnknownKey, range.clone(), format!("{what} has no key `{key}`"));
    match nearest(key, known.iter().copied()) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help(format!("the keys are {}", known.join(", "))),
    }
}

fn wrong_type(what: &str, expected: &str, found: &Value) -> Problem {
    let message = format!("{what} must be {expected}, and this is {}", found.describe());
    Problem::new(ProblemKind::WrongType, found.range.clone(), message)
}
