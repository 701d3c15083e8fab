//! Which `#` begins a comment.

use testmesh_flow::{Source, SourceId, yaml};

/// The comments of a text, each with its line.
fn check(text: &str, expected: &[&str]) {
    let source = Source::new("f.yaml", text);
    let read = yaml::read(&source, SourceId(0));
    let comments = read.comments.iter().map(|span| format!("{}: {}", source.position(span.start).line, source.slice(span.range())));
    assert_eq!(comments.collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn comments_stand_outside_of_texts() {
    check("# a\nx: 1 # b\n# c\ny: 2\n# d", &["1: # a", "2: # b", "3: # c", "5: # d"]);
    check("x: a#b # c\n", &["1: # c"]);
    check("x: [1, # a\n  2] #b\n", &["1: # a", "2: #b"]);
    check("\"# k\": v # c\n'# l': v\n", &["1: # c"]);
    check("x: \"# no\" # yes # still\n", &["1: # yes # still"]);
    check("x: 'it''s # no'\t# yes\n", &["1: # yes"]);
    check("x: \"one\n  # no\n  three\" # yes\n", &["3: # yes"]);
    check("- a\n# b\n- &x c # d\n- *x # e\n", &["2: # b", "3: # d", "4: # e"]);
    check("--- # a\nx: 1\n... # b\n--- # c\ny: 2 # d\n", &["1: # a", "3: # b", "4: # c", "5: # d"]);
    check("x: ä # é\r\ny: 1 # b\r\n", &["1: # é", "2: # b"]);
    check("# alone\n", &["1: # alone"]);
}

#[test]
fn lines_of_a_block_are_text() {
    check("x: |\n  # no\n  a # no\ny: 1 # yes\n", &["4: # yes"]);
    check("x: | # yes\n  # no\n  a\n# yes\ny: 1\n", &["1: # yes", "4: # yes"]);
    check("x: >-\n  a\n\n  # no\n\n# yes\ny: 1\n", &["6: # yes"]);
    check("x: |+\n  a\n\n# yes\n", &["4: # yes"]);
    check("x:\n  - |\n    # no\n  # yes\n  - b\n", &["4: # yes"]);
}
