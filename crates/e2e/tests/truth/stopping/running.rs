//! Runs that go on while they are looked at and stopped, and what is left of them.

use crate::support::folder;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as Json;
use std::{
    fs,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long anything here may take; what hangs would take five minutes.
const BOUND: Duration = Duration::from_secs(30);

/// Looks until it is so.
pub(super) fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Result<(), String> {
    let end = Instant::now() + BOUND;
    while !is_so() {
        if Instant::now() > end {
            return Err(format!("not within {BOUND:?}: {what}"));
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// A time to sleep that no other process here sleeps, by which its processes are found.
pub(super) fn sleep() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("300.{}{:04}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The processes that have this among their arguments. One that is not reaped yet has none.
pub(super) fn processes(argument: &str) -> Vec<String> {
    let folders = fs::read_dir("/proc").unwrap().filter_map(|entry| Some(entry.ok()?.path()));
    let commands = folders.filter_map(|folder| fs::read_to_string(folder.join("cmdline")).ok());
    // The run itself is given files, not texts of steps.
    commands.filter(|command| command.contains(argument)).collect()
}

/// A run that goes on while it is looked at.
pub(super) struct Running {
    folder: TempDir,
    child: Killed,
}

/// A program that does not outlive its test, also when that fails.
pub(super) struct Killed(pub(super) Child);

impl Killed {
    pub(super) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.0.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// The exit code.
    pub(super) fn ends(&mut self) -> Result<i32, String> {
        let mut code = None;
        until("the program ends", || {
            code = self.0.try_wait().unwrap().map(|status| status.code().unwrap_or(-1));
            code.is_some()
        })?;
        Ok(code.unwrap_or(-1))
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // It has ended, unless the test has failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    pub(super) fn start(flow: &str, args: &[&str], vars: &[String]) -> Self {
        Self::start_all(&[("flow.yaml", flow)], &[&["flow.yaml"], args].concat(), vars)
    }

    pub(super) fn start_all(files: &[(&str, &str)], args: &[&str], vars: &[String]) -> Self {
        let folder = folder(files);
        let mut command = Command::new(testmesh_e2e::binary());
        command.args(["run", "--record", "run.jsonl"]).args(args).args(vars).current_dir(folder.path()).stdin(Stdio::null());
        let stream = |name: &str| fs::File::create(folder.path().join(name)).unwrap();
        let child = command.stdout(stream("stdout")).stderr(stream("stderr")).spawn().unwrap();
        Self { folder, child: Killed(child) }
    }

    pub(super) fn events(&self) -> Vec<Json> {
        let text = fs::read_to_string(self.folder.path().join("run.jsonl")).unwrap_or_default();
        // The last line may be half written.
        text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok()?.get("event").map(|event| event["kind"].clone())).collect()
    }

    /// Waits until a step has begun.
    pub(super) fn reaches(&self, id: &str) -> Result<(), String> {
        until(&format!("step `{id}` begins: {}", self.said()), || {
            self.events().iter().any(|kind| kind["type"] == "step_started" && kind["step"]["id"] == id)
        })
    }

    pub(super) fn signal(&self, signal: Signal) {
        self.child.signal(signal);
    }

    pub(super) fn said(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        format!("{}\n{}", read("stdout"), read("stderr"))
    }

    /// The exit code.
    pub(super) fn ends(&mut self) -> Result<i32, String> {
        self.child.ends()
    }

    /// How the steps of this id ended.
    pub(super) fn ended(&self, id: &str) -> Option<String> {
        let events = self.events();
        let started = events.iter().find(|kind| kind["type"] == "step_started" && kind["step"]["id"] == id)?;
        let path = &started["step"]["path"];
        let finished = events.iter().find(|kind| kind["type"] == "step_finished" && kind["path"] == *path)?;
        finished["status"].as_str().map(str::to_owned)
    }

    /// The end of the only execution.
    pub(super) fn end(&self) -> Json {
        self.events().into_iter().find(|kind| kind["type"] == "execution_finished").unwrap_or_default()
    }
}
