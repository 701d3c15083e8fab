//! From the decoded text of a scalar back to the source.

use testmesh_flow::{
    Source, SourceId, Value,
    yaml::{self, Key, Kind, Node, Style},
};

/// Checks what a word of the value under `a` leads back to: the line, and the text of the source there.
fn check(text: &str, word: &str, expected: &str) {
    let source = Source::new("f.yaml", text);
    let read = yaml::read(&source, SourceId(0));
    assert_eq!(read.diagnostics, [], "{text}");
    let node = read.documents[0].root.get("a").unwrap();
    let Value::Text(decoded) = node.to_value() else { panic!("no text: {text}") };
    let at = decoded.find(word).unwrap_or_else(|| panic!("{word:?} is not in {decoded:?}"));
    let span = node.span_at(&source, at..at + word.len());
    let line = source.position(span.start).line;
    assert_eq!(format!("{line}: {}", source.slice(span.range())), expected, "{text}");
}

#[test]
fn plain() {
    check("a: one two", "two", "1: two");
    check("a: one\n  two\n\n  three", "two", "2: two");
    check("a: one\n  two\n\n  three", "three", "4: three");
    check("a: one\n  two", "one two", "1: one\n  two");
    check("a: &x !!str ä two", "two", "1: two");
}

#[test]
fn quoted() {
    check("a: 'it''s here'", "here", "1: here");
    check("a: 'it''s here'", "'", "1: ''");
    check(r#"a: "x\n\x41\u00e9\U0001F600 two""#, "two", "1: two");
    check(r#"a: "x\n\x41\u00e9\U0001F600 two""#, "é", r"1: \u00e9");
    check("a: \"one \\\n   two\n\n   three\"", "two", "2: two");
    check("a: \"one \\\n   two\n\n   three\"", "three", "4: three");
    check("a: 'x {{name}} y'", "{{name}}", "1: {{name}}");
    check("a: \"${say \\\"x\\\"} y\"", "${say \"x\"}", "1: ${say \\\"x\\\"}");
}

#[test]
fn blocks() {
    check("a: |\n  one\n  two\n", "two", "3: two");
    check("a: |-\n\n\n  one\n   two\n", "  two".trim_start(), "5: two");
    check("a: |2\n    one\n  two\n", "two", "3: two");
    check("a: >\n  one\n  two\n\n  three\n    four\n  five\n", "two", "3: two");
    check("a: >\n  one\n  two\n\n  three\n    four\n  five\n", "three", "5: three");
    check("a: >\n  one\n  two\n\n  three\n    four\n  five\n", "four", "6: four");
    check("a: >\n  one\n  two\n\n  three\n    four\n  five\n", "five", "7: five");
    check("a: &x >-  # c\n\n  one\n  two\nb: 1\n", "two", "4: two");
    check("a: |\r\n  one\r\n  two\r\n", "two", "3: two");
}

#[test]
fn ends_and_empty_ranges() {
    let source = Source::new("f.yaml", "a: ab\nb: ''\nc:\n");
    let read = yaml::read(&source, SourceId(0));
    let at = |name, range| read.documents[0].root.get(name).unwrap().span_at(&source, range).range();
    assert_eq!(at("a", 0..0), 3..3);
    assert_eq!(at("a", 1..1), 4..4);
    assert_eq!(at("a", 2..2), 5..5);
    assert_eq!(at("a", 2..99), 5..5);
    assert_eq!(at("b", 0..0), 9..11);
    assert_eq!(at("c", 0..0), 14..14);
}

#[test]
fn through_aliases() {
    let source = Source::new("f.yaml", "a: &x 'b''c'\n*x : *x\n");
    let read = yaml::read(&source, SourceId(0));
    let entry = read.documents[0].root.entry("b'c").unwrap();
    assert_eq!(source.slice(entry.value.span_at(&source, 2..3).range()), "c");
    assert_eq!(source.slice(entry.key.span_at(&source, 2..3).range()), "*x");
}

/// Checks every character of every scalar and key: where it leads is that character, or the way in which the style writes it.
pub(crate) fn check_all(source: &Source, node: &Node) {
    match &node.kind {
        Kind::Scalar(scalar) => check_scalar(source, &scalar.text, scalar.style, |range| node.span_at(source, range)),
        Kind::List(items) => items.iter().for_each(|item| check_all(source, item)),
        Kind::Map(entries) => entries.iter().for_each(|entry| {
            check_key(source, &entry.key);
            check_all(source, &entry.value);
        }),
    }
}

fn check_key(source: &Source, key: &Key) {
    if !source.slice(key.span.range()).starts_with('*') {
        check_scalar(source, &key.text, key.scalar.style, |range| key.span_at(source, range));
    }
}

fn check_scalar(source: &Source, text: &str, style: Style, span_at: impl Fn(std::ops::Range<usize>) -> testmesh_flow::Span) {
    let mut before = 0;
    for (at, character) in text.char_indices() {
        let span = span_at(at..at + character.len_utf8());
        let written = source.slice(span.range());
        let is_break = written.contains(['\n', '\r']) || written.is_empty();
        let fits = written.chars().eq([character])
            || (matches!(character, ' ' | '\n') && is_break)
            || (style == Style::SingleQuoted && written == "''" && character == '\'')
            || (style == Style::DoubleQuoted && written.starts_with('\\'));
        assert!(fits, "{character:?} at {at} of {text:?} is {written:?} in {:?}", source.text());
        assert!(span.start >= before, "{character:?} at {at} of {text:?} stands before the last in {:?}", source.text());
        before = span.start;
    }
}
