//! Events of the parser to nodes.
//!
//! One pass with a stack of its own: the depth of the text never becomes a depth of calls. What is wrong but readable (a key twice, an
//! unknown tag, an alias without anchor) is noted and reading goes on; only what breaks the syntax, or a limit, ends the pass.

mod alias;
mod directive;
mod frame;
mod grow;
mod merge;
mod place;
mod tag;
mod trap;

use super::{Document, Kind, Node, Scalar, Style, syntax, text::Offsets};
use crate::{Diagnostic, SourceId, Span};
use alias::Anchored;
use frame::{Body, Frame, MapFrame};
use grow::Finished;
pub(super) use grow::too_deep;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use std::{
    collections::{BTreeMap, HashMap},
    ops::{ControlFlow, Range},
};

/// What one pass over a text found.
pub(super) struct Pass {
    /// The documents that were read to their end, each with the range of the text that it takes.
    pub(super) documents: Vec<(Range<usize>, Document)>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The places of texts that hold a `#`, in order.
    pub(super) texts_with_marks: Vec<Range<usize>>,
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
    let Builder { documents, diagnostics, texts_with_marks, end, .. } = builder;
    Pass { documents, diagnostics, texts_with_marks, end }
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
    texts_with_marks: Vec<Range<usize>>,
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
            texts_with_marks: Vec::new(),
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
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style_of(style), anchor, tag.as_deref(), start..end),
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

    fn scalar(&mut self, text: &str, style: Style, anchor: usize, tag: Option<&Tag>, marked: Range<usize>) -> Step {
        let place = self.place_of_scalar(text, style, marked, anchor > 0 || tag.is_some());
        self.cursor = place.end;
        if style == Style::Plain {
            self.item_in_text(place);
        }
        if self.text[place.start..place.end].contains('#') {
            self.texts_with_marks.push(place.start..place.end);
        }
        let span = self.span(place.start..place.end);
        let tag = tag.and_then(|tag| self.scalar_tag(tag, text, place));
        let scalar = Scalar { text: text.into(), style, tag };
        self.count(1, span)?;
        let node = Node { span, kind: Kind::Scalar(scalar), alias: None };
        self.finish(Finished { node, anchor, height: 0, nodes: 1 })
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

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}
