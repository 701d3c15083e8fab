//! From the arguments of a call to the flow files that it means, in a stable order, each once.
//!
//! Nothing is read but folders: whether a file holds a flow is for its reader to say. What was left out on the way is listed.
//!
//! Invariants: an argument that gives no file is an error, as is a folder that cannot be read; no loop of symbolic links is walked twice;
//! names that are not UTF-8 are selected like others and shown with a replacement character.

mod exclude;
mod missing;
mod pattern;
mod tags;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use exclude::Exclude;
pub(crate) use pattern::matching_files;
pub(crate) use tags::TagFilter;

use crate::project::Project;
use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
};
use walk::{Place, Walk};

/// The argument that means standard input.
pub(crate) const STDIN: &str = "-";

/// The files of a call.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    pub(crate) files: Vec<SelectedFile>,
    /// Files and folders that were met and not taken, sorted by name.
    pub(crate) left_out: Vec<LeftOut>,
}

/// One file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SelectedFile {
    /// The path to open; [`STDIN`] when [`SelectedFile::is_stdin`].
    pub(crate) path: PathBuf,
    /// What it is called: as given, relative to the working folder.
    pub(crate) name: String,
    /// Named itself, so it must be a flow; otherwise found in a folder or by a pattern.
    pub(crate) by_hand: bool,
}

impl SelectedFile {
    pub(crate) fn is_stdin(&self) -> bool {
        self.path == Path::new(STDIN)
    }
}

/// What was not taken, and why.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeftOut {
    pub(crate) name: String,
    pub(crate) why: String,
}

/// Everything that is wrong with the arguments.
#[derive(Debug)]
pub(crate) struct SelectError {
    pub(crate) problems: Vec<SelectProblem>,
}

/// One thing that is wrong, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SelectProblem {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl fmt::Display for SelectError {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let line = |problem: &SelectProblem| match &problem.help {
            Some(help) => format!("{}\n  help: {help}", problem.message),
            None => problem.message.clone(),
        };
        formatter.write_str(&self.problems.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for SelectError {}

/// The files that the arguments mean: files, folders, patterns and [`STDIN`]; without arguments the project's paths, or the working folder.
/// `cwd` is absolute.
///
/// # Errors
///
/// Everything that is wrong with the arguments.
pub(crate) fn files(arguments: &[String], project: Option<&Project>, cwd: &Path) -> Result<Selected, SelectError> {
    let mut selection = Selection { project, ..Selection::default() };
    let here = Place { path: cwd.to_owned(), shown: PathBuf::new() };
    match project.filter(|project| arguments.is_empty() && !project.paths.is_empty()) {
        Some(project) => {
            let root = Place { path: project.root.clone(), shown: project.way().into() };
            for path in &project.paths {
                selection.path(path, &root, " (in `paths` of testmesh.toml)");
            }
        }
        None if arguments.is_empty() => selection.path(".", &here, ""),
        None => {
            for argument in arguments {
                selection.argument(argument, &here);
            }
        }
    }
    selection.finish()
}

/// The files that a path of the project file means: a file, a folder or a pattern; by their paths without links.
///
/// # Errors
///
/// A path that means no flow file.
pub(crate) fn below(path: &str, project: &Project) -> Result<Vec<PathBuf>, SelectProblem> {
    let mut selection = Selection { project: Some(project), ..Selection::default() };
    let root = Place { path: project.root.clone(), shown: project.way().into() };
    selection.path(path, &root, "");
    match selection.problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(selection.seen.into_keys().collect()),
    }
}

#[derive(Default)]
struct Selection<'p> {
    project: Option<&'p Project>,
    selected: Selected,
    problems: Vec<SelectProblem>,
    /// Which of the selected files it is, by its path without links.
    seen: HashMap<PathBuf, usize>,
}

impl Selection<'_> {
    fn argument(&mut self, argument: &str, here: &Place) {
        if argument == STDIN {
            self.add(Place { path: STDIN.into(), shown: "<stdin>".into() }, true);
        } else {
            self.path(argument, here, "");
        }
    }

    /// Adds what a path below `base` means; `whence` says where it was given, if not in the call.
    fn path(&mut self, path: &str, base: &Place, whence: &str) {
        let place = base.join(Path::new(path));
        let mut walk = Walk::new(self.project);
        match std::fs::metadata(&place.path) {
            _ if path.is_empty() => self.problem(format!("a path is empty{whence}"), None),
            Ok(found) if found.is_dir() => {
                walk.folder(place.clone());
                self.found(walk, &format!("there is no flow file in the folder `{}`{whence}", place.name()));
            }
            Ok(_) => self.add(place, true),
            Err(_) if pattern::is_pattern(path) => match pattern::expand(path, base, &mut walk) {
                Ok(()) => self.found(walk, &format!("nothing matches the pattern `{path}`{whence}")),
                Err(why) => self.problem(format!("the pattern `{path}` cannot be read: {}{whence}", why.message), why.help),
            },
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                let help = missing::nearest(path, base).map(|near| format!("did you mean `{near}`?"));
                self.problem(format!("there is no file or folder `{path}`{whence}"), help);
            }
            Err(error) => self.problem(format!("`{path}` cannot be read: {error}{whence}"), None),
        }
    }

    /// Adds what a walk found; `nothing` is what to say when that is nothing.
    fn found(&mut self, walk: Walk, nothing: &str) {
        let Walk { mut files, left_out, problems, .. } = walk;
        if files.is_empty() && problems.is_empty() {
            let help = left_out.first().map_or_else(
                || "flows are files that end in .yaml or .yml; names that begin with a dot are left out".to_owned(),
                |first| format!("{} left out; `{}`: {}", counted(left_out.len()), first.name, first.why),
            );
            self.problem(nothing.to_owned(), Some(help));
        }
        files.sort_by(|a, b| a.shown.as_os_str().as_encoded_bytes().cmp(b.shown.as_os_str().as_encoded_bytes()));
        for file in files {
            self.add(file, false);
        }
        self.selected.left_out.extend(left_out);
        self.problems.extend(problems);
    }

    fn add(&mut self, place: Place, by_hand: bool) {
        // What has no path without links, as a pipe of the shell, is known by the path it was given by.
        let identity = std::fs::canonicalize(&place.path).unwrap_or_else(|_| place.path.clone());
        let index = *self.seen.entry(identity).or_insert(self.selected.files.len());
        match self.selected.files.get_mut(index) {
            Some(file) => file.by_hand |= by_hand,
            None => self.selected.files.push(SelectedFile { name: place.name(), path: place.path, by_hand }),
        }
    }

    fn problem(&mut self, message: String, help: Option<String>) {
        self.problems.push(SelectProblem { message, help });
    }

    fn finish(mut self) -> Result<Selected, SelectError> {
        if !self.problems.is_empty() {
            return Err(SelectError { problems: self.problems });
        }
        let Selected { files, left_out } = &mut self.selected;
        left_out.retain(|left| files.iter().all(|file| file.name != left.name));
        left_out.sort();
        left_out.dedup();
        Ok(self.selected)
    }
}

fn counted(files: usize) -> String {
    if files == 1 { "one file or folder was".to_owned() } else { format!("{files} files and folders were") }
}
