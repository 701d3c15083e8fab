//! A secret travels through everything that a flow can do, and no output holds it: in no form, and in no part.
//!
//! Two flows of `fixtures/flows/secrets` carry it: in one all is well, in the other nothing works, so that every message that could tell it is
//! made. Each runs with each secret, however it is given, in each form of output.

mod forms;
mod refused;

use crate::support::{FAILED, OpenShop, PASSED, each, folder, root};
use serde_json::Value as Json;
use std::{collections::BTreeSet, fs, path::Path};
use testmesh_e2e::{Ran, testmesh};

/// What people use as secrets, and what is hard to find again.
const SECRETS: &[&str] = &[
    "s3cr3t-Pl4in-9X",
    "correct horse battery staple",
    "p@ss w\"rd/+&<ü>'é%~",
    "$2b$12$R9h.cIPz0gi.URNNX3kh2O",
    "aZ9!",
    "48151623420815",
    "a:b@c:d/e?f#g",
    "line one\nline \"two\"\n",
    "finishes with \\",
    "%41%42%43%20",
    "{\"key\": \"v4lue-of-it\"}",
    "it's 'quoted' and ''twice''",
    "😀 grinning \u{7}bell",
    "QUJD+/==Zm9v/YmFy",
];

/// How a secret is given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Given {
    Secret,
    SecretFile,
    Environment,
    /// A variable of the flow that its `secrets` names.
    Flow,
    /// The same in single quotes, as only YAML spells it.
    FlowQuoted,
    /// One of its `env_file`.
    EnvFile,
    /// One of the command line that the flow's `secrets` names.
    Var,
    /// One of an environment of the project.
    Project,
    /// What a step captures with `secret: true`.
    Capture,
}

const WAYS: &[Given] = &[
    Given::Secret,
    Given::SecretFile,
    Given::Environment,
    Given::Flow,
    Given::FlowQuoted,
    Given::EnvFile,
    Given::Var,
    Given::Project,
    Given::Capture,
];

/// The arguments of each form of output; each also writes a record.
const FORMATS: &[&[&str]] = &[&[], &["-v"], &["-q"], &["--format", "json"], &["--format", "jsonl"]];

struct Case {
    secret: &'static str,
    given: Given,
    flow: &'static str,
    code: i32,
}

/// Each secret in two ways, so that each way has several of them.
fn cases() -> Vec<Case> {
    let flows = [("passes", PASSED), ("fails", FAILED)];
    let ways = |index: usize| [WAYS[index % WAYS.len()], WAYS[(index + index / WAYS.len() + 3) % WAYS.len()]];
    let given = SECRETS.iter().enumerate().flat_map(|(index, secret)| ways(index).map(|given| (*secret, given)));
    given.flat_map(|(secret, given)| flows.map(|(flow, code)| Case { secret, given, flow, code })).collect()
}

