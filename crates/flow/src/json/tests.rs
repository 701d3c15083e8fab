use super::{MAX_DEPTH, parse};
use crate::Value;
use proptest::prelude::*;

fn to_json(text: &str) -> String {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).value.to_json()
}

#[test]
fn values_keep_what_was_written() {
    for (text, json) in [
        ("null", "null"),
        (" true\r\n", "true"),
        ("[ ]", "[]"),
        ("{\t}", "{}"),
        (r#"[1, -2,3.5 ,"a",[[]],{"b":{}}]"#, r#"[1,-2,3.5,"a",[[]],{"b":{}}]"#),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "18446744073709551616"),
        ("0", "0"),
        ("[1.50,1e3,1E+2,-0.0,100.0,0.000001,1.0e-7]", "[1.50,1e3,1E+2,-0.0,100.0,0.000001,1.0e-7]"),
        (r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, "\"a\\\"\\\\/\\b\\f\\n\\r\\té😀\""),
        (r#"{"b":1,"a":2}"#, r#"{"b":1,"a":2}"#),
    ] {
        assert_eq!(to_json(text), json, "{text}");
    }
    assert!(matches!(parse("-0").unwrap().value, Value::Float(zero) if zero.is_sign_negative()));
    assert!(matches!(parse("0.1").unwrap().value, Value::Float(_)));
    assert!(matches!(parse("123456789.012345").unwrap().value, Value::Float(_)));
    assert!(matches!(parse("0.0000001").unwrap().value, Value::Spelled(_)));
    assert!(matches!(parse("18446744073709551615").unwrap().value, Value::UInt(_)));
}

#[test]
fn losses_are_noted_with_their_path() {
    let text = r#"{"a":[{"x y":1}, 0.12345678901234567890, {"b":[123456789012345678901]}], "a":1,
        "o":{"k":1,"k":{"k":2},"k":3}}"#;
    let parsed = parse(text).unwrap();
    assert_eq!(parsed.lossy, ["$.a[1]", "$.a[2].b[0]"]);
    assert_eq!(parsed.duplicates, ["$.o.k", "$.o.k", "$.a"]);
    assert_eq!(parsed.value.to_json(), r#"{"a":1,"o":{"k":3}}"#);
    assert!(!parsed.unlisted);
}

#[test]
fn notes_stay_in_bounds() {
    let name = "n".repeat(10_000);
    let numbers = vec!["0.12345678901234567890"; 10_000].join(",");
    let parsed = parse(&format!("{{\"{name}\":[{numbers}]}}")).unwrap();
    assert_eq!(parsed.lossy.len(), 6);
    assert!(parsed.unlisted);
}

#[test]
fn errors_say_where_and_what() {
    for (text, place, message) in [
        ("", "1:1", "the text is empty; expected a value"),
        ("[1,\n 2", "2:3", "the text ends inside a list: expected `,` or `]`"),
        ("{\"a\":1", "1:7", "the text ends inside an object: expected `,` or `}`"),
        ("{\"a\":", "1:6", "the text ends where a value is expected"),
        ("{", "1:2", "the text ends inside an object: expected the name of a member"),
        ("{\"a\" 1}", "1:6", "expected `:` after the name of a member, found a number"),
        ("{\"a\":1 \"b\":2}", "1:8", "expected `,` or `}`, found `\"`"),
        ("[1 x1]", "1:4", "expected `,` or `]`, found a word without quotes"),
        ("[1,]", "1:4", "a trailing `,` before `]`; JSON has none"),
        ("{\"a\":1,}", "1:8", "a trailing `,` before `}`; JSON has none"),
        ("{a:1}", "1:2", "the name of a member needs double quotes"),
        ("{'a':1}", "1:2", "names stand in double quotes, not in single ones"),
        ("['a']", "1:2", "texts stand in double quotes, not in single ones"),
        ("[True]", "1:2", "`True` is written `true` in JSON"),
        ("[undefined]", "1:2", "`undefined` is written `null` in JSON"),
        ("[-Infinity]", "1:3", "expected a digit, found `Infinity`"),
        ("NaN", "1:1", "`NaN` is a number that JSON cannot write"),
        ("[hello]", "1:2", "a word that is no value; a text needs double quotes"),
        ("[1] // x", "1:5", "JSON has no comments"),
        ("1 2", "1:3", "the value is complete, but a number follows"),
        ("<html>", "1:1", "expected a value, found `<`"),
        ("\u{feff}1", "1:1", "the text begins with a byte order mark"),
        ("[1,\u{a0}2]", "1:4", "the character U+00A0 is no white space to JSON"),
        ("01", "1:1", "a number cannot begin with `0` and another digit"),
        ("+1", "1:1", "a number cannot begin with `+`"),
        (".5", "1:1", "a number needs a digit before its `.`"),
        ("[1.]", "1:4", "expected a digit, found `]`"),
        ("1e", "1:3", "the text ends inside a number"),
        ("1e400", "1:1", "the number 1e400 is too large for a 64-bit float"),
        ("[\"é\\x\"]", "1:4", "`\\x` is no escape of JSON"),
        ("\"\\u12g4\"", "1:2", "`\\u` needs four hexadecimal digits"),
        ("\"\\ud800\"", "1:2", "`\\ud800` is half of a pair whose other half is missing"),
        ("\"\\udc00\\ud800\"", "1:2", "`\\udc00` is half of a pair whose other half is missing"),
        ("\"a\nb\"", "1:3", "a line break in a string is written `\\n`"),
        ("[\n\"ab", "2:4", "the text ends inside a string that begins at line 2, column 1"),
        ("\"ab\\", "1:5", "the text ends inside a string that begins at line 1, column 1"),
    ] {
        let error = parse(text).expect_err(text);
        let found = format!("{}:{}", error.position.line, error.position.column);
        assert_eq!((found.as_str(), error.message.as_str()), (place, message), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    for text in [nested(MAX_DEPTH + 1), "[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)] {
        let error = parse(&text).unwrap_err();
        assert_eq!(error.message, "lists and objects nest deeper than 128");
    }
}

/// Texts of JSON, with the white space and escapes that generators like to leave out.
fn json_text() -> impl Strategy<Value = String> {
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,20})?";
    let string = r#""([ -!#-\[\]-~]|é|😀|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,12}""#;
    let leaf = prop_oneof![Just("null".to_owned()), Just("true".to_owned()), Just("false".to_owned()), number, string,];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let item = (inner, "[ \t\r\n]{0,2}").prop_map(|(value, space)| space + &value);
        let member = (string, item.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
        prop_oneof![
            prop::collection::vec(item, 0..6).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(member, 0..6).prop_map(|all| format!("{{{}}}", all.join(" ,"))),
        ]
    })
}

/// One change: some characters are taken out, and some others put in.
fn mutated() -> impl Strategy<Value = String> {
    let patch = r#"[\[\]{},:"\\0-9eE+\-.a-z \n\x01é]{0,3}"#;
    (json_text(), any::<prop::sample::Index>(), 0..3_usize, patch).prop_map(|(text, at, cut, put)| {
        let characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let (before, after) = characters.split_at(at);
        before.iter().copied().chain(put.chars()).chain(after.iter().skip(cut).copied()).collect()
    })
}

/// Both take the text for JSON or neither does, and what they read is equal.
fn agree(text: &str) {
    match (parse(text), serde_json::from_str::<serde_json::Value>(text)) {
        (Ok(ours), Ok(theirs)) => {
            let (ours, theirs) = (serde_json::to_value(&ours.value).unwrap(), theirs);
            assert!(same(&ours, &theirs), "{text}: {ours} is not {theirs}");
        }
        (Err(ours), Err(_)) => {
            assert!(text.is_char_boundary(ours.offset), "{text}: {ours:?}");
        }
        (ours, theirs) => panic!("{text:?}: ours {ours:?}, theirs {theirs:?}"),
    }
}

/// Equality but for the last digits of floats, which the other side reads in a hurry.
fn same(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match (ours, theirs) {
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => a.len() == b.len() && a.iter().all(|(k, a)| b.get(k).is_some_and(|b| same(a, b))),
        (Json::Number(a), Json::Number(b)) => {
            a == b
                || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a.to_bits() == b.to_bits() || (a - b).abs() <= a.abs() * 1e-14 + 1e-320)
        }
        _ => ours == theirs,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_is_read_as_serde_reads_it(text in json_text()) {
        agree(&text);
    }

    #[test]
    fn broken_json_is_refused_as_serde_refuses_it(text in mutated()) {
        agree(&text);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        agree(&text);
    }

    #[test]
    fn numbers_are_what_their_text_says(text in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,24})?([eE]([+-]?[0-9]{1,2}|-[0-9]{1,21}))?") {
        let (ours, slow) = (parse(&text).unwrap().value, Value::number(&text).unwrap());
        prop_assert_eq!(format!("{ours:?}"), format!("{slow:?}"));
    }
}
