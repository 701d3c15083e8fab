//! Broken flows: what `testmesh validate` and `testmesh run` say about each of `fixtures/flows/bad`, to the letter; and what is said
//! about the doubtful ones of `fixtures/flows/doubts`.
//!
//! `NAME.out` stands beside `NAME.yaml` and is rewritten with `BLESS=1`: read what changes as its tired author would.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use testmesh_e2e::{Ran, testmesh};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn flows() -> PathBuf {
    root().join("fixtures/flows")
}

/// The stems of the files in `fixtures/flows/bad` with this ending.
fn stems(ending: &str) -> BTreeSet<String> {
    stems_in("bad", ending)
}

fn stems_in(folder: &str, ending: &str) -> BTreeSet<String> {
    let files = fs::read_dir(flows().join(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    files.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

fn call(args: &[&str], folder: &str) -> Ran {
    testmesh(args, &flows().join(folder), &[])
}

fn validate(args: &[&str], folder: &str) -> String {
    let Ran { code, out, err } = call(&[&["validate"], args].concat(), folder);
    format!("{err}--- stdout, exit code {code}\n{out}")
}

/// Compares with a golden file, or rewrites it; gives a complaint when it is another text.
fn golden(path: &str, found: &str) -> Option<String> {
    let file = flows().join(path);
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        fs::write(&file, found).unwrap();
        return None;
    }
    let wanted = fs::read_to_string(&file).unwrap_or_default();
    (wanted != found).then(|| format!("{path} is not what is said now (BLESS=1 rewrites it). Wanted:\n{wanted}\nFound:\n{found}"))
}

fn no_complaints(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<_> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

#[test]
fn each_broken_flow_gets_its_message() {
    let flows = stems(".yaml");
    assert!(flows.len() > 40);
    no_complaints(flows.iter().filter_map(|stem| golden(&format!("bad/{stem}.out"), &validate(&[&format!("{stem}.yaml")], "bad"))));
}

/// Warnings make a flow invalid only for those who deny them.
#[test]
fn each_doubtful_flow_gets_its_warnings() {
    let flows = stems_in("doubts", ".yaml");
    no_complaints(flows.iter().filter_map(|stem| golden(&format!("doubts/{stem}.out"), &validate(&[&format!("{stem}.yaml")], "doubts"))));
    for stem in &flows {
        let file = format!("{stem}.yaml");
        let (plain, denied) = (call(&["validate", &file], "doubts"), call(&["validate", "--deny", "warnings", &file], "doubts"));
        let (warns, errs) = (plain.err.contains("warning["), plain.err.contains("error["));
        assert_eq!(plain.code, if errs { 2 } else { 0 }, "{stem}");
        assert_eq!(denied.code, if warns || errs { 2 } else { 0 }, "{stem}: {}{}", denied.err, denied.out);
    }
}

#[test]
fn no_golden_file_is_left_over() {
    let flows = stems(".yaml");
    let left_over: Vec<_> = [".out", ".json"].into_iter().flat_map(stems).filter(|stem| !flows.contains(stem)).collect();
    assert!(left_over.is_empty(), "{left_over:?} have no flow");
}

/// Nothing is run of a broken flow, and what is said about it does not depend on the command.
#[test]
fn run_says_the_same() {
    let check = |stem: &String| {
        let file = format!("{stem}.yaml");
        let (validated, ran) = (call(&["validate", &file], "bad"), call(&["run", &file], "bad"));
        let same = ran.code == 2 && validated.code == 2 && ran.out.contains(validated.err.trim_end()) && ran.err.is_empty();
        (!same).then(|| format!("{file}: validate says\n{}\nand run, exit code {},\n{}{}", validated.err, ran.code, ran.err, ran.out))
    };
    no_complaints(stems(".yaml").iter().filter_map(check));
}

/// A message has a code with a page, a place, a caret, and a next step.
#[test]
fn every_message_is_whole() {
    let check = |(file, message): (String, String)| {
        let code = message.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
        let line = |test: &dyn Fn(&str) -> bool| message.lines().any(|line| test(line.trim_start_matches([' ', '|', '_'])));
        let place = |line: &str| {
            let mut parts = line.strip_prefix("--> ")?.rsplitn(3, ':').map(str::to_owned);
            let (column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
            Some(column.parse::<u32>().is_ok() && line.parse::<u32>().is_ok() && !file.is_empty())
        };
        let lacks = [
            ("a code with a page", root().join(format!("docs/errors/{code}.md")).is_file()),
            ("a place", line(&|line| place(line) == Some(true))),
            ("a caret", line(&|line| line.contains('^'))),
            ("a next step", line(&|line| line.starts_with("= help: ") && line.len() > "= help: ".len())),
        ];
        let missing: Vec<_> = lacks.iter().filter(|(_, there)| !there).map(|(what, _)| *what).collect();
        (!missing.is_empty()).then(|| format!("{file}: the message lacks {}:\n{message}", missing.join(", ")))
    };
    let messages = stems(".yaml").into_iter().flat_map(|stem| {
        let said = call(&["validate", &format!("{stem}.yaml")], "bad").err;
        let messages: Vec<_> = said.split("\n\n").map(str::trim).filter(|message| !message.is_empty()).map(str::to_owned).collect();
        assert!(!messages.is_empty(), "nothing is said about {stem}");
        messages.into_iter().map(move |message| (stem.clone(), message))
    });
    no_complaints(messages.filter_map(check));
}

#[test]
fn programs_get_the_same_as_json() {
    let check = |stem: &&str| {
        let Ran { code, out, err } = call(&["validate", "--format", "json", &format!("{stem}.yaml")], "bad");
        assert_eq!((code, err.as_str()), (2, ""), "{stem}");
        golden(&format!("bad/{stem}.json"), &out)
    };
    no_complaints(["many", "env_file_lines", "names_too_early"].iter().filter_map(check));
}

/// A broken file does not stop the good ones, and what is no flow is listed.
#[test]
fn good_flows_run_beside_a_broken_one() {
    no_complaints(golden("mixed.out", &validate(&["mixed"], "")));
    let Ran { code, out, err } = call(&["run", "mixed", "--format", "json"], "");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("\"Good\"") && out.contains("\"Doubtful\""), "{report:#}");
    let human = call(&["run", "mixed"], "");
    let says = |words: &str| human.out.contains(words) || human.err.contains(words);
    assert_eq!(human.code, 2);
    for words in ["bad.yaml:4:14", "did you mean `message`?", "compose.yaml", "2 passed"] {
        assert!(says(words), "{words} is missing:\n{}{}", human.err, human.out);
    }
}

#[test]
fn lenient_turns_unknown_keys_into_warnings() {
    no_complaints(
        [
            golden("lenient.out", &validate(&["--lenient", "lenient.yaml"], "")),
            golden("lenient.strict.out", &validate(&["lenient.yaml"], "")),
        ]
        .into_iter()
        .flatten(),
    );
    for (args, wanted) in [
        (&["run", "--lenient", "lenient.yaml"][..], 0),
        (&["run", "lenient.yaml"], 2),
        (&["validate", "--lenient", "--deny", "warnings", "lenient.yaml"], 2),
        (&["run", "--lenient", "--deny", "warnings", "lenient.yaml"], 2),
        (&["validate", "mixed/doubtful.yaml"], 0),
        (&["validate", "--deny", "warnings", "mixed/doubtful.yaml"], 2),
        (&["run", "mixed/doubtful.yaml"], 0),
        (&["run", "--deny", "warnings", "mixed/doubtful.yaml"], 2),
    ] {
        let ran = call(args, "");
        assert_eq!(ran.code, wanted, "{args:?}\n{}{}", ran.err, ran.out);
    }
}
