//! Flows by name, for `run_flow`: those of the call, and those below the paths of the project.

use crate::{
    files,
    project::Project,
    select::{self, SelectedFile},
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};
use testmesh_flow::{
    Source, SourceId, ast,
    plan::{FoundFlow, NoFlow},
    yaml,
};

/// The flows that can be called by name. Their files are read when the first is asked for.
pub(crate) struct Flows<'a> {
    selected: &'a [SelectedFile],
    project: Option<&'a Project>,
    index: OnceLock<Index>,
}

#[derive(Default)]
struct Index {
    by_name: HashMap<Arc<str>, Vec<Place>>,
    by_stem: HashMap<Arc<str>, Vec<Place>>,
}

#[derive(Clone)]
struct Place {
    source: Arc<Source>,
    document: Option<u32>,
    /// Of the name of the flow, from 1.
    line: Option<u32>,
}

impl<'a> Flows<'a> {
    pub(crate) fn new(selected: &'a [SelectedFile], project: Option<&'a Project>) -> Self {
        Self { selected, project, index: OnceLock::new() }
    }

    /// The paths to open and what they are called.
    fn files(&self) -> Vec<(PathBuf, String)> {
        let of_call = self.selected.iter().filter(|file| !file.is_stdin()).map(|file| (file.path.clone(), file.name.clone()));
        let mut files: Vec<_> = of_call.collect();
        // What cannot be walked is reported where it is selected; here it only has no flows to call.
        let of_project = std::env::current_dir().ok().and_then(|cwd| select::files(&[], Some(self.project?), &cwd).ok());
        for file in of_project.into_iter().flat_map(|selected| selected.files) {
            if !files.iter().any(|(path, _)| same(path, &file.path)) {
                files.push((file.path, file.name));
            }
        }
        files
    }

    /// A flow of this name, else of a file of this stem.
    pub(crate) fn find(&self, name: &str) -> Result<FoundFlow, NoFlow> {
        let index = self.index.get_or_init(|| self.read());
        let places = index.by_name.get(name).or_else(|| index.by_stem.get(name)).map(Vec::as_slice).unwrap_or_default();
        match places {
            [] => {
                let mut known: Vec<_> = index.by_name.keys().chain(index.by_stem.keys()).cloned().collect();
                known.sort();
                Err(NoFlow::Missing(known))
            }
            [place] => Ok(FoundFlow { source: place.source.clone(), document: place.document }),
            several => Err(NoFlow::Ambiguous(several.iter().map(Place::in_words).collect())),
        }
    }

    /// Files that are no flows, or broken, have none to call: the file itself is where that is said.
    fn read(&self) -> Index {
        let mut index = Index::default();
        for (path, name) in self.files() {
            let Some(text) = files::bytes(&path).ok().and_then(|bytes| yaml::decode(&bytes).ok()) else { continue };
            let source = Arc::new(Source::new(name.as_str(), text));
            let parsed = ast::parse(&source, SourceId(0), true);
            for flow in &parsed.flows {
                let line = source.position(flow.name.span.start).line;
                let place = Place { source: source.clone(), document: Some(flow.document), line: Some(line) };
                index.by_name.entry(flow.name.text.clone()).or_default().push(place);
            }
            if let (Some(stem), false) = (path.file_stem(), parsed.flows.is_empty()) {
                let place = Place { source, document: None, line: None };
                index.by_stem.entry(stem.to_string_lossy().as_ref().into()).or_default().push(place);
            }
        }
        index
    }
}

impl Place {
    /// The file, and the line where the flow begins when the file may hold others.
    fn in_words(&self) -> String {
        match self.line {
            Some(line) => format!("`{}:{line}`", self.source.name()),
            None => format!("`{}`", self.source.name()),
        }
    }
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
