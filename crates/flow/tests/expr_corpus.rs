//! Every case of the expression corpus agrees with Go's expr, or stands in the list of differences with the reason that the language names.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::explicit_write, reason = "a test that is left out says so")]

#[path = "expr_corpus/differences.rs"]
mod differences;

use differences::{DIFFERENCES, Reason};
use serde_json::Value as Json;
use std::io::Write as _;
use std::{collections::HashMap, path::PathBuf, sync::Arc};
use testmesh_flow::{
    Map, Value,
    expr::{self, Fault, FaultKind, Lookup, Options, Scope, Space},
};

struct Env(Map);

impl Scope for Env {
    fn lookup(&self, name: &str) -> Lookup {
        self.0.get(name).map_or(Lookup::Unknown, |value| Lookup::Value(value.clone()))
    }

    fn member(&self, _: Space, _: &str) -> Lookup {
        Lookup::Unknown
    }

    fn space_value(&self, _: Space) -> Result<Value, Fault> {
        Ok(Value::Null)
    }

    fn known_names(&self) -> Vec<Arc<str>> {
        self.0.keys().cloned().collect()
    }

    fn now(&self) -> jiff::Zoned {
        "2026-01-02T03:04:05[UTC]".parse().unwrap()
    }

    fn random(&self, _: &str) -> [u8; 16] {
        [7; 16]
    }

    fn schema(&self, _: &str) -> Option<Arc<Json>> {
        None
    }
}

/// What an expression came to: a value written so that integers and floats stay apart, or an error.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Value(String),
    /// Before anything ran: the syntax, or a name that nobody knows.
    Static(String),
    Run(String),
}

fn ours(text: &str, env: &Env) -> Answer {
    let expr = match expr::parse(text, Options::default()) {
        Ok(expr) => expr,
        Err(error) => return Answer::Static(error.message),
    };
    // What the planner does with names.
    for name in expr.names() {
        if !name.guarded && !env.0.contains(&name.name) {
            return Answer::Static(format!("nothing named {} is known", name.name));
        }
    }
    if let Some((name, _)) = expr.lets().iter().find(|(name, _)| env.0.contains(name)) {
        return Answer::Static(format!("`let` cannot declare {name}"));
    }
    match expr::evaluate(&expr, env) {
        Ok(value) => Answer::Value(written(&value)),
        Err(fault) => {
            assert_ne!(fault.kind, FaultKind::Internal, "{text}: {}", fault.message);
            Answer::Run(fault.message)
        }
    }
}

/// A value with its kinds to be seen: `1` is an integer, `1f` a float; members are sorted.
fn written(value: &Value) -> String {
    match value {
        Value::Float(_) | Value::Spelled(_) => format!("{:?}f", value.as_f64().unwrap()),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(map) => {
            let mut members: Vec<String> = map.iter().map(|(name, value)| format!("{name}:{}", written(value))).collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_json(),
    }
}

/// The corpus writes a float as `{"$float": 3}`.
fn read(json: &Json) -> Value {
    match json {
        Json::Object(map) => match map.get("$float") {
            Some(float) => Value::Float(float.as_f64().unwrap()),
            None => Value::map(map.iter().map(|(name, json)| (name.as_str(), read(json))).collect()),
        },
        Json::Array(items) => Value::list(items.iter().map(read).collect()),
        other => serde_json::from_value(other.clone()).unwrap(),
    }
}

fn corpus() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let given = std::env::var_os("TESTMESH_CORPUS").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| root.join("../shared/corpus")).join("expr");
    if folder.join("env.json").exists() {
        return Some(folder);
    }
    // Not captured, unlike what `eprintln!` writes: a skip is seen.
    writeln!(std::io::stderr(), "SKIPPED: the expression corpus is not at {}", folder.display()).unwrap();
    None
}

/// Whether an answer is Go's, and what that is.
fn judge(case: &Json, answer: &Answer) -> (bool, String) {
    let Some(kind) = case.get("error").and_then(Json::as_str) else {
        let theirs = written(&read(&case["result"]));
        return (*answer == Answer::Value(theirs.clone()), theirs);
    };
    let agrees = match answer {
        Answer::Value(_) => false,
        // What can be said before anything runs must be so in Go too; the reverse need not hold, as its types are not ours.
        Answer::Static(_) => kind == "compile",
        Answer::Run(_) => true,
    };
    (agrees, format!("error: {kind}"))
}

#[test]
fn every_case_agrees_or_differs_for_a_reason() {
    let Some(folder) = corpus() else {
        return;
    };
    let load = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let env: Json = serde_json::from_str(&load("env.json")).unwrap();
    let Value::Map(map) = read(&env) else { panic!("env.json is no object") };
    let env = Env(Arc::unwrap_or_clone(map));
    let listed: HashMap<&str, (&str, Reason)> = DIFFERENCES.iter().map(|(text, answer, reason)| (*text, (*answer, *reason))).collect();
    assert_eq!(listed.len(), DIFFERENCES.len(), "an expression is listed twice");

    let (mut cases, mut problems, mut seen) = (0, Vec::new(), Vec::new());
    for line in load("written.jsonl").lines().chain(load("generated.jsonl").lines()) {
        let case: Json = serde_json::from_str(line).unwrap();
        let text = case["expr"].as_str().unwrap();
        cases += 1;
        let answer = ours(text, &env);
        let (agrees, theirs) = judge(&case, &answer);
        let told = match &answer {
            Answer::Value(value) => value.clone(),
            Answer::Static(_) | Answer::Run(_) => "error".to_owned(),
        };
        match listed.get(text) {
            Some(_) if agrees => problems.push(format!("{text}: listed, but agrees: {theirs}")),
            Some((expected, _)) if *expected != told => {
                problems.push(format!("{text}: listed with {expected}, now {answer:?}"));
            }
            Some(_) => seen.push(text.to_owned()),
            None if !agrees => problems.push(format!("{text}\n    Go:   {theirs}\n    ours: {answer:?}")),
            None => {}
        }
    }
    let missing = DIFFERENCES.iter().filter(|(text, ..)| !seen.iter().any(|seen| seen == text));
    problems.extend(missing.map(|(text, ..)| format!("{text}: listed, but no such case differs")));
    assert!(cases > 2_800, "only {cases} cases");
    assert!(problems.is_empty(), "{} problems of {cases} cases:\n{}", problems.len(), problems.join("\n"));
}
