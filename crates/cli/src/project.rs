//! The project file `testmesh.toml`, and the environments it or the folder `environments` beside it defines.
//!
//! [`find`] reads the nearest project file and says everything that is wrong with it at once, the environments it holds included; a file
//! of the folder is read when its environment is asked for. Values of secrets are taken then too, and never stand in a message.

mod command;
mod environment;
mod node;
mod read;
mod secret;
#[cfg(test)]
mod tests;

use crate::select::Exclude;
use environment::Definition;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use testmesh_flow::{Code, Diagnostic, Source, SourceId, Sources, Span, plan::Input, yaml};

/// What the project file is called.
pub(crate) const FILE: &str = "testmesh.toml";

/// The folder of environments beside it.
const ENVIRONMENTS: &str = "environments";

/// What is wrong with the project, with the texts that the diagnostics point into.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
}

/// A project: what its file says.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of the project file.
    pub(crate) root: PathBuf,
    /// What a call without arguments runs, relative to `root`; empty when the file does not say.
    pub(crate) paths: Vec<String>,
    /// The environment that is selected unless the caller says another.
    pub(crate) environment: Option<String>,
    /// How many flows run at once.
    pub(crate) parallel: Option<usize>,
    /// What a folder or a pattern leaves out.
    pub(crate) exclude: Vec<Exclude>,
    /// Flows that run before all others, in order, by path or name.
    pub(crate) before: Vec<Written>,
    /// Flows that run after all others, whatever came of them.
    pub(crate) after: Vec<Written>,
    pub(crate) exclusive: Vec<Exclusive>,
    environments: Vec<Definition>,
    /// Where `environment` stands.
    environment_span: Option<Span>,
    way: String,
    sources: Sources,
}

/// A text of the project file, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// Flows that never run at the same time.
#[derive(Debug)]
pub(crate) struct Exclusive {
    pub(crate) name: Arc<str>,
    /// Files, folders and patterns, relative to the project.
    pub(crate) paths: Vec<Written>,
}

/// Looks for the project file in the absolute folder `from` and above it.
///
/// # Errors
///
/// A project file that cannot be read, or is wrong.
pub(crate) fn find(from: &Path) -> Result<Option<Project>, Problem> {
    for (above, root) in from.ancestors().enumerate() {
        let way = "../".repeat(above);
        let file = root.join(FILE);
        match std::fs::read(&file) {
            Ok(bytes) => return read::project(root, way, &bytes).map(Some),
            // A folder above that may not be searched holds no project of ours; a file that is there must be readable.
            Err(error) if std::fs::symlink_metadata(&file).is_ok() => {
                return Err(unreadable(Sources::default(), &format!("{way}{FILE}"), &error));
            }
            Err(_) => {}
        }
    }
    Ok(None)
}

impl Project {
    /// How the working folder leads to the root: empty, or `../` some times.
    pub(crate) fn way(&self) -> &str {
        &self.way
    }

    /// The texts that places of the project point into; the first is the project file.
    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What messages call the project file.
    pub(crate) fn file(&self) -> String {
        format!("{}{FILE}", self.way)
    }

