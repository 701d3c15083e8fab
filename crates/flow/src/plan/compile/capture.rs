//! Captures: a path, or an object with one.

use super::{At, Compiler, config::Key};
use crate::{
    Code, Diagnostic,
    ast::{self, Name},
    jsonpath, nearest,
    plan::{Capture, CapturePath},
    schema::Shape,
    yaml::{Entry, Kind, Node},
};
use std::sync::Arc;

const KEYS: [&str; 3] = ["path", "default", "secret"];

impl Compiler<'_> {
    /// A path, or `{path, default, secret}`.
    pub(super) fn capture(&mut self, name: &Name, node: &Node, at: At) -> Option<Capture> {
        let Kind::Map(entries) = &node.kind else {
            let path = self.capture_path(name, node, at)?;
            return Some(Capture::new(name.text.clone(), path, node, None, false));
        };
        let mut found: Vec<(&str, &Node)> = Vec::new();
        let (known, unknown): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| KEYS.contains(&entry.key.text.as_ref()));
        found.extend(known.iter().map(|entry| (entry.key.text.as_ref(), &entry.value)));
        for entry in unknown {
            found.extend(self.unknown_capture_key(entry).filter(|_| !self.lenient).map(|meant| (meant, &entry.value)));
        }
        let under = |key: &str| found.iter().find(|(name, _)| *name == key).map(|(_, node)| *node);
        let Some(path_node) = under("path").filter(|node| !node.is_null()) else {
            let message = format!("the capture `{}` has no `path`", name.text);
            let missing = Diagnostic::error(Code::MissingKey, node.head(), message);
            self.push(missing.help(format!("write for example `{}: {{path: $.id, default: 0}}`", name.text)));
            return None;
        };
        let default = under("default").map(|node| self.tree(node, &Shape::Any, &Key::language("default"), at));
        let secret = under("secret").is_some_and(|node| self.secret(node));
        let path = self.capture_path(name, path_node, at)?;
        Some(Capture::new(name.text.clone(), path, path_node, default, secret))
    }

    /// Gives the key that was probably meant.
    fn unknown_capture_key(&mut self, entry: &Entry) -> Option<&'static str> {
        let found = entry.key.text.as_ref();
        let meant = nearest::meant(found, KEYS);
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "the keys are path, default, secret".to_owned(),
        };
        self.unknown(Diagnostic::error(Code::UnknownKey, entry.key.span, format!("a capture has no key `{found}`")).help(help));
        meant
    }

    fn secret(&mut self, node: &Node) -> bool {
        if node.is_null() {
            return false;
        }
        node.to_value().as_bool().unwrap_or_else(|| {
            let message = format!("`secret` must be true or false, and this is {}", node.describe());
            let help = node.as_scalar().and_then(|scalar| ast::yes_or_no(&scalar.text)).unwrap_or_else(|| "write `secret: true`".into());
            self.push(Diagnostic::error(Code::WrongType, node.head(), message).help(help));
            false
        })
    }

    fn capture_path(&mut self, name: &Name, node: &Node, at: At) -> Option<CapturePath> {
        let Some(text) = node.as_scalar().filter(|scalar| scalar.is_text()).map(|scalar| &scalar.text) else {
            let message = format!("a capture is a path or an expression, and this is {}", node.describe());
            self.push(Diagnostic::error(Code::WrongType, node.head(), message).help(format!("write for example `{}: $.id`", name.text)));
            return None;
        };
        let trimmed = text.trim();
        if trimmed.is_empty() {
            let empty = Diagnostic::error(Code::ExpressionSyntax, node.place(), format!("the path of `{}` is empty", name.text));
            self.push(empty.help(format!("write for example `{}: $.id`", name.text)));
            return None;
        }
        if trimmed == "$" {
            return Some(CapturePath::Whole);
        }
        if trimmed.starts_with("$.") || trimmed.starts_with("$[") {
            return if ast::has_template(text) {
                self.template(node, text, at).map(CapturePath::Rendered)
            } else {
                self.json_path_capture(node, text)
            };
        }
        if trimmed.starts_with("${") || trimmed.starts_with("{{") {
            return self.template(node, text, at).map(CapturePath::Template);
        }
        self.expression(node, &name.text, at).map(|condition| CapturePath::Expression(condition.expr))
    }

    fn json_path_capture(&mut self, node: &Node, text: &Arc<str>) -> Option<CapturePath> {
        jsonpath::parse(text.clone()).map_err(|error| self.bad_json_path(error, node)).ok().map(CapturePath::JsonPath)
    }
}
