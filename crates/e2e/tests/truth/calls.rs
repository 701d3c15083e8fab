//! Calls that ask for nothing, or for what cannot be given: none says that all is well, and each says what is wrong with it.

use crate::support::{ERRORED, FAILED, INVALID, PASSED, USAGE, call, each, folder, judge};
use std::{
    io::{self, BufRead, BufReader, PipeWriter},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const GOOD: &str = "name: Good\ntags: [smoke]\nsuite: shop\nsteps:\n  - action: assert\n    config: {expression: 1 == 1}\n";
const BAD: &str = "name: Bad\ntags: [smoke]\nsteps:\n  - action: assert\n    config: {expression: 1 == 2}\n";
const REFUSED: &str =
    "name: Refused\nsteps:\n  - action: http_request\n    config: {url: 'http://127.0.0.1:1/'}\n    assert: status == 200\n";
const BROKEN: &str = "name: Broken\nsteps:\n  - action: assert\n    config: {expression: 1 == 1}\n    asert: 1 == 2\n";
const UNPARSED: &str = "name: [Unparsed\nsteps:\n";
const NO_FLOW: &str = "services:\n  shop: {image: shop}\n";
const PROJECT: &str = "[environments.staging]\nvariables = { REGION = \"eu\" }\n";

/// A call, the files of the folder it is made in, and what must come of it.
struct Call {
    files: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
    code: i32,
    says: &'static [&'static str],
}

const fn of(
    files: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
    code: i32,
    says: &'static [&'static str],
) -> Call {
    Call { files, args, code, says }
}

const ONE: &[(&str, &str)] = &[("good.yaml", GOOD)];

/// Whoever selects nothing tests nothing.
const SELECTIONS: &[Call] = &[
    of(&[], &["run"], USAGE, &["there is no flow file in the folder `.`"]),
    of(&[], &["run", "."], USAGE, &["there is no flow file in the folder `.`"]),
    of(&[("compose.yaml", NO_FLOW)], &["run", "."], USAGE, &["no flow was found", "1 file"]),
    of(&[(".hidden/good.yaml", GOOD)], &["run", "."], USAGE, &["there is no flow file in the folder `.`"]),
    of(&[("good.txt", GOOD)], &["run", "."], USAGE, &["there is no flow file in the folder `.`"]),
    of(&[("compose.yaml", NO_FLOW)], &["run", "compose.yaml"], INVALID, &["compose.yaml:1:1", "it has none of the keys of one"]),
    of(&[("good.yaml", GOOD), ("bad.yaml", "name: q\nsetup: [\n")], &["run", "."], INVALID, &["bad.yaml:2:8", "1 passed"]),
    of(&[("good.yaml", GOOD), ("bad.yaml", "{ name: q, steps: [}\n")], &["run", "."], INVALID, &["bad.yaml:1:", "1 passed"]),
    of(&[("empty.yaml", "")], &["run", "empty.yaml"], INVALID, &["TM0108"]),
    of(ONE, &["run", "god.yaml"], USAGE, &["there is no file or folder `god.yaml`"]),
    of(ONE, &["run", "good.yaml", "god.yaml"], USAGE, &["there is no file or folder `god.yaml`"]),
    of(ONE, &["run", "nothing/*.yaml"], USAGE, &["nothing/*.yaml"]),
    of(ONE, &["run", "good.yaml", "--tag", "smok"], USAGE, &["no flow was selected", "did you mean `smoke`?"]),
    of(ONE, &["run", ".", "--tag", "!smoke"], USAGE, &["no flow was selected"]),
    of(ONE, &["run", ".", "--suite", "shopp"], USAGE, &["no flow was selected"]),
    of(ONE, &["run", "."], PASSED, &["1 passed"]),
    of(ONE, &["run", ".", "--tag", "smoke", "--suite", "shop"], PASSED, &["1 passed"]),
];

