//! Events of the parser to nodes.
//!
//! One pass with a stack of its own: the depth of the text never becomes depth of calls. What is wrong but readable (a key twice, an
//! unknown tag, an alias without anchor) is noted and reading goes on; only what breaks the syntax ends a document.

mod merge;

use super::{
    Document, Entry, Key, Kind, Node, Read, Scalar, Style, Tag, limits,
    text::{Offsets, Properties, skip_properties, skip_to},
};
use crate::{Code, Diagnostic, Source, SourceId, Span, diagnostic};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use std::{collections::HashMap, ops::ControlFlow, sync::Arc};

pub(super) fn read(source: &Source, id: SourceId) -> Read {
    let text = source.text();
    if text.len() > limits::BYTES {
        let message = format!("the file has {} bytes; {} are allowed", text.len(), limits::BYTES);
        let problem = Diagnostic::error(Code::TooLarge, Span::new(id, 0..0), message);
        return Read { documents: Vec::new(), diagnostics: vec![problem] };
    }
    let mut builder = Builder::new(text, id);
    let mut parser = Parser::new_from_str(text).keep_tags(true);
    while let Some(event) = parser.next_event() {
        let step = match event {
            Ok((event, place)) => builder.event(event, place),
            Err(error) => builder.error(&error),
        };
        if step.is_break() {
            break;
        }
    }
    diagnostic::sort(&mut builder.diagnostics);
    Read { documents: builder.documents, diagnostics: builder.diagnostics }
}

/// A list or object that is being read.
struct Frame {
    /// The parser's number of its anchor; 0 is none.
    anchor: usize,
    start: usize,
    /// Nodes that were counted before this one.
    nodes_before: usize,
    /// Of the highest child.
    height: usize,
    body: Body,
}

enum Body {
    List(Vec<Node>),
    Map(MapFrame),
}

#[derive(Default)]
struct MapFrame {
    entries: Vec<Entry>,
    /// What the next value belongs to.
    pending: Option<Pending>,
    /// Where each key stands in `entries`.
    seen: HashMap<Arc<str>, Span>,
    merges: Vec<merge::Merge>,
}

enum Pending {
    Key(Key),
    /// `<<` at this place.
    Merge(Span),
    /// A key that cannot be one; its value is read and dropped.
    Bad,
}

/// A finished node on its way to its parent.
struct Finished {
    node: Node,
    /// 0 for a scalar, 1 more than its highest child for a list or object.
    height: usize,
}

/// What an anchor names.
#[derive(Clone)]
struct Anchored {
    node: Node,
    height: usize,
    nodes: usize,
}

struct Builder<'a> {
    text: &'a str,
    id: SourceId,
    offsets: Offsets<'a>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    anchor_names: Vec<&'a str>,
    nodes: usize,
    /// The end of the last thing that is written out: where the next one is searched from.
    cursor: usize,
    documents: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
}

type Step = ControlFlow<()>;

impl<'a> Builder<'a> {
    fn new(text: &'a str, id: SourceId) -> Self {
        Self {
            text,
            id,
            offsets: Offsets::new(text),
            stack: Vec::new(),
            anchors: HashMap::new(),
            anchor_names: Vec::new(),
            nodes: 0,
            cursor: 0,
            documents: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.id, start..end.max(start))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn event(&mut self, event: Event<'_>, place: saphyr_parser::Span) -> Step {
        let (start, end) = (self.offsets.byte(place.start.index()), self.offsets.byte(place.end.index()));
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd => Step::Continue(()),
            Event::DocumentStart(_) => {
                self.anchors.clear();
                self.anchor_names.clear();
                self.nodes = 0;
                Step::Continue(())
            }
            Event::DocumentEnd => {
                self.cursor = self.cursor.max(end);
                Step::Continue(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let properties = self.properties(start, anchor > 0 || tag.is_some());
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                };
                let span = self.span(properties.end, end);
                self.cursor = span.end as usize;
                let scalar = Scalar { text: text.as_ref().into(), style, tag: None::<Tag> };
                self.count(1, span)?;
                self.finish(Finished { node: Node { span, kind: Kind::Scalar(scalar), alias: None }, height: 0 }, anchor, 1)
            }
            Event::SequenceStart(anchor, tag) => self.open(Body::List(Vec::new()), anchor, tag.is_some(), start),
            Event::MappingStart(anchor, tag) => self.open(Body::Map(MapFrame::default()), anchor, tag.is_some(), start),
            Event::SequenceEnd | Event::MappingEnd => self.close(start),
            Event::Alias(id) => self.alias(id, self.span(start, end)),
        }
    }

