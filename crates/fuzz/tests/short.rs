//! A short turn of every target. `make fuzz` is the long one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Command;

/// Feeds a target with so many texts, and gives what was said; `broken` is how many of them break it.
fn check(target: &str, count: &str, broken: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_testmesh-fuzz")).args([target, "--count", count, "--minutes", "2"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(&format!("seed 1, {broken} broke it")), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.success(), broken == "0");
    said
}

#[test]
fn files() {
    check("flow", "500", "0");
}

#[test]
fn expressions() {
    check("expr", "4000", "0");
}

#[test]
fn templates() {
    check("template", "4000", "0");
}

#[test]
fn paths() {
    check("jsonpath", "6000", "0");
}

#[test]
fn what_breaks_a_reader_is_told() {
    let said = check("trap", "4", "3");
    for told in ["it panics", "it was told to", "it never ends", "takes longer than 2 s", "it recurses", "overflowed its stack", "--only "]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
}
