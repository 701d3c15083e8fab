//! What is compared: for each case the same requests, written for both programs.

use crate::Programs;
use anyhow::Result;
use std::{
    fmt::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// A call of a program.
pub(crate) struct Call {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) folder: PathBuf,
}

/// What of a call is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Wall,
    Peak,
    /// The processor's time, for each step.
    CpuPerStep,
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) testmesh: Call,
    pub(crate) hurl: Call,
    pub(crate) steps: u32,
    pub(crate) pairs: usize,
    /// What is compared, and the ratio that it should have at most.
    pub(crate) measures: &'static [(Measure, Option<f64>)],
}

/// A chain of requests: each takes the number of the next from the answer, and checks the status and two members.
struct Chain {
    steps: u32,
    path: &'static str,
}

impl Chain {
    fn flow(&self, base: &str) -> String {
        let mut text = format!("name: Chain\nenv:\n  BASE: {base}\n  next: 1\nsteps:\n").replace("\n  next: 1", "");
        for number in 1..=self.steps {
            let item = if number == 1 { "1".to_owned() } else { "${next}".to_owned() };
            let _ = write!(
                text,
                "  - id: item_{number}
    action: http_request
    config:
      url: ${{BASE}}{}/{item}
    output:
      next: $.next
    assert:
      - status == 200
      - body.id == {number}
      - body.name == \"item\"
",
                self.path
            );
        }
        text
    }

    fn hurl(&self) -> String {
        let mut text = String::new();
        for number in 1..=self.steps {
            let item = if number == 1 { "1".to_owned() } else { "{{next}}".to_owned() };
            let _ = write!(
                text,
                "GET {{{{base}}}}{}/{item}
HTTP 200
[Captures]
next: jsonpath \"$.next\"
[Asserts]
jsonpath \"$.id\" == {number}
jsonpath \"$.name\" == \"item\"

",
                self.path
            );
        }
        text
    }
}

/// A flow of one request, which checks the status.
const ONE: (&str, &str) = (
    "name: One\nsteps:\n  - action: http_request\n    config:\n      url: BASE/item/1\n    assert:\n      - status == 200\n",
    "GET BASE/item/1\nHTTP 200\n",
);

pub(crate) fn all(programs: &Programs, server: SocketAddr, folder: &Path) -> Result<Vec<Case>> {
    use Measure::{CpuPerStep, Peak, Wall};
    let base = format!("http://{server}");
    let files = Files { folder, base: &base };
    let run = |path: &str| files.call(&programs.testmesh, &["run", path]);
    let hurl = |arguments: &[&str]| {
        let variable = format!("base={base}");
        files.call(&programs.hurl, &[&["--test", "--variable", &variable], arguments].concat())
    };
    files.write("one.yaml", &ONE.0.replace("BASE", &base))?;
    files.write("one.hurl", &ONE.1.replace("BASE", &base))?;
    for steps in [100, 1_000, 10_000] {
        files.chain(&format!("{steps}"), &Chain { steps, path: "/item" })?;
    }
    for number in 1..=100 {
        files.chain(&format!("slow/{number}"), &Chain { steps: 10, path: "/slow/item" })?;
    }
    let (flow, requests) = twenty();
    for number in 1..=1_000 {
        files.write(&format!("many/{number}.yaml"), &flow)?;
        files.write(&format!("many/{number}.hurl"), &requests)?;
    }
    let every: Vec<String> = (1..=1_000).map(|number| format!("many/{number}.hurl")).collect();
    let every: Vec<&str> = std::iter::once("--check").chain(every.iter().map(String::as_str)).collect();
    let case = |name, testmesh, hurl, (steps, pairs), measures| Case { name, testmesh, hurl, steps, pairs, measures };
    Ok(vec![
        case("start-up: one step", run("one.yaml"), hurl(&["one.hurl"]), (1, 31), &[(Wall, Some(0.5)), (Peak, Some(0.5))]),
        case("1,000 steps in sequence", run("1000.yaml"), hurl(&["1000.hurl"]), (1_000, 11), &[(CpuPerStep, Some(0.4)), (Wall, None)]),
        case("100 flows × 10 steps at 20 ms", run("slow"), hurl(&["slow"]), (1_000, 3), &[(Wall, Some(0.05)), (CpuPerStep, None)]),
        case(
            "the same, hurl with `--jobs 100`",
            run("slow"),
            hurl(&["--jobs", "100", "slow"]),
            (1_000, 5),
            &[(Wall, None), (CpuPerStep, None), (Peak, None)],
        ),
        case("memory at 100 steps", run("100.yaml"), hurl(&["100.hurl"]), (100, 5), &[(Peak, None)]),
        case("memory at 10,000 steps", run("10000.yaml"), hurl(&["10000.hurl"]), (10_000, 3), &[(Peak, None)]),
        case(
            "`validate` and `hurlfmt --check`: 1,000 × 20 steps",
            files.call(&programs.testmesh, &["validate", "many"]),
            files.call(&programs.hurlfmt, &every),
            (20_000, 7),
            &[(Wall, Some(1.0)), (CpuPerStep, None), (Peak, None)],
        ),
    ])
}

/// The files of all cases, in one folder.
struct Files<'a> {
    folder: &'a Path,
    base: &'a str,
}

impl Files<'_> {
    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(self.folder))?;
        Ok(std::fs::write(path, text)?)
    }

    fn chain(&self, stem: &str, chain: &Chain) -> Result<()> {
        self.write(&format!("{stem}.yaml"), &chain.flow(self.base))?;
        self.write(&format!("{stem}.hurl"), &chain.hurl())
    }

    fn call(&self, program: &Path, arguments: &[&str]) -> Call {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Call { program: program.to_owned(), arguments, folder: self.folder.to_owned() }
    }
}

/// Twenty requests with bodies, headers, captures and checks, as a flow and for hurl: five for each of four resources.
fn twenty() -> (String, String) {
    let resources = ["user", "product", "order", "invoice"];
    let each = |template: &str| resources.map(|resource| template.replace("RESOURCE", resource)).concat();
    let flow = format!(
        "name: Twenty\nenv:\n  BASE: http://localhost:8080\n  TOKEN: secret-token\nsteps:\n{}",
        each(include_str!("resource.yaml"))
    );
    (flow, each(include_str!("resource.hurl")))
}
