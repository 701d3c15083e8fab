//! The examples hold what they promise: each passes, alone and with the others, and a seed repeats what they send.

use crate::support::{OpenShop, PASSED, USAGE, call, each, folder, judge, root};
use serde_json::Value as Json;
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

fn examples() -> PathBuf {
    root().join("examples")
}

/// The flows of the folder, by file name.
fn flows() -> BTreeSet<String> {
    let names = fs::read_dir(examples()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| is_flow(name)).collect()
}

fn is_flow(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yaml")
}

/// How many executions each flow comes to, as `list` says; a library comes to none.
fn executions() -> BTreeMap<String, usize> {
    let listed = call(&["list", "."], &examples());
    let mut executions = BTreeMap::new();
    for line in listed.out.lines() {
        let (file, rest) = line.split_once('\t').unwrap();
        *executions.entry(file.to_owned()).or_default() += usize::from(!rest.ends_with("\tlibrary"));
    }
    assert_eq!(executions.keys().cloned().collect::<BTreeSet<_>>(), flows(), "{}", listed.err);
    executions
}

#[test]
fn each_example_passes_alone() {
    let shop = OpenShop::open();
    let flows: Vec<(String, usize)> = executions().into_iter().collect();
    each(&flows, |(flow, executions)| {
        let args: Vec<String> = ["run".to_owned(), flow.clone()].into_iter().chain(shop.vars()).collect();
        let (code, words) = match executions {
            0 => (USAGE, "is a library".to_owned()),
            _ => (PASSED, format!(": {executions} passed")),
        };
        judge(flow, &call(&args, &examples()), code, &[&words])
    });
}

#[test]
fn all_examples_pass_at_once() {
    let shop = OpenShop::open();
    let args: Vec<String> = ["run".to_owned(), "examples".to_owned()].into_iter().chain(shop.vars()).collect();
    let passed = format!(": {} passed", executions().values().sum::<usize>());
    judge("examples", &call(&args, &root()), PASSED, &[&passed]).unwrap();
}

#[test]
fn the_readme_lists_each_example_once() {
    let text = fs::read_to_string(examples().join("README.md")).unwrap();
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|target| is_flow(target));
    let targets: Vec<String> = targets.map(str::to_owned).collect();
    let listed: BTreeSet<String> = targets.iter().cloned().collect();
    assert_eq!(listed, flows());
    assert_eq!(listed.len(), targets.len());
}

#[test]
fn a_seed_repeats_the_requests() {
    let (first, second, other) = (requests("7"), requests("7"), requests("8"));
    assert!(first.len() > 40, "{} requests", first.len());
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (place, request) in &first {
        assert_eq!(Some(request), second.get(place), "{place}");
    }
    assert_ne!(first, other, "another seed sends the same");
}

/// The requests of all examples against a shop of their own: by file, step and attempt, as they were recorded.
fn requests(seed: &str) -> BTreeMap<String, String> {
    let shop = OpenShop::open();
    let record = folder(&[]);
    let path = record.path().join("run.jsonl");
    let mut args = vec!["run".to_owned(), "examples".to_owned(), "--seed".to_owned(), seed.to_owned()];
    args.extend(["--record".to_owned(), path.to_str().unwrap().to_owned()].into_iter().chain(shop.vars()));
    judge("examples", &call(&args, &root()), PASSED, &[]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let events = text.lines().filter_map(|line| serde_json::from_str::<Json>(line).unwrap().get("event").cloned());
    let mut executions: BTreeMap<String, Execution> = BTreeMap::new();
    let mut sent = BTreeMap::new();
    for event in events {
        let execution = executions.entry(event["execution"].to_string()).or_default();
        execution.take(&event["kind"], &shop, &mut sent);
    }
    sent
}

/// What is known of an execution while its events are read.
#[derive(Default)]
struct Execution {
    file: String,
    /// The steps that send requests.
    senders: HashSet<String>,
    /// Ids that were seen in a request, and those that an answer brought: the shop makes up its own, whatever the seed.
    own: HashSet<String>,
    answered: HashSet<String>,
}

impl Execution {
    fn take(&mut self, kind: &Json, shop: &OpenShop, sent: &mut BTreeMap<String, String>) {
        match kind["type"].as_str() {
            Some("execution_started") => self.file = format!("{} {}", kind["flow"]["file"], kind["row"]["number"]),
            Some("step_started") if kind["step"]["action"] == "http_request" => {
                self.senders.insert(kind["step"]["path"].as_str().unwrap().to_owned());
            }
            Some("attempt_finished") => {
                let (path, record) = (kind["path"].as_str().unwrap(), &kind["record"]);
                let mut request = record["config"].to_string();
                for service in ["user-service", "product-service"] {
                    request = request.replace(&shop.url(service), service);
                }
                for id in ids(&request) {
                    if self.answered.contains(&id) {
                        request = request.replace(&id, "<an id of the shop>");
                    } else {
                        self.own.insert(id);
                    }
                }
                let answered = ids(&record["output"].to_string()).into_iter().filter(|id| !self.own.contains(id));
                self.answered.extend(answered.collect::<Vec<_>>());
                if self.senders.contains(path) {
                    sent.insert(format!("{} {path} attempt {}", self.file, record["attempt"]), request);
                }
            }
            _ => {}
        }
    }
}

/// The uuids in a text.
fn ids(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    words.filter(|word| word.len() == 36 && word.matches('-').count() == 4).map(str::to_owned).collect()
}

#[test]
fn the_first_flow_of_init_passes() {
    let shop = OpenShop::open();
    let folder = folder(&[]);
    judge("init", &call(&["init"], folder.path()), PASSED, &["testmesh.toml", "flows/first.yaml"]).unwrap();
    let args: Vec<String> = ["run".to_owned()].into_iter().chain(shop.vars()).collect();
    judge("run", &call(&args, folder.path()), PASSED, &["1 passed"]).unwrap();
    judge("init again", &call(&["init"], folder.path()), USAGE, &["is there already: nothing was written"]).unwrap();
}
