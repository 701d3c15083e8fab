//! The one walker: data against a shape, with carets and suggestions, templates allowed where any type stands.

use super::{At, Compiler, cure::cure};
use crate::{
    Code, Diagnostic, Map, Span, Value, ast, duration, jsonpath, nearest,
    plan::{
        Tree,
        tree::{TreeKey, absent_when_null, fit},
    },
    schema::{self, KeyKind, Object, Shape},
    yaml::{Entry, Kind, Node},
};
use std::{collections::HashMap, sync::Arc};

/// What is being walked: how its texts are read, and how it is called in messages.
#[derive(Clone, Debug)]
pub(super) struct Key {
    path: String,
    kind: KeyKind,
    /// Problems are about an action's config, not about a key of the language.
    of_action: bool,
}

impl Key {
    pub(super) fn language(name: &str) -> Self {
        Self { path: name.to_owned(), kind: KeyKind::Value, of_action: false }
    }

    pub(super) fn config() -> Self {
        Self { path: String::new(), kind: KeyKind::Value, of_action: true }
    }

    fn under(&self, name: &str, kind: KeyKind) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, kind, of_action: self.of_action }
    }

    /// The key itself, without what leads to it.
    fn name(&self) -> &str {
        self.path.rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or("config")
    }

    fn code(&self, of_action: Code, of_language: Code) -> Code {
        if self.of_action { of_action } else { of_language }
    }
}

impl Compiler<'_> {
    pub(super) fn tree(&mut self, node: &Node, shape: &Shape, key: &Key, at: At) -> Tree {
        if key.kind == KeyKind::Deferred {
            return Tree::Fixed(node.to_value());
        }
        match &node.kind {
            Kind::Scalar(_) => self.scalar(node, shape, key, at),
            Kind::List(items) => self.list(node, items, shape, key, at),
            Kind::Map(entries) => self.map(node, entries, shape, key, at),
        }
    }

    fn scalar(&mut self, node: &Node, shape: &Shape, key: &Key, at: At) -> Tree {
        if key.kind == KeyKind::Expression {
            self.expression(node, &key.path, at);
            return Tree::Fixed(node.to_value());
        }
        match self.text(node, at) {
            Tree::Fixed(value) => {
                if key.kind == KeyKind::JsonPath {
                    self.json_path(node, &value);
                }
                Tree::Fixed(self.fitted(node, value, shape, key))
            }
            text => text,
        }
    }

    fn json_path(&mut self, node: &Node, value: &Value) {
        if let Some(text) = value.as_str()
            && let Err(error) = jsonpath::parse(text)
        {
            self.bad_json_path(error, node);
        }
    }

    fn fitted(&mut self, node: &Node, value: Value, shape: &Shape, key: &Key) -> Value {
        match fit(value.clone(), shape) {
            Ok(value) => value,
            Err(misfit) => {
                let code = if *shape == Shape::Duration { Code::BadDuration } else { key.code(Code::WrongConfigType, Code::WrongType) };
                let near = value.as_str().and_then(|text| match shape {
                    Shape::Text(choices) => nearest::nearest(text, choices.iter().map(AsRef::as_ref)),
                    _ => None,
                });
                let help = match (near, shape) {
                    (Some(near), _) => format!("did you mean `{near}`?"),
                    (None, Shape::Duration) => duration::from_value(&value).err().map(|bad| bad.help).unwrap_or_default(),
                    (None, shape) => cure(key.name(), shape, node),
                };
                self.push(Diagnostic::error(code, node.place(), format!("`{}`: {}", key.path, misfit.message)).help(help));
                value
            }
        }
    }

    fn list(&mut self, node: &Node, items: &[Node], shape: &Shape, key: &Key, at: At) -> Tree {
        let Some(item_shape) = list_shape(shape) else { return self.misfit(node, shape, key) };
        let trees = items.iter().enumerate().map(|(index, item)| self.tree(item, item_shape, &key.under(&index.to_string(), key.kind), at));
        folded_list(trees.collect())
    }

    fn map(&mut self, node: &Node, entries: &[Entry], shape: &Shape, key: &Key, at: At) -> Tree {
        match map_shape(shape) {
            Some(Shape::Object(object)) => self.object(node.place(), entries, object, key, at),
            Some(Shape::Map(member)) => self.free_map(entries, member, key, at),
            Some(_) => self.free_map(entries, &Shape::Any, key, at),
            None => self.misfit(node, shape, key),
        }
    }

    fn misfit(&mut self, node: &Node, shape: &Shape, key: &Key) -> Tree {
        let code = key.code(Code::WrongConfigType, Code::WrongType);
        let name = if key.path.is_empty() { "config" } else { &key.path };
        let message = format!("`{name}`: expected {}, found {}", shape.words(), node.describe());
        self.push(Diagnostic::error(code, node.head(), message).help(cure(key.name(), shape, node)));
        Tree::Fixed(Value::Null)
    }

    /// Keys of the author's choice: templates are allowed in them too.
    fn free_map(&mut self, entries: &[Entry], shape: &Shape, key: &Key, at: At) -> Tree {
        let member = |entry: &Entry| {
            let name = &entry.key.text;
            let tree_key = match ast::has_template(name).then(|| self.template(&key_node(entry), name, at)).flatten() {
                Some(text) => TreeKey::Text(text),
                None => TreeKey::Fixed(name.clone()),
            };
            (tree_key, self.tree(&entry.value, shape, &key.under(name, key.kind), at))
        };
        folded_map(entries.iter().map(member).collect())
    }

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
            return self.push(absent.help("use a build that contains it, or leave it out"));
        }
        let tree = self.tree(&entry.value, &known.shape, &key.under(name, known.kind), at);
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

/// A key as a node, for its template.
fn key_node(entry: &Entry) -> Node {
    Node { span: entry.key.span, kind: Kind::Scalar(entry.key.scalar.clone()), alias: None }
}

fn list_shape(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::List(item) => Some(item),
        Shape::Any => Some(shape),
        Shape::OneOf(shapes) => shapes.iter().find_map(list_shape),
        _ => None,
    }
}

fn map_shape(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::Object(_) | Shape::Map(_) | Shape::Any => Some(shape),
        Shape::OneOf(shapes) => shapes.iter().find_map(map_shape),
        _ => None,
    }
}

/// A list in which nothing depends on the run is a value.
fn folded_list(items: Vec<Tree>) -> Tree {
    if !items.iter().all(Tree::is_fixed) {
        return Tree::List(items);
    }
    let value = |tree| if let Tree::Fixed(value) = tree { value } else { Value::Null };
    Tree::Fixed(Value::list(items.into_iter().map(value).collect()))
}

fn folded_map(members: Vec<(TreeKey, Tree)>) -> Tree {
    let fixed: Option<Map> = members
        .iter()
        .map(|member| match member {
            (TreeKey::Fixed(name), Tree::Fixed(value)) => Some((name.clone(), value.clone())),
            _ => None,
        })
        .collect();
    match fixed {
        Some(map) => Tree::Fixed(Value::map(map)),
        None => Tree::Map(members),
    }
}
