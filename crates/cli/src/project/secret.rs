//! Secrets: where one comes from, and taking it from there. Its text goes to the caller and nowhere else.

use super::{command, environment::Name};
use std::{path::Path, time::Duration};
use testmesh_flow::{Code, Diagnostic};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Secret {
    pub(super) name: Name,
    pub(super) from: From,
}

/// Where a secret comes from.
#[derive(Debug)]
pub(super) enum From {
    /// The process environment, under [`From::variable`].
    Process,
    /// A file, relative to the project.
    File(String),
    /// What a command of the shell prints, run in the project's folder.
    Command(String),
}

impl From {
    /// The variable of the process environment that holds a secret.
    pub(super) fn variable(name: &str) -> String {
        format!("TESTMESH_SECRET_{name}")
    }
}

impl Secret {
    /// The text of the secret. One line end behind it does not belong to it.
    pub(super) fn take(&self, root: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<String, Diagnostic> {
        match &self.from {
            From::Process => {
                let variable = From::variable(&self.name.text);
                env(&variable).ok_or_else(|| {
                    let help = format!("set {variable} in the environment of the call");
                    self.wrong(Code::Unresolved, "has no value").help(help)
                })
            }
            From::File(path) => self.read(&root.join(path), path),
            From::Command(line) => {
                let bytes = command::output(line, root, PATIENCE).map_err(|failure| self.failed(line, &failure))?;
                self.text(bytes, "what the command printed")
            }
        }
    }

    fn read(&self, path: &Path, shown: &str) -> Result<String, Diagnostic> {
        let bytes = std::fs::read(path).map_err(|error| {
            let diagnostic = self.wrong(Code::NoSuchFile, &format!("cannot be read from the file `{shown}`: {error}"));
            diagnostic.help("the path is relative to the folder of testmesh.toml")
        })?;
        self.text(bytes, &format!("the file `{shown}`"))
    }

    fn text(&self, bytes: Vec<u8>, source: &str) -> Result<String, Diagnostic> {
        // The conversion's error holds the bytes, so it stays here.
        let Ok(mut text) = String::from_utf8(bytes) else {
            return Err(self.wrong(Code::NotUtf8, &format!("cannot be used: {source} is not UTF-8 text")));
        };
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Ok(text)
    }

    fn failed(&self, line: &str, failure: &command::Failure) -> Diagnostic {
        let diagnostic = self.wrong(Code::ProcessFailed, &format!("cannot be had: {failure}"));
        diagnostic.help(format!("the command is `{line}`, run in the folder of testmesh.toml"))
    }

    fn wrong(&self, code: Code, what: &str) -> Diagnostic {
        Diagnostic::error(code, self.name.span, format!("the secret `{}` {what}", self.name.text))
    }
}
