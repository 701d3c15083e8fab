//! From a flow as it is written to a plan: every text is parsed, every key looked up, every name checked.

mod action;
mod assertion;
mod call;
mod capture;
mod config;
mod control;
mod cure;
mod environment;
mod format;
mod object;
mod output;
mod rows;
mod rules;
mod settle;
mod step;
mod texts;

use super::{
    Condition, Files, Inputs, Plan, Planned, Tree,
    check::{At, Names, Place, Seen, StepInfo, TextKind},
    policy,
};
use crate::{
    Diagnostic, Severity, Sources, allow,
    ast::{self, Name},
    catalog::Catalog,
    diagnostic,
    expr::NameUse,
    yaml::Node,
};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    ops::Range,
    rc::Rc,
    sync::Arc,
};

/// Names of one text, to be checked when all names are known.
struct Use {
    names: Vec<NameUse>,
    /// The variables that `let` declares.
    lets: Vec<(Arc<str>, Range<usize>)>,
    node: Node,
    at: At,
    kind: TextKind,
    /// What its names mean before anything else.
    first: rules::First,
}

/// What a compilation gathers.
struct Compiler<'a> {
    sources: Sources,
    catalog: &'a Catalog,
    files: &'a dyn Files,
    /// Turns unknown keys into warnings.
    lenient: bool,
    /// Step ids that hold a dash.
    dashed: Vec<Arc<str>>,
    diagnostics: Vec<Diagnostic>,
    uses: Vec<Use>,
    /// Expressions that must be true or false, each with where it stands.
    conditions: Vec<(Condition, At)>,
    /// Texts that are read later, or by an action that this build lacks: whatever they name may be used.
    unread: Vec<Arc<str>>,
    schemas: HashMap<Arc<str>, Arc<serde_json::Value>>,
    /// What the names of the text that is read mean before anything else.
    first: rules::First,
    /// The same for expressions in the rules of the step being compiled.
    of_rules: rules::First,
    /// Unknown keys of the step being compiled, which perhaps belong to its action; they are reported.
    strays: Vec<Arc<str>>,
    /// Something that gives names could not be read, which is reported.
    incomplete: bool,
    /// The name of the flow's file, beside which others are looked for.
    file: Arc<str>,
    inputs: &'a Inputs,
    variables: Arc<super::Variables>,
    /// The rows of the flow's data, as far as they could be read.
    rows: Option<rows::ReadRows>,
    /// The flows that are being planned: this one is the last.
    frames: Vec<Frame>,
    /// How many steps are around this flow, in those that call it.
    depth: usize,
    /// How many calls of flows were planned so far, in all.
    calls: Rc<Calls>,
    called_secrets: super::KnownSecrets,
    /// Names of this flow's `env` that called flows use.
    called_names: Vec<Arc<str>>,
}

/// What leads to a flow that is being planned.
struct Callers {
    /// The flows that call each other; the last is the flow itself.
    frames: Vec<Frame>,
    /// How many steps are around it in the others.
    depth: usize,
    calls: Rc<Calls>,
}

/// The calls that one flow comes to, those of the called flows counted.
#[derive(Default)]
struct Calls {
    /// How many were looked at so far.
    count: Cell<usize>,
    /// The texts that they have named, each read once.
    files: RefCell<HashMap<crate::SourceId, Rc<ast::File>>>,
}

/// A flow that is being planned.
#[derive(Clone)]
struct Frame {
    file: Arc<str>,
    document: u32,
    name: Arc<str>,
}

pub(super) fn plan(flow: &ast::Flow, sources: Sources, catalog: &Catalog, files: &dyn Files, inputs: &Inputs) -> Planned {
    let file = sources.get(flow.span.source).map_or_else(|| "".into(), |source| source.name().clone());
    let frame = Frame { file, document: flow.document, name: flow.name.text.clone() };
    nested(flow, sources, catalog, files, inputs, Callers { frames: vec![frame], depth: 0, calls: Rc::default() })
}

