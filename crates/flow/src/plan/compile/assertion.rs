//! Assertions: an expression, or an object with one.

use super::{At, Compiler};
use crate::{
    Code, Diagnostic, ast,
    catalog::ActionSpec,
    nearest,
    plan::{Assertion, Text},
    schema::Shape,
    yaml::{Entry, Kind, Node},
};

const KEYS: [&str; 2] = ["expression", "message"];

impl Compiler<'_> {
    pub(super) fn assertions(&mut self, step: &ast::Step, spec: Option<&ActionSpec>, at: At, output: &Shape) -> Box<[Assertion]> {
        let mut nodes: Vec<Node> = step.asserts.clone();
        if spec.is_some_and(|spec| &*spec.name == "assert") {
            let under = |key: &str| step.config.as_ref().and_then(|config| config.get(key)).filter(|node| !node.is_null());
            nodes.extend(under("expression").cloned());
            if let Some(node) = under("assertions") {
                nodes.extend(node.as_list().map_or_else(|| vec![node.clone()], <[Node]>::to_vec));
            }
            if nodes.is_empty() {
                let nothing = Diagnostic::error(Code::MissingConfigKey, step.action.span, "the step asserts nothing");
                self.push(nothing.help("add `assertions:` under `config:`, with a list of expressions"));
            }
        }
        nodes.iter().filter_map(|node| self.assertion(node, at, output)).collect()
    }

    /// An expression, or `{expression, message}`.
    fn assertion(&mut self, node: &Node, at: At, output: &Shape) -> Option<Assertion> {
        let Kind::Map(entries) = &node.kind else {
            let condition = self.condition(node, "assert", at, Some(output))?;
            return Some(Assertion { condition, message: None });
        };
        let (known, unknown): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| KEYS.contains(&entry.key.text.as_ref()));
        let under = |key: &str| known.iter().find(|entry| &*entry.key.text == key).map(|entry| &entry.value);
        let (mut expression, mut message) = (under("expression"), under("message"));
        if expression.is_none() && self.colon_in_expression(node, entries) {
            return None;
        }
        for entry in unknown {
            match self.unknown_assertion_key(entry) {
                Some("expression") if !self.lenient => expression = expression.or(Some(&entry.value)),
                Some("message") if !self.lenient => message = message.or(Some(&entry.value)),
                _ => {}
            }
        }
        let Some(expression) = expression.filter(|node| !node.is_null()) else {
            let missing = Diagnostic::error(Code::MissingKey, node.head(), "the assertion has no `expression`");
            self.push(missing.help("write `{expression: status == 200, message: …}`"));
            return None;
        };
        let message = message.filter(|node| !node.is_null()).and_then(|node| self.message(node, at));
        let condition = self.condition(expression, "expression", at, Some(output))?;
        Some(Assertion { condition, message })
    }

    /// Reports an expression that YAML reads as an object, since it holds `: ` or was written as key and value. `false` when it is none.
    fn colon_in_expression(&mut self, node: &Node, entries: &[Entry]) -> bool {
        let [Entry { key, value }] = entries else { return false };
        if nearest::meant(&key.text, KEYS).is_some() || key.text.as_ref() == "response" {
            return false;
        }
        let Some(scalar) = value.as_scalar().filter(|scalar| !scalar.is_null()) else { return false };
        let help = if key.text.contains([' ', '"', '\'', '(']) {
            let range = key.span.range().start..value.span.range().end;
            let written = self.sources.get(node.span.source).map_or("", |source| source.slice(range));
            format!("the `: ` makes an object of it; quote all of it: `'{}'`", written.replace('\'', "''"))
        } else {
            let text = scalar.text.as_ref();
            let value = if scalar.is_text() { format!("\"{text}\"") } else { text.to_owned() };
            format!("did you mean `{} == {value}`?", key.text)
        };
        self.push(
            Diagnostic::error(Code::WrongType, node.head(), "an assertion is an expression, and this is a key with a value").help(help),
        );
        true
    }

    /// Gives the key that was probably meant.
    fn unknown_assertion_key(&mut self, entry: &Entry) -> Option<&'static str> {
        let found = entry.key.text.as_ref();
        if ["response", "matches_schema"].contains(&found) {
            let message = format!("`{found}` is part of the language, but not in this build");
            let absent = Diagnostic::error(Code::NotInThisBuild, entry.key.span, message);
            self.push(absent.help("write `matches_schema(response, …)` as an expression"));
            return None;
        }
        let meant = nearest::meant(found, KEYS);
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "the keys are expression, message; an expression that holds `: ` must be quoted".to_owned(),
        };
        self.unknown(Diagnostic::error(Code::UnknownKey, entry.key.span, format!("an assertion has no key `{found}`")).help(help));
        meant
    }

    fn message(&mut self, node: &Node, at: At) -> Option<Box<Text>> {
        let Some(scalar) = node.as_scalar() else {
            let message = format!("the `message` of an assertion must be text, and this is {}", node.describe());
            self.push(Diagnostic::error(Code::WrongType, node.head(), message).help("write for example `message: the user is there`"));
            return None;
        };
        self.template(node, &scalar.text, at)
    }
}
