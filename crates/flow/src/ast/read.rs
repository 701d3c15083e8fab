//! Reading the keys of an object: known ones by name or alias, unknown ones with the nearest, wrong types with what was found.

use super::Name;
use crate::{
    Code, Diagnostic,
    yaml::{Entry, Kind, Node},
};
use crate::{Span, nearest};
use std::sync::Arc;

/// A key of the language.
pub(super) struct KeyDef {
    pub(super) name: &'static str,
    aliases: &'static [&'static str],
    in_build: bool,
}

impl KeyDef {
    pub(super) const fn new(name: &'static str) -> Self {
        Self { name, aliases: &[], in_build: true }
    }

    pub(super) const fn aliased(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, in_build: true }
    }

    /// Known to the language, and not in this build.
    pub(super) const fn lacking(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, in_build: false }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

/// Collects what is wrong.
pub(super) struct Reader {
    pub(super) diagnostics: Vec<Diagnostic>,
    lenient: bool,
}

impl Reader {
    pub(super) fn new(diagnostics: Vec<Diagnostic>, lenient: bool) -> Self {
        Self { diagnostics, lenient }
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An unknown key: an error, or a warning when the reader is lenient.
    pub(super) fn unknown(&mut self, mut diagnostic: Diagnostic) {
        if self.lenient {
            diagnostic.severity = crate::Severity::Warning;
        }
        self.push(diagnostic);
    }

    pub(super) fn wrong_type(&mut self, key: &str, expected: &str, found: &Node) {
        let message = format!("`{key}` must be {expected}, and this is {}", found.describe());
        let diagnostic = Diagnostic::error(Code::WrongType, found.place(), message);
        self.push(match trap(found, expected) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    pub(super) fn refuse_template(&mut self, name: &Name, key: &str) {
        if name.text.contains("${") || name.text.contains("{{") {
            let message = format!("`{key}` cannot hold a template: it must be known before anything runs");
            self.push(Diagnostic::error(Code::NoTemplateHere, name.span, message).help("write it out"));
        }
    }

    /// The keys of an object; `what` names it in messages. `None` when it is no object, which is reported.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, what: &str, known: &'static [KeyDef]) -> Option<Fields<'n>> {
        let Kind::Map(entries) = &node.kind else {
            self.wrong_type(what.trim_matches('`'), "an object", node);
            return None;
        };
        let mut fields = Fields { entries: Vec::new() };
        for entry in entries.iter() {
            match known.iter().find(|key| key.is_called(&entry.key.text)) {
                Some(key) if !key.in_build => self.push(lacking(entry)),
                Some(key) => self.take(&mut fields, key, entry),
                None => self.unknown(unknown_key(entry, what, known)),
            }
        }
        Some(fields)
    }

    fn take<'n>(&mut self, fields: &mut Fields<'n>, key: &'static KeyDef, entry: &'n Entry) {
        if let Some((_, first)) = fields.entries.iter().find(|(name, _)| *name == key.name) {
            let message = format!("`{}` and `{}` are two names of one key", first.key.text, entry.key.text);
            let twice = Diagnostic::error(Code::TwiceGiven, entry.key.span, message).with(first.key.span, "given here already");
            self.push(twice.help("keep one of them"));
            return;
        }
        fields.entries.push((key.name, entry));
    }
}

fn lacking(entry: &Entry) -> Diagnostic {
    let message = format!("`{}` is part of the language, but not in this build", entry.key.text);
    Diagnostic::error(Code::NotInThisBuild, entry.key.span, message).help("use a build that contains it, or leave it out")
}

fn unknown_key(entry: &Entry, what: &str, known: &[KeyDef]) -> Diagnostic {
    let names = known.iter().flat_map(|key| std::iter::once(key.name).chain(key.aliases.iter().copied()));
    let found = entry.key.text.as_ref();
    let diagnostic = Diagnostic::error(Code::UnknownKey, entry.key.span, format!("{what} has no key `{found}`"));
    if nearest::nearest(found, names.clone()).is_some() {
        return diagnostic.did_you_mean(found, names);
    }
    let list: Vec<_> = known.iter().filter(|key| key.in_build).map(|key| key.name).collect();
    let hint = if what == "the step" { "; what belongs to the action stands under `config:`" } else { "" };
    diagnostic.help(format!("the keys are {}{hint}", list.join(", ")))
}

/// What YAML made of a value, when that is a known surprise.
fn trap(found: &Node, expected: &str) -> Option<String> {
    let text = found.as_scalar()?.text.as_ref();
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" if expected.contains("true") => Some("in YAML 1.2 only `true` and `false` are booleans: write `true`".into()),
        "no" | "off" | "n" if expected.contains("true") => Some("in YAML 1.2 only `true` and `false` are booleans: write `false`".into()),
        _ => None,
    }
}

