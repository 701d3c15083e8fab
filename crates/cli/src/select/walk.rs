//! Walking folders: sorted by whoever asks, hidden names left out, what the project excludes listed, every folder once.

use super::{Exclude, LeftOut, SelectProblem};
use crate::project::Project;
use std::{
    collections::{HashSet, VecDeque},
    ffi::OsStr,
    fs, io,
    path::{Component, Path, PathBuf},
};

/// A path to open, and how it is shown.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) shown: PathBuf,
}

impl Place {
    pub(super) fn join(&self, below: &Path) -> Self {
        let shown: PathBuf = self.shown.join(below).components().collect();
        // `.` is the beginning of every relative path: nobody writes it.
        let shown = if shown == Path::new(".") { PathBuf::new() } else { shown };
        Self { path: self.path.join(below), shown }
    }

    pub(super) fn name(&self) -> String {
        let name = self.shown.to_string_lossy();
        if name.is_empty() { ".".to_owned() } else { name.into_owned() }
    }
}

/// Something in a folder.
pub(super) struct Child {
    pub(super) place: Place,
    pub(super) kind: ChildKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ChildKind {
    File,
    Folder,
    /// A symbolic link to a folder.
    LinkedFolder,
}

/// What is found for one argument.
pub(super) struct Walk<'p> {
    pub(super) files: Vec<Place>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) problems: Vec<SelectProblem>,
    project: Option<&'p Project>,
    /// The folders that were walked, without links.
    walked: HashSet<PathBuf>,
}

impl<'p> Walk<'p> {
    pub(super) fn new(project: Option<&'p Project>) -> Self {
        Self { files: Vec::new(), left_out: Vec::new(), problems: Vec::new(), project, walked: HashSet::new() }
    }

    /// Takes the flow files of a folder and of all below it. Linked folders come last, so that a file is shown by its own path if it has one.
    pub(super) fn folder(&mut self, place: Place) {
        let mut waiting = VecDeque::from([place]);
        while let Some(folder) = waiting.pop_front() {
            for Child { place, kind } in self.children_once(&folder) {
                match kind {
                    ChildKind::File if is_flow_name(&place.path) => self.files.push(place),
                    ChildKind::File => {}
                    ChildKind::Folder => waiting.push_front(place),
                    ChildKind::LinkedFolder => waiting.push_back(place),
                }
            }
        }
    }

    /// What a folder holds that no earlier call for the same folder gave.
    fn children_once(&mut self, folder: &Place) -> Vec<Child> {
        match fs::canonicalize(&folder.path) {
            Ok(path) => {
                let first = self.walked.insert(path);
                if first { self.children(folder, false) } else { Vec::new() }
            }
            Err(error) => {
                self.unreadable(folder, &error);
                Vec::new()
            }
        }
    }

    /// What a folder holds; names that begin with a dot only when `hidden`.
    pub(super) fn children(&mut self, folder: &Place, hidden: bool) -> Vec<Child> {
        let entries = fs::read_dir(&folder.path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = entries.unwrap_or_else(|error| {
            self.unreadable(folder, &error);
            Vec::new()
        });
        let visible = entries.into_iter().filter(|entry| hidden || !is_hidden(&entry.file_name()));
        visible.filter_map(|entry| self.child(folder, &entry)).collect()
    }

    fn child(&mut self, folder: &Place, entry: &fs::DirEntry) -> Option<Child> {
        let place = folder.join(Path::new(&entry.file_name()));
        // A link to nowhere is a file that cannot be read: taking it says so, and does not keep the others from running.
        let kind = kind(entry, &place.path).unwrap_or(Some(ChildKind::File))?;
        if let Some(pattern) = self.excluded_by(&place) {
            if kind != ChildKind::File || is_flow_name(&place.path) {
                self.left_out.push(LeftOut { name: place.name(), why: format!("the project excludes `{pattern}`") });
            }
            return None;
        }
        Some(Child { place, kind })
    }

    /// The pattern of the project that leaves a path out.
    fn excluded_by(&self, place: &Place) -> Option<&'p str> {
        let project = self.project?;
        let path = lexically_normal(&place.path);
        let below = path.strip_prefix(&project.root).ok()?;
        project.exclude.iter().find(|exclude| exclude.matches(below)).map(Exclude::text)
    }

    fn unreadable(&mut self, folder: &Place, error: &io::Error) {
        let message = format!("the folder `{}` cannot be read: {error}", folder.name());
        self.problems.push(SelectProblem { message, help: None });
    }
}

/// What a folder's entry is; `None` for what is neither file nor folder.
fn kind(entry: &fs::DirEntry, path: &Path) -> io::Result<Option<ChildKind>> {
    let own = entry.file_type()?;
    let found = if own.is_symlink() { fs::metadata(path)?.file_type() } else { own };
    Ok(match (found.is_dir(), own.is_symlink()) {
        (true, true) => Some(ChildKind::LinkedFolder),
        (true, false) => Some(ChildKind::Folder),
        (false, _) => found.is_file().then_some(ChildKind::File),
    })
}

pub(super) fn is_flow_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// The path without `.` and `..`, as it is written: links are not followed.
fn lexically_normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(normal.pop()),
            other => normal.push(other),
        }
    }
    normal
}
