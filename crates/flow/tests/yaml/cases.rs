//! Cases in files: `===== title`, a text, `-----`, what is read from it. `BLESS=1` writes what is read now.

use crate::dump::dump;
use std::{fmt::Write as _, path::PathBuf};

#[test]
fn values_and_their_places() {
    check("tree");
}

#[test]
fn anchors_aliases_and_merge_keys() {
    check("alias");
}

#[test]
fn broken_syntax() {
    check("broken");
}

#[test]
fn lines_out_of_place() {
    check("levels");
}

#[test]
fn templates_without_quotes() {
    check("template");
}

#[test]
fn mistakes_in_flows() {
    check("flow");
}

fn check(file: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/yaml/cases/{file}.txt"));
    let cases = std::fs::read_to_string(&path).unwrap();
    let mut now = String::new();
    for case in cases.split("===== ").filter(|case| !case.trim().is_empty()) {
        let (title, rest) = case.split_once('\n').unwrap();
        let text = rest.split_once("-----\n").unwrap_or_else(|| panic!("{file}, {title}: no `-----`")).0;
        write!(now, "===== {title}\n{text}-----\n{}", dump(&visible(text))).unwrap();
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    for (expected, found) in cases.split("===== ").zip(now.split("===== ")) {
        assert_eq!(expected, found, "in {}", path.display());
    }
}

/// Characters that an editor would hide are written `␉` (tab), `␀` (NUL), `␍` (carriage return), `⌫` (no line break at the end).
fn visible(text: &str) -> String {
    text.replace("⌫\n", "").replace('␉', "\t").replace('␀', "\0").replace('␍', "\r").replace('⇤', "\u{FEFF}")
}
