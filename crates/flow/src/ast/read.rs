//! Reading the keys of an object: known ones by name or alias, unknown ones with the one that was meant, wrong types with what was found.
//!
//! An unknown key is read as the one that was probably meant, so that what stands below it is looked at too and nothing that it gives is
//! missed elsewhere: one mistake, one message. Not so where unknown keys are only warnings, since there they mean nothing.

use super::{
    Name,
    fields::Fields,
    keys::{KeyDef, ObjectDef},
};
use crate::{
    Code, Diagnostic, Severity, nearest,
    yaml::{Entry, Kind, Node},
};

/// Collects what is wrong.
pub(super) struct Reader {
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Values of keys that this build lacks.
    pub(super) unread: Vec<Node>,
    lenient: bool,
}

impl Reader {
    pub(super) fn new(diagnostics: Vec<Diagnostic>, lenient: bool) -> Self {
        Self { diagnostics, unread: Vec::new(), lenient }
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An unknown key: an error, or a warning when the reader is lenient.
    pub(super) fn unknown(&mut self, mut diagnostic: Diagnostic) {
        if self.lenient {
            diagnostic.severity = Severity::Warning;
        }
        self.push(diagnostic);
    }

    pub(super) fn wrong_type(&mut self, key: &KeyDef, expected: &str, found: &Node) {
        let message = format!("`{}` must be {expected}, and this is {}", key.name, found.describe());
        let trap = found.as_scalar().filter(|_| expected.contains("true")).and_then(|scalar| yes_or_no(&scalar.text));
        let help = trap.unwrap_or_else(|| format!("write for example `{}`", key.example));
        self.push(Diagnostic::error(Code::WrongType, found.head(), message).help(help));
    }

    /// Something else where a list of steps must stand.
    pub(super) fn no_list(&mut self, key: &str, found: &Node) {
        let message = format!("`{key}` must be a list of steps, and this is {}", found.describe());
        let help = "begin each step with a dash: `- action: http_request`, and its other keys below `action`";
        self.push(Diagnostic::error(Code::WrongType, found.head(), message).help(help));
    }

    pub(super) fn refuse_template(&mut self, name: &Name, key: &str) {
        if has_template(&name.text) {
            let message = format!("`{key}` cannot hold a template: it must be known before anything runs");
            self.push(Diagnostic::error(Code::NoTemplateHere, name.span, message).help("write it out"));
        }
    }

    /// The keys of an object. `None` when it is none, which is reported.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, object: &'static ObjectDef) -> Option<Fields<'n>> {
        let Kind::Map(entries) = &node.kind else {
            let message = format!("{} must be an object, and this is {}", object.words, node.describe());
            self.push(Diagnostic::error(Code::WrongType, node.head(), message).help(object.cure));
            return None;
        };
        let mut fields = Fields::new(object, node);
        let mut unknown = Vec::new();
        for entry in entries.iter() {
            match object.keys.iter().find(|key| key.is_called(&entry.key.text)) {
                Some(_) if entry.value.is_null() => fields.note_empty(entry),
                Some(key) if !key.in_build => {
                    fields.lacks_some = true;
                    self.unread.push(entry.value.clone());
                    self.push(lacking(entry));
                }
                Some(key) => self.take(&mut fields, key, entry),
                None => unknown.push(entry),
            }
        }
        for entry in unknown {
            self.unknown_key(entry, object, &mut fields);
        }
        Some(fields)
    }

    fn take<'n>(&mut self, fields: &mut Fields<'n>, key: &'static KeyDef, entry: &'n Entry) {
        if let Some(first) = fields.entry(key.name) {
            let message = format!("`{}` and `{}` are two names of one key", first.key.text, entry.key.text);
            let twice = Diagnostic::error(Code::TwiceGiven, entry.key.span, message).with(first.key.span, "given here already");
            self.push(twice.help("keep one of them"));
            return;
        }
        fields.insert(key, entry);
    }

    fn unknown_key<'n>(&mut self, entry: &'n Entry, object: &'static ObjectDef, fields: &mut Fields<'n>) {
        let found = entry.key.text.as_ref();
        let diagnostic = Diagnostic::error(Code::UnknownKey, entry.key.span, format!("{} has no key `{found}`", object.words));
        let Some(meant) = nearest::meant(found, object.keys.iter().flat_map(KeyDef::names)) else {
            let list: Vec<_> = object.keys.iter().filter(|key| key.in_build).map(|key| key.name).collect();
            self.unknown(diagnostic.help(format!("{}the keys are {}", object.hint, list.join(", "))));
            if !self.lenient {
                fields.strays.push(entry.key.text.clone());
            }
            return;
        };
        let key = object.keys.iter().find(|key| key.is_called(meant));
        let absent = if key.is_some_and(|key| !key.in_build) { " (which is not in this build)" } else { "" };
        self.unknown(diagnostic.help(format!("did you mean `{meant}`?{absent}")));
        if let Some(key) = key.filter(|key| key.in_build && !self.lenient && fields.entry(key.name).is_none()) {
            fields.insert(key, entry);
        }
    }
}

fn lacking(entry: &Entry) -> Diagnostic {
    let message = format!("`{}` is part of the language, but not in this build", entry.key.text);
    Diagnostic::error(Code::NotInThisBuild, entry.key.span, message).help("use a build that contains it, or leave it out")
}

pub(crate) fn has_template(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

/// What to write for a word that was a boolean in YAML 1.1, and is a text now.
pub(crate) fn yes_or_no(text: &str) -> Option<String> {
    let boolean = match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" => "true",
        "no" | "off" | "n" => "false",
        _ => return None,
    };
    Some(format!("in YAML 1.2 only `true` and `false` are booleans: write `{boolean}`"))
}
