//! A run that is stopped ends, tears down, says what it was, and leaves no process behind; so does one that runs out of time, or just ends.

use crate::support::{ERRORED, FAILED, INTERRUPTED, OpenShop, PASSED, call, each, folder};
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
fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Result<(), String> {
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
fn sleep() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("300.{}{:04}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The processes that have this among their arguments. One that is not reaped yet has none.
fn processes(argument: &str) -> Vec<String> {
    let folders = fs::read_dir("/proc").unwrap().filter_map(|entry| Some(entry.ok()?.path()));
    let commands = folders.filter_map(|folder| fs::read_to_string(folder.join("cmdline")).ok());
    // The run itself is given files, not texts of steps.
    commands.filter(|command| command.contains(argument)).collect()
}

/// A run that goes on while it is looked at.
struct Running {
    folder: TempDir,
    child: Child,
}

impl Running {
    fn start(flow: &str, args: &[&str], vars: &[String]) -> Self {
        Self::start_all(&[("flow.yaml", flow)], &[&["flow.yaml"], args].concat(), vars)
    }

    fn start_all(files: &[(&str, &str)], args: &[&str], vars: &[String]) -> Self {
        let folder = folder(files);
        let mut command = Command::new(testmesh_e2e::binary());
        command.args(["run", "--record", "run.jsonl"]).args(args).args(vars).current_dir(folder.path()).stdin(Stdio::null());
        let stream = |name: &str| fs::File::create(folder.path().join(name)).unwrap();
        let child = command.stdout(stream("stdout")).stderr(stream("stderr")).spawn().unwrap();
        Self { folder, child }
    }

    fn events(&self) -> Vec<Json> {
        let text = fs::read_to_string(self.folder.path().join("run.jsonl")).unwrap_or_default();
        // The last line may be half written.
        text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok()?.get("event").map(|event| event["kind"].clone())).collect()
    }

    /// Waits until a step has begun.
    fn reaches(&self, id: &str) -> Result<(), String> {
        until(&format!("step `{id}` begins: {}", self.said()), || {
            self.events().iter().any(|kind| kind["type"] == "step_started" && kind["step"]["id"] == id)
        })
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    fn said(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        format!("{}\n{}", read("stdout"), read("stderr"))
    }

    /// The exit code.
    fn ends(&mut self) -> Result<i32, String> {
        let mut code = None;
        let child = &mut self.child;
        until("the run ends", || {
            code = child.try_wait().unwrap().map(|status| status.code().unwrap_or(-1));
            code.is_some()
        })?;
        Ok(code.unwrap_or(-1))
    }

    /// How the steps of this id ended.
    fn ended(&self, id: &str) -> Option<String> {
        let events = self.events();
        let started = events.iter().find(|kind| kind["type"] == "step_started" && kind["step"]["id"] == id)?;
        let path = &started["step"]["path"];
        let finished = events.iter().find(|kind| kind["type"] == "step_finished" && kind["path"] == *path)?;
        finished["status"].as_str().map(str::to_owned)
    }

    /// The end of the only execution.
    fn end(&self) -> Json {
        self.events().into_iter().find(|kind| kind["type"] == "execution_finished").unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended, unless the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, due: T) -> Result<(), String> {
    if found == due { Ok(()) } else { Err(format!("{what}: {found:?} where {due:?} is due")) }
}

/// What a run may be doing when it is stopped.
fn slow_steps() -> Vec<(&'static str, String)> {
    let http = "action: http_request\n    config: {url: \"${USER_URL}/_lab/slow?ms=300000\", timeout: 10m}\n    assert: status == 200";
    let looks = "action: http_request\n    config: {url: \"${USER_URL}/health\"}\n    assert: status == 500";
    vec![
        ("an answer that does not come", http.to_owned()),
        ("a delay", "action: delay\n    config: {duration: 5m}".to_owned()),
        ("looks that go on", format!("{looks}\n    eventually: {{timeout: 5m, interval: 20ms}}")),
        ("a look that is far away", format!("{looks}\n    eventually: {{timeout: 10m, interval: 5m}}")),
        ("the next attempt", format!("{looks}\n    retry: {{max_attempts: 3, delay: 5m, max_delay: 5m}}")),
        ("a port", "action: wait_for\n    config: {type: tcp, host: 127.0.0.1, port: 1, timeout: 10m, interval: 5m}".to_owned()),
        ("a program", format!("action: exec\n    config: {{command: sleep, args: [\"{}\"]}}", sleep())),
        (
            "a program that does not want to",
            format!("action: exec\n    config: {{command: sh, args: [\"-c\", \"trap '' INT TERM; sleep {}\"]}}", sleep()),
        ),
    ]
}

const AROUND: (&str, &str) = (
    "name: Stopped\nsetup:\n  - id: before\n    action: http_request\n    config: {method: POST, url: \"${PRODUCT_URL}/api/v1/products\", body: {name: before, price: 1}}\n    assert: status == 201\nsteps:\n  - id: slow\n    ",
    "\n  - id: after\n    action: log\n    config: {message: never}\nteardown:\n  - id: sweep\n    action: http_request\n    config: {method: POST, url: \"${PRODUCT_URL}/api/v1/products\", body: {name: swept, price: 1}}\n    assert: status == 201\n",
);

#[test]
fn once_is_asked_for() {
    each(&slow_steps(), |(what, step)| {
        let shop = OpenShop::open();
        let signal = if what.contains("port") { Signal::TERM } else { Signal::INT };
        let mut run = Running::start(&format!("{}{step}{}", AROUND.0, AROUND.1), &[], &shop.vars());
        let stopped = run.reaches("slow").and_then(|()| {
            run.signal(signal);
            run.ends()
        });
        let code = stopped.map_err(|error| format!("{what}: {error}\n{}", run.said()))?;
        let wrong = |error: String| format!("{what}: {error}\n{}", run.said());
        same("exit code", code, INTERRUPTED).map_err(wrong)?;
        // Between two attempts a step is what its last one was.
        let slow = run.ended("slow").filter(|status| !(*what == "the next attempt" && status == "failed"));
        same("the slow step", slow.as_deref().unwrap_or("cancelled"), "cancelled").map_err(wrong)?;
        same("the step after it", run.ended("after"), None).map_err(wrong)?;
        same("the teardown", run.ended("sweep").as_deref(), Some("passed")).map_err(wrong)?;
        same("the execution", run.end()["status"].as_str(), Some("cancelled")).map_err(wrong)?;
        same("what the shop saw", shop.emitted("product.created"), 2).map_err(wrong)?;
        let said = run.said();
        if said.contains("interrupted") && said.contains("CANCELLED") { Ok(()) } else { Err(wrong("it does not say so".to_owned())) }
    });
}

#[test]
fn twice_is_insisted_on() {
    let shop = OpenShop::open();
    let flow = format!(
        "{}action: delay\n    config: {{duration: 5m}}\nteardown:\n  - id: slow_sweep\n    action: http_request\n    config: {{url: \"${{USER_URL}}/_lab/slow?ms=300000\", timeout: 10m}}\n  - id: second_sweep\n    action: log\n    config: {{message: never}}\n",
        AROUND.0
    );
    let mut run = Running::start(&flow, &[], &shop.vars());
    run.reaches("slow").unwrap();
    run.signal(Signal::INT);
    run.reaches("slow_sweep").unwrap();
    let began = Instant::now();
    run.signal(Signal::INT);
    let code = run.ends().unwrap();
    let (took, said) = (began.elapsed(), run.said());
    assert_eq!(code, INTERRUPTED, "{said}");
    assert!(took < Duration::from_secs(5), "{took:?}\n{said}");
    assert_eq!(run.end()["left_behind"], serde_json::json!(["slow_sweep", "second_sweep"]), "{said}");
    let told = said.split("left behind").nth(1).unwrap_or_default();
    assert!(told.contains("slow_sweep") && told.contains("second_sweep"), "{said}");
}

/// Runs that end in their own ways, with a program that would live on.
#[test]
fn no_process_is_left() {
    let script = |before: &str, after: &str| {
        let sleep = sleep();
        let text = format!("{before} sleep {sleep} & sleep {sleep} & (sleep {sleep} &) ; {after}");
        (sleep, format!("action: exec\n    config: {{command: sh, args: [\"-c\", \"{text}\"]}}"))
    };
    let cases = [
        ("a normal end", script("", "exit 0"), "", vec![], PASSED),
        ("a failure", script("", "exit 3"), "", vec![], FAILED),
        ("streams that are closed", script("exec >/dev/null 2>&1;", "exit 0"), "", vec![], PASSED),
        ("the step's time", script("", "wait"), "\n    timeout: 300ms", vec![], ERRORED),
        ("the flow's time", script("", "wait"), "\nconfig: {timeout: 300ms}", vec![], ERRORED),
        ("the run's time", script("", "wait"), "", vec!["--timeout", "400ms"], ERRORED),
        ("each attempt", script("", "exit 3"), "\n    retry: {max_attempts: 3, delay: 1ms}", vec![], FAILED),
    ];
    each(&cases, |(what, (sleep, step), more, args, code)| {
        let folder = folder(&[("flow.yaml", &format!("name: Left\nsteps:\n  - id: program\n    {step}{more}\n"))]);
        let args = [&["run", "flow.yaml"], args.as_slice()].concat();
        let ran = call(&args, folder.path());
        let wrong = |error: String| format!("{what}: {error}\n{}\n{}", ran.out, ran.err);
        same("exit code", ran.code, *code).map_err(wrong)?;
        until("no process is left", || processes(sleep).is_empty()).map_err(|error| wrong(format!("{error}: {:?}", processes(sleep))))
    });
}

#[test]
fn no_process_is_left_by_a_stop() {
    let signals: &[&[Signal]] = &[&[Signal::INT], &[Signal::TERM], &[Signal::INT, Signal::INT]];
    each(signals, |signals| {
        let sleep = sleep();
        let text = format!("sleep {sleep} & sleep {sleep}");
        let flow =
            format!("name: Left\nsteps:\n  - id: program\n    action: exec\n    config: {{command: sh, args: [\"-c\", \"{text}\"]}}\n");
        let mut run = Running::start(&flow, &[], &[]);
        until("both are there", || processes(&sleep).len() >= 3)?;
        signals.iter().for_each(|signal| run.signal(*signal));
        let code = run.ends()?;
        same("exit code", code, INTERRUPTED).map_err(|error| format!("{signals:?}: {error}\n{}", run.said()))?;
        until("no process is left", || processes(&sleep).is_empty())
    });
}

#[test]
fn what_was_not_begun_is_told() {
    let flow = "name: Many\nsteps:\n  - id: slow\n    action: delay\n    config: {duration: 5m}\n";
    let files = [("a.yaml", flow), ("b.yaml", flow), ("c.yaml", flow)];
    let mut run = Running::start_all(&files, &[".", "--parallel", "1"], &[]);
    run.reaches("slow").unwrap();
    run.signal(Signal::INT);
    assert_eq!(run.ends().unwrap(), INTERRUPTED);
    let said = run.said();
    assert!(said.contains("not run") && said.contains("b.yaml") && said.contains("c.yaml"), "{said}");
}

#[test]
fn the_demo_shop_closes_when_it_is_told_to() {
    let folder = folder(&[]);
    let base = free_base();
    let mut command = Command::new(testmesh_e2e::binary());
    let out = fs::File::create(folder.path().join("stdout")).unwrap();
    let mut child = command.args(["demo", "--port-base", &base.to_string()]).stdout(out).stderr(Stdio::null()).spawn().unwrap();
    until("it is open", || fs::read_to_string(folder.path().join("stdout")).unwrap().contains("product-service")).unwrap();
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    let mut status = None;
    until("it ends", || {
        status = child.try_wait().unwrap();
        status.is_some()
    })
    .unwrap();
    assert_eq!(status.unwrap().code(), Some(PASSED));
}

/// A base whose two ports are free, as far as one can know.
fn free_base() -> u16 {
    let free = |port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
    let first = 20_000 + u16::try_from(std::process::id() % 20_000).unwrap();
    (0..1000).map(|step| first + step * 7).find(|base| free(base + 1) && free(base + 2)).unwrap()
}
