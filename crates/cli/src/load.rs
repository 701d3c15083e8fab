//! From selected files to plans: read, parse, filter, plan. A broken file does not stop the good ones.

use crate::{
    args::{Deny, Selection},
    files::{self, Disk},
    project::Project,
    select::{self, SelectedFile, TagFilter},
    stages::{self, Stages},
};
use std::{path::Path, sync::Arc};
use testmesh_events::{InvalidFile, LeftOut, Mask, Masker, SourceRef, fingerprint};
use testmesh_flow::{
    Code, Diagnostic, Severity, Source, SourceId, Sources, Span, ast,
    catalog::Catalog,
    plan::{self, Inputs, KnownSecrets, Plan},
    yaml,
};

/// What a selection came to.
#[derive(Default)]
pub(crate) struct Loaded {
    pub(crate) plans: Vec<Arc<Plan>>,
    /// Flows that run only when others call them.
    pub(crate) libraries: Vec<Arc<Plan>>,
    pub(crate) invalid: Vec<Problems>,
    /// Files that are valid and have warnings.
    pub(crate) warned: Vec<Problems>,
    pub(crate) left_out: Vec<LeftOut>,
    /// Flows that the filters did not take.
    pub(crate) filtered: usize,
    /// Tags that flows have, and the filter, for "did you mean".
    pub(crate) tags: Vec<Arc<str>>,
    filter: TagFilter,
    deny: Option<Deny>,
    /// The flows around all others.
    pub(crate) stages: Arc<Stages>,
    /// How many of them were selected too.
    pub(crate) staged: usize,
    /// The most rows that a flow has.
    rows: usize,
    pub(crate) apart: stages::Apart,
}

/// What came of reading flows of a file.
#[derive(Default)]
pub(crate) struct Checked {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
    pub(crate) secrets: KnownSecrets,
    pub(crate) plans: Vec<Plan>,
}

impl Checked {
    pub(crate) fn plan(&mut self, flow: &ast::Flow, catalog: &Catalog, disk: &Disk, inputs: &Inputs) {
        let planned = plan::plan(flow, self.sources.clone(), catalog, disk, inputs);
        self.sources = planned.sources;
        self.secrets.texts.extend(planned.secrets.texts);
        self.secrets.places.extend(planned.secrets.places);
        self.diagnostics.extend(planned.diagnostics);
        self.plans.extend(planned.plan);
    }
}

/// A file, and what there is to say about it.
pub(crate) struct Problems {
    pub(crate) file: String,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
}

impl Problems {
    pub(crate) fn record(&self) -> InvalidFile {
        let sources =
            self.sources.iter().map(|(_, source)| SourceRef { name: source.name().to_string(), hash: fingerprint(source.text()) });
        InvalidFile { file: self.file.clone(), sources: sources.collect(), diagnostics: self.diagnostics.clone() }
    }
}

/// Which flows are taken.
pub(crate) struct Filter<'a> {
    pub(crate) tags: &'a TagFilter,
    pub(crate) suite: Option<&'a str>,
    /// Numbers of rows; all when there are none.
    pub(crate) rows: &'a [usize],
}

/// Loads what is selected. An error is bad usage, in words.
pub(crate) fn load(selection: &Selection, project: Option<&Project>, catalog: &Catalog, inputs: &Inputs) -> Result<Loaded, String> {
    let cwd = std::env::current_dir().map_err(|error| format!("the working folder cannot be read: {error}"))?;
    let selected = select::files(&selection.paths, project, &cwd).map_err(|error| error.to_string())?;
    let parsed: Result<Vec<_>, _> = selection.tags.iter().map(|text| TagFilter::parse(text)).collect();
    let tags = TagFilter::all(parsed.map_err(|error| error.to_string())?);
    let filter = Filter { tags: &tags, suite: selection.suite.as_deref(), rows: &selection.rows };
    let mut loaded = Loaded {
        left_out: selected.left_out.into_iter().map(|left| LeftOut { file: left.name, reason: left.why }).collect(),
        deny: selection.deny,
        ..Loaded::default()
    };
    let disk = Disk::new(&selected.files, project);
    let mut inputs = inputs.clone();
    if let Some(project) = project {
        loaded.project(project, catalog, &disk, &mut inputs);
    }
    let read = |files: &[SelectedFile]| {
        let mut part = loaded.part();
        for file in files {
            part.file(file, &filter, catalog, &disk, &inputs);
        }
        part
    };
    for part in shared_out(&selected.files, read).map_err(|error| format!("no thread can be started: {error}"))? {
        loaded.add(part);
    }
    loaded.filter = tags;
    loaded.check_rows(&selection.rows)?;
    Ok(loaded)
}

/// A thread is worth its start when it has so many files to read.
const SHARE: usize = 16;

