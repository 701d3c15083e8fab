//! The crate diagram of ARCHITECTURE.md, executable: an edge between two crates of the workspace that the diagram does
//! not have fails here, with the rule it breaks.
//!
//! The tables below are the diagram. Changing one is changing the architecture: its page and this file go together.

use std::fmt;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// Every crate and its layer; an edge goes to a lower layer. A crate that is to come has its place already.
const LAYERS: &[(&str, u8)] = &[
    ("e2e", 6),
    ("fuzz", 6),
    ("cli", 5),
    ("api", 4),
    ("agent", 4),
    ("scheduler", 3),
    ("cleanup", 3),
    ("storage", 2),
    ("actions", 2),
    ("runner", 2),
    ("report", 2),
    ("events", 1),
    ("flow", 0),
    ("shared", 0),
    ("demo", 0),
    ("harness", 0),
];

/// The only edges inside a layer.
const SIDEWAYS: &[(&str, &str)] = &[("actions", "runner"), ("api", "agent"), ("demo", "harness")];

/// A crate that not everybody above it may name.
struct Fence {
    to: &'static str,
    /// Who may name it, under any heading.
    by: &'static [&'static str],
    /// Whether everybody may name it under `[dev-dependencies]`.
    tests: bool,
    rule: &'static str,
}

const FENCES: &[Fence] = &[
    Fence {
        to: "actions",
        by: &["cli"],
        tests: false,
        rule: "only cli names actions, so that no protocol's client enters the build of another crate",
    },
    Fence { to: "demo", by: &["cli", "e2e"], tests: true, rule: "demo is named by cli and by tests" },
    Fence { to: "harness", by: &[], tests: true, rule: "harness stands under [dev-dependencies] only" },
    Fence {
        to: "shared",
        by: &["storage", "scheduler", "cleanup", "agent", "api", "cli"],
        tests: false,
        rule: "shared is used by storage and above, never by flow, events, runner, actions or report",
    },
    Fence { to: "cli", by: &[], tests: false, rule: "cli is a binary: it is driven, not linked" },
];

/// Libraries that a crate of pure data and functions must not reach, however indirectly: runtimes, sockets, databases.
const IMPURE: &[&str] = &["tokio", "mio", "socket2", "hyper", "libsqlite3_sys"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `[dependencies]` and `[build-dependencies]`.
    Normal,
    Dev,
}

struct Edge {
    from: String,
    to: String,
    kind: Kind,
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = match self.kind {
            Kind::Normal => "dependencies",
            Kind::Dev => "dev-dependencies",
        };
        write!(f, "{} -> {} [{heading}]", self.from, self.to)
    }
}

/// The rule that `edge` breaks, if it breaks one.
fn broken_rule(edge: &Edge) -> Option<&'static str> {
    let (Some(from), Some(to)) = (layer(&edge.from), layer(&edge.to)) else {
        return Some("every crate has its place in the diagram: add it to LAYERS and to ARCHITECTURE.md");
    };
    if let Some(fence) = FENCES.iter().find(|fence| fence.to == edge.to) {
        let named = fence.by.contains(&edge.from.as_str());
        let tested = fence.tests && edge.kind == Kind::Dev;
        if !named && !tested {
            return Some(fence.rule);
        }
    }
    if from < to {
        return Some("dependencies point down only");
    }
    if from == to && !SIDEWAYS.contains(&(edge.from.as_str(), edge.to.as_str())) {
        return Some("no edge inside a layer but actions -> runner, api -> agent and demo -> harness");
    }
    None
}

fn layer(name: &str) -> Option<u8> {
    LAYERS.iter().find(|(known, _)| *known == name).map(|&(_, layer)| layer)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `null` for a normal one, else `dev` or `build`.
    kind: Option<String>,
}

/// The packages of the workspace as their manifests declare them: optional dependencies and those of other platforms too.
fn workspace() -> Result<Vec<Package>> {
    let metadata = cargo(&["metadata", "--format-version=1", "--no-deps", "--offline"])?;
    Ok(serde_json::from_str::<Metadata>(&metadata)?.packages)
}

fn edges(packages: &[Package]) -> Result<Vec<Edge>> {
    let mut edges = Vec::new();
    for package in packages {
        let from = directory(&package.name).with_context(|| format!("`{}` is not named testmesh-NAME", package.name))?;
        for dependency in &package.dependencies {
            let Some(to) = directory(&dependency.name) else { continue };
            let kind = if dependency.kind.as_deref() == Some("dev") { Kind::Dev } else { Kind::Normal };
            edges.push(Edge { from: from.into(), to: to.into(), kind });
        }
    }
    Ok(edges)
}

