//! The text of a project file to a [`Project`].

use super::{Definition, Exclusive, Problem, Project, Written, add, environment, node};
use crate::select::Exclude;
use std::path::Path;
use testmesh_flow::{Code, Diagnostic, SourceId, Sources, Span, diagnostic};
use testmesh_shared::toml::{self, Placed, ProblemKind, Table};

/// Keys of the project file that the language has and this build has not.
const LACKING: [&str; 1] = ["service"];

/// What the root table says, before names are given to places.
struct Found {
    paths: Vec<Placed<String>>,
    environment: Option<Placed<String>>,
    parallel: Option<Placed<i64>>,
    exclude: Vec<Exclude>,
    before: Vec<Placed<String>>,
    after: Vec<Placed<String>>,
    exclusive: Vec<Shared>,
    environments: Vec<toml::Entry>,
    lacking: Vec<Placed<String>>,
}

/// An entry of `[[exclusive]]`, as far as it could be read.
struct Shared {
    name: Option<Placed<String>>,
    paths: Vec<Placed<String>>,
}

/// Reads the file of the folder `root`, to which the working folder leads by `way`.
pub(super) fn project(root: &Path, way: String, bytes: &[u8]) -> Result<Project, Problem> {
    let mut sources = Sources::default();
    let (id, source) = add(&mut sources, &format!("{way}{}", super::FILE), bytes)?;
    let (found, problems) = toml::read(source.text(), "the project file", root_table);
    let mut diagnostics: Vec<Diagnostic> = problems.into_iter().map(|problem| diagnostic_of(problem, id)).collect();
    let environments = definitions(&found.environments, id, &mut diagnostics);
    diagnostics.extend(found.lacking.iter().map(|key| lacking(&key.value, Span::new(id, key.range.clone()))));
    if !diagnostics.is_empty() {
        diagnostic::sort(&mut diagnostics);
        return Err(Problem { diagnostics, sources });
    }
    Ok(Project {
        root: root.to_owned(),
        paths: found.paths.into_iter().map(|path| path.value).collect(),
        environment_span: found.environment.as_ref().map(|name| Span::new(id, name.range.clone())),
        environment: found.environment.map(|name| name.value),
        parallel: found.parallel.and_then(|count| usize::try_from(count.value).ok()),
        exclude: found.exclude,
        before: found.before.into_iter().map(|name| spanned(name, id)).collect(),
        after: found.after.into_iter().map(|name| spanned(name, id)).collect(),
        exclusive: found.exclusive.into_iter().filter_map(|shared| exclusive(shared, id)).collect(),
        environments,
        way,
        sources,
    })
}

fn root_table(table: &mut Table) -> Found {
    Found {
        paths: paths(table),
        environment: table.text("environment"),
        parallel: table.integer("parallel", 1..=i64::from(u32::MAX)),
        exclude: exclude(table),
        before: flows(table, "before"),
        after: flows(table, "after"),
        exclusive: table.tables("exclusive", "an entry of `exclusive`", shared),
        environments: table.named("environments").to_vec(),
        lacking: LACKING.iter().filter_map(|key| table.take(key)).map(|entry| entry.key.clone()).collect(),
    }
}

/// The flows of `before` or `after`, by path or name.
fn flows(table: &mut Table, key: &'static str) -> Vec<Placed<String>> {
    let names = table.texts(key).map(|names| names.value).unwrap_or_default();
    for (index, name) in names.iter().enumerate() {
        if names.iter().take(index).any(|earlier| earlier.value == name.value) {
            let message = format!("`{}` stands twice in `{key}`", name.value);
            let problem = toml::Problem::new(ProblemKind::BadValue, name.range.clone(), message);
            table.problem(problem.help("a flow runs there once: take one away"));
        }
    }
    names
}

fn shared(table: &mut Table, header: &std::ops::Range<usize>) -> Shared {
    let name = table.text("name");
    let paths = table.texts("paths");
    for (key, example) in [("name", "name = \"the_printer\""), ("paths", "paths = [\"flows/print-*.yaml\"]")] {
        if !table.has(key) {
            let problem = toml::Problem::new(ProblemKind::MissingKey, header.clone(), format!("the entry of `exclusive` has no `{key}`"));
            table.problem(problem.help(format!("write for example `{example}`")));
        }
    }
    if let Some(empty) = name.as_ref().filter(|name| name.value.trim().is_empty()) {
        let problem = toml::Problem::new(ProblemKind::BadValue, empty.range.clone(), "the name is empty");
        table.problem(problem.help("write what cannot be shared"));
    }
    if let Some(empty) = paths.as_ref().filter(|paths| paths.value.is_empty()) {
        let problem = toml::Problem::new(ProblemKind::BadValue, empty.range.clone(), "`paths` names nothing");
        table.problem(problem.help("write the flows that cannot run at the same time, or take the entry away"));
    }
    Shared { name, paths: paths.map(|paths| paths.value).unwrap_or_default() }
}

fn exclusive(shared: Shared, id: SourceId) -> Option<Exclusive> {
    let paths = shared.paths.into_iter().map(|path| spanned(path, id)).collect();
    Some(Exclusive { name: shared.name?.value.into(), paths })
}

fn spanned(text: Placed<String>, id: SourceId) -> Written {
    Written { span: Span::new(id, text.range), text: text.value }
}

fn paths(table: &mut Table) -> Vec<Placed<String>> {
    let Some(Placed { value: paths, range }) = table.texts("paths") else { return Vec::new() };
    if paths.is_empty() {
        let problem = toml::Problem::new(ProblemKind::BadValue, range, "`paths` names nothing");
        table.problem(problem.help("leave it out to run the working folder"));
    }
    paths
}

fn exclude(table: &mut Table) -> Vec<Exclude> {
    let mut patterns = Vec::new();
    for text in table.texts("exclude").into_iter().flat_map(|texts| texts.value) {
        match Exclude::parse(&text.value) {
            Ok(pattern) => patterns.push(pattern),
            Err(why) => {
                let message = format!("the pattern `{}` cannot be read: {}", text.value, why.message);
                let problem = toml::Problem::new(ProblemKind::BadValue, text.range, message);
                table.problem(match why.help {
                    Some(help) => problem.help(help),
                    None => problem,
                });
            }
        }
    }
    patterns
}

fn definitions(entries: &[toml::Entry], id: SourceId, diagnostics: &mut Vec<Diagnostic>) -> Vec<Definition> {
    let mut definitions = Vec::new();
    for entry in entries {
        let (name, node) = node::entry(entry, id, diagnostics);
        match environment::from_node(name, &node) {
            Ok(definition) => definitions.push(definition),
            Err(wrong) => diagnostics.extend(wrong),
        }
    }
    definitions
}

pub(super) fn lacking(key: &str, span: Span) -> Diagnostic {
    let message = format!("`{key}` is part of the language, but not in this build");
    Diagnostic::error(Code::NotInThisBuild, span, message).help("use a build that contains it, or leave it out")
}

fn diagnostic_of(problem: toml::Problem, id: SourceId) -> Diagnostic {
    let code = match problem.kind {
        ProblemKind::Syntax => Code::BadProject,
        ProblemKind::UnknownKey => Code::UnknownKey,
        ProblemKind::WrongType => Code::WrongType,
        ProblemKind::BadValue => Code::BadValue,
        ProblemKind::MissingKey => Code::MissingKey,
    };
    let diagnostic = Diagnostic::error(code, Span::new(id, problem.range), problem.message);
    match problem.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}
