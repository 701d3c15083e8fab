use super::{MAX_NESTING, TooDear, parse};
use crate::{Map, Value, json};
use proptest::prelude::*;
use std::io::Write as _;
use std::path::PathBuf;

fn value(text: &str) -> Value {
    json::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).value
}

/// The values of a compliance case, or all the lists that are right where the order is open.
fn expected(case: &Value) -> Vec<Value> {
    let one = case.get("result").cloned();
    one.map_or_else(|| case.get("results").unwrap().as_list().unwrap().to_vec(), |one| vec![one])
}

#[test]
fn the_compliance_suite_passes() {
    let corpus = std::env::var_os("TESTMESH_CORPUS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), PathBuf::from);
    let path = corpus.join("jsonpath/cts.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        // Not captured, unlike what `eprintln!` writes: a skip is seen.
        writeln!(std::io::stderr(), "SKIPPED: the JSONPath compliance suite, {} is not there", path.display()).unwrap();
        return;
    };
    let suite = value(&text);
    let cases = suite.get("tests").and_then(Value::as_list).unwrap();
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert_eq!(cases.len(), 703);
}

/// What is wrong with our answer to a case.
fn wrong(case: &Value) -> Option<String> {
    let text = |name| case.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, selector) = (text("name"), text("selector"));
    let query = match (parse(selector), case.get("invalid_selector").is_some()) {
        (Ok(_), true) => return Some(format!("{name}: `{selector}` is taken")),
        (Err(error), false) => return Some(format!("{name}: `{selector}`: {error}")),
        (Err(error), true) => {
            let bad = selector.get(error.range.clone()).is_none() || error.message.is_empty();
            return bad.then(|| format!("{name}: `{selector}`: {error:?}"));
        }
        (Ok(query), false) => query,
    };
    let document = case.get("document").unwrap();
    let found = Value::list(query.select(document).unwrap());
    if !expected(case).contains(&found) {
        return Some(format!("{name}: `{selector}` finds {}", found.to_json()));
    }
    let nothing = found.as_list().is_some_and(<[Value]>::is_empty);
    let broken = query.first_break(document).is_some();
    (broken != (query.is_singular() && nothing)).then(|| format!("{name}: `{selector}` breaks"))
}