    /// The variables of an environment, its secrets among them. `env` is the process environment.
    ///
    /// # Errors
    ///
    /// An environment that there is not or that is wrong, and secrets that cannot be had.
    pub(crate) fn environment(&self, name: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Input>, Problem> {
        let mut sources = self.sources.clone();
        let files = self.environment_files().map_err(|error| self.no_folder(&error))?;
        let file = files.iter().find(|(stem, _)| stem == name).map(|(_, file)| file.as_str());
        let own = self.environments.iter().find(|definition| *definition.name.text == *name);
        let inputs = match (own, file) {
            (None, None) => Err(vec![self.unknown(name, &files)]),
            (Some(own), Some(file)) => Err(vec![twice(own, &format!("{ENVIRONMENTS}/{file}"))]),
            (Some(own), None) => own.inputs(&self.root, env),
            (None, Some(file)) => {
                let (definition, read) = self.read_environment(name, file, sources)?;
                sources = read;
                definition.inputs(&self.root, env)
            }
        };
        inputs.map_err(|diagnostics| Problem { diagnostics, sources })
    }

    /// Names of environments with their files in the folder beside the project file, sorted.
    fn environment_files(&self) -> io::Result<Vec<(String, String)>> {
        let entries = match std::fs::read_dir(self.root.join(ENVIRONMENTS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let Ok(file) = entry?.file_name().into_string() else { continue };
            if let Some(stem) = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml")).filter(|stem| !stem.starts_with('.')) {
                files.push((stem.to_owned(), file));
            }
        }
        files.sort();
        Ok(files)
    }

    fn read_environment(&self, name: &str, file: &str, mut sources: Sources) -> Result<(Definition, Sources), Problem> {
        let shown = format!("{}{ENVIRONMENTS}/{file}", self.way);
        let bytes = match std::fs::read(self.root.join(ENVIRONMENTS).join(file)) {
            Ok(bytes) => bytes,
            Err(error) => return Err(unreadable(sources, &shown, &error)),
        };
        let (id, text) = add(&mut sources, &shown, &bytes)?;
        match environment::from_yaml(name, &text, id) {
            Ok(definition) => Ok((definition, sources)),
            Err(diagnostics) => Err(Problem { diagnostics, sources }),
        }
    }

    fn unknown(&self, name: &str, files: &[(String, String)]) -> Diagnostic {
        let mut known: Vec<&str> = self.environments.iter().map(|definition| &*definition.name.text).collect();
        known.extend(files.iter().map(|(stem, _)| stem.as_str()));
        known.sort_unstable();
        let message = format!("there is no environment `{name}`");
        let by_file = self.environment_span.filter(|_| self.environment.as_deref() == Some(name));
        let diagnostic = match by_file {
            Some(span) => Diagnostic::error(Code::BadProject, span, message),
            None => placeless(Code::BadProject, message),
        };
        let list = if known.is_empty() { "the project has none".to_owned() } else { format!("there are: {}", known.join(", ")) };
        match testmesh_flow::nearest::nearest(name, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`? {list}")),
            None if known.is_empty() => {
                diagnostic.help(format!("add `[environments.{name}]` to {FILE}, or the file {ENVIRONMENTS}/{name}.yaml"))
            }
            None => diagnostic.help(list),
        }
    }

    fn no_folder(&self, error: &io::Error) -> Problem {
        let message = format!("the folder `{}{ENVIRONMENTS}` cannot be read: {error}", self.way);
        Problem { diagnostics: vec![placeless(Code::NoSuchFile, message)], sources: self.sources.clone() }
    }
}

fn twice(own: &Definition, file: &str) -> Diagnostic {
    let message = format!("the environment `{}` is defined here and in {file}", own.name.text);
    Diagnostic::error(Code::TwiceGiven, own.name.span, message).help("keep one of them")
}

/// A problem that stands in no text.
fn placeless(code: Code, message: String) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(code, Span::default(), message);
    diagnostic.labels.clear();
    diagnostic
}

fn unreadable(sources: Sources, name: &str, error: &io::Error) -> Problem {
    Problem { diagnostics: vec![placeless(Code::NoSuchFile, format!("the file `{name}` cannot be read: {error}"))], sources }
}

/// Adds the text of a file, which must be UTF-8.
fn add(sources: &mut Sources, name: &str, bytes: &[u8]) -> Result<(SourceId, Arc<Source>), Problem> {
    match yaml::decode(bytes) {
        Ok(text) => {
            let source = Arc::new(Source::new(name, text));
            Ok((sources.add(Arc::clone(&source)), source))
        }
        Err(not_text) => {
            let id = sources.add(Arc::new(Source::new(name, not_text.text.as_str())));
            Err(Problem { diagnostics: vec![not_text.diagnostic(id)], sources: std::mem::take(sources) })
        }
    }
}
