//! Running a command of the shell for what it prints, within bounds.
//!
//! The command keeps the terminal's process group, so that it may ask its user something and Ctrl-C reaches it. What it leaves running in
//! the background is not waited for.

use std::{
    fmt,
    io::{self, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

/// The most that a command may print, in bytes.
const MOST: u64 = 1 << 20;

/// How much of what it said on standard error is repeated, in characters.
const SAID: usize = 2000;

/// Why there is no output. What the command printed on standard output stands in none of them.
#[derive(Debug)]
pub(super) enum Failure {
    NotStarted(io::Error),
    NotRead(io::Error),
    Timeout { after: Duration, stderr: String },
    Status { status: ExitStatus, stderr: String },
    TooMuch,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotStarted(error) => write!(formatter, "the command did not start: {error}"),
            Self::NotRead(error) => write!(formatter, "what the command printed could not be read: {error}"),
            Self::Timeout { after, stderr } => {
                write!(formatter, "the command did not end within {} s{}", after.as_secs_f64(), Said(stderr))
            }
            Self::Status { status, stderr } => write!(formatter, "the command did not succeed ({status}){}", Said(stderr)),
            Self::TooMuch => write!(formatter, "the command printed more than {MOST} bytes"),
        }
    }
}

/// Standard error behind a message, when there is any.
struct Said<'a>(&'a str);

impl fmt::Display for Said<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(formatter, ": {}", self.0) }
    }
}

/// What a command prints on standard output.
pub(super) fn output(line: &str, folder: &Path, patience: Duration) -> Result<Vec<u8>, Failure> {
    let deadline = Instant::now() + patience;
    let mut child = shell(line)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Failure::NotStarted)?;
    let stdout = child.stdout.take().map(read);
    let stderr = child.stderr.take().map(read);
    let status = wait(&mut child, deadline);
    let complaint = || stderr.as_ref().and_then(|stderr| received(stderr, deadline)?.ok()).map(|bytes| said(&bytes)).unwrap_or_default();
    let Some(status) = status.map_err(Failure::NotRead)? else {
        return Err(Failure::Timeout { after: patience, stderr: complaint() });
    };
    if !status.success() {
        return Err(Failure::Status { status, stderr: complaint() });
    }
    let bytes = match stdout.and_then(|stdout| received(&stdout, deadline)) {
        Some(bytes) => bytes.map_err(Failure::NotRead)?,
        None => return Err(Failure::Timeout { after: patience, stderr: complaint() }),
    };
    if bytes.len() as u64 > MOST { Err(Failure::TooMuch) } else { Ok(bytes) }
}

fn shell(line: &str) -> Command {
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(program);
    command.arg(flag).arg(line);
    command
}

/// Reads a stream on a thread of its own, which ends with the stream: a little more than may be printed, then the rest to nowhere.
fn read(mut stream: impl Read + Send + 'static) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.by_ref().take(MOST + 1).read_to_end(&mut bytes);
        let drained = read.and_then(|_| io::copy(&mut stream, &mut io::sink()));
        // Nobody receives any more when the time ran out; then nobody wants it.
        drop(sender.send(drained.map(|_| bytes)));
    });
    receiver
}

/// What a stream held, if it ends in time. A moment is given past the deadline, in which a killed command's streams end.
fn received(stream: &Receiver<io::Result<Vec<u8>>>, deadline: Instant) -> Option<io::Result<Vec<u8>>> {
    const MOMENT: Duration = Duration::from_millis(200);
    stream.recv_timeout(deadline.saturating_duration_since(Instant::now()).max(MOMENT)).ok()
}

/// How the command ended; `None` when it did not in time and was stopped.
fn wait(child: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    const POLL: Duration = Duration::from_millis(5);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// The end of what was said on standard error, on one line.
fn said(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let line = lines.join("; ");
    let cut = line.chars().count().saturating_sub(SAID);
    if cut == 0 { line } else { std::iter::once('…').chain(line.chars().skip(cut)).collect() }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn check(line: &str, patience: Duration, expected: Result<&str, &str>) {
        let found = output(line, Path::new("/"), patience).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{line}"),
            (Err(failure), Err(words)) => assert_eq!(failure.to_string(), words, "{line}"),
            (found, _) => panic!("{line}: {found:?}"),
        }
    }

    #[test]
    fn output_or_why_there_is_none() {
        let long = Duration::from_secs(20);
        check("printf 'a\\nb\\n'; echo noise >&2", long, Ok("a\nb\n"));
        check("pwd", long, Ok("/\n"));
        check("cat", long, Ok(""));
        check(
            "echo hunter2; echo ' no key ' >&2; echo sorry >&2; exit 3",
            long,
            Err("the command did not succeed (exit status: 3): no key; sorry"),
        );
        check("exit 1", long, Err("the command did not succeed (exit status: 1)"));
        check("kill -9 $$", long, Err("the command did not succeed (signal: 9 (SIGKILL))"));
        check("head -c 2000000 /dev/zero", long, Err("the command printed more than 1048576 bytes"));
    }

    #[test]
    fn the_time_is_bounded_whatever_is_left_running() {
        let short = Duration::from_millis(300);
        check("echo hunter2; echo slow >&2; exec sleep 30", short, Err("the command did not end within 0.3 s: slow"));
        let begun = Instant::now();
        check("sleep 5 & wait", short, Err("the command did not end within 0.3 s"));
        check("sleep 5 & echo hunter2", short, Err("the command did not end within 0.3 s"));
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    }
}
