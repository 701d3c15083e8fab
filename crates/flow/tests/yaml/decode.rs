//! Bytes to text, and what is said where they are none.

use testmesh_flow::{Source, SourceId, yaml};

/// Checks the text that bytes are, or `line:column code message`.
fn check(bytes: &[u8], expected: &str) {
    let found = yaml::decode(bytes).unwrap_or_else(|error| {
        let problem = error.diagnostic(SourceId(0));
        let place = Source::new("f.yaml", error.text.as_str()).position(problem.span().start);
        assert!(problem.help.is_some());
        format!("{}:{} {} {}", place.line, place.column, problem.code, problem.message)
    });
    assert_eq!(found, expected, "{bytes:?}");
}

#[test]
fn texts() {
    check(b"", "");
    check("a: é".as_bytes(), "a: é");
    check("\u{feff}a: 1".as_bytes(), "a: 1");
}

#[test]
fn bytes_that_are_no_character() {
    check(
        b"a: \xC3\xA9\nb: \xC3\xA9\xE9t\xE9",
        "2:5 TM0102 the file is not UTF-8 text: the byte 0xE9 in line 2, column 5 begins no character",
    );
    check(b"\xEF\xBB\xBFa\xFF", "1:2 TM0102 the file is not UTF-8 text: the byte 0xFF in line 1, column 2 begins no character");
    check(b"a\xC3", "1:2 TM0102 the file is not UTF-8 text: the byte 0xC3 in line 1, column 2 begins no character");
}

#[test]
fn other_encodings() {
    let utf16: Vec<u8> = "a: 1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&utf16, "1:1 TM0102 the file is UTF-16 text, not UTF-8");
    check(&[&[0xFF, 0xFE][..], &utf16[..]].concat(), "1:1 TM0102 the file is UTF-16 text, not UTF-8");
    let utf16: Vec<u8> = "\u{feff}ä: 1\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&utf16, "1:1 TM0102 the file is UTF-16 text, not UTF-8");
    check(&[0, 0, 0xFE, 0xFF, 0, 0, 0, b'a'], "1:1 TM0102 the file is UTF-32 text, not UTF-8");
}