    fn properties(&mut self, start: usize, expected: bool) -> Properties<'a> {
        if !expected {
            return Properties { anchor: None, tag: None, end: start };
        }
        let properties = skip_properties(self.text, start);
        self.anchor_names.extend(properties.anchor);
        properties
    }

    /// Counts nodes, and stops where there are too many.
    fn count(&mut self, nodes: usize, span: Span) -> Step {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > limits::NODES {
            self.report(Diagnostic::error(
                Code::TooLarge,
                span,
                format!("the document has more than {} values, those that aliases repeat counted each time", limits::NODES),
            ));
            return Step::Break(());
        }
        Step::Continue(())
    }

    fn open(&mut self, body: Body, anchor: usize, tagged: bool, start: usize) -> Step {
        let properties = self.properties(start, anchor > 0 || tagged);
        let start = properties.end;
        let span = self.span(start, start);
        if self.stack.len() >= limits::DEPTH {
            return self.too_deep(span);
        }
        let nodes_before = self.nodes;
        self.count(1, span)?;
        self.stack.push(Frame { anchor, start, nodes_before, height: 0, body });
        Step::Continue(())
    }

    fn too_deep(&mut self, span: Span) -> Step {
        let message = format!("more than {} lists and objects inside each other", limits::DEPTH);
        self.report(Diagnostic::error(Code::TooLarge, span, message));
        Step::Break(())
    }

    fn close(&mut self, end: usize) -> Step {
        let Some(frame) = self.stack.pop() else { return Step::Continue(()) };
        let flow = self.text[frame.start..].starts_with(['[', '{']) && self.text[end..].starts_with([']', '}']);
        let (kind, inner) = match frame.body {
            Body::List(items) => {
                let inner = items.first().zip(items.last()).map(|(a, b)| a.place().to(b.place()));
                (Kind::List(Arc::new(items)), inner)
            }
            Body::Map(map) => {
                let entries = merge::apply(map.entries, map.merges);
                let inner = entries.first().zip(entries.last()).map(|(a, b)| a.key.span.to(b.value.place()));
                (Kind::Map(Arc::new(entries)), inner)
            }
        };
        let span = match inner {
            _ if flow => self.span(frame.start, end + 1),
            Some(span) => span,
            None => self.span(frame.start, frame.start),
        };
        self.cursor = self.cursor.max(span.end as usize);
        let nodes = self.nodes - frame.nodes_before;
        self.finish(Finished { node: Node { span, kind, alias: None }, height: frame.height + 1 }, frame.anchor, nodes)
    }

    fn alias(&mut self, id: usize, span: Span) -> Step {
        self.cursor = span.end as usize;
        if self.stack.iter().any(|frame| frame.anchor == id) {
            self.report(Diagnostic::error(Code::BadAlias, span, "the alias stands inside the value that it repeats"));
            return self.finish(self.nothing(span), 0, 1);
        }
        let Some(anchored) = self.anchors.get(&id).cloned() else {
            self.report(Diagnostic::error(Code::BadAlias, span, "the anchor stands in another document"));
            return self.finish(self.nothing(span), 0, 1);
        };
        if self.stack.len() + anchored.height > limits::DEPTH {
            return self.too_deep(span);
        }
        self.count(anchored.nodes, span)?;
        let node = Node { alias: Some(span), ..anchored.node };
        self.finish(Finished { node, height: anchored.height }, 0, anchored.nodes)
    }

    fn nothing(&self, span: Span) -> Finished {
        let scalar = Scalar { text: "".into(), style: Style::Plain, tag: None };
        Finished { node: Node { span, kind: Kind::Scalar(scalar), alias: None }, height: 0 }
    }

    /// Hands a node to its parent.
    fn finish(&mut self, done: Finished, anchor: usize, nodes: usize) -> Step {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { node: done.node.clone(), height: done.height, nodes });
        }
        let Some(frame) = self.stack.last_mut() else {
            self.documents.push(Document { root: done.node });
            return Step::Continue(());
        };
        frame.height = frame.height.max(done.height);
        match &mut frame.body {
            Body::List(items) => items.push(done.node),
            Body::Map(map) => {
                let problem = match map.pending.take() {
                    None => map.key(done.node),
                    Some(pending) => map.value(pending, done.node),
                };
                self.diagnostics.extend(problem);
            }
        }
        Step::Continue(())
    }

    fn error(&mut self, error: &ScanError) -> Step {
        let at = self.offsets.byte(error.marker().index());
        self.report(Diagnostic::error(Code::YamlSyntax, self.span(at, at), error.info()));
        let _ = skip_to(self.text, self.cursor, '-');
        Step::Break(())
    }
}

impl MapFrame {
    fn key(&mut self, node: Node) -> Option<Diagnostic> {
        let span = node.place();
        let Kind::Scalar(scalar) = node.kind else {
            self.pending = Some(Pending::Bad);
            return Some(Diagnostic::error(Code::YamlSyntax, span, "a key must be a text"));
        };
        if &*scalar.text == "<<" && scalar.style == Style::Plain {
            self.pending = Some(Pending::Merge(span));
            return None;
        }
        if let Some(first) = self.seen.get(&scalar.text) {
            let problem =
                Diagnostic::error(Code::DuplicateKey, span, format!("the key `{}` stands twice", scalar.text)).with(*first, "first here");
            self.pending = Some(Pending::Bad);
            return Some(problem);
        }
        self.seen.insert(scalar.text.clone(), span);
        self.pending = Some(Pending::Key(Key::new(scalar, span)));
        None
    }

    fn value(&mut self, pending: Pending, value: Node) -> Option<Diagnostic> {
        match pending {
            Pending::Key(key) => self.entries.push(Entry { key, value }),
            Pending::Merge(span) => match merge::Merge::new(span, self.entries.len(), value) {
                Ok(merge) => self.merges.push(merge),
                Err(problem) => return Some(problem),
            },
            Pending::Bad => {}
        }
        None
    }
}