/// Package `testmesh-NAME` lives in `crates/NAME`; a package of somebody else has no directory.
fn directory(package: &str) -> Option<&str> {
    package.strip_prefix("testmesh-")
}

/// What `cargo` prints, run at the root of the workspace. It asks no network.
fn cargo(arguments: &[&str]) -> Result<String> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let output = Command::new(program).args(arguments).current_dir(root).output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo {}: {}\n{errors}", arguments.join(" "), output.status);
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn the_workspace_has_no_edge_that_the_diagram_lacks() {
    let edges = edges(&workspace().unwrap()).unwrap();
    assert!(edges.iter().any(|edge| edge.from == "runner" && edge.to == "flow"), "the edges were not read");
    let broken: Vec<String> = edges.iter().filter_map(|edge| Some(format!("{edge}: {}", broken_rule(edge)?))).collect();
    assert!(broken.is_empty(), "edges outside the diagram of ARCHITECTURE.md:\n  {}", broken.join("\n  "));
}

/// `expected` is a part of the broken rule; none for an edge of the diagram.
fn check(from: &str, to: &str, kind: Kind, expected: Option<&str>) {
    let edge = Edge { from: from.into(), to: to.into(), kind };
    let broken = broken_rule(&edge);
    let agrees = match (broken, expected) {
        (None, None) => true,
        (Some(rule), Some(part)) => rule.contains(part),
        _ => false,
    };
    assert!(agrees, "{edge}: expected {expected:?}, got {broken:?}");
}

#[test]
fn a_wrong_edge_is_caught() {
    use Kind::{Dev, Normal};
    let cases = [
        ("flow", "events", Normal, Some("point down")),
        ("flow", "events", Dev, Some("point down")),
        ("events", "runner", Normal, Some("point down")),
        ("storage", "api", Normal, Some("point down")),
        ("storage", "runner", Normal, Some("inside a layer")),
        ("report", "runner", Dev, Some("inside a layer")),
        ("runner", "actions", Normal, Some("only cli names actions")),
        ("runner", "actions", Dev, Some("only cli names actions")),
        ("api", "actions", Normal, Some("only cli names actions")),
        ("agent", "api", Normal, Some("inside a layer")),
        ("runner", "demo", Normal, Some("by cli and by tests")),
        ("api", "harness", Normal, Some("[dev-dependencies] only")),
        ("cli", "harness", Normal, Some("[dev-dependencies] only")),
        ("runner", "shared", Normal, Some("storage and above")),
        ("flow", "shared", Dev, Some("storage and above")),
        ("demo", "flow", Normal, Some("inside a layer")),
        ("e2e", "cli", Dev, Some("not linked")),
        ("helpers", "flow", Normal, Some("its place in the diagram")),
        ("flow", "helpers", Normal, Some("its place in the diagram")),
    ];
    for (from, to, kind, expected) in cases {
        check(from, to, kind, expected);
    }
}

#[test]
fn an_edge_of_the_diagram_is_allowed() {
    use Kind::{Dev, Normal};
    let cases = [
        ("cli", "actions", Normal),
        ("cli", "demo", Normal),
        ("actions", "runner", Normal),
        ("api", "agent", Normal),
        ("storage", "shared", Normal),
        ("events", "flow", Normal),
        ("actions", "demo", Dev),
        ("storage", "harness", Dev),
        ("demo", "harness", Dev),
        ("e2e", "demo", Normal),
    ];
    for (from, to, kind) in cases {
        check(from, to, kind, None);
    }
}

#[test]
fn pure_crates_reach_no_runtime() {
    for name in ["flow", "events"] {
        let package = format!("testmesh-{name}");
        let arguments = ["tree", "--offline", "--edges=normal", "--prefix=none", "--format={lib}", "--package", &package];
        let tree = cargo(&arguments).unwrap();
        let linked: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert!(linked.contains(&"serde"), "the tree of {name} was not read:\n{tree}");
        let reached: Vec<&str> = linked.into_iter().filter(|library| IMPURE.contains(library)).collect();
        assert!(reached.is_empty(), "{name} is pure, yet it reaches {}", reached.join(", "));
    }
}
