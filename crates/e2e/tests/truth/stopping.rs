//! A run that is stopped ends, tears down, says what it was, and leaves no process behind; so does one that runs out of time, or just ends.

mod running;

use crate::support::{ERRORED, FAILED, INTERRUPTED, OpenShop, PASSED, call, each, folder};
use running::{Killed, Running, processes, sleep, until};
use rustix::process::Signal;
use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

fn same<T: Copy + PartialEq + std::fmt::Debug>(what: &str, found: T, due: T) -> Result<(), String> {
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
        same("the step after it", run.ended("after").as_deref(), None).map_err(wrong)?;
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
    let child = command.args(["demo", "--port-base", &base.to_string()]).stdout(out).stderr(Stdio::null()).spawn().unwrap();
    let mut shop = Killed(child);
    until("it is open", || fs::read_to_string(folder.path().join("stdout")).unwrap().contains("product-service")).unwrap();
    shop.signal(Signal::INT);
    assert_eq!(shop.ends().unwrap(), PASSED);
}

/// A base whose two ports are free, as far as one can know.
fn free_base() -> u16 {
    let free = |port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
    let first = 20_000 + u16::try_from(std::process::id() % 20_000).unwrap();
    (0..1000).map(|step| first + step * 7).find(|base| free(base + 1) && free(base + 2)).unwrap()
}

#[test]
fn output_that_nobody_reads_stalls_nothing() {
    // More than a pipe holds.
    let logs = format!("  - {{action: log, config: {{message: '{}'}}}}\n", "x".repeat(1_000)).repeat(300);
    let last = "  - {action: exec, config: {command: touch, args: [done]}, assert: exit_code == 0}\n";
    let folder = folder(&[("flow.yaml", &format!("name: Held\nsteps:\n{logs}{last}"))]);
    let mut command = Command::new(testmesh_e2e::binary());
    command.args(["run", "flow.yaml", "--format", "jsonl"]).current_dir(folder.path()).stdin(Stdio::null()).stderr(Stdio::null());
    let mut running = Killed(command.stdout(Stdio::piped()).spawn().unwrap());
    let out = running.0.stdout.take().unwrap();
    until("the last step, while nobody reads", || folder.path().join("done").exists()).unwrap();
    let written = std::io::read_to_string(out).unwrap();
    assert_eq!(running.ends(), Ok(PASSED));
    let last = written.lines().last().and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    assert_eq!(last.map(|line| line["end"]["exit_code"].clone()), Some(0.into()), "{} bytes", written.len());
}
