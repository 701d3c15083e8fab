//! The flows that a project runs before and after all others (contract §1), and those that never run at the same time.

use crate::{
    files::Disk,
    load::{Checked, Loaded},
    project::{Project, Written},
    select,
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use testmesh_flow::{
    Code, Diagnostic, SourceId, Sources, Span, ast,
    catalog::Catalog,
    nearest,
    plan::{Export, Files, FoundFlow, Inputs, NoFlow, Plan},
};

/// The flows around all others.
#[derive(Default)]
pub(crate) struct Stages {
    pub(crate) before: Vec<Arc<Plan>>,
    pub(crate) after: Vec<Arc<Plan>>,
    /// A flow of `before` is wrong: no other can run.
    pub(crate) blocked: bool,
    /// What the project file says of them that is wrong.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Where they stand, so that a folder does not run them again.
    taken: Vec<(PathBuf, u32)>,
}

impl Stages {
    /// Whether a flow has its turn before or after all others.
    pub(crate) fn have(&self, file: &str, document: u32) -> bool {
        !self.taken.is_empty() && self.taken.contains(&(identity(Path::new(file)), document))
    }
}

/// Reads and plans them. What flows of `before` export is known to all that are planned later.
pub(crate) fn load(project: &Project, catalog: &Catalog, disk: &Disk, inputs: &mut Inputs, loaded: &mut Loaded) -> Stages {
    let mut stages = Stages::default();
    for written in &project.before {
        let planned = stages.plan(written, "before", project, catalog, disk, inputs, loaded);
        stages.blocked |= planned.is_none();
        // What a broken one would have exported nobody knows.
        inputs.exports_unknown |= planned.is_none();
        let Some(plan) = planned else { continue };
        stages.exports(written, &plan, inputs);
        stages.before.push(plan);
    }
    for written in &project.after {
        let planned = stages.plan(written, "after", project, catalog, disk, inputs, loaded);
        stages.after.extend(planned);
    }
    stages
}

impl Stages {
    #[expect(clippy::too_many_arguments, reason = "what a flow is planned with")]
    fn plan(
        &mut self,
        written: &Written,
        stage: &str,
        project: &Project,
        catalog: &Catalog,
        disk: &Disk,
        inputs: &Inputs,
        loaded: &mut Loaded,
    ) -> Option<Arc<Plan>> {
        let found = match disk.flow(&project.file(), &written.text) {
            Ok(found) => found,
            Err(no_flow) => {
                self.diagnostics.push(missing(&written.text, written.span, no_flow));
                return None;
            }
        };
        let FoundFlow { source, document } = found;
        let mut sources = Sources::default();
        let id = sources.add(source.clone());
        let parsed = ast::parse(&source, id, inputs.lenient);
        let mut flows: Vec<ast::Flow> = parsed.flows.into_iter().filter(|flow| document.is_none_or(|it| it == flow.document)).collect();
        let mut checked = Checked { diagnostics: parsed.diagnostics, sources, ..Checked::default() };
        if flows.len() > 1 {
            let names: Vec<_> = flows.iter().map(|flow| format!("`{}`", flow.name.text)).collect();
            let message = format!("`{}` holds several flows: {}", written.text, names.join(", "));
            self.diagnostics
                .push(Diagnostic::error(Code::AmbiguousFlow, written.span, message).help("write the name of the one that is meant"));
            return None;
        }
        let flow = flows.pop();
        if let Some(flow) = &flow {
            self.taken.push((identity(Path::new(&**source.name())), flow.document));
            self.suits(flow, written, stage);
            checked.plan(flow, catalog, disk, inputs);
        } else if !checked.diagnostics.iter().any(Diagnostic::is_error) {
            let none = Diagnostic::error(Code::NotAFlow, Span::new(SourceId(0), 0..0), "the file holds no flow");
            checked.diagnostics.push(none.help("a flow has `name:` and `steps:`"));
        }
        loaded.keep(source.name(), checked).into_iter().next().map(Arc::new)
    }

    /// What a flow around all others cannot be.
    fn suits(&mut self, flow: &ast::Flow, written: &Written, stage: &str) {
        let name = &flow.name.text;
        if flow.library {
            let message = format!("the flow `{name}` is a library: only other flows can call it");
            self.diagnostics.push(
                Diagnostic::error(Code::BadStage, written.span, message)
                    .help(format!("take `library` out of it: a flow of `{stage}` is run there and nowhere else")),
            );
        }
        if flow.data.is_some() {
            let message = format!("the flow `{name}` has `data`, and a flow of `{stage}` is executed once");
            self.diagnostics.push(
                Diagnostic::error(Code::BadStage, written.span, message).help("take `data` out of it, or go through it with `for_each`"),
            );
        }
    }

    /// Names that a flow of `before` exports; each can come from one of them only.
    fn exports(&mut self, written: &Written, plan: &Plan, inputs: &mut Inputs) {
        for exported in &plan.output {
            if let Some(first) = inputs.exports.iter().find(|export| export.name == exported.name) {
                let message =
                    format!("the flows `{}` and `{}` both export `{}`: which value is meant?", first.flow, plan.name, exported.name);
                self.diagnostics.push(Diagnostic::error(Code::BadStage, written.span, message).help("give one of them another name"));
                continue;
            }
            inputs.exports.push(Export { name: exported.name.clone(), flow: plan.name.clone() });
        }
    }
}

fn missing(name: &str, at: Span, no_flow: NoFlow) -> Diagnostic {
    match no_flow {
        NoFlow::Missing(known) => {
            let near = nearest::nearest(name, known.iter().map(AsRef::as_ref)).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| "write a path relative to the project file, or the name of a flow of the project".to_owned());
            Diagnostic::error(Code::NoSuchFlow, at, format!("there is no flow `{name}`")).help(help)
        }
        NoFlow::Ambiguous(places) => Diagnostic::error(Code::AmbiguousFlow, at, format!("`{name}` may be any of {}", places.join(", ")))
            .help("write the path of the one that is meant, or give each a name of its own"),
        NoFlow::Unreadable(why) => Diagnostic::error(Code::NoSuchFlow, at, format!("the flow `{name}` cannot be read: {why}"))
            .help("the path is relative to the project file"),
    }
}

/// By file: what it must not share with another flow that runs.
pub(crate) type Apart = HashMap<PathBuf, Vec<Arc<str>>>;

/// Which files the entries of `[[exclusive]]` mean; what they name and there is not is among the diagnostics.
pub(crate) fn apart(project: &Project, diagnostics: &mut Vec<Diagnostic>) -> Apart {
    let mut apart = Apart::new();
    for exclusive in &project.exclusive {
        for path in &exclusive.paths {
            match select::below(&path.text, project) {
                Ok(files) => files.into_iter().for_each(|file| apart.entry(file).or_default().push(exclusive.name.clone())),
                Err(problem) => {
                    let nothing = Diagnostic::error(Code::NothingApart, path.span, problem.message);
                    diagnostics.push(nothing.help(problem.help.unwrap_or_else(|| "paths are relative to the project file".to_owned())));
                }
            }
        }
    }
    apart
}

/// A file by its path without links; by its path when it has none.
pub(crate) fn identity(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
