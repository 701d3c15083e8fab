//! Anchors and aliases. An alias shares the content of its anchor; what it repeats is counted, so that no few lines become a million values.

use super::{Builder, Finished, Step};
use crate::{
    Code, Diagnostic, Span,
    yaml::{Kind, Node, Scalar, Style, limits, quote::quoted, text},
};
use std::ops::Range;

/// What an anchor names.
#[derive(Clone)]
pub(super) struct Anchored {
    pub(super) node: Node,
    pub(super) height: usize,
    pub(super) nodes: usize,
}

impl Builder<'_> {
    /// An alias of the parser's anchor number `anchor`.
    pub(super) fn alias(&mut self, anchor: usize, range: Range<usize>) -> Step {
        self.cursor = range.end;
        let span = self.span(range.clone());
        let name = self.text[range].trim_start_matches('*');
        if let Some(frame) = self.stack.iter().find(|frame| frame.anchor == anchor) {
            let around = self.anchor_names.get(name).copied().unwrap_or(self.span(frame.start..frame.start));
            let problem = Diagnostic::error(Code::BadAlias, span, format!("`*{name}` stands inside the value that it repeats"))
                .with(around, "the value begins here")
                .help("an alias repeats a value that is complete; move the shared part out of it");
            return self.unresolved(span, problem);
        }
        let Some(Anchored { node, height, nodes }) = self.anchors.get(&anchor).cloned() else {
            let problem = Diagnostic::error(Code::BadAlias, span, format!("`*{name}` names a value of another document"))
                .help(format!("anchors end with their document (`---`); write `&{name}` before a value of this one"));
            return self.unresolved(span, problem);
        };
        if self.stack.len() + height > limits::DEPTH {
            return self.too_deep(span);
        }
        self.count(nodes, span)?;
        self.finish(Finished { node: Node { alias: Some(span), ..node }, anchor: 0, height, nodes })
    }

    /// An alias whose name no anchor has; the parser goes on behind it.
    pub(super) fn unknown_anchor(&mut self, at: usize) -> Step {
        let end = text::word_end(self.text, at);
        self.cursor = end;
        let span = self.span(at..end);
        let name = self.text[at..end].trim_start_matches('*');
        let problem = Diagnostic::error(Code::BadAlias, span, format!("there is no anchor `&{name}` above this alias"));
        let near = crate::nearest::nearest(name, self.anchor_names.keys().copied());
        let problem = if let Some((near, place)) = near.and_then(|near| self.anchor_names.get_key_value(near)) {
            problem.with(*place, "an anchor").help(format!("did you mean `*{near}`?"))
        } else {
            let value = quoted(self.text_from(at, end));
            problem.help(format!("write `&{name}` before the value that is meant; quote a text that begins with `*`: `{value}`"))
        };
        self.unresolved(span, problem)
    }

    /// What an author might mean as a text: from `at` to the end of the line, of the word in brackets.
    fn text_from(&self, at: usize, word_end: usize) -> &str {
        let is_in_brackets = self.stack.iter().any(|frame| self.text[frame.start..].starts_with(['[', '{']));
        let end = if is_in_brackets { word_end } else { text::line_end(self.text, at) };
        &self.text[text::trim_end(self.text, at..end)]
    }

    fn unresolved(&mut self, span: Span, problem: Diagnostic) -> Step {
        self.diagnostics.push(problem);
        let scalar = Scalar { text: "".into(), style: Style::Plain, tag: None };
        let node = Node { span, kind: Kind::Scalar(scalar), alias: None };
        self.finish(Finished { node, anchor: 0, height: 0, nodes: 1 })
    }
}