/// Plans a flow that others may have called: the `frames` below the last one.
fn nested(flow: &ast::Flow, sources: Sources, catalog: &Catalog, files: &dyn Files, inputs: &Inputs, callers: Callers) -> Planned {
    let mut compiler = Compiler {
        file: callers.frames.last().map_or_else(|| "".into(), |frame| frame.file.clone()),
        sources,
        catalog,
        files,
        lenient: inputs.lenient,
        dashed: every_step(flow).into_iter().map(|step| &step.id.text).filter(|id| id.contains('-')).cloned().collect(),
        diagnostics: Vec::new(),
        uses: Vec::new(),
        conditions: Vec::new(),
        unread: Vec::new(),
        schemas: HashMap::new(),
        first: rules::First::Nothing,
        of_rules: rules::First::Nothing,
        strays: Vec::new(),
        incomplete: flow.incomplete || inputs.exports_unknown || inputs.passed.as_ref().is_some_and(|passed| !passed.all_known),
        inputs,
        variables: Arc::default(),
        rows: None,
        frames: callers.frames,
        depth: callers.depth,
        calls: callers.calls,
        called_secrets: super::KnownSecrets::default(),
        called_names: Vec::new(),
    };
    compiler.variables = Arc::new(compiler.variables(flow, inputs));
    compiler.flow(flow)
}

/// Every step of a flow, those inside steps too.
fn every_step(flow: &ast::Flow) -> Vec<&ast::Step> {
    let mut steps: Vec<&ast::Step> = flow.setup.iter().chain(&flow.steps).chain(&flow.teardown).collect();
    let mut next = 0;
    while let Some(step) = steps.get(next) {
        steps.extend(step.inner.iter().flat_map(|inner| &inner.steps));
        next += 1;
    }
    steps
}

/// What a flow and those that it calls share with others.
fn exclusive(flow: &ast::Flow, plan: &Plan) -> Box<[Arc<str>]> {
    let of_called = plan.calls().flat_map(|call| call.plan.exclusive.iter().cloned());
    let mut names: Vec<_> = flow.config.exclusive.iter().map(|name| name.text.clone()).chain(of_called).collect();
    names.sort();
    names.dedup();
    names.into()
}

fn text(name: Option<&Name>) -> Option<Arc<str>> {
    name.map(|name| name.text.clone())
}

