//! What was read, as text to compare.

use std::fmt::Write as _;
use testmesh_flow::{
    Diagnostic, Source, SourceId, Span,
    yaml::{self, Kind, Node},
};

/// The documents and diagnostics of a text.
pub(crate) fn dump(text: &str) -> String {
    let source = Source::new("f.yaml", text);
    let read = yaml::read(&source, SourceId(0));
    let mut out = String::new();
    for (index, document) in read.documents.iter().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        node(&source, &document.root, 0, &mut out);
    }
    for problem in &read.diagnostics {
        diagnostic(&source, problem, &mut out);
    }
    out
}

/// `line:column` of the start, and of the end when that is elsewhere (without the line when it is the same).
fn place(source: &Source, span: Span) -> String {
    let (start, end) = (source.position(span.start), source.position(span.end));
    match (start, end) {
        _ if start == end => format!("{}:{}", start.line, start.column),
        _ if start.line == end.line => format!("{}:{}-{}", start.line, start.column, end.column),
        _ => format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column),
    }
}

fn node(source: &Source, node: &Node, depth: usize, out: &mut String) {
    let mut at = place(source, node.span);
    if let Some(alias) = node.alias {
        write!(at, " through {}", place(source, alias)).unwrap();
    }
    match &node.kind {
        Kind::Scalar(scalar) => writeln!(out, "{:?} {} @{at}", scalar.style, scalar.value().to_json()).unwrap(),
        Kind::List(items) => {
            writeln!(out, "List @{at}").unwrap();
            for item in items.iter() {
                write!(out, "{:1$}- ", "", depth * 2 + 2).unwrap();
                self::node(source, item, depth + 1, out);
            }
        }
        Kind::Map(entries) => {
            writeln!(out, "Map @{at}").unwrap();
            for entry in entries.iter() {
                let key = place(source, entry.key.span);
                write!(out, "{:2$}{}@{key}: ", "", entry.key.text, depth * 2 + 2).unwrap();
                self::node(source, &entry.value, depth + 1, out);
            }
        }
    }
}

fn diagnostic(source: &Source, problem: &Diagnostic, out: &mut String) {
    let severity = if problem.is_error() { "" } else { " warning" };
    let message = &problem.message;
    writeln!(out, "{} {}{severity}: {message}", place(source, problem.span()), problem.code).unwrap();
    for (index, label) in problem.labels.iter().enumerate().filter(|(_, label)| !label.text.is_empty()) {
        let at = if index == 0 { "^".to_owned() } else { place(source, label.span) };
        writeln!(out, "  {at}: {}", label.text).unwrap();
    }
    if let Some(help) = &problem.help {
        writeln!(out, "  = {help}").unwrap();
    }
}