/// A folder in which the flow finds the secret, the arguments for it, and the environment.
fn prepare(case: &Case) -> (tempfile::TempDir, Vec<String>, Vec<(String, String)>) {
    let Case { secret, given, flow, .. } = case;
    let text = fs::read_to_string(root().join("fixtures/flows/secrets").join(format!("{flow}.yaml"))).unwrap();
    let json = serde_json::to_string(secret).unwrap();
    let line = format!("TOKEN={}\n", in_env_file(secret));
    let head = match given {
        Given::Flow => format!("env: {{TOKEN: {json}, OTHER: \"${{NOBODY_SET_THIS}}\"}}\nsecrets: [TOKEN]\n"),
        // A line break in quotes is a space; two are a line break.
        Given::FlowQuoted if !secret.contains('\u{7}') => {
            let quoted = secret.replace('\'', "''").replace('\n', "\n\n  ");
            format!("env:\n  OTHER: \"${{NOBODY_SET_THIS}}\"\n  TOKEN: '{quoted}'\nsecrets: [TOKEN]\n")
        }
        Given::FlowQuoted => format!("env: {{TOKEN: {json}}}\nsecrets: [TOKEN]\n"),
        Given::EnvFile => "env_file: token.env\nsecrets: [TOKEN]\n".to_owned(),
        Given::Var => "secrets: [TOKEN]\n".to_owned(),
        Given::Capture => {
            let read = "setup:\n  - action: exec\n    config: {command: cat, args: [token.txt]}\n";
            format!("{read}    output: {{TOKEN: {{path: stdout, secret: true}}}}\n    assert: exit_code == 0\n")
        }
        _ => String::new(),
    };
    let all_forms = forms::written(secret).join("\n");
    let project = "[environments.lab]\nsecrets = { TOKEN = { file = \"token.txt\" } }\n";
    let files = [
        ("flow.yaml", format!("{head}{text}")),
        ("token.env", line),
        ("token.txt", (*secret).to_owned()),
        ("forms.txt", all_forms),
        ("testmesh.toml", project.to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let args = match given {
        Given::Secret => vec![format!("--secret=TOKEN={secret}")],
        Given::SecretFile => vec!["--secret-file=token.env".to_owned()],
        Given::Var => vec![format!("--var=TOKEN={secret}")],
        Given::Project => vec!["--env=lab".to_owned()],
        _ => Vec::new(),
    };
    let env = if *given == Given::Environment { vec![("TESTMESH_SECRET_TOKEN".to_owned(), (*secret).to_owned())] } else { Vec::new() };
    (folder(&files), args, env)
}

/// A value as a file of variables quotes it.
fn in_env_file(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn run(shop: &OpenShop, format: &[&str], folder: &Path, args: &[String], env: &[(String, String)]) -> Ran {
    let forms = format!("--var=FORMS={}", folder.join("forms.txt").display());
    let vars = shop.vars();
    let mut all = vec!["run", "flow.yaml", "--record", "run.jsonl", &forms];
    all.extend(vars.iter().chain(args).map(String::as_str));
    all.extend(format);
    let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    testmesh(&all, folder, &env)
}

/// Parts of a secret as short as this are no secret.
const PART: usize = 9;

/// The forms of a secret that a text holds, and the parts of it.
fn leaks(secret: &str, text: &str) -> Vec<String> {
    let mut found: Vec<String> = forms::forms(secret).into_iter().filter(|form| text.contains(form.as_str())).collect();
    let (small, letters) = (text.to_lowercase(), secret.to_lowercase().chars().collect::<Vec<_>>());
    let parts: BTreeSet<String> = letters.windows(PART).map(String::from_iter).collect();
    found.extend(parts.into_iter().filter(|part| small.contains(part.as_str())));
    found
}

/// The line where a text is found, for the complaint.
fn line_of(text: &str, form: &str) -> String {
    let line = text.lines().find(|line| line.to_lowercase().contains(&form.to_lowercase())).unwrap_or(text);
    let at = line.to_lowercase().find(&form.to_lowercase()).unwrap_or(0);
    let from = line.char_indices().map(|(index, _)| index).rfind(|index| *index + 160 <= at).unwrap_or(0);
    line[from..].chars().take(400).collect()
}

/// How many steps a record says were begun or skipped.
fn steps(record: &str) -> usize {
    let kinds =
        record.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok()?["event"]["kind"]["type"].as_str().map(str::to_owned));
    kinds.filter(|kind| kind == "step_started" || kind == "step_skipped").count()
}

fn check(case: &Case, shop: &OpenShop) -> Result<(), String> {
    let (folder, args, env) = prepare(case);
    let mut complaints = Vec::new();
    for format in FORMATS {
        let name = format!("{:?} given by {:?}, {} {format:?}", case.secret, case.given, case.flow);
        let ran = run(shop, format, folder.path(), &args, &env);
        let record = fs::read_to_string(folder.path().join("run.jsonl")).unwrap_or_default();
        if ran.code != case.code || steps(&record) < 13 {
            let said: String = format!("{}\n{}", ran.out, ran.err).chars().take(3000).collect();
            complaints.push(format!("{name}: exit code {}, {} steps\n{said}", ran.code, steps(&record)));
        }
        for (sink, text) in [("stdout", &ran.out), ("stderr", &ran.err), ("the record", &record)] {
            if let Some(form) = leaks(case.secret, text).first() {
                complaints.push(format!("{name}: {sink} holds {form:?} in: {}", line_of(text, form)));
            }
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

#[test]
fn no_output_holds_a_secret() {
    let shop = OpenShop::open();
    each(&cases(), |case| check(case, &shop));
}

#[test]
fn the_looking_finds() {
    let secret = "p@ss w\"rd/+&<ü>'é%~";
    for text in forms::written(secret) {
        assert!(!leaks(secret, &format!("<{text}>")).is_empty(), "{text}");
    }
    for text in ["P@SS W\"RD/", "the URL `@ss w\"rd/+…`"] {
        assert!(!leaks(secret, text).is_empty(), "{text}");
    }
    assert!(leaks(secret, "p@ss… ***").is_empty());
}