/// Reads files on as many threads as there are cores, each a run of neighbours, and gives the parts in order.
fn shared_out(files: &[SelectedFile], read: impl Fn(&[SelectedFile]) -> Loaded + Sync) -> std::io::Result<Vec<Loaded>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut shares = files.chunks(files.len().div_ceil(cores).max(SHARE));
    let own = shares.next().unwrap_or_default();
    std::thread::scope(|scope| {
        let read = &read;
        let start = |share| std::thread::Builder::new().stack_size(testmesh_runner::STACK).spawn_scoped(scope, move || read(share));
        let threads = shares.map(start).collect::<std::io::Result<Vec<_>>>()?;
        let mut parts = vec![read(own)];
        parts.extend(threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))));
        Ok(parts)
    })
}

impl Loaded {
    /// One for some of the files.
    fn part(&self) -> Self {
        Self { deny: self.deny, stages: self.stages.clone(), ..Self::default() }
    }

    /// Adds what came of later files.
    fn add(&mut self, part: Self) {
        self.plans.extend(part.plans);
        self.libraries.extend(part.libraries);
        self.invalid.extend(part.invalid);
        self.warned.extend(part.warned);
        self.left_out.extend(part.left_out);
        self.filtered += part.filtered;
        self.staged += part.staged;
        self.rows = self.rows.max(part.rows);
        self.tags.extend(part.tags);
    }

    fn file(&mut self, file: &SelectedFile, filter: &Filter, catalog: &Catalog, disk: &Disk, inputs: &Inputs) {
        let source = match read(file) {
            Ok(source) => source,
            Err(invalid) => return self.invalid.push(invalid),
        };
        let mut sources = Sources::default();
        let id = sources.add(source.clone());
        let parsed = ast::parse(&source, id, inputs.lenient);
        if !parsed.is_flow && !file.by_hand {
            let reason = "no flow: it has neither `flow` nor `steps`".to_owned();
            return self.left_out.push(LeftOut { file: file.name.clone(), reason });
        }
        let mut diagnostics = parsed.diagnostics;
        if parsed.flows.is_empty() && !diagnostics.iter().any(Diagnostic::is_error) {
            diagnostics.push(
                Diagnostic::error(Code::NotAFlow, Span::new(id, 0..0), "the file holds no flow").help("a flow has `name:` and `steps:`"),
            );
        }
        let mut checked = Checked { diagnostics, sources, ..Checked::default() };
        for flow in &parsed.flows {
            self.tags.extend(flow.tags.iter().map(|tag| tag.text.clone()));
            if self.stages.have(&file.name, flow.document) {
                self.staged += usize::from(filter.rows.is_empty() && filter.takes(flow));
            } else if filter.takes(flow) {
                checked.plan(flow, catalog, disk, inputs);
            } else {
                self.filtered += 1;
            }
        }
        // What is wrong with a flow of `before` or `after` was said there.
        if parsed.flows.iter().all(|flow| self.stages.have(&file.name, flow.document)) && !parsed.flows.is_empty() {
            return;
        }
        for mut plan in self.keep(&file.name, checked) {
            self.rows = self.rows.max(plan.each_row().map_or(0, |rows| rows.rows.len()));
            let is_taken = filter.rows.is_empty() || plan.library || plan.select_rows(filter.rows);
            match (plan.library, is_taken) {
                (true, _) => self.libraries.push(Arc::new(plan)),
                (false, true) => self.plans.push(Arc::new(plan)),
                (false, false) => self.filtered += 1,
            }
        }
    }

    /// Notes what there is to say about a file, and gives its plans unless something is wrong with it.
    pub(crate) fn keep(&mut self, file: &str, checked: Checked) -> Vec<Plan> {
        let Checked { mut diagnostics, sources, secrets, plans } = checked;
        testmesh_flow::diagnostic::sort(&mut diagnostics);
        let masker = Masker::new(secrets.texts.iter().map(AsRef::as_ref));
        let sources = masked(&sources, &masker, &secrets.places);
        diagnostics.mask(&|text| Some(masker.mask(text).into_owned()));
        let denied = self.deny == Some(Deny::Warnings) && !diagnostics.is_empty();
        if denied || diagnostics.iter().any(Diagnostic::is_error) {
            // A flow of `before` or `after` may stand in a file that is selected too.
            if !self.invalid.iter().any(|known| known.file == file && known.diagnostics == diagnostics) {
                self.invalid.push(Problems { file: file.to_owned(), diagnostics, sources });
            }
            return Vec::new();
        }
        if !diagnostics.is_empty() {
            self.warned.push(Problems { file: file.to_owned(), diagnostics, sources });
        }
        plans
    }

    /// What the project says of flows around all others, and of flows that never run at the same time.
    fn project(&mut self, project: &Project, catalog: &Catalog, disk: &Disk, inputs: &mut Inputs) {
        let mut stages = stages::load(project, catalog, disk, inputs, self);
        let mut diagnostics = std::mem::take(&mut stages.diagnostics);
        self.apart = stages::apart(project, &mut diagnostics);
        // Nobody knows what would have run in which order when something is wrong.
        stages.blocked |= !diagnostics.is_empty();
        self.stages = Arc::new(stages);
        if !diagnostics.is_empty() {
            let checked = Checked { diagnostics, sources: project.sources().clone(), ..Checked::default() };
            self.keep(&project.file(), checked);
        }
    }

