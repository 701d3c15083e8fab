//! Patterns that the shell did not expand: `flows/**/login-*.yaml`.
//!
//! A pattern gives what it matches as a folder gives what it holds: hidden names are left out unless the pattern names the dot, what the
//! project excludes too, and a folder that matches gives its flows.

use super::{
    LeftOut,
    walk::{Child, ChildKind, Place, Walk, is_flow_name},
};
use glob::{MatchOptions, Pattern};
use std::{
    collections::HashSet,
    path::{Component, Path, PathBuf},
};

/// Why a pattern cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PatternError {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

pub(super) const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Whether an argument that is no path may be a pattern.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Reads a pattern. Braces are the shell's and mean nothing here, so they are refused rather than taken as they are.
pub(super) fn parse(text: &str) -> Result<Pattern, PatternError> {
    if text.contains(['{', '}']) {
        let help = "write one pattern for each choice, or `[{]` for a brace".to_owned();
        return Err(PatternError { message: "`{` and `}` are not part of a pattern".to_owned(), help: Some(help) });
    }
    Pattern::new(text).map_err(|error| PatternError { message: format!("{} at character {}", error.msg, error.pos + 1), help: None })
}

/// Takes what a pattern below `base` matches.
pub(super) fn expand(pattern: &str, base: &Place, walk: &mut Walk) -> Result<(), PatternError> {
    for place in places(pattern, base, walk)? {
        take(place, walk);
    }
    Ok(())
}

/// What a pattern matches, files and folders.
fn places(pattern: &str, base: &Place, walk: &mut Walk) -> Result<Vec<Place>, PatternError> {
    parse(pattern)?;
    let mut places = vec![base.clone()];
    let mut components = Path::new(pattern).components().peekable();
    while let Some(component) = components.next() {
        places = match component {
            // At the end it is the folders themselves, which are walked below.
            Component::Normal(name) if name == "**" && components.peek().is_none() => places,
            Component::Normal(name) if name == "**" => places.into_iter().flat_map(|place| below(place, walk)).collect(),
            Component::Normal(name) if name.to_str().is_some_and(is_pattern) => {
                let pattern = parse(&name.to_string_lossy())?;
                places.iter().flat_map(|place| matching(place, &pattern, walk)).collect()
            }
            other => places.iter().map(|place| place.join(other.as_ref())).filter(|place| place.path.exists()).collect(),
        };
        let mut seen = HashSet::new();
        places.retain(|place| seen.insert(place.shown.clone()));
    }
    Ok(places)
}

/// The files below `folder` that a pattern matches, in order, as paths relative to it.
pub(crate) fn matching_files(folder: &Path, pattern: &str) -> Result<Vec<String>, String> {
    let path = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let base = Place { path: path.to_owned(), shown: PathBuf::new() };
    let mut walk = Walk::new(None);
    let places = places(pattern, &base, &mut walk).map_err(|error| error.message)?;
    if let Some(problem) = walk.problems.first() {
        return Err(problem.message.clone());
    }
    let mut names: Vec<_> = places.iter().filter(|place| place.path.is_file()).map(Place::name).collect();
    names.sort();
    Ok(names)
}

fn take(place: Place, walk: &mut Walk) {
    if place.path.is_dir() {
        walk.folder(place);
    } else if is_flow_name(&place.path) {
        walk.files.push(place);
    } else {
        walk.left_out.push(LeftOut { name: place.name(), why: "it does not end in .yaml or .yml".to_owned() });
    }
}

/// What of a folder has a name that matches; nothing when it is no folder.
fn matching(folder: &Place, pattern: &Pattern, walk: &mut Walk) -> Vec<Place> {
    if !folder.path.is_dir() {
        return Vec::new();
    }
    let hidden = pattern.as_str().starts_with('.');
    let matches = |place: &Place| place.path.file_name().is_some_and(|name| pattern.matches_with(&name.to_string_lossy(), OPTIONS));
    walk.children(folder, hidden).into_iter().map(|child| child.place).filter(matches).collect()
}

/// A folder and the folders below it; symbolic links are not followed.
fn below(place: Place, walk: &mut Walk) -> Vec<Place> {
    let mut found = Vec::new();
    let mut waiting = vec![place];
    while let Some(folder) = waiting.pop() {
        if folder.path.is_dir() {
            let folders = walk.children(&folder, false).into_iter().filter(|Child { kind, .. }| *kind == ChildKind::Folder);
            waiting.extend(folders.map(|child| child.place));
            found.push(folder);
        }
    }
    found
}
