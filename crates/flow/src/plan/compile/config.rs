//! The one walker: data against a shape, with carets and suggestions, templates allowed where any type stands.

use super::{At, Compiler};
use crate::{
    Code, Diagnostic, Map, Span, Value, jsonpath, nearest,
    plan::{
        Tree,
        tree::{TreeKey, absent_when_null, fit},
    },
    schema::{KeyKind, Object, Shape},
    yaml::{Entry, Kind, Node},
};

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
            let span = self.span_at(node, error.range);
            let diagnostic = Diagnostic::error(Code::BadJsonPath, span, error.message);
            self.push(match error.help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }

    fn fitted(&mut self, node: &Node, value: Value, shape: &Shape, key: &Key) -> Value {
        match fit(value.clone(), shape) {
            Ok(value) => value,
            Err(misfit) => {
                let bad_duration = *shape == Shape::Duration;
                let code = if bad_duration { Code::BadDuration } else { key.code(Code::WrongConfigType, Code::WrongType) };
                let diagnostic = Diagnostic::error(code, node.place(), format!("`{}`: {}", key.path, misfit.message));
                let near = value.as_str().and_then(|text| match shape {
                    Shape::Text(choices) => nearest::nearest(text, choices.iter().map(AsRef::as_ref)),
                    _ => None,
                });
                self.push(match near {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic,
                });
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
        self.push(Diagnostic::error(code, node.place(), message));
        Tree::Fixed(Value::Null)
    }

    /// Keys of the author's choice: templates are allowed in them too.
    fn free_map(&mut self, entries: &[Entry], shape: &Shape, key: &Key, at: At) -> Tree {
        let member = |entry: &Entry| {
            let name = &entry.key.text;
            let templated = name.contains("${") || name.contains("{{");
            let tree_key = match templated.then(|| self.template(&key_node(entry), name, at)).flatten() {
                Some(text) => TreeKey::Text(text),
                None => TreeKey::Fixed(name.clone()),
            };
            (tree_key, self.tree(&entry.value, shape, &key.under(name, key.kind), at))
        };
        folded_map(entries.iter().map(member).collect())
    }

    /// Keys that are known; what is missing is looked for at `owner`.
    pub(super) fn object(&mut self, owner: Span, entries: &[Entry], object: &Object, key: &Key, at: At) -> Tree {
        let mut members: Vec<(TreeKey, Tree)> = Vec::new();
        let mut given: Vec<(&str, &Entry)> = Vec::new();
        for entry in entries {
            let found = entry.key.text.as_ref();
            let Some((name, known)) = object.find(found) else {
                if !object.open {
                    self.unknown_config_key(entry, object, key);
                }
                members
                    .push((TreeKey::Fixed(entry.key.text.clone()), self.tree(&entry.value, &Shape::Any, &key.under(found, key.kind), at)));
                continue;
            };
            if let Some((_, first)) = given.iter().find(|(given, _)| **given == **name) {
                let message = format!("`{}` and `{found}` are two names of one key", first.key.text);
                self.push(
                    Diagnostic::error(Code::TwiceGiven, entry.key.span, message)
                        .with(first.key.span, "given here already")
                        .help("keep one of them"),
                );
                continue;
            }
            given.push((name, entry));
            if !known.in_build {
                let message = format!("`{found}` is part of the language, but not in this build");
                self.push(
                    Diagnostic::error(Code::NotInThisBuild, entry.key.span, message).help("use a build that contains it, or leave it out"),
                );
                continue;
            }
            if entry.value.is_null() && absent_when_null(known) {
                continue;
            }
            let tree = self.tree(&entry.value, &known.shape, &key.under(name, known.kind), at);
            members.push((TreeKey::Fixed(name.clone()), tree));
        }
        self.missing_keys(owner, object, &given, key);
        folded_map(members)
    }

    fn unknown_config_key(&mut self, entry: &Entry, object: &Object, key: &Key) {
        let found = entry.key.text.as_ref();
        let owner = if key.path.is_empty() { "the action".to_owned() } else { format!("`{}`", key.path) };
        let code = key.code(Code::UnknownConfigKey, Code::UnknownKey);
        let diagnostic =
            Diagnostic::error(code, entry.key.span, format!("{owner} has no key `{found}`")).did_you_mean(found, object.names());
        let step_key = ["assert", "output", "retry", "eventually", "when", "on_error"].contains(&found) && key.path.is_empty();
        self.unknown(match diagnostic.help {
            Some(_) => diagnostic,
            None if step_key => diagnostic.help(format!("`{found}` is a key of the step: it stands beside `config:`, not under it")),
            None => {
                let list: Vec<_> = object.keys.iter().filter(|(_, key)| key.in_build).map(|(name, _)| name.as_ref()).collect();
                diagnostic.help(format!("the keys are {}", list.join(", ")))
            }
        });
    }

    fn missing_keys(&mut self, owner: Span, object: &Object, given: &[(&str, &Entry)], key: &Key) {
        for (name, known) in &object.keys {
            let present = given.iter().any(|(given, entry)| **given == **name && !(entry.value.is_null() && absent_when_null(known)));
            if known.required && !present {
                let at = given.iter().find(|(given, _)| **given == **name).map_or(owner, |(_, entry)| entry.key.span);
                let place = if key.path.is_empty() { String::new() } else { format!(" in `{}`", key.path) };
                let code = key.code(Code::MissingConfigKey, Code::MissingKey);
                let diagnostic = Diagnostic::error(code, at, format!("`{name}` is missing{place}"));
                self.push(if known.about.is_empty() { diagnostic } else { diagnostic.help(format!("`{name}`: {}", known.about)) });
            }
        }
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
