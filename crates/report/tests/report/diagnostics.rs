//! Diagnostics: places of all kinds, for people and for programs.

use crate::snapshot;
use std::sync::Arc;
use testmesh_flow::{Code, Diagnostic, Source, SourceId, Sources, Span};
use testmesh_report::{Style, diagnostics, diagnostics_json};

fn sources(texts: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    for (name, text) in texts {
        sources.add(Arc::new(Source::new(*name, *text)));
    }
    sources
}

fn span(source: u32, start: usize, end: usize) -> Span {
    Span::new(SourceId(source), start..end)
}

fn check(name: &str, list: &[Diagnostic], sources: &Sources, style: &Style) {
    let text = diagnostics(list, sources, style);
    let json = serde_json::to_string_pretty(&diagnostics_json(list, sources)).unwrap();
    snapshot(&format!("diagnostic_{name}"), &format!("{text}\n=====\n{json}"));
}

fn one(name: &str, text: &str, needle: &str) {
    let start = text.find(needle).unwrap();
    let problem = Diagnostic::error(Code::UnknownKey, span(0, start, start + needle.len()), format!("unknown key `{needle}`"))
        .did_you_mean(needle, ["assert"]);
    check(name, &[problem], &sources(&[("flow.yaml", text)]), &Style::plain());
}

#[test]
fn plain_places() {
    one("key", "flow:\n  steps:\n    - id: a\n      asert: status == 201\n", "asert");
    one("tabs", "flow:\n\t\tasert: 1\n", "asert");
    one("wide", "名前: 日本語 asert\n", "asert");
    one("crlf", "a: 1\r\nasert: 2\r\nb: 3\r\n", "asert");
    one("long_line", &format!("a: {} asert {}\n", "x".repeat(300), "y".repeat(300)), "asert");
    one("many_lines", "a:\n  - one\n  - two\n  - three\n  - four\nb: 1\n", "- one\n  - two\n  - three\n  - four\n");
    one("escape_codes", "a: \u{1b}[31m asert\n", "asert");
}

#[test]
fn ends() {
    let text = "steps: [a,\r\nb\r\n";
    let sources = sources(&[("flow.yaml", text), ("empty.yaml", "")]);
    let list = [
        Diagnostic::error(Code::YamlSyntax, span(0, 10, 10), "the list does not end").saying("here"),
        Diagnostic::error(Code::YamlSyntax, span(0, text.len(), text.len()), "the file ends too early"),
        Diagnostic::error(Code::EmptyFile, span(1, 0, 0), "the file holds no flow"),
        Diagnostic::warning(Code::YamlTrap, span(0, 900, 1000), "a place that is not in the text"),
        Diagnostic::error(Code::NoSuchFile, span(7, 0, 0), "a place in a text that is not known"),
    ];
    check("ends", &list, &sources, &Style::plain());
}

#[test]
fn several_places() {
    let sources = sources(&[
        ("order.yaml", "flow:\n  steps:\n    - run_flow: login\n    - run_flow: login\n"),
        ("login.yaml", "output:\n  token: x\n"),
    ]);
    let problem =
        Diagnostic::error(Code::UnknownName, span(1, 10, 15), "nothing of the name `tokne` is known\nit was looked for everywhere")
            .saying("used here\nin two lines")
            .with(span(0, 21, 36), "called here")
            .with(span(0, 43, 58), "and here")
            .help("did you mean `token`?\nor something else?");
    check("several", std::slice::from_ref(&problem), &sources, &Style::plain());
    let coloured = diagnostics(&[problem], &sources, &Style { color: true, ..Style::plain() });
    assert!(coloured.contains("\u{1b}["));
}

#[test]
fn none() {
    assert_eq!(diagnostics(&[], &Sources::default(), &Style::plain()), "");
    assert_eq!(diagnostics_json(&[], &Sources::default()), serde_json::json!([]));
    let nowhere = Diagnostic { labels: Vec::new(), ..Diagnostic::error(Code::NothingSelected, Span::default(), "nothing was selected") };
    assert_eq!(diagnostics(&[nowhere], &Sources::default(), &Style::plain()), "error[TM0403]: nothing was selected\n");
}

/// Thousands of problems of one file are told by their number; errors go before warnings then.
#[test]
fn nobody_reads_thousands() {
    let text = "key:\n".repeat(500);
    let sources = sources(&[("flow.yaml", &text)]);
    let at = |line: usize| span(0, line * 5, line * 5 + 3);
    let one = |line: usize| match line % 2 {
        0 => Diagnostic::error(Code::DuplicateKey, at(line), "an error").with(at(0), "the first"),
        _ => Diagnostic::warning(Code::YamlTrap, at(line), "a warning"),
    };
    let list: Vec<_> = (0..500).map(one).collect();
    let shown = diagnostics(&list, &sources, &Style::plain());
    assert_eq!((shown.matches("error[").count(), shown.matches("warning[").count()), (200, 0));
    assert!(shown.ends_with("300 more of this file are not shown here; `testmesh validate --format json` has them all\n"), "{shown}");
    assert!(shown.contains("\n399 | key:\n"), "{shown}");
    assert_eq!(diagnostics_json(&list, &sources).as_array().unwrap().len(), 500);
}
