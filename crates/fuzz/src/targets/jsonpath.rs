//! Paths.

use super::world::World;
use testmesh_flow::jsonpath;

pub(crate) const SEEDS: &[&str] = &[
    "$",
    "$.body.items[*].sku",
    "$..price",
    "$..[?@.price > 1 && @.sku != 'a'].tags[0]",
    "$.body.items[?count(@.tags[*]) >= 1 || length(@.sku) == 1]",
    "$['body']['items'][-1::2, 0:2:1, 1]",
    "$..[?search(@.sku, $.body.pattern) || match(@.sku, '[a-c]')]",
    "$..[?@..[?@.a]]",
    "$.numbers[?@ >= value($.numbers[1])]",
    "$..*..*",
    "$[?@[?@ == $.status], \"name\", *]",
    "$[?!(@.a || @.b) && !@.c]",
];

pub(crate) const PIECES: &[&str] = &[
    "$",
    "@",
    ".",
    "..",
    "*",
    "[",
    "]",
    "[*]",
    "[0]",
    "[-1]",
    "[1:2]",
    "[::-1]",
    "[?",
    "?",
    "(",
    ")",
    "&&",
    "||",
    "!",
    "==",
    "!=",
    "<",
    ">=",
    "'a'",
    "\"b\"",
    "'\\u00e9'",
    "'\\",
    ",",
    " ",
    "price",
    "items",
    "body",
    "sku",
    "a",
    "length(",
    "count(",
    "value(",
    "match(",
    "search(",
    "true",
    "null",
    "1",
    "-0",
    "1e3",
    "@.a",
    "$.body",
    "@..a",
    "..[*]",
    "..*",
    "é",
    "9007199254740992",
];

pub(crate) const NESTS: &[(&str, &str)] = &[
    ("[?@", "]"),
    ("[?@..", "]"),
    ("$..[?", "]"),
    ("[?@..[?", "]]"),
    ("[?(", ")]"),
    ("(", ")"),
    ("!(", ")"),
    ("length(", ")"),
    ("count(@..", ")"),
    ("", "..*"),
    ("", "[*]"),
    ("", "[*,*]"),
    ("", "..[*,*]"),
    ("", "[0]"),
    ("", " && @.a"),
    ("", " || @..a"),
];

/// Parses, and asks it of a document.
pub(crate) fn read(text: &str) {
    let document = World::new().document();
    match jsonpath::parse(text) {
        Ok(query) => {
            let Ok(found) = query.select(&document) else {
                return assert!(!query.is_singular(), "a singular path is too dear");
            };
            assert!(!query.is_singular() || found.len() <= 1, "a singular path finds several");
            let broken = query.first_break(&document);
            assert!(broken.is_none() || found.is_empty(), "a path that finds something breaks");
            if let Some(broken) = broken {
                assert!(text.get(broken.range.clone()).is_some(), "a break stands outside the text");
                drop((broken.help(), broken.to_string()));
            }
        }
        Err(error) => assert!(text.get(error.range).is_some(), "an error stands outside the text"),
    }
}
