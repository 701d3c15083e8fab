//! `TestMesh` beside hurl: the same requests to the same server, in turns, in one run.
//!
//! Times of a machine that does other things too mean nothing alone, so the two programs take turns, and what is told is the median of the
//! ratios of neighbours. `make bench` builds what is compared; `--write FILE` puts the table between the marks of that file too.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program with a report to print")]

mod cases;
mod measure;
mod server;
mod table;

use anyhow::{Context, Result, bail, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The programs that are compared.
struct Programs {
    testmesh: PathBuf,
    hurl: PathBuf,
    hurlfmt: PathBuf,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [measure::CALL, log, program, rest @ ..] => measure::child(Path::new(log), program, rest),
        [] => compare().map(|report| println!("{report}")),
        ["--write", page] => {
            let report = compare()?;
            println!("{report}");
            write(Path::new(page), &report)
        }
        other => bail!("unknown arguments: {}; there is `--write FILE`", other.join(" ")),
    }
}

fn compare() -> Result<String> {
    let programs = Programs { testmesh: testmesh_e2e::binary(), hurl: named("HURL_BIN")?, hurlfmt: named("HURLFMT_BIN")? };
    let server = server::start()?;
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for case in cases::all(&programs, server, folder.path())? {
        eprintln!("{}: {} pairs", case.name, case.pairs);
        rows.extend(table::rows(&case, &measure::pairs(&case)?));
    }
    Ok(table::report(&versions(&programs)?, &rows))
}

fn named(variable: &str) -> Result<PathBuf> {
    let path = PathBuf::from(std::env::var_os(variable).with_context(|| format!("{variable} names no program: run `make bench`"))?);
    ensure!(path.is_file(), "{variable}: there is no {}", path.display());
    Ok(path)
}

fn versions(programs: &Programs) -> Result<String> {
    let version = |program: &Path| -> Result<String> {
        let said = Command::new(program).arg("--version").output()?;
        Ok(String::from_utf8_lossy(&said.stdout).split_whitespace().take(2).collect::<Vec<_>>().join(" "))
    };
    let cores = std::thread::available_parallelism()?;
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    Ok(format!("{}, {}, {system}, {cores} cores", version(&programs.testmesh)?, version(&programs.hurl)?))
}

const OPEN: &str = "<!-- measured -->\n";
const CLOSE: &str = "<!-- /measured -->";

/// Puts the report between the marks of a page.
fn write(page: &Path, report: &str) -> Result<()> {
    // Cargo runs a benchmark in the folder of its crate.
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page);
    let text = std::fs::read_to_string(&page).with_context(|| format!("{} cannot be read", page.display()))?;
    let (before, rest) = text.split_once(OPEN).with_context(|| format!("the page has no `{}`", OPEN.trim()))?;
    let (_, after) = rest.split_once(CLOSE).with_context(|| format!("the page has no `{CLOSE}`"))?;
    Ok(std::fs::write(&page, format!("{before}{OPEN}\n{report}\n{CLOSE}{after}"))?)
}
