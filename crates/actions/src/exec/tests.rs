//! Real programs: what they give, how they fail, and that nothing of them stays.

use crate::testing::{step, step_within, until};
use std::{os::unix::fs::PermissionsExt, path::Path, time::Duration};
use testmesh_flow::Value;
use testmesh_runner::testing::Probe;

const FIELDS: &[&str] = &["exit_code", "stdout", "stderr", "truncated"];

fn asserting(fields: &[&str]) -> Probe {
    Probe { asserted: fields.iter().map(|field| (*field).into()).collect(), ..Probe::default() }
}

async fn sh(probe: &Probe, script: &str) -> String {
    let config = format!(r#"{{"command":"sh","args":["-c",{}]}}"#, Value::from(script).to_json());
    step(&crate::all(), probe, "exec", &config).await.show(FIELDS)
}

#[tokio::test]
async fn outputs() {
    for (config, expected) in [
        (r#"{"command":"echo","args":["a b",1,true]}"#, "exit_code: 0\nstdout: \"a b 1 true\\n\"\nstderr: \"\"\ntruncated: false"),
        (r#"{"command":"cat","stdin":"text"}"#, "stdout: \"text\""),
        (r#"{"command":"cat","stdin":{"a":[1]}}"#, r#"stdout: "{\"a\":[1]}""#),
        (r#"{"command":"cat"}"#, "stdout: \"\""),
        (r#"{"command":"sh","args":["-c","echo $A$HOME"],"env":{"A":5,"HOME":null}}"#, "stdout: \"5\\n\""),
        (r#"{"command":"pwd","cwd":"/"}"#, "stdout: \"/\\n\""),
        (r#"{"command":"sh","args":["-c","echo out; echo err >&2"]}"#, "stdout: \"out\\n\"\nstderr: \"err\\n\""),
        (
            r#"{"command":"printf","args":["a\\377b"]}"#,
            "stdout: \"a\u{fffd}b\"\nstderr: \"\"\ntruncated: false\nWarn: `stdout` is no UTF-8",
        ),
    ] {
        let shown = step(&crate::all(), &Probe::default(), "exec", config).await.show(FIELDS);
        assert!(shown.contains(expected), "{config}\n{shown}");
    }
}

#[tokio::test]
async fn failures() {
    let plain = Probe::default();
    let shown = sh(&plain, "echo one; echo two >&2; exit 3").await;
    assert_eq!(shown, "failed TM0631: `sh` ended with exit code 3:\ntwo (write `assert: exit_code == 3` when that is what it should do)");
    let shown = sh(&plain, "seq 100; exit 1").await;
    assert!(shown.contains("exit code 1:\n91\n92\n") && shown.contains("\n100 ("), "{shown}");
    let shown = sh(&plain, "kill -9 $$").await;
    assert!(shown.starts_with("failed TM0631: `sh` was killed by signal 9 (KILL)"), "{shown}");
    let shown = sh(&asserting(&["exit_code"]), "exit 3").await;
    assert!(shown.starts_with("exit_code: 3\n"), "{shown}");
    let shown = sh(&asserting(&["exit_code"]), "kill -TERM $$").await;
    assert!(shown.starts_with("exit_code: 143\n"), "{shown}");
}

#[tokio::test]
async fn programs_that_do_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str, mode: u32| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    };
    let (plain, odd) = (file("plain", "x", 0o644), file("odd", "#!/no/such/shell\n", 0o755));
    let at = folder.path().display();
    for (config, words) in [
        (r#"{"command":"no-such-program"}"#.to_owned(), "errored TM0631: the program `no-such-program` is not found in PATH"),
        (
            r#"{"command":"echo hello"}"#.to_owned(),
            "is no program (no shell reads the command: give the arguments under `args`, or write `command: sh`",
        ),
        (r#"{"command":"./nope"}"#.to_owned(), "the program `./nope` does not exist"),
        (format!(r#"{{"command":"{plain}"}}"#), "may not be executed (`chmod +x"),
        (format!(r#"{{"command":"{odd}"}}"#), "the interpreter that its first line names does not exist"),
        (format!(r#"{{"command":"{at}"}}"#), "is a folder"),
        (format!(r#"{{"command":"pwd","cwd":"{at}/nope"}}"#), "nope` does not exist (`cwd` is looked for from the folder of the flow"),
        (format!(r#"{{"command":"pwd","cwd":"{plain}"}}"#), "plain` is no folder"),
        (r#"{"command":" "}"#.to_owned(), "errored TM0603: the command is empty"),
        (r#"{"command":"echo","args":[{"a":1}]}"#.to_owned(), "`args[0]` is an object, which has no one text"),
        (r#"{"command":"echo","env":{"A=B":"\u0000"}}"#.to_owned(), "errored TM0631: the program `echo` cannot be started"),
    ] {
        let shown = step(&crate::all(), &Probe::default(), "exec", &config).await.show(&[]);
        assert!(shown.contains(words), "{config}\n{shown}");
    }
}

#[tokio::test]
async fn folders_are_looked_for_beside_the_flow() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    let mut probe = Probe::default();
    probe.execution.folder = folder.path().to_owned();
    let shown = step(&crate::all(), &probe, "exec", r#"{"command":"pwd","cwd":"inner"}"#).await.show(FIELDS);
    assert!(shown.contains("/inner\\n"), "{shown}");
}

#[tokio::test]
async fn a_program_that_does_not_read_is_no_failure() {
    let text = "x".repeat(1 << 20);
    let config = format!(r#"{{"command":"true","stdin":"{text}"}}"#);
    let shown = step(&crate::all(), &Probe::default(), "exec", &config).await.show(FIELDS);
    assert!(shown.starts_with("exit_code: 0"), "{shown}");
}

#[tokio::test]
async fn output_is_bounded() {
    let script = "head -c 3000000 /dev/zero | tr '\\0' x";
    let shown = sh(&Probe::default(), script).await;
    assert!(shown.contains("truncated: true\nWarn: `sh` wrote more than 1 MB") && shown.len() < 1_100_000, "{}", shown.len());
    let shown = sh(&asserting(&["stdout"]), script).await;
    assert!(shown.starts_with("errored TM0622: `sh` wrote more than 1 MB, and what it wrote is asserted on"), "{shown}");
}

/// Whether a process is there and is no zombie: one that nobody reaps has ended all the same.
fn lives(pid: &str) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
    stat.is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with('Z'))
}

#[tokio::test]
async fn a_cut_step_leaves_no_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let script = format!("echo $$ > {0}; (sleep 1000 & echo $! >> {0}; wait) & echo $! >> {0}; wait", file.display());
    let config = format!(r#"{{"command":"sh","args":["-c",{}]}}"#, Value::from(script).to_json());
    let shown = step_within(Duration::from_millis(500), &crate::all(), &Probe::default(), "exec", &config).await.show(FIELDS);
    assert!(shown.starts_with("errored TM0604: timeout while running `sh`"), "{shown}");
    let pids = std::fs::read_to_string(&file).unwrap();
    assert_eq!(pids.lines().count(), 3, "{pids}");
    until("all have ended", || !pids.lines().any(lives)).await;
    let own = pids.lines().next().unwrap().to_owned();
    until("the child is reaped", || !Path::new("/proc").join(&own).exists()).await;
}

#[tokio::test]
async fn what_a_program_leaves_behind_ends_with_the_execution() {
    let probe = Probe::default();
    for (script, said) in [("sleep 1000 & echo $!", true), ("sleep 1000 >/dev/null 2>&1 & echo $!", true), ("true & wait; echo 0", false)] {
        let shown = sh(&probe, script).await;
        assert!(shown.starts_with("exit_code: 0") && shown.contains("left processes behind") == said, "{shown}");
    }
    let shown = sh(&probe, "sleep 1000 & echo $!").await;
    let pid = shown.split('"').nth(1).unwrap().trim_end_matches("\\n").to_owned();
    assert!(lives(&pid), "{shown}");
    drop(probe);
    until("it has ended", || !lives(&pid)).await;
}