impl Compiler<'_> {
    fn flow(mut self, flow: &ast::Flow) -> Planned {
        let timeout = flow.config.timeout.as_ref().and_then(|node| self.duration(node, "timeout", At::Flow));
        let teardown_timeout = flow.config.teardown_timeout.as_ref().and_then(|node| self.duration(node, "teardown_timeout", At::Flow));
        let mut infos = Vec::new();
        let setup = self.phase(flow, &flow.setup, "setup", &mut infos);
        let steps = self.phase(flow, &flow.steps, "steps", &mut infos);
        let before_teardown = infos.len();
        let teardown = self.phase(flow, &flow.teardown, "teardown", &mut infos);
        let output = self.output(&flow.output, At::Output(before_teardown));
        if let Some(node) = &flow.config.retry {
            self.config_retry(node);
        }
        flow.unread.iter().for_each(|node| self.keep_unread("", node));
        let seen = self.check_names(flow, infos);
        let live = settle::live(&self.uses, [&setup, &steps, &teardown]);
        let rows = self.settle_rows(flow, &seen, live.all);
        let mut plan = Plan {
            name: flow.name.text.clone(),
            description: text(flow.description.as_ref()),
            suite: text(flow.suite.as_ref()),
            tags: flow.tags.iter().map(|tag| tag.text.clone()).collect(),
            file: self.file.clone(),
            document: flow.document,
            variables: self.variables.clone(),
            rows: rows.map(Arc::new),
            library: flow.library,
            inputs: seen.inputs.into_iter().collect(),
            from_process: seen.process.into_iter().collect(),
            secrets: flow.secrets.iter().map(|name| name.text.clone()).collect(),
            timeout,
            teardown_timeout,
            exclusive: Box::default(),
            fail_fast: flow.config.fail_fast.unwrap_or(true),
            setup,
            steps,
            teardown,
            output,
            live: Arc::new(live),
            schemas: std::mem::take(&mut self.schemas),
            allowed: flow.allowed.clone(),
            sources: self.sources.clone(),
        };
        plan.exclusive = exclusive(flow, &plan);
        settle::assertions(&mut plan, &self.uses);
        settle::undecided(flow, &plan, &mut self.diagnostics);
        self.planned(plan)
    }

    fn planned(mut self, mut plan: Plan) -> Planned {
        allow::silence(&mut plan.allowed, &mut self.diagnostics);
        // What a flow does that another calls may depend on the call: its comments are judged where it stands alone.
        if self.inputs.passed.is_none() {
            self.diagnostics.extend(allow::stale(&plan.allowed, &self.diagnostics));
        }
        let mut secrets = self.variables.known_secrets();
        if let Some(rows) = &plan.rows {
            secrets.texts.extend(rows.secrets.texts.iter().cloned());
            secrets.places.extend(rows.secrets.places.iter().copied());
        }
        secrets.texts.append(&mut self.called_secrets.texts);
        secrets.places.append(&mut self.called_secrets.places);
        let used = environment::used_variables(&self.variables, &self.uses).into_iter().chain(self.called_names).collect();
        diagnostic::sort(&mut self.diagnostics);
        let sound = !self.diagnostics.iter().any(Diagnostic::is_error);
        Planned {
            secrets,
            sources: self.sources,
            used,
            uses_all: plan.live.all,
            plan: sound.then_some(plan),
            diagnostics: self.diagnostics,
        }
    }

    fn phase(&mut self, flow: &ast::Flow, steps: &[ast::Step], phase: &'static str, infos: &mut Vec<StepInfo>) -> Vec<super::Step> {
        let around = step::Around { phase, parent: None, depth: self.depth, config_retry: flow.config.retry.as_ref() };
        let mut steps: Vec<_> = steps.iter().filter_map(|step| self.step(step, around, infos)).collect();
        steps.shrink_to_fit();
        steps
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn check_names(&mut self, flow: &ast::Flow, infos: Vec<StepInfo>) -> Seen {
        let variables = self.variables.clone();
        let strays = flow.strays.iter().chain(every_step(flow).into_iter().flat_map(|step| &step.strays)).cloned().collect();
        let passed = self.inputs.passed.as_ref().map(|passed| passed.input.clone());
        let is_library = flow.library && passed.is_none();
        let names = Names::new(&variables, infos, self.incomplete, strays).passed(passed).library(is_library).rows(self.rows.is_some());
        let mut used = environment::used_variables(&variables, &self.uses);
        used.extend(self.called_names.iter().cloned());
        for Use { names: uses, lets, node, at, kind, first } in &self.uses {
            let place = Place::new(node, *at, *kind, &self.sources);
            let others: Vec<NameUse> = uses.iter().filter(|used| !first.has(&used.name)).cloned().collect();
            names.check(&others, &place, &mut self.diagnostics);
            names.check_lets(lets, &place, &mut self.diagnostics);
        }
        for (condition, at) in &self.conditions {
            let node = condition.node();
            let place = Place::new(&node, *at, TextKind::Expression, &self.sources);
            let is_wrong = |it: &Diagnostic| it.is_error() && node.span.contains(it.span());
            if !self.diagnostics.iter().any(is_wrong) {
                names.decided(condition, &place, &mut self.diagnostics);
            }
        }
        environment::check(&variables, &names, &used, &self.sources, &mut self.diagnostics);
        environment::check_secret_names(flow, &names, &variables, &mut self.diagnostics);
        settle::doubts(flow, &mut self.diagnostics);
        self.doubt_names(flow, &names);
        names.into_seen()
    }

    /// An unknown key: a warning when the caller is lenient.
    fn unknown(&mut self, mut diagnostic: Diagnostic) {
        if self.lenient {
            diagnostic.severity = Severity::Warning;
        }
        self.push(diagnostic);
    }
}
