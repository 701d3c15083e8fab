//! Whatever the input: no panic, spans inside the text, places of characters that are right.

use crate::places::check_all;
use proptest::prelude::*;
use testmesh_flow::{
    Source, SourceId, Span,
    yaml::{self, Kind, Node, limits},
};

/// Pieces that mean something to YAML, and some that mean something to us.
const PIECES: &[&str] = &[
    "a",
    "b",
    "key",
    "é",
    "😀",
    " ",
    "  ",
    "    ",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    "\r",
    "\t",
    "- ",
    "-",
    ": ",
    ":",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "#",
    " # c",
    "&a ",
    "*a",
    "*b",
    "!t ",
    "!!str ",
    "!!int ",
    "!<x>",
    "!",
    "|\n  ",
    "|",
    "|2-\n",
    "|+\n",
    ">\n  ",
    ">-\n ",
    ">",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\x41",
    "\\\n",
    "---",
    "---\n",
    "...\n",
    "%",
    "%YAML 1.2\n",
    "%é x\n",
    "<<: ",
    "<<",
    "@",
    "`",
    "\u{feff}",
    "\0",
    "\u{85}",
    "\u{2028}",
    "{{a}}",
    "{{",
    "}}",
    "${b: c}",
    "${",
    "null",
    "1",
    "true",
    "x: y\n",
    "  x: y\n",
    "- z\n",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..30).prop_map(|pieces| pieces.concat());
    prop_oneof![9 => pieces, 1 => "\\PC{0,40}"]
}

fn check_span(source: &Source, span: Span) {
    let range = span.range();
    assert!(source.text().get(range.clone()).is_some(), "{range:?} of {:?}", source.text());
    assert_eq!(span.source, SourceId(7));
}

fn check_spans(source: &Source, node: &Node, depth: usize) {
    assert!(depth <= limits::DEPTH);
    check_span(source, node.span);
    node.alias.into_iter().for_each(|alias| check_span(source, alias));
    match &node.kind {
        Kind::Scalar(_) => {}
        Kind::List(items) => items.iter().for_each(|item| check_spans(source, item, depth + 1)),
        Kind::Map(entries) => {
            let mut names: Vec<_> = entries.iter().map(|entry| &entry.key.text).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), entries.len(), "a key stands twice: {:?}", source.text());
            for entry in entries.iter() {
                check_span(source, entry.key.span);
                check_spans(source, &entry.value, depth + 1);
            }
        }
    }
}

fn check(text: &str) {
    let source = Source::new("f.yaml", text);
    let read = yaml::read(&source, SourceId(7));
    for document in &read.documents {
        check_spans(&source, &document.root, 0);
        check_all(&source, &document.root);
    }
    for problem in &read.diagnostics {
        problem.labels.iter().for_each(|label| check_span(&source, label.span));
        assert!(problem.help.as_ref().is_some_and(|help| !help.is_empty()), "no help: {} in {text:?}", problem.message);
        assert!(!problem.message.starts_with("this is not valid YAML"), "nobody explains {:?}: {}", text, problem.message);
    }
    assert!(!read.documents.is_empty() || read.diagnostics.iter().any(testmesh_flow::Diagnostic::is_error), "{text:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in text()) {
        check(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        match yaml::decode(&bytes) {
            Ok(text) => check(&text),
            Err(error) => {
                let source = Source::new("f.yaml", error.text.as_str());
                error.diagnostic(SourceId(7)).labels.iter().for_each(|label| check_span(&source, label.span));
            }
        }
    }

    #[test]
    fn what_is_written_is_read(value in "[ -~é😀\n\t]{0,40}", indent in 1..4_usize) {
        let lines = |text: &str| text.replace('\n', &format!("\n{:indent$}", ""));
        let quoted = format!("a: '{}'", value.replace('\'', "''").replace('\n', "\n\n "));
        let escaped = format!("a: {}", testmesh_flow::Value::text(value.as_str()).to_json());
        let block = format!("a: |{indent}-\n{:indent$}{}", "", lines(value.trim_end_matches('\n')));
        for text in [quoted, escaped, block] {
            check(&text);
        }
    }
}
