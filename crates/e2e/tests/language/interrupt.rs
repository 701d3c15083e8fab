//! A run that somebody stops with Ctrl-C while a step of it runs.

use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};
use testmesh_e2e::Ran;

/// The ids of the steps during which Ctrl-C is pressed, from `# Ctrl-C while slow runs, and while clean runs` behind a command.
pub(crate) fn presses(line: &str) -> (&str, Vec<String>) {
    let Some((command, comment)) = line.split_once("# Ctrl-C ") else { return (line, Vec::new()) };
    let words: Vec<_> = comment.split([' ', ',']).collect();
    let ids = words.windows(3).filter(|three| three[0] == "while" && three[2] == "runs").map(|three| three[1].to_owned());
    (command.trim_end(), ids.collect())
}

/// Does not outlive the test, also when that fails.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It has ended, unless the test has failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the binary, which writes what happens to standard output, and presses Ctrl-C when each of these steps begins.
pub(crate) fn interrupted(args: &[&str], folder: &Path, env: &[(&str, &str)], ids: &[String]) -> Ran {
    let mut command = Command::new(testmesh_e2e::binary());
    command.args(args).current_dir(folder).env_clear().envs(env.iter().copied());
    let mut child = Killed(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let pid = Pid::from_child(&child.0);
    let (mut out, mut next) = (String::new(), ids.iter().peekable());
    for line in BufReader::new(child.0.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let begins = |id: &&String| line.contains("\"step_started\"") && line.contains(&format!("\"id\":\"{id}\""));
        if next.next_if(begins).is_some() {
            kill_process(pid, Signal::INT).unwrap();
        }
        out.push_str(&line);
        out.push('\n');
    }
    let code = child.0.wait().unwrap().code().unwrap_or(-1);
    Ran { code, out, err: String::new() }
}
