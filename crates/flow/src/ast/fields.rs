//! The keys of one object that were found, by their proper names, each read as what it must be.

use super::{
    Name,
    keys::{KeyDef, ObjectDef},
    read::Reader,
};
use crate::{
    Code, Diagnostic, Span,
    yaml::{Entry, Node},
};
use std::sync::Arc;

pub(super) struct Fields<'n> {
    object: &'static ObjectDef,
    owner: &'n Node,
    entries: Vec<(&'static KeyDef, &'n Entry)>,
    /// Keys with nothing behind them, which are as good as absent.
    empty: Vec<&'n Entry>,
    /// Unknown keys that are reported, and of which nobody knows what they mean.
    pub(super) strays: Vec<Arc<str>>,
    /// One of the keys is not in this build.
    pub(super) lacks_some: bool,
}

impl<'n> Fields<'n> {
    pub(super) fn new(object: &'static ObjectDef, owner: &'n Node) -> Self {
        Self { object, owner, entries: Vec::new(), empty: Vec::new(), strays: Vec::new(), lacks_some: false }
    }

    pub(super) fn insert(&mut self, key: &'static KeyDef, entry: &'n Entry) {
        self.entries.push((key, entry));
    }

    pub(super) fn note_empty(&mut self, entry: &'n Entry) {
        self.empty.push(entry);
    }

    pub(super) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.found(key).map(|(_, entry)| entry)
    }

    fn found(&self, key: &str) -> Option<(&'static KeyDef, &'n Entry)> {
        self.entries.iter().find(|(def, _)| def.name == key).copied()
    }

    /// The value under a key; null is as good as absent.
    pub(super) fn take(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value).filter(|node| !node.is_null())
    }

    /// Where a key stands that has nothing behind it.
    pub(super) fn empty_key(&self, key: &KeyDef) -> Option<Span> {
        self.empty.iter().find(|entry| key.is_called(&entry.key.text)).map(|entry| entry.key.span)
    }

    /// The key of this name in the object.
    pub(super) fn def(&self, key: &str) -> Option<&'static KeyDef> {
        self.object.keys.iter().find(|def| def.name == key)
    }

    /// Reports a key that must be there; the caret is under the key when nothing stands behind it.
    pub(super) fn report_missing(&self, key: &str, reader: &mut Reader) {
        let empty = self.empty.iter().find(|entry| &*entry.key.text == key);
        let at = empty.map_or_else(|| self.owner.head(), |entry| entry.key.span);
        let message = format!("{} has no `{key}`", self.object.words);
        let example = self.object.keys.iter().find(|def| def.name == key).map_or(key, |def| def.example);
        reader.push(Diagnostic::error(Code::MissingKey, at, message).help(format!("write for example `{example}`")));
    }

    /// A key with a text or a number; lists and objects are reported.
    pub(super) fn scalar(&self, key: &str, reader: &mut Reader) -> Option<&'n Node> {
        let (def, entry) = self.found(key)?;
        if entry.value.as_scalar().is_none() {
            reader.wrong_type(def, "text", &entry.value);
            return None;
        }
        self.take(key)
    }

    /// A scalar as text: what YAML reads as a number or boolean counts as it is written.
    pub(super) fn text(&self, key: &str, reader: &mut Reader) -> Option<Name> {
        self.scalar(key, reader).and_then(name)
    }

    /// A text in which no template can stand, since it names something before anything runs.
    pub(super) fn fixed_text(&self, key: &str, reader: &mut Reader) -> Option<Name> {
        let name = self.text(key, reader)?;
        reader.refuse_template(&name, key);
        Some(name)
    }

    /// As [`Fields::fixed_text`], and it must be there.
    pub(super) fn required_text(&self, key: &str, reader: &mut Reader) -> Option<Name> {
        if self.take(key).is_none() {
            self.report_missing(key, reader);
        }
        self.fixed_text(key, reader)
    }

    pub(super) fn bool(&self, key: &str, reader: &mut Reader) -> Option<bool> {
        let (def, entry) = self.found(key)?;
        let found = entry.value.to_value();
        let value = found.as_bool().or_else(|| found.as_str().and_then(|text| text.parse().ok()));
        if value.is_none() && !entry.value.is_null() {
            reader.wrong_type(def, "true or false", &entry.value);
        }
        value
    }

    /// A list of texts without templates; one text alone is a list of one.
    pub(super) fn names(&self, key: &str, reader: &mut Reader) -> Vec<Name> {
        let (Some((def, _)), Some(node)) = (self.found(key), self.take(key)) else { return Vec::new() };
        let mut names = Vec::new();
        for item in node.as_list().unwrap_or(std::slice::from_ref(node)) {
            match name(item) {
                Some(name) => {
                    reader.refuse_template(&name, key);
                    names.push(name);
                }
                None => reader.wrong_type(def, "a list of texts", item),
            }
        }
        names
    }

    /// As [`Fields::names`]; one text alone is split at its commas.
    pub(super) fn tags(&self, key: &str, reader: &mut Reader) -> Vec<Name> {
        let names = self.names(key, reader);
        if self.take(key).is_some_and(|node| node.as_list().is_some()) {
            return names;
        }
        let split = |name: Name| -> Vec<Name> {
            let texts = name.text.split(',').map(str::trim).filter(|text| !text.is_empty());
            texts.map(|text| Name { text: text.into(), span: name.span }).collect()
        };
        names.into_iter().flat_map(split).collect()
    }

    /// An object with keys of the author's choice, in which no template can stand.
    pub(super) fn pairs(&self, key: &str, reader: &mut Reader) -> Vec<(Name, Node)> {
        let (Some((def, _)), Some(node)) = (self.found(key), self.take(key)) else { return Vec::new() };
        let Some(entries) = node.as_map() else {
            reader.wrong_type(def, "an object of names and values", node);
            return Vec::new();
        };
        let pairs = entries.iter().map(|entry| {
            let name = Name { text: entry.key.text.clone(), span: entry.key.span };
            reader.refuse_template(&name, &format!("a name in `{key}`"));
            (name, entry.value.clone())
        });
        pairs.collect()
    }

    /// A list of anything, or one thing alone.
    pub(super) fn items(&self, key: &str) -> Vec<Node> {
        match self.take(key) {
            None => Vec::new(),
            Some(node) => node.as_list().map_or_else(|| vec![node.clone()], <[Node]>::to_vec),
        }
    }

    /// A list of steps, for whoever reads those.
    pub(super) fn list(&self, key: &str, reader: &mut Reader) -> &'n [Node] {
        let Some(node) = self.take(key) else { return &[] };
        node.as_list().unwrap_or_else(|| {
            reader.no_list(key, node);
            &[]
        })
    }
}

fn name(node: &Node) -> Option<Name> {
    let scalar = node.as_scalar().filter(|scalar| !scalar.is_null())?;
    Some(Name { text: Arc::clone(&scalar.text), span: node.span })
}