/// The keys of one object that were found, by their proper names.
pub(super) struct Fields<'n> {
    entries: Vec<(&'static str, &'n Entry)>,
}

impl<'n> Fields<'n> {
    /// The value under a key; null is as good as absent.
    pub(super) fn take(&mut self, key: &str) -> Option<&'n Node> {
        let (_, entry) = self.entries.iter().find(|(name, _)| *name == key)?;
        (!entry.value.is_null()).then_some(&entry.value)
    }

    pub(super) fn text(&mut self, key: &str, reader: &mut Reader) -> Option<Name> {
        self.take(key).and_then(|node| scalar_text(node, key, reader))
    }

    /// A text in which no template can stand, since it names something before anything runs.
    pub(super) fn fixed_text(&mut self, key: &str, reader: &mut Reader) -> Option<Name> {
        let name = self.text(key, reader)?;
        reader.refuse_template(&name, key);
        Some(name)
    }

    pub(super) fn required_text(&mut self, key: &str, owner: Span, reader: &mut Reader) -> Option<Name> {
        if self.take(key).is_none() {
            let at = self.entries.iter().find(|(name, _)| *name == key).map_or(owner, |(_, entry)| entry.key.span);
            reader.push(Diagnostic::error(Code::MissingKey, at, format!("`{key}` is missing")).help(format!("add `{key}:`")));
        }
        self.text(key, reader)
    }

    pub(super) fn bool(&mut self, key: &str, reader: &mut Reader) -> Option<bool> {
        let node = self.take(key)?;
        let found = node.to_value();
        let value = found.as_bool().or_else(|| found.as_str().and_then(|text| text.parse().ok()));
        if value.is_none() {
            reader.wrong_type(key, "true or false", node);
        }
        value
    }

    /// A list of texts; one text alone is a list of one.
    pub(super) fn names(&mut self, key: &str, reader: &mut Reader) -> Vec<Name> {
        match self.take(key) {
            None => Vec::new(),
            Some(node) => match node.as_list() {
                Some(items) => items.iter().filter_map(|item| scalar_text(item, key, reader)).collect(),
                None => scalar_text(node, key, reader).into_iter().collect(),
            },
        }
    }

    /// As [`Fields::names`], without templates.
    pub(super) fn fixed_names(&mut self, key: &str, reader: &mut Reader) -> Vec<Name> {
        let names = self.names(key, reader);
        for name in &names {
            reader.refuse_template(name, key);
        }
        names
    }

    /// An object with keys of the author's choice.
    pub(super) fn pairs(&mut self, key: &str, reader: &mut Reader) -> Vec<(Name, Node)> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let Some(entries) = node.as_map() else {
            reader.wrong_type(key, "an object of names and values", node);
            return Vec::new();
        };
        let pair = |entry: &Entry| (Name { text: entry.key.text.clone(), span: entry.key.span }, entry.value.clone());
        entries.iter().map(pair).collect()
    }

    /// A list of anything, or one thing alone.
    pub(super) fn items(&mut self, key: &str) -> Vec<Node> {
        match self.take(key) {
            None => Vec::new(),
            Some(node) => node.as_list().map_or_else(|| vec![node.clone()], <[Node]>::to_vec),
        }
    }
}

/// A scalar as text: what YAML reads as a number or boolean counts as it is written.
pub(super) fn scalar_text(node: &Node, key: &str, reader: &mut Reader) -> Option<Name> {
    match node.as_scalar() {
        Some(scalar) if !node.is_null() => Some(Name { text: Arc::clone(&scalar.text), span: node.span }),
        _ => {
            reader.wrong_type(key, "text", node);
            None
        }
    }
}
