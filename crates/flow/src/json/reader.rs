//! The reader: one loop over the text with the open lists and objects on a stack of its own.
//!
//! Finished values wait on `values` until the list or object that holds them is closed, so each is built once, at its final size.

use super::{Error, MAX_DEPTH, Parsed, names::Names, notes::Notes, path};
use crate::{Map, Value};
use std::sync::Arc;

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    /// The byte that is read next.
    pub(super) at: usize,
    /// The string that was read last, when it had escapes.
    pub(super) unescaped: String,
    open: Vec<Open>,
    values: Vec<Value>,
    /// The names of the members of all open objects, the one whose value is being read included.
    keys: Vec<Arc<str>>,
    names: Names,
    notes: Notes,
}

/// A list or object that is not closed yet, and where its contents begin.
#[derive(Clone, Copy)]
struct Open {
    kind: Kind,
    first_value: usize,
    first_key: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Object,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            unescaped: String::new(),
            open: Vec::new(),
            values: Vec::new(),
            keys: Vec::new(),
            names: Names::new(),
            notes: Notes::default(),
        }
    }

    pub(super) fn document(mut self) -> Result<Parsed, Error> {
        loop {
            self.skip_space();
            if self.value()? && !self.goes_on()? {
                break;
            }
        }
        let Some(value) = self.values.pop() else { return Err(self.no_value()) };
        let Notes { lossy, duplicates, unlisted, .. } = self.notes;
        Ok(Parsed { value, lossy, duplicates, unlisted })
    }

    /// Reads a value, or opens one; whether a value is now complete.
    fn value(&mut self) -> Result<bool, Error> {
        let value = match self.peek() {
            Some(b'{') => {
                self.open(Kind::Object)?;
                self.skip_space();
                if self.peek() == Some(b'}') {
                    self.close();
                    return Ok(true);
                }
                self.member_name()?;
                return Ok(false);
            }
            Some(b'[') => {
                self.open(Kind::List)?;
                self.skip_space();
                if self.peek() == Some(b']') {
                    self.close();
                    return Ok(true);
                }
                return Ok(false);
            }
            Some(b'"') => {
                let plain = self.string()?;
                Value::text(plain.unwrap_or(&self.unescaped))
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        self.values.push(value);
        Ok(true)
    }

    /// Reads what follows a complete value; whether another value comes.
    fn goes_on(&mut self) -> Result<bool, Error> {
        loop {
            self.skip_space();
            let Some(open) = self.open.last() else {
                return if self.at == self.text.len() { Ok(false) } else { Err(self.more()) };
            };
            match (open.kind, self.peek()) {
                (Kind::List, Some(b',')) => {
                    self.at += 1;
                    return Ok(true);
                }
                (Kind::Object, Some(b',')) => {
                    self.at += 1;
                    self.skip_space();
                    self.member_name()?;
                    return Ok(true);
                }
                (Kind::List, Some(b']')) | (Kind::Object, Some(b'}')) => self.close(),
                (kind, _) => return Err(self.not_closed(kind)),
            }
        }
    }

    fn open(&mut self, kind: Kind) -> Result<(), Error> {
        if self.open.len() == MAX_DEPTH {
            let message = format!("lists and objects nest deeper than {MAX_DEPTH}");
            return Err(self.error(message));
        }
        self.at += 1;
        let (first_value, first_key) = (self.values.len(), self.keys.len());
        self.open.push(Open { kind, first_value, first_key });
        Ok(())
    }

    /// Closes the innermost list or object, whose closing bracket is here.
    fn close(&mut self) {
        self.at += 1;
        let Some(Open { kind, first_value, first_key }) = self.open.pop() else { return };
        let values = self.values.drain(first_value..);
        let value = match kind {
            Kind::List => Value::list(values.collect()),
            Kind::Object => {
                let map: Map = self.keys.iter().skip(first_key).cloned().zip(values).collect();
                if map.len() < self.keys.len() - first_key {
                    self.note_duplicates(first_key);
                }
                self.keys.truncate(first_key);
                Value::map(map)
            }
        };
        self.values.push(value);
    }

    /// Reads a member's name and its colon.
    fn member_name(&mut self) -> Result<(), Error> {
        if self.peek() != Some(b'"') {
            return Err(self.no_name());
        }
        let name = self.string()?;
        let name = self.names.share(name.unwrap_or(&self.unescaped));
        self.keys.push(name);
        self.skip_space();
        if self.take(b':') {
            return Ok(());
        }
        Err(self.expected("`:` after the name of a member"))
    }

    fn word(&mut self) -> Result<Value, Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let value = match rest.get(..length) {
            Some(b"null") => Value::Null,
            Some(b"true") => Value::Bool(true),
            Some(b"false") => Value::Bool(false),
            _ => return Err(self.no_value()),
        };
        self.at += length;
        Ok(value)
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    pub(super) fn note_lossy(&mut self) {
        let Self { notes, open, values, keys, .. } = self;
        notes.lost_digits(|| here(open, values.len(), keys));
    }

    fn note_duplicates(&mut self, first_key: usize) {
        let Self { notes, open, values, keys, .. } = self;
        let mut seen = std::collections::HashSet::new();
        let (outer, members) = keys.split_at(first_key);
        for name in members.iter().filter(|name| !seen.insert(*name)) {
            notes.duplicate(|| {
                let mut path = here(open, values.len(), outer);
                path::push_member(&mut path, name);
                path
            });
        }
    }
}

/// The path of the value that is being read inside the open lists and objects.
fn here(open: &[Open], values: usize, keys: &[Arc<str>]) -> String {
    let mut path = "$".to_owned();
    let next = open.iter().skip(1).map(|open| (open.first_value, open.first_key));
    let ends = next.chain([(values, keys.len())]);
    for (open, (values, keys_end)) in open.iter().zip(ends) {
        match open.kind {
            Kind::List => path::push_index(&mut path, values - open.first_value),
            Kind::Object => {
                if let Some(name) = keys_end.checked_sub(1).and_then(|last| keys.get(last)) {
                    path::push_member(&mut path, name);
                }
            }
        }
    }
    path
}
