//! Lists and objects that are being read.

use super::{merge::Merge, trap};
use crate::{
    Code, Diagnostic, Span,
    yaml::{Entry, Key, Node, Scalar, Style, quote::quoted},
};
use std::{collections::HashMap, sync::Arc};

pub(super) struct Frame {
    /// The parser's number of its anchor; 0 is none.
    pub(super) anchor: usize,
    pub(super) start: usize,
    /// How many nodes were counted before this one.
    pub(super) nodes_before: usize,
    /// Of its highest child.
    pub(super) height: usize,
    pub(super) body: Body,
}

pub(super) enum Body {
    List(Vec<Node>),
    Map(MapFrame),
}

#[derive(Default)]
pub(super) struct MapFrame {
    pub(super) entries: Vec<Entry>,
    pub(super) merges: Vec<Merge>,
    /// From the first key to the last value.
    pub(super) children: Option<Span>,
    /// The key whose value comes next.
    pending: Option<Pending>,
    /// Where each key stands; the merge key too.
    seen: HashMap<Arc<str>, Span>,
}

enum Pending {
    Key(Key),
    /// `<<` at this place.
    Merge(Span),
    /// A key that cannot be one; its value is read and dropped.
    Bad,
}

impl MapFrame {
    /// Whether the next node is a key.
    pub(super) fn wants_key(&self) -> bool {
        self.pending.is_none()
    }

    /// Takes the next key or value. `start` is where the object begins.
    pub(super) fn take(&mut self, node: Node, start: usize, text: &str) -> Option<Diagnostic> {
        let place = node.place();
        self.children = Some(self.children.map_or(place, |children| children.to(place)));
        match self.pending.take() {
            None => match self.key(&node, start, text) {
                Ok(pending) => {
                    self.pending = Some(pending);
                    None
                }
                Err(problem) => {
                    self.pending = Some(Pending::Bad);
                    problem
                }
            },
            Some(Pending::Key(key)) => {
                let is_in_brackets = text[start..].starts_with('{');
                let problem = trap::no_space_behind_colon(&key, &node, is_in_brackets);
                let problem = problem.or_else(|| trap::key_is_expression(&key, &node, text));
                self.entries.push(Entry { key, value: node });
                problem
            }
            Some(Pending::Merge(key)) => match Merge::new(key, self.entries.len(), &node) {
                Ok(merge) => {
                    self.merges.push(merge);
                    None
                }
                Err(problem) => Some(problem),
            },
            Some(Pending::Bad) => None,
        }
    }

    /// What a key is, or what is wrong with it, unless that is said already.
    fn key(&mut self, node: &Node, start: usize, text: &str) -> Result<Pending, Option<Diagnostic>> {
        let place = node.place();
        let Some(scalar) = node.as_scalar().cloned() else { return Err(bad_key(node, start, text)) };
        if scalar.is_unwritten() {
            let problem = Diagnostic::error(Code::YamlSyntax, place, "no key stands before the `:`");
            return Err(Some(problem.help("write the key; a value that begins with `:` must be quoted")));
        }
        if let Some(first) = self.seen.insert(scalar.text.clone(), place) {
            self.seen.insert(scalar.text.clone(), first);
            return Err(Some(twice(&scalar, place, first)));
        }
        if is_merge(&scalar) {
            return Ok(Pending::Merge(place));
        }
        Ok(Pending::Key(Key::new(scalar, place)))
    }
}

fn is_merge(scalar: &Scalar) -> bool {
    &*scalar.text == "<<" && scalar.style == Style::Plain && scalar.tag.is_none()
}

fn twice(scalar: &Scalar, place: Span, first: Span) -> Diagnostic {
    let help = if is_merge(scalar) {
        "name all objects in one merge key: `<<: [*one, *other]`"
    } else {
        "remove one of them, or give it another name; an item of a list begins with `- `"
    };
    Diagnostic::error(Code::DuplicateKey, place, format!("the key `{}` stands twice in one object", scalar.text))
        .saying("again here")
        .with(first, "first here")
        .help(help)
}

/// A list or object where a key should be. `{{name}}` is one to YAML: an object whose key is an object.
fn bad_key(node: &Node, start: usize, text: &str) -> Option<Diagnostic> {
    let key = node.span.range();
    let braces = text[start..].starts_with("{{") && key.start == start + 1;
    if braces {
        let end = key.end + usize::from(text[key.end..].starts_with('}'));
        return Some(crate::yaml::template::unquoted(node.span.source, start..end, text));
    }
    if text[key.start..].starts_with("{{") {
        return None;
    }
    let problem = Diagnostic::error(Code::YamlSyntax, node.place(), format!("a key is a text, not {}", node.describe()));
    let written = &text[key];
    Some(if written.len() < 40 && !written.contains('\n') {
        problem.help(format!("quote it if it is meant as a text: `{}`", quoted(written)))
    } else {
        problem.help("write the key as a text, followed by `: `")
    })
}