const LIBRARY: &str = "name: Log in\nlibrary: true\nsteps:\n  - action: assert\n    config: {expression: user == 1}\n";
const WRONG_LIBRARY: &str = "name: Log in\nlibrary: true\nsteps:\n  - action: assert\n    config: {expresion: user == 1}\n";
const ROWS: &str = "name: Rows\ndata: {file: who.csv}\nsteps:\n  - action: assert\n    config: {expression: who == 'ada'}\n";
const WHO: &str = "who\nada\nalan\n";
const OF_THREE: &[(&str, &str)] = &[("rows.yaml", ROWS), ("who.csv", "who\nalan\nalan\nalan\n")];
const OF_FOUR: &[(&str, &str)] = &[("rows.yaml", ROWS), ("who.csv", "who\nalan\nalan\nalan\nalan\n")];
const OF_ROWS: &[(&str, &str)] = &[("rows.yaml", ROWS), ("who.csv", WHO)];

/// A library runs when another flow calls it, and each row is an execution: every command says so.
const LIBRARIES_AND_ROWS: &[Call] = &[
    of(
        &[("lib.yaml", LIBRARY)],
        &["run", "."],
        USAGE,
        &["TM0403", "`Log in` (lib.yaml) is a library: it runs only when `run_flow` calls it"],
    ),
    of(&[("lib.yaml", LIBRARY)], &["run", "lib.yaml"], USAGE, &["TM0403", "`Log in` (lib.yaml) is a library"]),
    of(&[("lib.yaml", LIBRARY)], &["run", "lib.yaml", "--dry-run"], USAGE, &["TM0403", "is a library"]),
    of(
        &[("lib.yaml", LIBRARY), ("good.yaml", GOOD)],
        &["run", "lib.yaml", "good.yaml"],
        PASSED,
        &["1 passed", "left out  lib.yaml", "is a library"],
    ),
    of(
        &[("lib.yaml", LIBRARY)],
        &["validate", "."],
        PASSED,
        &["`Log in` is a library, which other flows call; inputs: user", "1 valid flow(s)"],
    ),
    of(&[("lib.yaml", LIBRARY)], &["list", "."], PASSED, &["lib.yaml\tLog in\t\tlibrary"]),
    of(&[("lib.yaml", WRONG_LIBRARY)], &["run", "."], INVALID, &["lib.yaml:5:14", "did you mean `expression`?"]),
    of(OF_ROWS, &["run", "."], FAILED, &["Rows [row 1: ada]", "Rows [row 2: alan]", "who.csv:3:1", "1 passed, 1 failed"]),
    of(OF_ROWS, &["run", ".", "--fail-fast", "--var", "who=x"], FAILED, &["1 failed", "not run  rows.yaml [row 2]"]),
    of(OF_ROWS, &["run", ".", "--row", "1"], PASSED, &["Rows [row 1: ada]", ": 1 passed"]),
    of(OF_ROWS, &["run", ".", "--row", "2"], FAILED, &["row 2 of 2", ": 1 failed"]),
    of(OF_ROWS, &["run", ".", "--row", "1,2"], FAILED, &["1 passed, 1 failed"]),
    of(OF_THREE, &["run", ".", "--row", "1,3", "--row", "2", "--fail-fast"], FAILED, &["1 failed", "rows.yaml [rows 2 to 3]"]),
    of(OF_FOUR, &["run", ".", "--row", "1,2,4", "--fail-fast"], FAILED, &["1 failed", "rows.yaml [rows 2, 4]"]),
    of(OF_ROWS, &["run", ".", "--row", "3"], USAGE, &["TM0403", "the filters left out all 1", "shows the numbers of rows"]),
    of(OF_ROWS, &["run", ".", "--row", "0"], USAGE, &["rows are counted from 1"]),
    of(ONE, &["run", ".", "--row", "1"], USAGE, &["TM0403", "the filters left out all 1"]),
    of(OF_ROWS, &["list", ".", "--var", "who=x"], PASSED, &["Rows [row 1: ada]"]),
    of(OF_ROWS, &["run", ".", "--dry-run"], PASSED, &["row 1: ada", "row 2: alan"]),
    of(OF_ROWS, &["validate", "."], PASSED, &["`Rows` runs once for each of 2 row(s); columns: who"]),
    of(OF_ROWS, &["validate", ".", "--format", "json"], PASSED, &["\"label\": \"alan\""]),
    of(OF_ROWS, &["list", "."], PASSED, &["rows.yaml\tRows [row 1: ada]\t", "rows.yaml\tRows [row 2: alan]\t"]),
    of(&[("testmesh.toml", ""), ("flows/rows.yaml", ROWS), ("who.csv", WHO)], &["list", "."], PASSED, &["Rows [row 2: alan]"]),
    of(&[("flows/rows.yaml", ROWS), ("who.csv", WHO)], &["list", "."], INVALID, &["TM0401", "`who.csv` cannot be read"]),
];

