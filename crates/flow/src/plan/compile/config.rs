//! The one walker: data against a shape, with carets and suggestions, templates allowed where any type stands.

use super::{At, Compiler, cure::cure};
use crate::{
    Code, Diagnostic, Map, Value, ast, duration, jsonpath, nearest,
    plan::{
        Tree,
        tree::{TreeKey, fit},
    },
    schema::{KeyKind, Shape},
    yaml::{Entry, Kind, Node},
};

/// What is being walked: how its texts are read, and how it is called in messages.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) path: String,
    pub(super) kind: KeyKind,
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

    /// The same key, read as plain data.
    pub(super) fn under_as_value(&self) -> Self {
        Self { kind: KeyKind::Value, ..self.clone() }
    }

    pub(super) fn under(&self, name: &str, kind: KeyKind) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, kind, of_action: self.of_action }
    }

    /// The path in messages.
    pub(super) fn words(&self) -> &str {
        if self.path.is_empty() { "config" } else { &self.path }
    }

    /// The key itself, without what leads to it.
    fn name(&self) -> &str {
        self.words().rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or("config")
    }

    pub(super) fn code(&self, of_action: Code, of_language: Code) -> Code {
        if self.of_action { of_action } else { of_language }
    }
}

impl Compiler<'_> {
    pub(super) fn tree(&mut self, node: &Node, shape: &Shape, key: &Key, at: At) -> Tree {
        if key.kind == KeyKind::Deferred {
            self.keep_unread(key.name(), node);
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

    pub(super) fn json_path(&mut self, node: &Node, value: &Value) {
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
                self.push(Diagnostic::error(code, node.place(), format!("`{}`: {}", key.words(), misfit.message)).help(help));
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
            Some(_) if key.kind == KeyKind::Rules => self.rules(entries, key, at),
            Some(Shape::Object(object)) => self.object(node.head(), entries, object, key, at),
            Some(Shape::Map(member)) => self.free_map(entries, member, key, at),
            Some(_) => self.free_map(entries, &Shape::Any, key, at),
            None => self.misfit(node, shape, key),
        }
    }

    fn misfit(&mut self, node: &Node, shape: &Shape, key: &Key) -> Tree {
        let code = key.code(Code::WrongConfigType, Code::WrongType);
        let message = format!("`{}`: expected {}, found {}", key.words(), shape.words(), node.describe());
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
}

/// A key as a node, for its template.
pub(super) fn key_node(entry: &Entry) -> Node {
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
pub(super) fn folded_list(items: Vec<Tree>) -> Tree {
    if !items.iter().all(Tree::is_fixed) {
        return Tree::List(items.into());
    }
    let value = |tree| if let Tree::Fixed(value) = tree { value } else { Value::Null };
    Tree::Fixed(Value::list(items.into_iter().map(value).collect()))
}

pub(super) fn folded_map(members: Vec<(TreeKey, Tree)>) -> Tree {
    if !members.iter().all(|(key, member)| matches!(key, TreeKey::Fixed(_)) && member.is_fixed()) {
        return Tree::Map(members.into());
    }
    let mut map = Map::with_capacity(members.len());
    for member in members {
        if let (TreeKey::Fixed(name), Tree::Fixed(value)) = member {
            map.insert(name, value);
        }
    }
    Tree::Fixed(Value::map(map))
}
