//! Drives the built binary, as a person or a CI system would: arguments in, exit code and both streams out.
//!
//! A call sees a cleared environment, and it ends: what runs longer than a minute is killed and fails the test.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How long a call may take.
const BOUND: Duration = Duration::from_secs(60);

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The binary under test: `TESTMESH_BIN`, else the one that cargo built beside the test.
///
/// # Panics
///
/// When there is none.
pub fn binary() -> PathBuf {
    if let Some(given) = std::env::var_os("TESTMESH_BIN") {
        return given.into();
    }
    let test = std::env::current_exe().unwrap_or_else(|error| panic!("the path of the test is unknown: {error}"));
    let profile = test.parent().and_then(Path::parent).unwrap_or_else(|| panic!("{} is in no folder of cargo's", test.display()));
    let binary = profile.join(format!("testmesh{}", std::env::consts::EXE_SUFFIX));
    assert!(binary.is_file(), "{} is missing: run `cargo build -p testmesh-cli`, or set TESTMESH_BIN", binary.display());
    binary
}

/// Calls the binary in a folder, with `PATH`, `HOME` and the given environment only.
///
/// # Panics
///
/// When it cannot be started, does not end within a minute, is ended by a signal, or writes what is not UTF-8.
pub fn testmesh(args: &[&str], dir: &Path, env: &[(&str, &str)]) -> Ran {
    let kept = ["PATH", "HOME"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let mut child = Command::new(binary())
        .args(args)
        .current_dir(dir)
        .env_clear()
        .envs(kept)
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("testmesh cannot be started: {error}"));
    let (out, err) = (gather(child.stdout.take()), gather(child.stderr.take()));
    let status = bounded(&mut child, args);
    let text = |stream: JoinHandle<String>| stream.join().unwrap_or_else(|_| panic!("`testmesh {}` writes no UTF-8", args.join(" ")));
    let code = status.code().unwrap_or_else(|| panic!("`testmesh {}` was ended by a signal: {status}", args.join(" ")));
    Ran { code, out: text(out), err: text(err) }
}

/// Reads a stream to its end while the other is read too, so that no full pipe stops the call.
fn gather(stream: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        let read = stream.map(|mut stream| stream.read_to_string(&mut text)).transpose();
        read.unwrap_or_else(|error| panic!("a stream cannot be read: {error}"));
        text
    })
}

fn bounded(child: &mut Child, args: &[&str]) -> ExitStatus {
    let began = Instant::now();
    loop {
        let ended = child.try_wait().unwrap_or_else(|error| panic!("testmesh cannot be waited for: {error}"));
        if let Some(status) = ended {
            return status;
        }
        if began.elapsed() > BOUND {
            // That it ended in this moment is no reason to fail otherwise than by the bound.
            let _ = child.kill();
            panic!("`testmesh {}` did not end within {} s", args.join(" "), BOUND.as_secs());
        }
        thread::sleep(Duration::from_millis(2));
    }
}