#[test]
fn queries_find_values_in_order() {
    let document = r#"{"id":18446744073709551615,"n":9007199254740993,"items":[{"a":1,"b":"x"},{"a":2},{"b":"yy","c":[1,[2]]}]}"#;
    for (query, found) in [
        ("$.id", "[18446744073709551615]"),
        ("$[?@ == 9007199254740992]", "[]"),
        ("$[?@ == 9007199254740993]", "[9007199254740993]"),
        ("$[?@ == 18446744073709551615.0]", "[]"),
        ("$.items[?@.a >= 2].a", "[2]"),
        ("$.items[0,0].a", "[1,1]"),
        ("$.items[-1].c[1][0]", "[2]"),
        ("$..b", r#"["x","yy"]"#),
        ("$.items[2]..*", r#"["yy",[1,[2]],1,[2],2]"#),
        ("$.items[?search(@.b, '^y+$')].b", r#"["yy"]"#),
        (r"$.items[?match(@.b, '\\w')].b", r#"["x"]"#),
        ("$.items[::-1].a", "[2,1]"),
        ("$.items[?length(@.c) == 2 && !@.a].b", r#"["yy"]"#),
    ] {
        let query = parse(query).unwrap();
        assert_eq!(Value::list(query.select(&value(document)).unwrap()).to_json(), found, "{}", query.text());
    }
}

#[test]
fn header_names_match_without_case() {
    let mut headers = Map::headers();
    headers.insert("Content-Type", "text/plain");
    let root = Value::map(Map::from_iter([("headers", headers)]));
    for query in ["$.headers['content-type']", "$.headers['CONTENT-Type']", "$..['Content-Type']"] {
        assert_eq!(parse(query).unwrap().select(&root).unwrap(), [Value::from("text/plain")], "{query}");
    }
}

#[test]
fn singular_queries_are_known() {
    for (query, singular) in [
        ("$", true),
        ("$.a[0]['b'][-1]", true),
        ("$.a[0,1]", false),
        ("$.a[*]", false),
        ("$..a", false),
        ("$.a[0:1]", false),
        ("$[?@.a]", false),
    ] {
        assert_eq!(parse(query).unwrap().is_singular(), singular, "{query}");
    }
}

#[test]
fn a_break_names_what_is_there_instead() {
    let root = value(r#"{"body":{"status":"ok","list":[{"id":1},{"id":2}],"none":[],"e":{},"n":null,"x y":1}}"#);
    for (query, message) in [
        ("$.body.statsu", "6..13: `$.body` has no member `statsu`; did you mean `status`?"),
        ("$.bdy.x", "1..5: `$` has no member `bdy`; did you mean `body`?"),
        ("$.body.zzzzz", "6..12: `$.body` has no member `zzzzz`; its members are `status`, `list`, `none`, `e`, `n`, `x y`"),
        ("$.body.e.id", "8..11: `$.body.e` is an empty object, without a member `id`"),
        ("$.body.list[2].id", "11..14: `$.body.list` has no item 2: it holds 2"),
        ("$.body.list[-3]", "11..15: `$.body.list` has no item -3: it holds 2"),
        ("$.body.none[0]", "11..14: `$.body.none` is an empty list, without an item 0"),
        (
            "$.body.list.id",
            "11..14: `$.body.list` is a list of 2, and has no member `id`; write `$.body.list[0].id` for the first, `$.body.list[*].id` for all",
        ),
        ("$.body.list[-1].id.x", "18..20: `$.body.list[1].id` is an integer, and has no member `x`"),
        ("$.body.n.x", "8..10: `$.body.n` is null, and has no member `x`"),
        ("$.body[0]", "6..9: `$.body` is an object, and has no item 0"),
        ("$.body['x y'].z", "13..15: `$.body['x y']` is an integer, and has no member `z`"),
    ] {
        let found = parse(query).unwrap().first_break(&root).unwrap();
        let help = found.help().map_or(String::new(), |help| format!("; {help}"));
        let text = format!("{}..{}: {found}{help}", found.range.start, found.range.end);
        assert_eq!(text, message, "{query}");
    }
    for query in ["$", "$.body.n", "$.body.list[*].nothing", "$..nothing"] {
        assert_eq!(parse(query).unwrap().first_break(&root), None, "{query}");
    }
}

#[test]
fn mistakes_name_place_and_cure() {
    for (query, place, message) in [
        ("", "", "the path is empty; write `$` for the whole value"),
        ("a.b", "a", "a path begins with `$`; write `$.a.b`"),
        ("@.a", "@", "`@` has a meaning inside a filter only; write `$.a`"),
        (" $", " ", "white space stands before the path; remove it"),
        ("$.a ", " ", "white space stands after the path; remove it"),
        ("$a", "a", "expected `.` or `[` after `$`, found `a`; write `$.a`"),
        ("$.a.[0]", ".[", "`[` cannot follow a dot; write `$.a[0]`, without the dot"),
        ("$.a[b]", "b", "`b` is not quoted; write `['b']`"),
        ("$.a[b-c.d]", "b-c.d", "`b-c.d` is not quoted; write `['b-c.d']`"),
        ("$.a[?(@.x = 1)]", "=", "`=` compares nothing in JSONPath; write `==`"),
        ("$.a[0", "[", "this `[` is never closed; add `]`"),
        ("$.a[", "[", "this `[` is never closed; add `]`"),
        ("$.a..", "..", "a name is missing after `..`; write a name or `*` after it, or end at `$.a`"),
        ("$.a.", ".", "a name is missing after `.`; write a name or `*` after it, or end at `$.a`"),
        ("$...a", "...", "one dot too many; one dot leads to a child, two to everything below"),
        ("$. a", " ", "white space stands after `.`; remove it"),
        ("$.a.0.b", "0", "a name after a dot cannot begin with a digit; write `$.a[0]` for the item of a list, `$.a['0']` for a member"),
        ("$..2x", "2x", "a name after a dot cannot begin with a digit; write `$..['2x']`"),
        ("$.'a b'", "'", "a quoted name stands in brackets; write `$['a b']`"),
        ("$.headers.content-type.x", "-", "`-` cannot stand in a name after a dot; write `$.headers['content-type'].x`"),
        ("$.-a", "-", "`-` cannot stand in a name after a dot; write `$['-a']`"),
        (
            "$.a.length()",
            "(",
            "functions stand inside filters only; an expression such as `len(body.items)` counts, `body.items[-1]` takes the last",
        ),
        ("$.a]", "]", "this `]` closes nothing; remove it"),
        ("$[0]a", "a", "expected `.` or `[`, found `a`; write `$[0].a`"),
        ("$.a == 1", " == 1", "a path by itself compares nothing; a comparison stands inside a filter, as in `$[?@.a == 1]`"),
        ("$[]", "[]", "nothing stands in the brackets; write `[*]` for all, `[0]` for the first"),
        ("$[0,]", "]", "a name or an index is missing here"),
        ("$[(@.length-1)]", "(", "JSONPath has no scripts; a filter is written `[?…]`, the last item is `[-1]`"),
        ("$[@.a]", "@", "a filter begins with `?`; write `[?…]`"),
        ("$[01]", "01", "the index `01` begins with `0`; write `1`"),
        ("$[00]", "00", "`00` is no index; write `0`"),
        ("$[-07]", "-07", "the index `-07` begins with `0`; write `-7`"),
        ("$[-]", "-", "a number is missing after `-`; write for example `-1`, the last item"),
        ("$[-0]", "-0", "`-0` is no index; write `0`"),
        ("$[1.5]", ".", "an index has no fraction"),
        ("$[1a]", "a", "expected `,` or `]`, found `a`; write `['1a']`"),
        ("$[9007199254740992]", "9007199254740992", "the index is beyond ±(2⁵³−1)"),
        ("$['a", "'", "the text that begins with this `'` is never closed; add `'`"),
        (r"$['\d']", r"\d", r"`\d` is no escape; a backslash itself is written `\\`, so `\\d`"),
        (r#"$["\'"]"#, r"\'", "`\\'` is no escape; `'` needs none between `\"`"),
        (r"$['\ud800']", r"\ud800", r"`\ud800` is half of a pair whose other half is missing"),
        ("$[?@.a === 1]", "===", "`===` compares nothing in JSONPath; write `==`"),
        ("$[?@.a =~ 'x']", "=~", "`=~` compares nothing in JSONPath; write `match(…, '…')` or `search(…, '…')`"),
        ("$[?@.a and @.b]", "and", "`and` is no operator of JSONPath; write `&&`"),
        ("$[?@.a == 1 or @.b]", "or", "`or` is no operator of JSONPath; write `||`"),
        ("$[?@.a & @.b]", "&", "`&` alone joins nothing; write `&&`"),
        ("$[?@.a in [1]]", "in", "`in` is no operator of JSONPath; compare with each value: `@.a == 1 || @.a == 2`"),
        ("$[?@.a == [1]]", "[", "lists and objects cannot be written in a filter; compare with each value: `@.a == 1 || @.a == 2`"),
        ("$[?@.a == foo]", "foo", "`foo` is not quoted; write `'foo'` for a text, `@.foo` for a member"),
        ("$[?@.a == True]", "True", "`True` is no literal; write `true`"),
        ("$[?.a == 1]", ".", "a path inside a filter begins with `@`, the item, or `$`; write `@` before the dot"),
        ("$[?a == 1]", "a", "`a` is not quoted; write `'a'` for a text, `@.a` for a member"),
        ("$[?]", "]", "a filter needs a test before its `]`; write for example `[?@.a == 1]`"),
        ("$[?(@.a]", "(", "this `(` is never closed; add `)`"),
        ("$[?!@.a == 1]", "!", "`!` before a comparison needs parentheses; write `!(… == …)`, or turn the comparison around"),
        ("$[?@.a == 1 == 2]", "==", "`==` cannot follow a comparison; a comparison has two sides; join comparisons by `&&` and `||`"),
        (
            "$[?@.* == 1]",
            "@.*",
            "`@.*` can find several values where one is needed; write `value(@.*)` when there is one, `count(@.*)` to count them",
        ),
        ("$[?'a']", "'a'", "`'a'` is a value, not a test; compare it, as in `@.a == 'a'`"),
        ("$[?length(@.a)]", "length(@.a)", "`length(@.a)` is a value, not a test; compare it, as in `@.a == length(@.a)`"),
        ("$[?lenght(@.a) > 1]", "lenght", "there is no function `lenght`; did you mean `length`?"),
        ("$[?matches(@.a, 'x')]", "matches", "there is no function `matches`; did you mean `match`?"),
        ("$[?banana(@.a)]", "banana", "there is no function `banana`; the functions are `length`, `count`, `value`, `match`, `search`"),
        ("$[?match(@.a)]", "match(@.a)", "`match` takes 2 arguments, not 1; write `match(@.a, 'pattern')`"),
        (
            "$[?match(@.a, 'x') == true]",
            "match(@.a, 'x')",
            "`match(@.a, 'x')` is true or false already, and is no value; write it by itself, or with `!` before it",
        ),
        ("$[?match(@.a, 'x(')]", "'x('", "the pattern is no regular expression: unclosed group"),
        ("$[?count(1) > 1]", "1", "`count` takes a path, not `1`; write `count(@.a)`; `length` takes a value"),
        ("$[?length (@.a) > 1]", "length", "a space stands between `length` and its `(`; remove it"),
        ("$[?@.a == 01]", "01", "`01` is no number; a number cannot begin with `0` and another digit"),
        ("$[?@.a == 1.]", "1.", "`1.` is no number; a digit belongs after the `.`"),
        ("$[?@.a-b == 1]", "-", "JSONPath has no arithmetic: `-`; a name with a dash is written `@['a-b']`"),
    ] {
        let error = parse(query).expect_err(query);
        assert_eq!((&query[error.range.clone()], error.to_string().as_str()), (place, message), "{query}");
    }
}

#[test]
fn nesting_is_bounded() {
    let parentheses = |depth| format!("$[?{}@.a{}]", "(".repeat(depth), ")".repeat(depth));
    let filters = |depth| format!("${}", "[?@".repeat(depth) + &"]".repeat(depth));
    let calls = |depth| format!("$[?{}@.a{} == 1]", "length(".repeat(depth), ")".repeat(depth));
    for nested in [parentheses, filters, calls] as [fn(usize) -> String; 3] {
        let query = parse(nested(MAX_NESTING - 1)).unwrap();
        query.select(&value("[[[1]]]")).unwrap();
        let error = parse(nested(100_000)).unwrap_err();
        assert_eq!(error.message, "filters and parentheses nest deeper than 48");
    }
}

#[test]
fn what_a_query_looks_at_is_bounded() {
    let root = value(&format!("[{}]", vec![r#"{"a":[1,{"b":[2,"c"]}],"t":"xxxxxxxx"}"#; 50].join(",")));
    for dear in [
        "$..[?$..[?$..[?$..a]]]",
        "$..[?count($..[?count($..*) > 1]) == 7]",
        "$..[?value($..[?$..[?@ == 7]]) == 7]",
        &format!("$..[?{}]", ["$..[?@ == 7]"; 40].join(" || ")),
    ] {
        let found = parse(dear).unwrap().select(&root);
        assert_eq!(found, Err(TooDear), "{dear}");
    }
    for fair in ["$..[?@.b]", "$..[?@..[?@ == 2]]", "$..[?count($..b) > 49]", "$..*..*"] {
        assert!(parse(fair).unwrap().select(&root).is_ok_and(|found| !found.is_empty()), "{fair}");
    }
}

#[test]
fn deep_values_are_searched_without_recursion() {
    let mut deep = Value::Int(1);
    for _ in 0..2_000 {
        deep = Value::list(vec![deep]);
    }
    assert_eq!(parse("$..*").unwrap().find(&deep).unwrap().len(), 2_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = parse(text.as_str());
    }

    #[test]
    fn no_query_panics(text in r#"\$([\[\]().,:?@$*!=<>&|'"\\ a-c0-2é~+-]|match\(|length\(|count\(|value\(|==|&&|\.\.){0,16}"#) {
        match parse(text.as_str()) {
            Ok(query) => {
                let root = value(r#"{"a":[1,{"b":"c"},[0,"a"]],"b":{"a":null,"c":2.5}}"#);
                let found = query.select(&root).unwrap();
                prop_assert!(!query.is_singular() || found.len() <= 1);
                prop_assert_eq!(query.is_singular() && found.is_empty(), query.first_break(&root).is_some());
            }
            Err(error) => {
                prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error);
            }
        }
    }
}
