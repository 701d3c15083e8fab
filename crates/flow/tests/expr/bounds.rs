//! Nothing that can be written overflows the stack, hangs, or grows without bound.

use crate::support::{World, outcome};
use std::time::{Duration, Instant};
use testmesh_flow::expr::{self, Options};

/// Evaluates on a stack of one megabyte, half of what a worker thread has.
fn on_a_small_stack(text: String) -> String {
    let work = move || {
        let world = World::new();
        let begun = Instant::now();
        let result = outcome(&text, world.options(), &world);
        assert!(begun.elapsed() < Duration::from_secs(20), "{:.40}…: took {:?}", text, begun.elapsed());
        result
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap()
}

#[test]
fn depth_is_an_error_and_no_overflow() {
    let many = 100_000;
    let nested = |open: &str, inner: &str, close: &str, n: usize| [&open.repeat(n), inner, &close.repeat(n)].concat();
    for (text, code) in [
        (nested("(", "1", ")", many), "TM0311"),
        (nested("(", "1", "", many), "TM0311"),
        (nested("!", "yes", "", many), "TM0311"),
        (nested("-", "1", "", many), "TM0311"),
        (nested("not ", "yes", "", many), "TM0311"),
        (nested("[", "", "]", many), "TM0311"),
        (nested("{a: ", "1", "}", many), "TM0311"),
        (nested("numbers[", "0", "]", many), "TM0311"),
        (nested("len(", "name", ")", many), "TM0311"),
        (nested("map([1], ", "#", ")", many), "TM0311"),
        (nested("yes ? ", "1", " : 2", many), "TM0311"),
        (nested("yes ? 1 : ", "2", "", many), "TM0311"),
        (nested("let x = ", "1", "; x", many), "TM0311"),
        (nested("if yes { ", "1", " } else { 2 }", many), "TM0311"),
        (nested("if yes { 1 } else ", "{ 2 }", "", many), "TM0311"),
        (nested("2 ** ", "2", "", many), "TM0311"),
        (format!("1{}", " + 1".repeat(50_000)), "TM0311"),
        (format!("yes{}", " && yes".repeat(50_000)), "TM0311"),
        (format!("1{}", " < 2".repeat(50_000)), "TM0311"),
        (format!("1{}", " ?? 2".repeat(50_000)), "TM0311"),
        (format!("numbers{}", " | sort()".repeat(50_000)), "TM0311"),
        (format!("body{}", ".a".repeat(100_000)), "TM0311"),
        (format!("\"{}\"", "a".repeat(100_000)), "TM0311"),
        (" ".repeat(1_000_000), "TM0301"),
        ("/*".repeat(100_000), "TM0301"),
        ("\"".repeat(100_001), "TM0301"),
    ] {
        let found = on_a_small_stack(text.clone());
        assert!(found.starts_with(code), "{text:.30}…: {found:.200}");
    }
}

#[test]
fn what_is_allowed_fits_the_stack() {
    let nested = |open: &str, inner: &str, close: &str, n: usize| [&open.repeat(n), inner, &close.repeat(n)].concat();
    for (text, expected) in [
        (nested("(", "1", ")", 90), "1"),
        (nested("!", "yes", "", 90), "true"),
        (nested("[", "", "]", 90), &*nested("[", "", "]", 90)),
        (nested("abs(", "1", ")", 90), "1"),
        (nested("sum(map([1], ", "#", "))", 45), "1"),
        (nested("any([1], ", "true", ")", 90), "true"),
        (nested("numbers[", "1", "]", 90), "1"),
        (nested("yes ? ", "1", " : 2", 90), "1"),
        (nested("if yes { ", "1", " } else { 2 }", 90), "1"),
        (format!("0{}", " + 1".repeat(190)), "190"),
        (format!("numbers{} | len()", " | sort()".repeat(190)), "3"),
        (format!("body{} ?? 1", ".a".repeat(10_000)), "1"),
    ] {
        let found = on_a_small_stack(text.clone());
        assert_eq!(found, expected, "{text:.30}…");
    }
}

#[test]
fn work_and_sizes_are_bounded() {
    for text in [
        "1..1000000000000",
        "-9223372036854775807..9223372036854775807",
        "len(1..2000000)",
        "repeat(\"a\", 1000000000)",
        "repeat(repeat(\"a\", 1000000), 1000000)",
        "replace(repeat(\"a\", 1000000), \"\", repeat(\"b\", 1000000))",
        "split(repeat(\"a\", 2000000), \"\")",
        "map(1..1000, map(1..1000, map(1..1000, 1)))",
        "all(1..900000, all(1..100, true))",
        "reduce(1..100, [#acc, #acc], 1)",
        "reduce(1..1000, [#acc], 1)",
        "reduce(1..1000, ({a: #acc}), 1)",
        "reduce(1..64, #acc + #acc, \"a\")",
        "reduce(1..64, concat(#acc, #acc), [1])",
        "random.string(1000000000)",
        // A text that is held once and written often.
        "let t = repeat(\"a\", 900000); len(toJSON(map(1..5000, t)))",
        "let t = repeat(\"a\", 900000); len(string(map(1..5000, ({a: t}))))",
        "reduce(1..90, toJSON(#acc), \"a\")",
    ] {
        let found = on_a_small_stack(text.to_owned());
        assert!(found.starts_with("failed"), "{text}: {found:.200}");
    }
    // A value that is small in memory and huge written out.
    let doubling = |last: &str| {
        let lets: String = (1..=40).map(|n| format!("let v{n} = [v{}, v{}]; ", n - 1, n - 1)).collect();
        format!("let v0 = [1]; {lets}{last}")
    };
    for last in ["v40", "string(v40)", "toJSON(v40)", "v40 == v40", "v40 in [v40, 1]", "len(flatten(v40))", "max(v40)", "{a: v40}"] {
        let found = on_a_small_stack(doubling(last));
        assert!(found.starts_with("failed"), "{last}: {found:.200}");
    }
}

#[test]
fn templates_nest_no_deeper() {
    let world = World::new();
    let deep = format!("{}x{}", "${zzz:-".repeat(10_000), "}".repeat(10_000));
    let error = testmesh_flow::template::Template::parse(deep.as_str(), world.options()).unwrap_err();
    assert_eq!(error.code, testmesh_flow::Code::TooDeep);
    let many = "${name}".repeat(20_000);
    let template = testmesh_flow::template::Template::parse(many.as_str(), world.options()).unwrap();
    assert_eq!(template.render_text(&world).unwrap().len(), 60_000);
    let assertion = format!("\"{}\" == name", "{{name}}".repeat(5_000));
    assert!(expr::parse(assertion.as_str(), Options { templates: true, ..world.options() }).is_ok());
}
