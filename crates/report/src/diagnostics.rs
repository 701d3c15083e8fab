//! Diagnostics for people and for programs. Both show the same values.

use crate::{
    snippet::{Excerpt, draw},
    style::Style,
    texts::{Text, Texts, end_of, start_of},
};
use serde_json::{Value as Json, json};
use testmesh_flow::{Diagnostic, Label, Sources, Span, source::Position};

/// The diagnostics in the order given, each with its excerpt and its help, an empty line between two. Ends with a line end unless there is none.
pub fn diagnostics(list: &[Diagnostic], sources: &Sources, style: &Style) -> String {
    in_texts(list, &Texts::from(sources), style, style.columns())
}

pub(crate) fn in_texts(list: &[Diagnostic], texts: &Texts, style: &Style, columns: usize) -> String {
    let mut drawn: Vec<_> = shown(list).map(|diagnostic| draw(&excerpt(diagnostic), texts, style, columns)).collect();
    let left = list.len() - drawn.len();
    if left > 0 {
        drawn.push(format!("{left} more of this file are not shown here; `testmesh validate --format json` has them all\n"));
    }
    drawn.join("\n")
}

/// Problems of one file that are drawn: nobody reads thousands, and each costs the lines between its places.
const DRAWN: usize = 200;

/// The first, and errors before warnings when there are more than are drawn: what made the file invalid must be among them.
fn shown(list: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    let errors = list.iter().filter(|it| it.is_error()).count();
    let keep = move |it: &&Diagnostic| list.len() <= DRAWN || errors == 0 || it.is_error();
    list.iter().filter(keep).take(DRAWN)
}

fn excerpt(diagnostic: &Diagnostic) -> Excerpt<'_> {
    Excerpt {
        kind: diagnostic.severity.into(),
        code: Some(diagnostic.code.id()),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        author: None,
        labels: &diagnostic.labels,
    }
}

/// The diagnostics as an array of objects:
/// `code`, `severity`, `message`, `help`, `file`, `line`, `column`, `end_line`, `end_column`, `start`, `end`, `label`, `related`.
///
/// Lines and columns count from 1, columns in characters; `start` and `end` are bytes from the start of the file, `end` is the first byte after.
/// `label` is what is to be said at the place itself; `related` holds the other places, each with its place, its bytes and its `text`.
/// Where the text of a file is not known, `line` and `column` are null.
pub fn diagnostics_json(list: &[Diagnostic], sources: &Sources) -> Json {
    json_in(list, &Texts::from(sources))
}

pub(crate) fn json_in(list: &[Diagnostic], texts: &Texts) -> Json {
    list.iter().map(|diagnostic| one_json(diagnostic, texts)).collect()
}

fn one_json(diagnostic: &Diagnostic, texts: &Texts) -> Json {
    let mut object = json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
    });
    let (first, others) = match diagnostic.labels.split_first() {
        Some((first, others)) => (Some(first), others),
        None => (None, [].as_slice()),
    };
    merge(&mut object, place_json(first.map(|label| label.span), texts));
    let label = first.map(|label| label.text.as_str()).filter(|text| !text.is_empty());
    let related = others.iter().map(|label| related_json(label, texts)).collect::<Json>();
    merge(&mut object, json!({"label": label, "related": related}));
    object
}

fn related_json(label: &Label, texts: &Texts) -> Json {
    let mut object = place_json(Some(label.span), texts);
    merge(&mut object, json!({"text": label.text}));
    object
}

/// Where a span is, as people and as editors count.
pub(crate) fn place_json(span: Option<Span>, texts: &Texts) -> Json {
    let text = span.and_then(|span| Some((span, texts.get(span.source)?)));
    let Some((span, Text { name, source })) = text else {
        return json!({"file": null, "line": null, "column": null, "end_line": null, "end_column": null, "start": null, "end": null});
    };
    let (start, end) = (source.as_ref().map(|source| start_of(source, span)), source.as_ref().map(|source| end_of(source, span)));
    let line = |at: Option<Position>| at.map(|at| at.line);
    let column = |at: Option<Position>| at.map(|at| at.column);
    json!({
        "file": name.as_ref(),
        "line": line(start),
        "column": column(start),
        "end_line": line(end),
        "end_column": column(end),
        "start": span.start,
        "end": span.end.max(span.start),
    })
}

/// Adds the members of one object to another.
pub(crate) fn merge(object: &mut Json, more: Json) {
    if let (Json::Object(members), Json::Object(more)) = (object, more) {
        members.extend(more);
    }
}
