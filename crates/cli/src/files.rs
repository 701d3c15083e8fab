//! Files on disk, for the planner.

use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};
use testmesh_flow::{
    Source,
    plan::{FileText, Files},
    yaml,
};

/// A file larger than this is no flow, no env file and no schema.
pub(crate) const LARGEST: u64 = yaml::limits::BYTES as u64;

/// Reads what flows name, relative to them.
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, from: &str, path: &str) -> Result<FileText, String> {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let full = plain(&folder.join(path));
        let bytes = bytes(&full)?;
        let text = yaml::decode(&bytes).map_err(|bad| format!("{}: {}", bad.message, bad.help))?;
        Ok(FileText { source: Arc::new(Source::new(full.to_string_lossy().as_ref(), text)) })
    }
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
