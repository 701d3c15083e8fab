//! Texts that are made to cost time, memory or the stack.

use std::time::{Duration, Instant};
use testmesh_flow::{
    Code, Source, SourceId,
    yaml::{self, limits},
};

/// Reads a text and gives the codes found. No text here may take long, even where nothing is optimised.
fn codes(name: &str, text: &str) -> Vec<Code> {
    let source = Source::new("f.yaml", text);
    let start = Instant::now();
    let read = yaml::read(&source, SourceId(0));
    let values: Vec<_> = read.documents.iter().map(|document| document.root.to_value()).collect();
    drop((values, read.documents));
    let took = start.elapsed();
    assert!(took < Duration::from_secs(10), "{name} took {took:?}");
    read.diagnostics.into_iter().map(|problem| problem.code).collect()
}

#[test]
fn depth() {
    let many = 100_000;
    for open in ["[", "{", "- ", "? ", "[a: ", "{? ", "- ? ", "? [", "[{"] {
        let found = codes(open, &open.repeat(many));
        assert_eq!(found.last(), Some(&Code::TooLarge), "{open}: {found:?}");
    }
    let lines = |depth: usize| (0..depth).map(|level| " ".repeat(level) + "a:\n").collect::<String>();
    assert_eq!(codes("lines", &lines(1000)), [Code::TooLarge]);
    let brackets = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(codes("brackets", &brackets(limits::DEPTH)), []);
    assert_eq!(codes("brackets", &brackets(limits::DEPTH + 1)), [Code::TooLarge]);
    assert_eq!(codes("brackets", &brackets(300)), [Code::TooLarge]);
}

#[test]
fn depth_through_aliases() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        text += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(codes("aliases", &text), [Code::TooLarge]);
}

#[test]
fn alias_bombs() {
    let bomb = |item: &dyn Fn(usize) -> String| {
        let mut text = "a0: &a0 {x: lol}\n".to_owned();
        for level in 1..12 {
            text += &format!("a{level}: &a{level} {}\n", item(level - 1));
        }
        text
    };
    let start = Instant::now();
    let list = |level: usize| format!("[{}]", vec![format!("*a{level}"); 10].join(", "));
    assert_eq!(codes("laughs", &bomb(&list)), [Code::TooLarge]);
    let object = |level: usize| format!("{{a: *a{level}, b: *a{level}, c: *a{level}, d: *a{level}}}");
    assert_eq!(codes("objects", &bomb(&object)), [Code::TooLarge]);
    let merge = |level: usize| {
        format!("{{<<: *a{level}, k{level}: {{<<: [*a{level}, *a{level}]}}, l{level}: {{<<: *a{level}}}, m{level}: *a{level}}}")
    };
    assert_eq!(codes("merges", &bomb(&merge)), [Code::TooLarge]);
    assert!(start.elapsed() < Duration::from_secs(1), "a bomb is found at once");
}

#[test]
fn size() {
    assert_eq!(codes("bytes", &"#".repeat(limits::BYTES + 1)), [Code::TooLarge]);
    let items = format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(999), "*a,".repeat(limits::NODES / 1000));
    assert_eq!(codes("nodes", &items), [Code::TooLarge]);
}

#[test]
fn long_texts() {
    let many = 30_000;
    for (name, text) in [
        ("a plain text", "x ".repeat(many)),
        ("a plain text of many lines", "x\n ".repeat(many)),
        ("blank lines", format!("x{} y", "\n".repeat(many))),
        ("a literal block", format!("|\n{}", " x\n".repeat(many))),
        ("a folded block", format!(">\n{}", " x\n\n".repeat(many))),
        ("escapes", format!("\"{}\"", "\\x41".repeat(many))),
        ("characters of several bytes", format!("[{}]", "é, ".repeat(many))),
        ("items", "- x\n".repeat(many)),
        ("keys", (0..many).map(|key| format!("k{key}: 1\n")).collect()),
        ("keys in braces", format!("{{{}}}", (0..many).map(|key| format!("k{key}: 1,")).collect::<String>())),
        ("pairs", format!("[{}]", "a: 1,".repeat(many))),
        ("anchors", (0..many).map(|key| format!("- &a{key} x\n- *a{key}\n")).collect()),
        ("comments", format!("a: 1\n{}", "# x\n".repeat(many))),
        ("documents", "--- a\n...\n".repeat(many)),
        ("tabs", format!("a: 1\n{}", "\t".repeat(many))),
        ("nothing", "-\n".repeat(many)),
    ] {
        assert_eq!(codes(name, &text), [], "{name}");
    }
}

#[test]
fn many_mistakes() {
    let many = 20_000;
    for (name, text) in [
        ("keys that stand twice", "a: 1\n".repeat(many)),
        ("unknown anchors", "- *a\n".repeat(many)),
        ("unknown tags", "- !a b\n".repeat(many)),
        ("templates", "- {{a}}\n".repeat(many)),
        ("templates with text", "- {{a}}/b\n".repeat(many)),
        ("unclosed quotes", "- \"a\n".repeat(many)),
        ("quotes in quotes", "- 'a'b'\n".repeat(many)),
        ("broken documents", "---\na: [\n".repeat(many)),
        ("control characters", "- \u{1}\u{2}\n".repeat(many)),
        ("brackets", format!("[{}", "\"a\" ".repeat(many))),
        ("open brackets, quotes", format!("[{}", "'a', ".repeat(many))),
        ("unknown directives", "%A\n".repeat(many)),
        ("tags", "! ".repeat(many)),
        ("anchors", "&a ".repeat(many)),
        ("colons", ": ".repeat(many)),
        ("backslashes", format!("\"{}", "\\".repeat(many))),
    ] {
        assert!(!codes(name, &text).is_empty(), "{name}");
    }
}
