//! Rules by which an action makes values of its `input`: their paths, expressions and keys are looked at before anything runs.

use super::{
    At, Compiler,
    config::{Key, folded_list, folded_map, key_node},
};
use crate::{
    Code, Diagnostic, ast, nearest,
    plan::{Tree, tree::TreeKey},
    schema::{KeyKind, Shape},
    yaml::{Entry, Kind, Node},
};
use std::sync::Arc;

/// The names that an expression sees before all others.
#[derive(Clone, Debug, Default)]
pub(super) enum First {
    #[default]
    Nothing,
    Names(Vec<Arc<str>>),
    /// They are known when it runs.
    Anything,
}

impl First {
    /// The members of what stands under `input`, and `input` itself.
    pub(super) fn of_input(config: Option<&Node>) -> Self {
        let entries = match config.and_then(|config| config.get("input")) {
            Some(Node { kind: Kind::Map(entries), .. }) => entries.as_slice(),
            Some(Node { kind: Kind::Scalar(scalar), .. }) if ast::has_template(&scalar.text) => return Self::Anything,
            None if config.is_some_and(|config| config.get("input_file").is_some()) => return Self::Anything,
            _ => &[],
        };
        if entries.iter().any(|entry| ast::has_template(&entry.key.text)) {
            return Self::Anything;
        }
        Self::Names(entries.iter().map(|entry| entry.key.text.clone()).chain(["input".into()]).collect())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Names(names) => names.iter().any(|known| **known == *name),
            Self::Anything => true,
        }
    }
}

/// Keys that make a rule of an object.
const KEYS: [&str; 3] = ["expr", "path", "default"];

impl Compiler<'_> {
    /// Rules by the name of what they give.
    pub(super) fn rules(&mut self, entries: &[Entry], key: &Key, at: At) -> Tree {
        let members = entries.iter().map(|entry| {
            let name = &entry.key.text;
            let tree_key = match ast::has_template(name).then(|| self.template(&key_node(entry), name, at)).flatten() {
                Some(text) => TreeKey::Text(text),
                None => TreeKey::Fixed(name.clone()),
            };
            (tree_key, self.rule(&entry.value, &key.under(name, KeyKind::Rules), at))
        });
        folded_map(members.collect())
    }

    fn rule(&mut self, node: &Node, key: &Key, at: At) -> Tree {
        let any = key.under_as_value();
        match &node.kind {
            Kind::Scalar(scalar) => {
                let is_path = ["$.", "$["].iter().any(|start| scalar.text.starts_with(start)) || *scalar.text == *"$";
                if is_path && scalar.is_text() && !ast::has_template(&scalar.text) {
                    self.json_path(node, &node.to_value());
                }
                self.tree(node, &Shape::Any, &any, at)
            }
            Kind::List(items) => folded_list(items.iter().map(|item| self.rule(item, key, at)).collect()),
            Kind::Map(entries) => {
                let given: Vec<&str> = entries.iter().map(|entry| entry.key.text.as_ref()).collect();
                match given.as_slice() {
                    ["expr"] => {
                        entries.iter().for_each(|entry| self.rule_expression(&entry.value, at));
                        // The action evaluates it as it is written.
                        Tree::Fixed(node.to_value())
                    }
                    ["path"] | ["path", "default"] | ["default", "path"] => {
                        let path = entries.iter().filter(|entry| {
                            &*entry.key.text == "path" && entry.value.as_str().is_some_and(|text| !ast::has_template(text))
                        });
                        path.for_each(|entry| self.json_path(&entry.value, &entry.value.to_value()));
                        self.tree(node, &Shape::Any, &any, at)
                    }
                    _ => {
                        self.check_rule_keys(entries);
                        self.rules(entries, key, at)
                    }
                }
            }
        }
    }

    fn rule_expression(&mut self, node: &Node, at: At) {
        // What the action calls constant is one: only a text is an expression.
        if node.as_str().is_some() {
            let outside = std::mem::replace(&mut self.first, self.of_rules.clone());
            self.expression(node, "expr", at);
            self.first = outside;
        }
    }

    /// An object that is nearly a rule would be taken for data, and its expression for a text.
    fn check_rule_keys(&mut self, entries: &[Entry]) {
        let is_rule = |entry: &Entry| KEYS.contains(&entry.key.text.as_ref());
        let meant = |entry: &Entry| nearest::meant(&entry.key.text, KEYS);
        if !entries.iter().all(|entry| is_rule(entry) || meant(entry).is_some()) {
            return;
        }
        let has_exact = entries.iter().any(is_rule);
        let has_text = entries.iter().any(|entry| entry.value.as_str().is_some_and(|text| !text.starts_with('$')));
        for entry in entries.iter().filter(|entry| !is_rule(entry) && (has_exact || has_text)) {
            let message = format!("a rule has no key `{}`: this object is data, and what stands in it is no rule", entry.key.text);
            // Alone the key may be meant: an object with `exp` is a usual one.
            let diagnostic = if has_exact { Diagnostic::error } else { Diagnostic::warning };
            let help = meant(entry).map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default();
            self.push(diagnostic(Code::UnknownConfigKey, entry.key.span, message).help(help));
        }
        if has_exact && entries.iter().all(is_rule) {
            let Some(entry) = entries.iter().find(|entry| &*entry.key.text != "expr") else { return };
            let (message, help) = match &*entry.key.text {
                "default" if entries.len() == 1 => return,
                other => (
                    format!("a rule with `expr` has no key `{other}`"),
                    "write `{expr: x ?? 0}` for a default, or `{path: $.x, default: 0}`",
                ),
            };
            self.push(Diagnostic::error(Code::UnknownConfigKey, entry.key.span, message).help(help));
        }
    }
}
