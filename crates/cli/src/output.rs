//! The terminal: what it can do, and the two streams. Data goes to standard output, words about it to standard error.

use std::io::{self, IsTerminal, Write};
use testmesh_report::Style;

/// How text is to look on a stream.
pub(crate) fn style(terminal: bool) -> Style {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|_| terminal);
    Style { color: set("CLICOLOR_FORCE") || (terminal && !dumb && !set("NO_COLOR")), width: width.unwrap_or(100), unicode: is_unicode() }
}

/// Whether the locale says that text is UTF-8; without a locale it is taken for that.
fn is_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(std::env::var_os).find(|value| !value.is_empty());
    locale.is_none_or(|locale| {
        let name = locale.to_string_lossy().to_ascii_uppercase();
        name.contains("UTF-8") || name.contains("UTF8") || name == "C" || name == "POSIX"
    })
}

pub(crate) fn stdout_style() -> Style {
    style(io::stdout().is_terminal())
}

pub(crate) fn stderr_style() -> Style {
    style(io::stderr().is_terminal())
}

/// Writes data to standard output. That nobody reads it any more (`testmesh list | head`) is no error, and changes no verdict.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes words to standard error. That it is closed is no reason to stop.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// `error: …` on standard error.
pub(crate) fn error(text: &str) {
    say(&format!("error: {text}"));
}

/// `error[TM0403]: …` on standard error.
pub(crate) fn refuse(code: testmesh_flow::Code, text: &str) {
    say(&format!("error[{code}]: {text}"));
}
