//! How the tree grows: lists and objects are opened and closed, finished nodes go to their parents, all within the limits.

use super::{Anchored, Body, Builder, Frame, GO_ON, Step, merge};
use crate::{
    Code, Diagnostic, Span,
    yaml::{Document, Kind, Node, limits},
};
use std::sync::Arc;

/// A finished node on its way to its parent.
pub(super) struct Finished {
    pub(super) node: Node,
    /// The parser's number of its anchor; 0 is none.
    pub(super) anchor: usize,
    /// 0 for a scalar, for a list or object one more than its highest child.
    pub(super) height: usize,
    /// How many nodes it is, aliases followed.
    pub(super) nodes: usize,
}

impl Builder<'_> {
    /// Counts nodes, and stops where there are too many.
    pub(super) fn count(&mut self, nodes: usize, span: Span) -> Step {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= limits::NODES {
            return GO_ON;
        }
        let message = format!("the document has more than {} values, each counted as often as aliases repeat it", limits::NODES);
        self.stop(Diagnostic::error(Code::TooLarge, span, message).help("split the file, or repeat less through aliases"))
    }

    /// Opens a list or object that begins at `start`.
    pub(super) fn open(&mut self, body: Body, anchor: usize, start: usize) -> Step {
        let span = self.span(start..start);
        if self.stack.len() >= limits::DEPTH {
            return self.too_deep(span);
        }
        let nodes_before = self.nodes;
        self.count(1, span)?;
        self.stack.push(Frame { anchor, start, nodes_before, height: 0, body });
        GO_ON
    }

    pub(super) fn too_deep(&mut self, span: Span) -> Step {
        self.stop(too_deep(span))
    }

    /// Closes the innermost list or object. `end` is where its closing bracket would be.
    pub(super) fn close(&mut self, end: usize) -> Step {
        let Some(frame) = self.stack.pop() else { return GO_ON };
        let brackets = self.place_of_brackets(frame.start, end);
        let nodes = self.nodes - frame.nodes_before;
        let (kind, children) = match frame.body {
            Body::List(items) => {
                let children = items.first().zip(items.last()).map(|(first, last)| first.place().to(last.place()));
                (Kind::List(Arc::new(items)), children)
            }
            Body::Map(map) => {
                let children = map.children;
                (Kind::Map(Arc::new(merge::apply(map.entries, map.merges))), children)
            }
        };
        let span = brackets.map(|range| self.span(range)).or(children).unwrap_or(self.span(frame.start..frame.start));
        self.cursor = self.cursor.max(span.end as usize);
        let node = Node { span, kind, alias: None };
        self.finish(Finished { node, anchor: frame.anchor, height: frame.height + 1, nodes })
    }

    /// Hands a node to its parent.
    pub(super) fn finish(&mut self, done: Finished) -> Step {
        if done.anchor > 0 {
            let anchored = Anchored { node: done.node.clone(), height: done.height, nodes: done.nodes };
            self.anchors.insert(done.anchor, anchored);
        }
        let Some(frame) = self.stack.last_mut() else {
            self.finish_document(done.node);
            return GO_ON;
        };
        frame.height = frame.height.max(done.height);
        match &mut frame.body {
            Body::List(items) => items.push(done.node),
            Body::Map(map) => {
                let problem = map.take(done.node, frame.start, self.text);
                self.diagnostics.extend(problem);
            }
        }
        GO_ON
    }

    fn finish_document(&mut self, root: Node) {
        let nothing = matches!(&root.kind, Kind::Scalar(scalar) if scalar.is_unwritten());
        if !nothing {
            self.documents.push((self.document_start..self.cursor, Document { root }));
        }
    }
}

pub(in crate::yaml) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("more than {} lists and objects inside each other", limits::DEPTH);
    Diagnostic::error(Code::TooLarge, span, message).help("make the nesting flatter")
}
