//! Files on disk, for the planner.

use crate::{
    flows::Flows,
    project::Project,
    select::{self, SelectedFile},
};
use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};
use testmesh_flow::{
    Source,
    plan::{FileText, Files, FoundFlow, NoFlow},
    yaml,
};

/// A file larger than this is no flow, no env file and no schema.
pub(crate) const LARGEST: u64 = yaml::limits::BYTES as u64;

/// Reads what flows name, relative to them.
pub(crate) struct Disk<'a> {
    /// The files of the call, among which flows are found by name.
    flows: Flows<'a>,
    project: Option<&'a Project>,
}

impl<'a> Disk<'a> {
    pub(crate) fn new(selected: &'a [SelectedFile], project: Option<&'a Project>) -> Self {
        Self { flows: Flows::new(selected, project), project }
    }

    fn text(path: &Path) -> Result<Arc<Source>, String> {
        let bytes = bytes(path)?;
        let text = yaml::decode(&bytes).map_err(|bad| format!("{}: {}", bad.message, bad.help))?;
        Ok(Arc::new(Source::new(path.to_string_lossy().as_ref(), text)))
    }
}

impl Files for Disk<'_> {
    fn read(&self, from: &str, path: &str) -> Result<FileText, String> {
        Ok(FileText { source: Self::text(&beside(from, path))? })
    }

    fn data(&self, from: &str, path: &str) -> Result<FileText, String> {
        let beside = beside(from, path);
        let in_project = self.project.map(|project| plain(&Path::new(project.way()).join(path)));
        let file = in_project.filter(|file| !beside.exists() && file.exists()).unwrap_or(beside);
        Ok(FileText { source: Self::text(&file)? })
    }

    fn flow(&self, from: &str, name: &str) -> Result<FoundFlow, NoFlow> {
        let path = beside(from, name);
        let beside = [path.clone(), with_ending(&path, "yaml"), with_ending(&path, "yml")];
        if let Some(file) = beside.iter().find(|path| path.is_file()) {
            return Ok(FoundFlow { source: Self::text(file).map_err(NoFlow::Unreadable)?, document: None });
        }
        self.flows.find(name)
    }

    fn glob(&self, from: &str, pattern: &str) -> Result<Vec<String>, String> {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        select::matching_files(folder, pattern)
    }
}

/// The path beside the file `from`.
fn beside(from: &str, path: &str) -> PathBuf {
    plain(&Path::new(from).parent().unwrap_or(Path::new("")).join(path))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// The bytes of a file; the error is for people.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path).map_err(|error| words(&error))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| words(&error))?;
    if bytes.len() as u64 > LARGEST { Err(format!("it is larger than {} MB", LARGEST / 1_000_000)) } else { Ok(bytes) }
}

/// Everything on standard input.
pub(crate) fn stdin() -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| words(&error))?;
    if bytes.len() as u64 > LARGEST { Err(format!("it is larger than {} MB", LARGEST / 1_000_000)) } else { Ok(bytes) }
}

fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "reading it is not allowed".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// A path without `.` and without `a/..`, as a person would write it.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
