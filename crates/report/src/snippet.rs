//! Source excerpts: the line, a caret under the part, words beside it.

use crate::{
    style::Style,
    text::clean,
    texts::{Text, Texts, range_in},
};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, renderer::DecorStyle};
use std::{borrow::Cow, ops::Range};
use testmesh_events::Status;
use testmesh_flow::{Label, Severity, SourceId};

/// How a heading begins: `error`, `warning`, `failed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Error,
    Warning,
    Failed,
    Errored,
    Cancelled,
}

impl Kind {
    fn level(self) -> Level<'static> {
        match self {
            Self::Error => Level::ERROR,
            Self::Warning => Level::WARNING,
            Self::Failed => Level::ERROR.with_name("failed"),
            Self::Errored => Level::ERROR.with_name("errored"),
            Self::Cancelled => Level::WARNING.with_name("cancelled"),
        }
    }
}

impl From<Severity> for Kind {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
        }
    }
}

impl From<Status> for Kind {
    fn from(status: Status) -> Self {
        match status {
            Status::Cancelled => Self::Cancelled,
            Status::Errored => Self::Errored,
            Status::Failed | Status::Passed => Self::Failed,
        }
    }
}

/// A problem with its places, ready to be drawn.
pub(crate) struct Excerpt<'a> {
    pub(crate) kind: Kind,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: &'a str,
    pub(crate) help: Option<&'a str>,
    /// The author's own words.
    pub(crate) author: Option<&'a str>,
    /// The first is where the problem is.
    pub(crate) labels: &'a [Label],
}

/// Several lines, the last with its line end.
pub(crate) fn draw(excerpt: &Excerpt, texts: &Texts, style: &Style, columns: usize) -> String {
    let (message, more) = excerpt.message.split_once('\n').unwrap_or((excerpt.message, ""));
    let title = excerpt.kind.level().primary_title(clean(message));
    let title = match excerpt.code {
        Some(code) => title.id(code),
        None => title,
    };
    let mut elements =
        sources_of(excerpt.labels).into_iter().filter_map(|source| element(source, excerpt.labels, texts)).collect::<Vec<_>>();
    elements.extend(more.lines().map(|line| Level::NOTE.no_name().message(clean(line)).into()));
    elements.extend(
        excerpt.author.iter().flat_map(|text| text.lines()).map(|line| Level::NOTE.with_name("message").message(clean(line)).into()),
    );
    elements.extend(excerpt.help.iter().flat_map(|help| help.lines()).enumerate().map(|(index, line)| {
        let level = if index == 0 { Level::HELP } else { Level::HELP.no_name() };
        level.message(clean(line)).into()
    }));
    let group: Group = if elements.is_empty() { Group::with_title(title) } else { title.elements(elements) };
    let mut out = renderer(style, columns).render(&[group]);
    out.push('\n');
    if style.unicode { out } else { out.replace(is_picture, "?") }
}

/// The signs that stand for control characters in a drawn source line.
fn is_picture(character: char) -> bool {
    matches!(character, '\u{2400}'..='\u{2421}' | '\u{fffd}')
}

fn renderer(style: &Style, columns: usize) -> Renderer {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(columns).decor_style(DecorStyle::Ascii)
}

/// The texts that labels point into, in the order in which they come up.
fn sources_of(labels: &[Label]) -> Vec<SourceId> {
    let mut sources: Vec<SourceId> = Vec::new();
    for label in labels {
        if !sources.contains(&label.span.source) {
            sources.push(label.span.source);
        }
    }
    sources
}

/// The excerpt of one text with all labels that point into it. A text that is not known is only named.
fn element<'a>(id: SourceId, labels: &'a [Label], texts: &'a Texts) -> Option<Element<'a>> {
    let Text { name, source } = texts.get(id)?;
    let Some(source) = source else {
        return Some(Origin::path(clean(name)).into());
    };
    let of_text = labels.iter().enumerate().filter(|(_, label)| label.span.source == id);
    let ranges: Vec<_> = of_text.map(|(index, label)| (index, label, range_in(source, label.span))).collect();
    let shown = lines_around(source.text(), ranges.iter().map(|(_, _, range)| range));
    let start = shown.start;
    let annotations = ranges.into_iter().map(|(index, label, range)| {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        annotation(kind.span(range.start - start..range.end - start), &label.text)
    });
    let line = source.position(u32::try_from(start).unwrap_or(u32::MAX)).line;
    let lines = source.text().get(shown).unwrap_or_default();
    Some(Snippet::source(lines).line_start(line as usize).path(clean(name)).annotations(annotations).into())
}

/// The whole lines in which the ranges stand: to draw one problem of thousands must not cost the whole text.
fn lines_around<'r>(text: &str, ranges: impl Iterator<Item = &'r Range<usize>>) -> Range<usize> {
    let (first, last) = ranges.fold((text.len(), 0), |(first, last), range| (first.min(range.start), last.max(range.end)));
    let line_start = |before: &str| before.rfind('\n').map_or(0, |at| at + 1);
    let start = line_start(text.get(..first).unwrap_or_default());
    // The end of the text, below the last line, is shown with that line.
    let start = if start == text.len() && start > 0 { line_start(text.get(..start - 1).unwrap_or_default()) } else { start };
    let end = text.get(last..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| last + at + 1);
    start..end.max(start)
}

fn annotation<'a>(annotation: Annotation<'a>, text: &'a str) -> Annotation<'a> {
    if text.is_empty() { annotation } else { annotation.label(one_line(text)) }
}

/// A label stands beside its caret: one line.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { Cow::Owned(clean(&text.replace('\n', " ")).into_owned()) } else { clean(text) }
}
