//! Any text and any soup of tokens is parsed, named, recorded and rendered without a panic.

use crate::support::World;
use proptest::prelude::*;
use testmesh_flow::{
    expr::{self, Options},
    template::Template,
};

const TOKENS: &[&str] = &[
    "status",
    "body",
    "numbers",
    "name",
    "nothing",
    "token",
    "env",
    "headers",
    "create-user",
    "zzz",
    "exists",
    "x",
    "#",
    "#acc",
    "#index",
    ".sku",
    ".length",
    ".a",
    "?.",
    ".",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ",",
    ";",
    ":",
    "::",
    "?",
    "??",
    "|",
    "||",
    "&&",
    "!",
    "not",
    "in",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "..",
    "contains",
    "matches",
    "startsWith",
    "let",
    "=",
    "if",
    "else",
    "and",
    "or",
    "nil",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "2.5",
    "9223372036854775807",
    "1e300",
    "\"a\"",
    "'[a'",
    "`b`",
    "\"2006-01-02\"",
    "{{",
    "}}",
    "${",
    "$${",
    ":-",
    "len(",
    "map(",
    "filter(",
    "all(",
    "reduce(",
    "sortBy(",
    "groupBy(",
    "sum(",
    "keys(",
    "string(",
    "int(",
    "date(",
    "now()",
    "duration(\"1h\")",
    ".Format(",
    ".Year()",
    "split(",
    "replace(",
    "repeat(",
    "take(",
    "get(",
    "jsonpath(",
    "toJSON(",
    "fromJSON(",
    "uuid()",
    "random.int(",
    "$env",
    "\u{e9}",
    "//",
    "/*",
    "\n",
    " ",
];

/// Everything that can be done with a text.
fn exercise(text: &str) {
    let world = World::new();
    for templates in [false, true] {
        let options = Options { templates, ..world.options() };
        if let Ok(expr) = expr::parse(text, options) {
            for name in expr.names() {
                assert!(text.get(name.range).is_some());
            }
            let plain = expr::evaluate(&expr, &world);
            let (recorded, trace) = expr::evaluate_recorded(&expr, &world);
            // A value that is no number is not even equal to itself.
            assert_eq!(format!("{plain:?}"), format!("{recorded:?}"));
            assert!(text.get(trace.decided).is_some());
            for part in trace.parts {
                assert!(text.get(part.range).is_some());
            }
            if let Err(fault) = plain {
                assert!(text.get(fault.range).is_some());
            }
        } else if let Err(error) = expr::parse(text, options) {
            assert!(text.get(error.range.clone()).is_some(), "{text:?} {error:?}");
        }
    }
    match Template::parse(text, world.options()) {
        Ok(template) => {
            template.names();
            let _ = template.render(&world);
            let _ = template.render_text(&world);
        }
        Err(error) => assert!(text.get(error.range.clone()).is_some(), "{text:?} {error:?}"),
    }
    for start in 0..text.len().min(3) {
        let _ = expr::parse_prefix(text, start, world.options());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn on_any_text(text in "\\PC{0,60}") {
        exercise(&text);
    }

    #[test]
    fn on_any_ascii(text in "[ -~\n]{0,60}") {
        exercise(&text);
    }

    #[test]
    fn on_any_soup_of_tokens(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..24), spaced in any::<bool>()) {
        exercise(&tokens.join(if spaced { " " } else { "" }));
    }
}
