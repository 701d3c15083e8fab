//! Objects whose keys are known: unknown, missing and double keys, and those that this build does not contain.

use super::{
    At, Compiler,
    config::{Key, folded_map},
};
use crate::{
    Code, Diagnostic, Span, nearest,
    plan::{
        Tree,
        tree::{TreeKey, absent_when_null},
    },
    schema::{self, Object, Shape},
    yaml::Entry,
};
use std::{collections::HashMap, sync::Arc};

impl Compiler<'_> {
    /// Keys that are known; what is missing is looked for at `owner`.
    pub(super) fn object(&mut self, owner: Span, entries: &[Entry], object: &Object, key: &Key, at: At) -> Tree {
        let mut members = Members::default();
        let mut unknown = Vec::new();
        for entry in entries {
            match object.find(&entry.key.text) {
                Some((name, known)) => self.member(&mut members, name, known, entry, key, at),
                None if object.open => self.unknown_member(&mut members, entry, key, at),
                None => unknown.push(entry),
            }
        }
        for entry in unknown {
            let meant = self.unknown_config_key(entry, object, key).and_then(|meant| object.find(meant));
            // What was probably meant is read as that: one mistake, one message. Where that is only a warning the key is nothing.
            match meant.filter(|(name, known)| known.in_build && !members.given.contains_key(&***name)) {
                _ if self.lenient => {}
                Some((name, known)) => self.member(&mut members, name, known, entry, key, at),
                None => self.unknown_member(&mut members, entry, key, at),
            }
        }
        self.missing_keys(owner, object, &members, key);
        folded_map(members.trees)
    }

    fn member<'n>(&mut self, members: &mut Members<'n>, name: &'n Arc<str>, known: &schema::Key, entry: &'n Entry, key: &Key, at: At) {
        let found = &entry.key.text;
        if let Some(first) = members.given.get(&**name) {
            let message = format!("`{}` and `{found}` are two names of one key", first.key.text);
            let twice = Diagnostic::error(Code::TwiceGiven, entry.key.span, message).with(first.key.span, "given here already");
            return self.push(twice.help("keep one of them"));
        }
        members.given.insert(name, entry);
        if entry.value.is_null() && absent_when_null(known) {
            return;
        }
        if !known.in_build {
            let message = format!("`{found}` is part of the language, but not in this build");
            let absent = Diagnostic::error(Code::NotInThisBuild, entry.key.span, message);
            self.keep_unread(found, &entry.value);
            return self.push(absent.help("use a build that contains it, or leave it out"));
        }
        if known.kind.is_of_language() {
            // Under a misspelt key it was not looked for.
            self.incomplete |= object_name_differs(found, name, known);
            return;
        }
        let tree = self.tree(&entry.value, &known.shape, &key.under(name, known.kind), at);
        if let Some(format) = &known.format {
            self.check_format(&entry.value, &tree, format, &known.about, &key.under(name, known.kind));
        }
        members.trees.push((TreeKey::Fixed(name.clone()), tree));
    }

    fn unknown_member(&mut self, members: &mut Members, entry: &Entry, key: &Key, at: At) {
        let tree = self.tree(&entry.value, &Shape::Any, &key.under(&entry.key.text, key.kind), at);
        // A lenient caller lets an unknown key pass; the action would not know what to do with it.
        if !self.lenient {
            members.trees.push((TreeKey::Fixed(entry.key.text.clone()), tree));
        }
    }

    /// Reports a key that is unknown; gives the one that was probably meant.
    fn unknown_config_key<'o>(&mut self, entry: &Entry, object: &'o Object, key: &Key) -> Option<&'o str> {
        let found = entry.key.text.as_ref();
        let owner = if key.path.is_empty() { "the action".to_owned() } else { format!("`{}`", key.path) };
        let code = key.code(Code::UnknownConfigKey, Code::UnknownKey);
        let diagnostic = Diagnostic::error(code, entry.key.span, format!("{owner} has no key `{found}`"));
        const OF_STEPS: [&str; 8] = ["assert", "output", "retry", "eventually", "when", "on_error", "track", "auto_track"];
        if key.path.is_empty() && OF_STEPS.contains(&found) {
            self.unknown(diagnostic.help(format!("`{found}` is a key of the step: it stands beside `config:`, not under it")));
            return None;
        }
        let contained: Vec<_> = object.keys.iter().filter(|(_, key)| key.in_build).map(|(name, _)| name.as_ref()).collect();
        let meant = nearest::meant(found, object.names().collect::<Vec<_>>());
        let help = match meant {
            Some(meant) if object.find(meant).is_some_and(|(_, key)| !key.in_build) => {
                format!("did you mean `{meant}`? (which is not in this build)")
            }
            Some(meant) => format!("did you mean `{meant}`?"),
            None if contained.is_empty() => "it has no keys: take it away".to_owned(),
            None => format!("the keys are {}", contained.join(", ")),
        };
        self.unknown(diagnostic.help(help));
        meant
    }

    fn missing_keys(&mut self, owner: Span, object: &Object, members: &Members, key: &Key) {
        for (name, known) in object.keys.iter().filter(|(_, known)| known.required) {
            let entry = members.given.get(&**name);
            let empty = entry.is_none_or(|entry| entry.value.is_null() && absent_when_null(known));
            let astray = key.path.is_empty() && self.strays.contains(name);
            if !empty || astray {
                continue;
            }
            let at = entry.map_or(owner, |entry| entry.key.span);
            let (place, under) = match key.path.as_str() {
                "" => (String::new(), "config"),
                path => (format!(" in `{path}`"), path),
            };
            let about =
                if known.about.is_empty() { String::new() } else { format!(": {}", uncapitalised(known.about.trim_end_matches('.'))) };
            let diagnostic =
                Diagnostic::error(key.code(Code::MissingConfigKey, Code::MissingKey), at, format!("`{name}` is missing{place}"));
            self.push(diagnostic.help(format!("write `{name}:` under `{under}:`{about}")));
        }
    }
}

fn object_name_differs(found: &str, name: &str, known: &schema::Key) -> bool {
    found != name && !known.aliases.iter().any(|alias| **alias == *found)
}

/// The keys of one object as they are read.
#[derive(Default)]
struct Members<'n> {
    trees: Vec<(TreeKey, Tree)>,
    /// The known ones, by their proper names.
    given: HashMap<&'n str, &'n Entry>,
}

/// A sentence as it stands behind a colon: `An URL` is `an URL`, but `URL` stays.
fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), second) if second.is_none_or(|second| !second.is_uppercase()) => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
