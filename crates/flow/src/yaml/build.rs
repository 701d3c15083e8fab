//! Events of the parser to nodes.
//!
//! One pass with a stack of its own: the depth of the text never becomes a depth of calls. What is wrong but readable (a key twice, an
//! unknown tag, an alias without anchor) is noted and reading goes on; only what breaks the syntax, or a limit, ends the pass.

mod alias;
mod directive;
mod frame;
mod merge;
mod place;
mod tag;
mod trap;

use super::{Document, Kind, Node, Scalar, Style, limits, syntax, text::Offsets};
use crate::{Code, Diagnostic, SourceId, Span};
use alias::Anchored;
use frame::{Body, Frame, MapFrame};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use std::{
    collections::{BTreeMap, HashMap},
    ops::{ControlFlow, Range},
    sync::Arc,
};

/// What one pass over a text found.
pub(super) struct Pass {
    /// The documents that were read to their end, each with the range of the text that it takes.
    pub(super) documents: Vec<(Range<usize>, Document)>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) end: End,
}

/// How a pass ended.
pub(super) enum End {
    /// At the end of the text.
    Whole,
    /// At a limit, or where places are not to be trusted any more.
    Stopped,
    /// At a break of the syntax.
    Broken(syntax::Broken),
}

/// Reads a text once. Spans are those of the source `id`.
pub(super) fn pass(text: &str, id: SourceId) -> Pass {
    let mut builder = Builder::new(text, id);
    let mut parser = Parser::new_from_str(text).keep_tags(true);
    while let Some(event) = parser.next_event() {
        let step = match event {
            Ok((event, marks)) => builder.event(event, marks),
            Err(error) => builder.error(&error),
        };
        if step.is_break() {
            break;
        }
    }
    Pass { documents: builder.documents, diagnostics: builder.diagnostics, end: builder.end }
}

/// A finished node on its way to its parent.
struct Finished {
    node: Node,
    /// The parser's number of its anchor; 0 is none.
    anchor: usize,
    /// 0 for a scalar, for a list or object one more than its highest child.
    height: usize,
    /// How many nodes it is, aliases followed.
    nodes: usize,
}

struct Builder<'a> {
    text: &'a str,
    id: SourceId,
    offsets: Offsets<'a>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    /// Of this document, with their places.
    anchor_names: BTreeMap<&'a str, Span>,
    /// Of this document, aliases followed.
    nodes: usize,
    /// The end of the last thing that is written out: the next is searched for from here.
    cursor: usize,
    document_start: usize,
    documents: Vec<(Range<usize>, Document)>,
    diagnostics: Vec<Diagnostic>,
    end: End,
}

/// Whether the pass goes on.
type Step = ControlFlow<()>;

const GO_ON: Step = ControlFlow::Continue(());

impl<'a> Builder<'a> {
    fn new(text: &'a str, id: SourceId) -> Self {
        Self {
            text,
            id,
            offsets: Offsets::new(text),
            stack: Vec::new(),
            anchors: HashMap::new(),
            anchor_names: BTreeMap::new(),
            nodes: 0,
            cursor: 0,
            document_start: 0,
            documents: Vec::new(),
            diagnostics: Vec::new(),
            end: End::Whole,
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    fn stop(&mut self, problem: Diagnostic) -> Step {
        self.diagnostics.push(problem);
        self.end = End::Stopped;
        ControlFlow::Break(())
    }

    fn event(&mut self, event: Event<'_>, marks: saphyr_parser::Span) -> Step {
        let start = self.offsets.byte(marks.start.index());
        let end = self.offsets.byte(marks.end.index()).max(start);
        match event {
            Event::Nothing | Event::StreamStart => GO_ON,
            Event::StreamEnd => self.directives(),
            Event::DocumentStart(explicit) => self.start_document(if explicit { end } else { start }),
            Event::DocumentEnd => {
                self.cursor = self.cursor.max(start);
                GO_ON
            }
            Event::Scalar(text, style, anchor, tag) => {
                let style = style_of(style);
                let place = self.place_of_scalar(&text, style, start..end, anchor > 0 || tag.is_some());
                self.cursor = place.end;
                if style == Style::Plain {
                    self.item_in_text(place);
                }
                let span = self.span(place.start..place.end);
                let tag = tag.and_then(|tag| self.scalar_tag(&tag, &text, place));
                let scalar = Scalar { text: text.as_ref().into(), style, tag };
                self.count(1, span)?;
                let node = Node { span, kind: Kind::Scalar(scalar), alias: None };
                self.finish(Finished { node, anchor, height: 0, nodes: 1 })
            }
            Event::SequenceStart(anchor, tag) => {
                let place = self.place_of_start(start, anchor > 0 || tag.is_some());
                if let Some(tag) = tag {
                    self.list_tag(&tag, place);
                }
                self.open(Body::List(Vec::new()), anchor, place.start)
            }
            Event::MappingStart(anchor, tag) => {
                let place = self.place_of_start(start, anchor > 0 || tag.is_some());
                if let Some(tag) = tag {
                    self.object_tag(&tag, place);
                }
                self.open(Body::Map(MapFrame::default()), anchor, place.start)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(start),
            Event::Alias(anchor) => self.alias(anchor, start..end),
        }
    }

    fn start_document(&mut self, start: usize) -> Step {
        self.directives()?;
        self.anchors.clear();
        self.anchor_names.clear();
        self.nodes = 0;
        self.cursor = self.cursor.max(start);
        self.document_start = self.cursor;
        GO_ON
    }

    /// Counts nodes, and stops where there are too many.
    fn count(&mut self, nodes: usize, span: Span) -> Step {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= limits::NODES {
            return GO_ON;
        }
        let message = format!("the document has more than {} values, each counted as often as aliases repeat it", limits::NODES);
        self.stop(Diagnostic::error(Code::TooLarge, span, message).help("split the file, or repeat less through aliases"))
    }

    fn open(&mut self, body: Body, anchor: usize, start: usize) -> Step {
        let span = self.span(start..start);
        if self.stack.len() >= limits::DEPTH {
            return self.too_deep(span);
        }
        let nodes_before = self.nodes;
        self.count(1, span)?;
        self.stack.push(Frame { anchor, start, nodes_before, height: 0, body });
        GO_ON
    }

    fn too_deep(&mut self, span: Span) -> Step {
        self.stop(too_deep(span))
    }

    fn close(&mut self, end: usize) -> Step {
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
    fn finish(&mut self, done: Finished) -> Step {
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

    fn error(&mut self, error: &ScanError) -> Step {
        let at = self.offsets.byte(error.marker().index());
        if error.info() == "while parsing node, found unknown anchor" {
            return self.unknown_anchor(at);
        }
        let known = self.diagnostics.len();
        if self.stack.is_empty() {
            self.directives()?;
        }
        let place = syntax::Place {
            text: self.text,
            id: self.id,
            at,
            cursor: self.cursor,
            document_start: self.document_start,
            open: self.open_collections(),
        };
        let (problem, broken) = syntax::explain(error.info(), &place);
        // A directive that is none explains the break that follows.
        if self.diagnostics.len() == known {
            self.diagnostics.push(problem);
        }
        self.end = End::Broken(broken);
        ControlFlow::Break(())
    }

    fn open_collections(&self) -> Vec<syntax::Open> {
        let open = |frame: &Frame| syntax::Open { start: frame.start, is_list: matches!(frame.body, Body::List(_)) };
        self.stack.iter().map(open).collect()
    }
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("more than {} lists and objects inside each other", limits::DEPTH);
    Diagnostic::error(Code::TooLarge, span, message).help("make the nesting flatter")
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}