const LOGIN: &str = "name: Log in\noutput: {user: '\"ada\"'}\nsteps:\n  - action: assert\n    config: {expression: 1 == 1}\n";
const NO_LOGIN: &str = "name: Log in\noutput: {user: '\"ada\"'}\nsteps:\n  - action: assert\n    config: {expression: 1 == 2}\n";
const IDLE: &str = "name: Log in\nsteps:\n  - {action: assert, when: 1 == 2, config: {expression: 1 == 1}}\n";
const OF_ADA: &str = "name: Of Ada\nsteps:\n  - action: assert\n    config: {expression: user == 'ada'}\n";
const WRONG_NAME: &str = "name: Of Ada\nsteps:\n  - action: assert\n    config: {expression: usr == 'ada'}\n";
const AROUND: &str = "before = [\"login.yaml\"]\nafter = [\"clean.yaml\"]\npaths = [\"flows\"]\n";
const BEFORE: &str = "before = [\"login.yaml\"]\n";
const SHARED: &str = "[[exclusive]]\nname = \"printer\"\npaths = [\"print-*.yaml\"]\n";
const TWICE: &str = "before = [\"login.yaml\", \"again.yaml\"]\n";

/// Flows around all others are part of the verdict, and when the first of them do not pass no other runs.
const PROJECTS: &[Call] = &[
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", LOGIN), ("clean.yaml", GOOD), ("flows/ada.yaml", OF_ADA)],
        &["run"],
        PASSED,
        &["(login.yaml, before)", "(clean.yaml, after)", "3 passed"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", NO_LOGIN), ("clean.yaml", GOOD), ("flows/ada.yaml", OF_ADA)],
        &["run"],
        FAILED,
        &["(login.yaml, before)", "not run  flows/ada.yaml", "(clean.yaml, after)", "1 passed, 1 failed"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", REFUSED), ("clean.yaml", GOOD), ("flows/ada.yaml", GOOD)],
        &["run"],
        ERRORED,
        &["not run  flows/ada.yaml", "(clean.yaml, after)"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", IDLE), ("clean.yaml", GOOD), ("flows/ada.yaml", GOOD)],
        &["run"],
        ERRORED,
        &["TM0606", "not run  flows/ada.yaml"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", LOGIN), ("clean.yaml", BAD), ("flows/ada.yaml", OF_ADA)],
        &["run"],
        FAILED,
        &["(clean.yaml, after)", "2 passed, 1 failed"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", BROKEN), ("clean.yaml", GOOD), ("flows/ada.yaml", OF_ADA)],
        &["run"],
        INVALID,
        &["login.yaml:5:5", "nothing ran", "not run  flows/ada.yaml"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", LOGIN), ("clean.yaml", BROKEN), ("flows/ada.yaml", OF_ADA)],
        &["run"],
        INVALID,
        &["clean.yaml:5:5", "2 passed"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", LOGIN), ("clean.yaml", GOOD), ("flows/ada.yaml", WRONG_NAME)],
        &["run"],
        INVALID,
        &["flows/ada.yaml:4:26", "did you mean `user`?"],
    ),
    of(
        &[("testmesh.toml", AROUND), ("login.yaml", LOGIN), ("clean.yaml", GOOD), ("flows/ada.yaml", OF_ADA)],
        &["list"],
        PASSED,
        &["login.yaml\tLog in\t\tbefore", "flows/ada.yaml\tOf Ada\t\n", "clean.yaml\tGood\tsmoke\tafter"],
    ),
    of(&[("testmesh.toml", BEFORE), ("login.yaml", LOGIN), ("ada.yaml", OF_ADA)], &["run"], PASSED, &["2 executions", "2 passed"]),
    of(&[("testmesh.toml", BEFORE), ("login.yaml", NO_LOGIN)], &["run", "login.yaml"], FAILED, &["1 execution in", "1 failed"]),
    of(
        &[("testmesh.toml", "before = [\"lgoin.yaml\"]\n"), ("ada.yaml", GOOD)],
        &["run"],
        INVALID,
        &["TM0421", "testmesh.toml:1:11", "not run  ada.yaml"],
    ),
    of(
        &[("testmesh.toml", "before = [\"Log im\"]\n"), ("login.yaml", LOGIN)],
        &["run"],
        INVALID,
        &["testmesh.toml:1:11", "did you mean `Log in`?"],
    ),
    of(&[("testmesh.toml", BEFORE), ("login.yaml", LIBRARY), ("ada.yaml", GOOD)], &["run"], INVALID, &["TM0410", "`Log in` is a library"]),
    of(
        &[("testmesh.toml", BEFORE), ("login.yaml", ROWS), ("who.csv", WHO), ("ada.yaml", GOOD)],
        &["run"],
        INVALID,
        &["TM0410", "testmesh.toml:1:11", "the flow `Rows` has `data`"],
    ),
    of(
        &[("testmesh.toml", TWICE), ("login.yaml", LOGIN), ("again.yaml", LOGIN), ("ada.yaml", OF_ADA)],
        &["run"],
        INVALID,
        &["TM0410", "testmesh.toml:1:25", "both export `user`"],
    ),
    of(&[("testmesh.toml", SHARED), ("print-1.yaml", GOOD)], &["run", "--dry-run"], PASSED, &["exclusive: printer"]),
    of(
        &[("testmesh.toml", SHARED), ("pritn-1.yaml", GOOD)],
        &["run"],
        INVALID,
        &["TM0411", "testmesh.toml:3:10", "nothing matches the pattern", "not run"],
    ),
    of(
        &[("testmesh.toml", BEFORE), ("login.yaml", LOGIN), ("good.yaml", GOOD)],
        &["run", ".", "--tag", "smkoe"],
        USAGE,
        &["did you mean `smoke`?"],
    ),
    of(
        &[("testmesh.toml", BEFORE), ("login.yaml", LOGIN), ("good.yaml", GOOD)],
        &["run", ".", "--suite", "shpo"],
        USAGE,
        &["no flow was selected"],
    ),
    of(
        &[("testmesh.toml", BEFORE), ("login.yaml", LOGIN), ("good.yaml", GOOD)],
        &["run", ".", "--row", "9"],
        USAGE,
        &["no flow was selected"],
    ),
    of(
        &[("testmesh.toml", BEFORE), ("login.yaml", LOGIN), ("b.yaml", BROKEN)],
        &["run", "b.yaml"],
        INVALID,
        &["0 executions", "b.yaml:5:5"],
    ),
    of(OF_ROWS, &["run", ".", "--row", "1,9"], USAGE, &["TM0403", "no flow that was selected has a row 9: the most that one has is 2"]),
    of(ONE, &["run", ".", "--repeat", "0"], USAGE, &["--repeat"]),
    of(ONE, &["run", ".", "--repeat", "2"], PASSED, &["repetition 2 of 2", "2 runs: 2 passed, 0 did not"]),
    of(&[("bad.yaml", BAD)], &["run", ".", "--until-fail"], FAILED, &["repetition 1, seed", "1 run: 0 passed, 1 did not"]),
];

const OF_FILE: &str = "name: Of a file\nsteps:\n  - id: take\n    action: transform\n    config: {input_file: in.json, transforms: {two: \"$[1].n\"}}\n    assert: two == 2\n";
const WHOLE_FILE: &str = "name: All of a file\nsteps:\n  - {id: take, action: transform, config: {input_file: in.json}, assert: n == 1}\n";
const BOTH_INPUTS: &str =
    "name: Both\nsteps:\n  - {id: take, action: transform, config: {input: {n: 1}, input_file: in.json}, assert: n == 1}\n";
const LIST: &str = "[{\"n\": 1}, {\"n\": 2}]\n";

/// A file of values is read before the run, beside the flow or from the project's folder.
const INPUT_FILES: &[Call] = &[
    of(&[("a.yaml", OF_FILE), ("in.json", LIST)], &["run", "a.yaml"], PASSED, &["1 passed"]),
    of(&[("testmesh.toml", ""), ("flows/a.yaml", OF_FILE), ("in.json", LIST)], &["run"], PASSED, &["1 passed"]),
    of(&[("a.yaml", OF_FILE), ("in.json", "[{\"n\": 1}, {\"n\": 3}]\n")], &["run", "a.yaml"], FAILED, &["TM0501", "a.yaml:6:13", "3 == 2"]),
    of(&[("a.yaml", WHOLE_FILE), ("in.json", "{\"n\": 1}\n")], &["run", "a.yaml"], PASSED, &["1 passed"]),
    of(&[("a.yaml", WHOLE_FILE)], &["run", "a.yaml"], INVALID, &["TM0401", "a.yaml:3:56", "the input file `in.json` cannot be read"]),
    of(&[("a.yaml", WHOLE_FILE), ("in.json", "{\"n\": ]\n")], &["run", "a.yaml"], INVALID, &["in.json:1:7", "called here"]),
    of(&[("a.yaml", BOTH_INPUTS), ("in.json", LIST)], &["run", "a.yaml"], INVALID, &["TM0118", "`input` and `input_file` both say"]),
];

/// Options that cannot be meant.
const OPTIONS: &[Call] = &[
    of(ONE, &["run", ".", "--env", "staging"], USAGE, &["there is no environment `staging`"]),
    of(&[("testmesh.toml", PROJECT), ("good.yaml", GOOD)], &["run", ".", "--env", "stagng"], USAGE, &["stagng", "did you mean `staging`?"]),
    of(&[("testmesh.toml", PROJECT), ("good.yaml", GOOD)], &["run", ".", "--env", "staging"], PASSED, &["1 passed"]),
    of(&[("testmesh.toml", "pahts = []\n"), ("good.yaml", GOOD)], &["run", "."], INVALID, &["testmesh.toml:1:1", "did you mean `paths`?"]),
    of(ONE, &["run", ".", "--seed", "garbage"], USAGE, &["`--seed garbage` is no seed"]),
    of(ONE, &["run", ".", "--timeout", "soon"], USAGE, &["`--timeout`"]),
    of(ONE, &["run", ".", "--tz", "Europe/Atlantis"], USAGE, &["`--tz Europe/Atlantis`"]),
    of(ONE, &["run", ".", "--parallel", "0"], USAGE, &["--parallel"]),
    of(ONE, &["run", ".", "--deny", "everything"], USAGE, &["--deny"]),
    of(ONE, &["run", ".", "--formt", "json"], USAGE, &["--formt"]),
    of(ONE, &["rnu", "."], USAGE, &["rnu"]),
    of(ONE, &["run", ".", "--tag", "a,+b"], USAGE, &["a,+b"]),
    of(ONE, &["run", ".", "--var", "URL"], USAGE, &["`--var URL` needs NAME=VALUE"]),
    of(ONE, &["run", ".", "--env-file", "nothing.env"], USAGE, &["`--env-file nothing.env` cannot be read"]),
    of(ONE, &["run", ".", "--secret-file", "nothing.env"], USAGE, &["`--secret-file nothing.env` cannot be read"]),
    of(ONE, &["run", ".", "--secret", "PIN=123"], USAGE, &["the secret `PIN` (--secret) is under 4 characters"]),
    of(&[("good.yaml", GOOD), ("s.env", "PIN=123\n")], &["run", ".", "--secret-file", "s.env"], USAGE, &["`PIN`", "under 4 characters"]),
    of(ONE, &["run", ".", "--record", "no/such/folder/run.jsonl"], ERRORED, &["the record no/such/folder/run.jsonl cannot be written"]),
    of(ONE, &["run", ".", "--record", "."], ERRORED, &["the record . cannot be written"]),
    of(ONE, &["run", ".", "--record", "/dev/full"], ERRORED, &["the record /dev/full", "not complete"]),
    of(ONE, &["run", ".", "--timeout", "0s"], USAGE, &["`--timeout`"]),
    of(ONE, &["explain", "TM9999"], USAGE, &["TM9999"]),
    of(ONE, &["actions", "http_reqest"], USAGE, &["did you mean `http_request`?"]),
];

/// Several files: each counts, and the worst of them is the call.
const FILES: &[Call] = &[
    of(&[("a.yaml", BAD), ("b.yaml", BAD)], &["run", "."], FAILED, &["2 executions", "2 failed"]),
    of(&[("a.yaml", GOOD), ("b.yaml", GOOD)], &["run", "."], PASSED, &["2 executions", "2 passed"]),
    of(&[("a.yaml", GOOD), ("b.yaml", BAD)], &["run", "."], FAILED, &["1 passed", "1 failed"]),
    of(&[("a.yaml", GOOD), ("b.yaml", REFUSED)], &["run", "."], ERRORED, &["1 passed", "1 errored"]),
    of(&[("a.yaml", BAD), ("b.yaml", REFUSED)], &["run", "."], FAILED, &["1 failed", "1 errored"]),
    of(&[("a.yaml", GOOD), ("b.yaml", BROKEN)], &["run", "."], INVALID, &["1 passed", "b.yaml:5:5", "did you mean `assert`?"]),
    of(&[("a.yaml", BAD), ("b.yaml", BROKEN)], &["run", "."], INVALID, &["1 failed", "b.yaml:5:5"]),
    of(&[("a.yaml", GOOD), ("b.yaml", UNPARSED)], &["run", "."], INVALID, &["1 passed", "b.yaml:1:7", "TM0101"]),
    of(&[("a.yaml", UNPARSED), ("b.yaml", BROKEN)], &["run", "."], INVALID, &["a.yaml:1:7", "b.yaml:5:5"]),
    of(&[("a.yaml", GOOD), ("b.yaml", BROKEN)], &["run", ".", "--suite", "shop"], INVALID, &["b.yaml:5:5"]),
    of(&[("a.yaml", GOOD), ("compose.yaml", NO_FLOW)], &["run", "."], PASSED, &["1 passed"]),
    of(&[("a.yaml", BROKEN)], &["run", ".", "--dry-run"], INVALID, &["a.yaml:5:5"]),
    of(&[("a.yaml", BROKEN)], &["validate", "."], INVALID, &["a.yaml:5:5", "1 invalid file"]),
    of(&[("a.yaml", BROKEN)], &["validate", ".", "--format", "json"], INVALID, &["\"valid\": false"]),
    of(&[("a.yaml", BROKEN)], &["list", "."], INVALID, &["a.yaml"]),
    of(&[], &["validate", "."], USAGE, &["there is no flow file in the folder `.`"]),
    of(&[], &["list", "."], USAGE, &["there is no flow file in the folder `.`"]),
    of(
        &[("a.yaml", BAD), ("b.yaml", GOOD), ("c.yaml", GOOD)],
        &["run", ".", "--fail-fast", "--parallel", "1"],
        FAILED,
        &["1 failed", "not run", "b.yaml", "c.yaml"],
    ),
];

#[test]
fn no_call_lies() {
    let calls: Vec<&Call> = [SELECTIONS, LIBRARIES_AND_ROWS, PROJECTS, INPUT_FILES, OPTIONS, FILES].into_iter().flatten().collect();
    each(&calls, |asked| {
        let folder = folder(asked.files);
        let ran = call(asked.args, folder.path());
        judge(&format!("testmesh {}", asked.args.join(" ")), &ran, asked.code, asked.says)
    });
}

/// A link to nowhere is a broken file: it stops no other, and is not forgotten.
#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_told() {
    let folder = folder(ONE);
    std::os::unix::fs::symlink("gone", folder.path().join("dead.yaml")).unwrap();
    judge("run .", &call(&["run", "."], folder.path()), INVALID, &["1 passed", "TM0401", "`dead.yaml` cannot be read"]).unwrap();
    judge("run dead.yaml", &call(&["run", "dead.yaml"], folder.path()), USAGE, &["there is no file or folder `dead.yaml`"]).unwrap();
}

/// What is read by `head -1`, or by nobody, is not whole: the call ends all the same, and its code is what it would have been, or worse.
#[test]
fn nobody_reads_to_the_end() {
    let flows: Vec<(String, &str)> = (0..200).map(|number| (format!("{number:03}.yaml"), BAD)).collect();
    let mut files: Vec<(&str, &str)> = flows.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    files.extend([("good/good.yaml", GOOD), ("broken/broken.yaml", BROKEN)]);
    let folder = folder(&files);
    let cases = [
        ("run . -v", INVALID),
        ("run . --format jsonl", INVALID),
        ("run . --format json", INVALID),
        ("run 001.yaml 002.yaml --format jsonl", FAILED),
        ("run good", ERRORED),
        ("run good --format json", ERRORED),
        ("run broken --dry-run", INVALID),
        ("validate broken", INVALID),
        ("validate broken --format json", INVALID),
        ("validate good", PASSED),
        ("list broken", INVALID),
        ("actions", PASSED),
    ];
    each(&cases, |(args, code)| {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let unread = ended(args, folder.path(), writer)?;
        let (reader, writer) = io::pipe().unwrap();
        let head = thread::spawn(move || BufReader::new(reader).read_line(&mut String::new()).unwrap());
        let read = ended(args, folder.path(), writer)?;
        head.join().unwrap();
        // A short text may be written before the reader is gone.
        let right = unread == *code && (read == *code || (*code == ERRORED && read == PASSED));
        if right {
            Ok(())
        } else {
            Err(format!("testmesh {args}: exit code {unread} when nobody reads, {read} after a line; {code} is due"))
        }
    });
}

/// The exit code of a call that writes here, or that it hangs.
fn ended(args: &str, folder: &Path, stdout: PipeWriter) -> Result<i32, String> {
    let mut command = Command::new(testmesh_e2e::binary());
    command.args(args.split(' ')).current_dir(folder).stdout(stdout).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    // The command holds the end to write to: without it the reader would wait for the test itself.
    drop(command);
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        match child.try_wait().unwrap() {
            Some(status) => return status.code().ok_or_else(|| format!("testmesh {args}: {status}")),
            None if Instant::now() > until => {
                child.kill().unwrap();
                return Err(format!("testmesh {args} hangs when nobody reads on"));
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Files are read by several threads.
#[test]
fn many_files_are_told_in_their_order() {
    let names: Vec<String> = (100..250).map(|number| format!("{number}.yaml")).collect();
    let is_broken = |name: &str| name.ends_with("7.yaml");
    let text = |name: &str| {
        format!("name: {name}\nsteps:\n  - {{action: log, {}: {{message: hi}}}}\n", if is_broken(name) { "cofnig" } else { "config" })
    };
    let texts: Vec<String> = names.iter().map(|name| text(name)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let ran = call(&["validate", ".", "--format", "json"], folder(&files).path());
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let told: Vec<_> = report["flows"].as_array().unwrap().iter().map(|flow| flow["name"].as_str().unwrap()).collect();
    let invalid: Vec<_> = report["invalid_files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    let (broken, sound): (Vec<_>, Vec<_>) = names.iter().map(String::as_str).partition(|name| is_broken(name));
    assert_eq!((told, invalid, ran.code), (sound, broken, INVALID));
}
