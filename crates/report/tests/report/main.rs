//! The recordings in `fixtures/events` through every form of report.
//!
//! The recordings are built by `cases` and written with `BLESS=1`; a test keeps the files equal to what is built. Snapshots are insta's.

#![expect(clippy::unwrap_used, reason = "what cannot fail is built here by hand, and a test may panic")]

mod any_lines;
mod build;
mod cases;
mod diagnostics;
mod documented;
mod live;
mod snapshots;

use std::path::PathBuf;
use testmesh_events::Line;

/// Where the recordings are, for this crate and for whoever folds events in another language.
fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/events")
}

/// The recordings by name, each as it stands in its file: written and read again.
fn recordings() -> Vec<(&'static str, Vec<Line>)> {
    cases::all().into_iter().map(|(name, lines)| (name, read(&written(&lines)))).collect()
}

fn recording(name: &str) -> Vec<Line> {
    recordings().into_iter().find(|(known, _)| *known == name).unwrap().1
}

/// Compares with `tests/snapshots/NAME.snap`.
fn snapshot(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "../snapshots", omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, text);
    });
}

fn written(lines: &[Line]) -> String {
    lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
}

fn read(text: &str) -> Vec<Line> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_files_are_what_is_built() {
    let mut unlike = Vec::new();
    for (name, lines) in cases::all() {
        let text = written(&lines);
        let path = fixtures().join(format!("{name}.jsonl"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(fixtures()).unwrap();
            std::fs::write(&path, text).unwrap();
        } else if std::fs::read_to_string(&path).ok() != Some(text) {
            unlike.push(name);
        }
    }
    assert!(unlike.is_empty(), "not as built: {unlike:?}; BLESS=1 writes them");
    let files = std::fs::read_dir(fixtures()).unwrap().count();
    assert_eq!(files, cases::all().len(), "a file that nothing builds");
}
