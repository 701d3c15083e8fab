//! What a call of a program took. Each is made by a process of its own, whose only child it is: what the system tells of the children of that
//! process is then of this call.

use crate::cases::{Call, Case};
use anyhow::{Context, Result, ensure};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// The argument that makes this program the one that calls and measures.
pub(crate) const CALL: &str = "--measure";

/// What a call took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    /// From its start to its end, in milliseconds.
    pub(crate) wall: f64,
    /// Of all its threads, in the program and in the system, in milliseconds.
    pub(crate) cpu: f64,
    /// The most memory that was resident at once, in kilobytes.
    pub(crate) peak: f64,
}

/// Calls both programs so many times in turns; who begins changes.
pub(crate) fn pairs(case: &Case) -> Result<Vec<(Took, Took)>> {
    // What both read is in the system's cache from here on.
    call(&case.testmesh)?;
    call(&case.hurl)?;
    (0..case.pairs)
        .map(|pair| {
            if pair % 2 == 0 {
                let testmesh = call(&case.testmesh)?;
                Ok((testmesh, call(&case.hurl)?))
            } else {
                let hurl = call(&case.hurl)?;
                Ok((call(&case.testmesh)?, hurl))
            }
        })
        .collect()
}

/// Calls a program by way of [`child`].
fn call(call: &Call) -> Result<Took> {
    let log = tempfile::NamedTempFile::new()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(CALL).arg(log.path()).arg(&call.program).args(&call.arguments).current_dir(&call.folder).env_clear();
    command.envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    let said = command.stderr(Stdio::inherit()).output()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [code, wall, cpu, peak] = numbers[..] else { anyhow::bail!("{} was not measured: {said}", call.program.display()) };
    let wrote = std::fs::read_to_string(log.path())?;
    ensure!(code == 0.0, "{} {} ended with {code}:\n{wrote}", call.program.display(), call.arguments.join(" "));
    Ok(Took { wall, cpu, peak })
}

/// Runs a program and prints its exit code and what it took. What it writes goes to `log`.
pub(crate) fn child(log: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let log = std::fs::File::create(log)?;
    let began = Instant::now();
    let mut command = Command::new(program);
    let status = command.args(arguments).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).status();
    let wall = began.elapsed().as_secs_f64() * 1e3;
    let code = status.with_context(|| format!("{program} does not start"))?.code().unwrap_or(-1);
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e3;
    println!("{code} {wall} {cpu} {}", usage.max_rss());
    Ok(())
}
