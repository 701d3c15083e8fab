//! Drives the built binary, as a person or a script would: arguments, a folder and an environment in; an exit code and two streams out.
//!
//! `TESTMESH_BIN` names the binary to drive; without it, it is the one that was built beside the test. Every call is bounded: a binary that
//! hangs is killed with all that it started, and the test fails.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

/// How long a call may take. None takes a tenth of it on a slow machine.
const BOUND: Duration = Duration::from_mins(1);
/// How often the end of a call is looked for.
const LOOK: Duration = Duration::from_millis(5);

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; 128 and the number of the signal when one killed it, as shells say it.
    pub code: i32,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

/// The binary to drive.
///
/// # Panics
/// When it is not there.
pub fn binary() -> PathBuf {
    let path = std::env::var_os("TESTMESH_BIN").map_or_else(beside_the_test, PathBuf::from);
    assert!(path.is_file(), "there is no {}: build it with `cargo build -p testmesh-cli`, or name one by TESTMESH_BIN", path.display());
    path
}

/// `target/<profile>/testmesh`: test executables stand in `deps` below it.
fn beside_the_test() -> PathBuf {
    let test = std::env::current_exe().unwrap_or_else(|error| panic!("the test does not know where it is: {error}"));
    let folder = test.ancestors().nth(2).unwrap_or(Path::new("."));
    folder.join(format!("testmesh{}", std::env::consts::EXE_SUFFIX))
}

/// Runs the binary in `dir` and waits for its end. Of the test's environment it sees `PATH` and `HOME` only, beside `env`.
///
/// # Panics
/// When it does not start, or does not end within a minute.
pub fn testmesh(args: &[&str], dir: &Path, env: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(binary());
    command.args(args).current_dir(dir).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?)))).envs(env.iter().copied());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{} does not start: {error}", command.get_program().display()));
    let until = Instant::now() + BOUND;
    let (out, err) = (read(child.stdout.take()), read(child.stderr.take()));
    let ended = wait(&mut child, until);
    let (out, err) = (text(&out, until), text(&err, until));
    let (Some(status), Some(out), Some(err)) = (ended, &out, &err) else {
        panic!("`testmesh {}` did not end within {BOUND:?}, or left its streams open; it wrote:\n{out:?}\n{err:?}", args.join(" "));
    };
    Ran { code: code(status), out: out.clone(), err: err.clone() }
}

/// Waits for the end; kills what has not ended in time.
fn wait(child: &mut Child, until: Instant) -> Option<ExitStatus> {
    while Instant::now() < until {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(LOOK);
    }
    // That both fail says that it has ended after all.
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// Reads a stream beside the test, so that neither of two streams is ever full.
fn read(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What could be read is told all the same.
            let _ = stream.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// What a stream held; `None` when somebody still has it open.
fn text(stream: &Receiver<Vec<u8>>, until: Instant) -> Option<String> {
    let left = until.saturating_duration_since(Instant::now()).max(Duration::from_secs(1));
    stream.recv_timeout(left).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(unix)]
fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}
