use super::*;

/// How `text` reads, with `|` between its units and `…` for what is cut.
fn units(reading: Reading, text: &str) -> String {
    let mut rest = text.as_bytes();
    let mut units = Vec::new();
    while let Some((&byte, after)) = rest.split_first() {
        match reading.unit(rest, false) {
            Unit::Plain => {
                units.push(char::from(byte).to_string());
                rest = after;
            }
            Unit::Escape(escape) => {
                units.push(format!("<{}>", String::from_utf8_lossy(escape.decoded())));
                rest = &rest[escape.len..];
            }
            Unit::Cut => {
                units.push("…".to_owned());
                break;
            }
        }
    }
    units.concat()
}

#[test]
fn units_of_each_reading() {
    use Reading::{Entity, Form, Json, Percent, Raw, Twice, TwiceForm, Wrapped};
    let cases = [
        (Raw, r"%41\n&lt;", r"%41\n&lt;"),
        (Percent, "a%41%4a%4Ab+", "a<A><J><J>b+"),
        (Percent, "%%41 %4x %x4 50%", "%<A> %4x %x4 50…"),
        (Percent, "%4", "…"),
        (Form, "a+b%2B", "a< >b<+>"),
        (Json, r#"\"\\\/\b\f\n\r\t\u0041\u00e9\u00E9"#, "<\"><\\></><\u{8}><\u{c}><\n><\r><\t><A><é><é>"),
        (Json, r"\ud83d\ude00\uD83D\uDE00", "<😀><😀>"),
        (Json, r"\ude00\ud83d\u0041\ud83dx\x\u00g0", r"\ude00\ud83d<A>\ud83dx\x\u00g0"),
        (Json, r"\ud83d\u12", "…"),
        (Json, r"\ud83d\", "…"),
        (Json, "\\", "…"),
        (Entity, "&amp;&#38;&#038;&#x26;&#X26;&quot;&apos;&eacute;", "<&><&><&><&><&><\"><'><é>"),
        (Entity, "&x; & y &amp &; &#; &#x; &#xD800; &#+1;", "&x; & y &amp &; &#; &#x; &#xD800; &#+1;"),
        (Entity, "&#00000000000065;", "&#00000000000065;"),
        (Entity, "&am", "…"),
        (Twice, "%2541%5Cn&amp;lt;\\u0026lt;\\\\\\\"%41\\n", "<A><\n><<><<><\"><A><\n>"),
        (Twice, "%25zz %5C", "<%>zz …"),
        (Twice, "a+b", "a+b"),
        (TwiceForm, "a+%5C%22b%2B", "a< ><\">b<+>"),
        (Wrapped, "ab\r\ncd\\nef&#10;gh%0Aij%2B", "ab<><>cd<>ef<>gh<>ij<+>"),
    ];
    for (reading, text, expected) in cases {
        assert_eq!(units(reading, text), expected, "{reading:?} {text}");
    }
}

#[test]
fn at_the_end_of_the_text_a_cut_escape_is_plain() {
    let cases = [
        (Reading::Percent, "a%4", "a%4"),
        (Reading::Json, "a\\", "a\\"),
        (Reading::Entity, "a&am", "a&am"),
        (Reading::Twice, "a%25", "a%"),
        (Reading::Twice, "a%2", "a%2"),
        (Reading::Twice, "a%25%32", "a%2"),
    ];
    for (reading, text, expected) in cases {
        assert_eq!(String::from_utf8_lossy(&reading.decode(text.as_bytes())), expected);
    }
}

#[test]
fn escapes_are_found_where_they_may_begin() {
    let text = b"abc\n+%\\&";
    let cases = [
        (Reading::Raw, None),
        (Reading::Percent, Some(5)),
        (Reading::Form, Some(4)),
        (Reading::Json, Some(6)),
        (Reading::Entity, Some(7)),
        (Reading::Twice, Some(5)),
        (Reading::TwiceForm, Some(4)),
        (Reading::Wrapped, Some(3)),
    ];
    for (reading, expected) in cases {
        assert_eq!(reading.find_escape(text), expected, "{reading:?}");
    }
}
