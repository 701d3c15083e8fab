//! Broken flows: what `testmesh validate` and `testmesh run` say about each of `fixtures/flows/bad`, to the letter.
//!
//! `NAME.out` stands beside `NAME.yaml` and is rewritten with `BLESS=1`: read what changes as its tired author would.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use testmesh_e2e::{Ran, testmesh};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/flows/bad")
}

/// The stems of the files with this ending, sorted.
fn stems(ending: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    files.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

/// Compares with a golden file, or rewrites it; gives a complaint when it is another text.
fn golden(name: &str, found: &str) -> Option<String> {
    let path = folder().join(name);
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        fs::write(&path, found).unwrap();
        return None;
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    (wanted != found).then(|| format!("{name} is not what is said now (BLESS=1 rewrites it). Wanted:\n{wanted}\nFound:\n{found}"))
}

fn no_complaints(complaints: &[String]) {
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

fn call(args: &[&str]) -> Ran {
    testmesh(args, &folder(), &[])
}

#[test]
fn each_broken_flow_gets_its_message() {
    let check = |stem: &String| {
        let file = format!("{stem}.yaml");
        let Ran { code, out, err } = call(&["validate", &file]);
        golden(&format!("{stem}.out"), &format!("{err}--- stdout, exit code {code}\n{out}"))
    };
    let complaints: Vec<_> = stems(".yaml").iter().filter_map(check).collect();
    no_complaints(&complaints);
}

#[test]
fn no_golden_file_is_left_over() {
    let flows = stems(".yaml");
    let left_over: Vec<_> = [".out", ".json"].into_iter().flat_map(stems).filter(|stem| !flows.contains(stem)).collect();
    assert!(left_over.is_empty(), "{left_over:?} have no flow");
}

#[test]
fn there_are_more_than_forty() {
    assert!(stems(".yaml").len() > 40);
}
