//! Patterns of `match` and `search`: I-Regexp (RFC 9485), of which the syntax of [`regex`] is a superset but for the dot.

use super::ast::Operand;
use crate::Value;
use regex::Regex;

/// What a pattern has to cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    Part,
}

#[derive(Debug)]
pub(super) enum Pattern {
    Known(Regex),
    /// Comes from the document; it may be anything, and what is no pattern matches nothing.
    Computed(Operand, Extent),
}

impl Pattern {
    /// # Errors
    /// Why the text, when the pattern is written in the query, is no pattern.
    pub(super) fn new(operand: Operand, extent: Extent) -> Result<Self, String> {
        match operand {
            Operand::Literal(Value::Text(text)) => compile(&text, extent).map(Self::Known),
            other => Ok(Self::Computed(other, extent)),
        }
    }
}

pub(super) fn compile(pattern: &str, extent: Extent) -> Result<Regex, String> {
    let body = undotted(pattern);
    // Alone first, so that `a)(b` does not become a pattern through the anchors around it.
    let alone = Regex::new(&body).map_err(|error| reason(&error))?;
    match extent {
        Extent::Part => Ok(alone),
        Extent::Whole => Regex::new(&format!(r"\A(?:{body})\z")).map_err(|error| reason(&error)),
    }
}

/// The last line of the error, which says what is wrong; the lines before it draw the pattern.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// The pattern with every dot outside a class saying what I-Regexp means by it: neither line feed nor carriage return.
fn undotted(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let (mut escaped, mut in_class) = (false, 0_usize);
    for character in pattern.chars() {
        match character {
            _ if escaped => {
                escaped = false;
                out.push(character);
                continue;
            }
            '\\' => escaped = true,
            '[' => in_class += 1,
            ']' => in_class = in_class.saturating_sub(1),
            '.' if in_class == 0 => {
                out.push_str(r"[^\n\r]");
                continue;
            }
            _ => {}
        }
        out.push(character);
    }
    out
}
