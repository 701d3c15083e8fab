//! Existing flows: what is wrong with them is that this build lacks an action, and what is doubted about them is true.
//!
//! `fixtures/corpus-warnings.txt` holds each warning, read and found useful by a person; `BLESS=1` rewrites it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::explicit_write, reason = "a test that is left out says so")]

use serde_json::Value as Json;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};
use testmesh_e2e::testmesh;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn flows() -> Option<PathBuf> {
    let given = std::env::var_os("TESTMESH_CORPUS").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| root().join("../shared/corpus")).join("flows");
    if folder.is_dir() {
        return Some(folder.canonicalize().unwrap());
    }
    // Not captured, unlike what `eprintln!` writes: a skip is seen.
    writeln!(std::io::stderr(), "SKIPPED: the flows of the corpus are not at {}; set TESTMESH_CORPUS", folder.display()).unwrap();
    None
}

/// What is said of the flows that `args` select in `folder`: `file:line code`, and whether it is an error.
fn told(corpus: &Path, folder: &Path, args: &[&str]) -> BTreeSet<(String, String, bool)> {
    let ran = testmesh(&[&["validate", "--format", "json"], args].concat(), folder, &[]);
    let report: Json = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
    let text = |problem: &Json, key: &str| problem[key].as_str().unwrap().to_owned();
    let one = |problem: &Json| {
        let file = folder.join(text(problem, "file")).canonicalize().unwrap();
        let file = file.strip_prefix(corpus).unwrap().display().to_string();
        (format!("{file}:{}", problem["line"]), text(problem, "code"), text(problem, "severity") == "error")
    };
    report["diagnostics"].as_array().unwrap().iter().map(one).collect()
}

/// The titles of the codes, from the pages about them.
fn titles() -> BTreeMap<String, String> {
    let index = fs::read_to_string(root().join("docs/errors/README.md")).unwrap();
    let row = |line: &str| {
        let (code, title) = line.strip_prefix("| [")?.split_once("](")?;
        Some((code.to_owned(), title.split(" | ").nth(1)?.trim_end_matches(" |").to_owned()))
    };
    index.lines().filter_map(row).collect()
}

#[test]
fn existing_flows_lack_actions_only_and_each_doubt_is_true() {
    let Some(corpus) = flows() else { return };
    let all = told(&corpus, &corpus, &["."]);
    let errors: Vec<_> = all.iter().filter(|(_, code, is_error)| *is_error && code != "TM0202").collect();
    assert!(errors.is_empty(), "{errors:?}");
    let titles = titles();
    let warnings = all.iter().filter(|(.., is_error)| !is_error).map(|(place, code, _)| format!("{place} {code} {}\n", titles[code]));
    let found: String = warnings.collect();
    let golden = root().join("fixtures/corpus-warnings.txt");
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        fs::write(&golden, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(&golden).unwrap(), "BLESS=1 rewrites it: read each warning first");
}

/// However the flows are named, the same is said of them.
#[test]
fn what_is_said_does_not_depend_on_how_flows_are_named() {
    let Some(corpus) = flows() else { return };
    let all = told(&corpus, &corpus, &["."]);
    let folders: Vec<PathBuf> = fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    assert!(folders.len() > 1);
    let inside: BTreeSet<_> = folders.iter().flat_map(|folder| told(&corpus, folder, &["."])).collect();
    assert_eq!(inside, all);
    let names: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    let absolute = told(&corpus, &root(), &names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(absolute, all);
}