    /// A row that no flow has would be left out without a word.
    fn check_rows(&self, rows: &[usize]) -> Result<(), String> {
        let most = self.rows;
        match rows.iter().find(|row| **row > most) {
            Some(row) if !self.plans.is_empty() => {
                Err(format!("no flow that was selected has a row {row}: the most that one has is {most}"))
            }
            _ => Ok(()),
        }
    }

    /// How many executions the flows come to.
    pub(crate) fn executions(&self) -> u64 {
        if self.plans.is_empty() && self.staged == 0 {
            return 0;
        }
        let Stages { before, after, .. } = &*self.stages;
        before.iter().chain(&self.plans).chain(after).map(|plan| plan.executions() as u64).sum()
    }

    /// Nothing was selected, right or wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.plans.is_empty() && self.invalid.is_empty() && self.staged == 0
    }

    /// What a flow shares with others that must not run at the same time: what it says itself, and what the project says.
    pub(crate) fn exclusive(&self, plan: &Plan) -> Vec<Arc<str>> {
        // Where the project keeps nothing apart no file is looked up.
        let file = || stages::identity(Path::new(&*plan.file));
        let of_project = if self.apart.is_empty() { None } else { self.apart.get(&file()) };
        let mut names: Vec<_> = plan.exclusive.iter().chain(of_project.into_iter().flatten()).cloned().collect();
        names.sort();
        names.dedup();
        names
    }

    /// What a run leaves out: files that are no flows, and flows that run only when others call them.
    pub(crate) fn not_taken(&self) -> Vec<LeftOut> {
        let reason = |plan: &Plan| format!("`{}` is a library: it runs only when another flow calls it", plan.name);
        let libraries = self.libraries.iter().map(|plan| LeftOut { file: plan.file.to_string(), reason: reason(plan) });
        self.left_out.iter().cloned().chain(libraries).collect()
    }

    /// All errors and warnings there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let all = self.invalid.iter().chain(&self.warned).flat_map(|file| &file.diagnostics);
        let (errors, warnings): (Vec<_>, Vec<_>) = all.partition(|diagnostic| diagnostic.severity == Severity::Error);
        (errors.len(), warnings.len())
    }

    /// Why nothing was selected, in words.
    pub(crate) fn why_nothing(&self, selection: &Selection) -> String {
        let mut why = match (self.filtered, self.left_out.len()) {
            _ if !self.libraries.is_empty() => self.only_libraries(),
            (0, 0) => "no flow was found".to_owned(),
            (0, left_out) => format!("no flow was found: {left_out} file(s) are no flows"),
            (filtered, _) => format!("no flow was selected: the filters left out all {filtered}"),
        };
        if self.filtered > 0 && !selection.tags.is_empty() {
            why.push_str(&format!("; {}", self.filter.nearest(self.tags.iter().map(AsRef::as_ref))));
        }
        if self.filtered > 0 && !selection.rows.is_empty() {
            why.push_str("; `testmesh list` shows the numbers of rows");
        }
        why
    }
}

impl Loaded {
    fn only_libraries(&self) -> String {
        let names: Vec<_> = self.libraries.iter().map(|plan| format!("`{}` ({})", plan.name, plan.file)).collect();
        let (are, them) = if names.len() == 1 { ("is a library: it runs", "it") } else { ("are libraries: they run", "them") };
        format!("no flow was selected: {} {are} only when `run_flow` calls {them}", names.join(", "))
    }
}

impl Filter<'_> {
    fn takes(&self, flow: &ast::Flow) -> bool {
        let tags: Vec<&str> = flow.tags.iter().map(|tag| tag.text.as_ref()).collect();
        self.tags.matches(&tags) && self.suite.is_none_or(|suite| flow.suite.as_ref().is_some_and(|name| *name.text == *suite))
    }
}

/// The texts without what is secret in them; every place stays where it is.
fn masked(sources: &Sources, masker: &Masker, secrets: &[Span]) -> Sources {
    let mut shown = Sources::default();
    for (id, source) in sources.iter() {
        let places: Vec<_> = secrets.iter().filter(|place| place.source == id).map(|place| place.range()).collect();
        shown.add(masker.mask_source(source, &places));
    }
    shown
}

fn read(file: &SelectedFile) -> Result<Arc<Source>, Problems> {
    let bytes = if file.is_stdin() { files::stdin() } else { files::bytes(&file.path) };
    let invalid = |text: &str, diagnostic: Diagnostic| {
        let mut sources = Sources::default();
        sources.add(Arc::new(Source::new(file.name.as_str(), text)));
        Problems { file: file.name.clone(), diagnostics: vec![diagnostic], sources }
    };
    let bytes = bytes.map_err(|why| {
        let message = format!("`{}` cannot be read: {why}", file.name);
        invalid("", Diagnostic::error(Code::NoSuchFile, Span::default(), message))
    })?;
    match yaml::decode(&bytes) {
        Ok(text) => Ok(Arc::new(Source::new(file.name.as_str(), text))),
        Err(bad) => {
            let lossy = String::from_utf8_lossy(&bytes);
            Err(invalid(&lossy, bad.diagnostic(SourceId(0))))
        }
    }
}
