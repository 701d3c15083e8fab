//! Texts that are valid and hardly what was meant.

use super::{Builder, place::Place};
use crate::{
    Code, Diagnostic,
    yaml::{Key, Node, Scalar, Style, quote::quoted, text},
};

impl Builder<'_> {
    /// An item of a list that is indented too far goes on with the text above it: `- one` and, deeper, `- two` are the text `one - two`.
    pub(super) fn item_in_text(&mut self, place: Place<'_>) {
        let written = &self.text[place.start..place.end];
        let mut lines = written.split_inclusive(['\n', '\r']);
        let mut at = place.start + lines.next().map_or(0, str::len);
        for line in lines {
            let item = at + line.len() - line.trim_start().len();
            if self.text[item..].starts_with("- ") {
                let line = text::trim_end(self.text, item..at + line.len());
                let problem = Diagnostic::warning(Code::YamlTrap, self.span(line), "YAML reads this line as the rest of the text above")
                    .with(self.span(place.start..place.start), "the text begins here")
                    .help("indent the `- ` like the items around it; quote the text if it is meant so");
                return self.diagnostics.push(problem);
            }
            at += line.len();
        }
    }
}

/// `{key:value}` is a key of that name, and no value.
pub(super) fn no_space_behind_colon(key: &Key, value: &Node, is_in_brackets: bool) -> Option<Diagnostic> {
    let is_unwritten = value.as_scalar().is_some_and(Scalar::is_unwritten);
    if !is_in_brackets || !is_unwritten || key.scalar.style != Style::Plain {
        return None;
    }
    let (name, rest) = key.text.split_once(':').filter(|(_, rest)| !rest.starts_with("//") && !rest.is_empty())?;
    let message = format!("YAML reads `{}` as a key without a value", key.text);
    Some(Diagnostic::warning(Code::YamlTrap, key.span, message).help(format!("write `{name}: {rest}`")))
}

/// `- body.name == "a: b"` is an object whose key is `body.name == "a`.
pub(super) fn key_is_expression(key: &Key, value: &Node, text: &str) -> Option<Diagnostic> {
    const OPERATORS: [&str; 9] = [" == ", " != ", " >= ", " <= ", " > ", " < ", " && ", " || ", " ? "];
    let is_expression = OPERATORS.iter().any(|operator| key.text.contains(operator)) || key.text.matches('"').count() % 2 == 1;
    let is_line = value.alias.is_none() && value.as_scalar().is_some_and(|scalar| scalar.style == Style::Plain);
    if !is_expression || !is_line || key.scalar.style != Style::Plain {
        return None;
    }
    let written = text.get(key.span.start as usize..value.span.end as usize)?;
    let message = format!("YAML reads `{}` as a key", key.text);
    Some(Diagnostic::warning(Code::YamlTrap, key.span, message).help(format!("if the line is one text, write `{}`", quoted(written))))
}
