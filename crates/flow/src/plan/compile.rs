//! From a flow as it is written to a plan: every text is parsed, every key looked up, every name checked.

mod action;
mod assertion;
mod capture;
mod config;
mod cure;
mod environment;
mod object;
mod settle;
mod step;
mod texts;

use super::{
    Files, Inputs, Plan, Planned, Tree,
    check::{At, Names, Place, StepInfo, TextKind},
    policy,
};
use crate::{
    Diagnostic, Severity, Sources,
    ast::{self, Name},
    catalog::Catalog,
    diagnostic,
    expr::NameUse,
    yaml::Node,
};
use std::{collections::HashMap, ops::Range, sync::Arc};

/// Names of one text, to be checked when all names are known.
struct Use {
    names: Vec<NameUse>,
    /// The variables that `let` declares.
    lets: Vec<(Arc<str>, Range<usize>)>,
    node: Node,
    at: At,
    kind: TextKind,
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
    schemas: HashMap<Arc<str>, Arc<serde_json::Value>>,
    /// Unknown keys of the step being compiled, which perhaps belong to its action; they are reported.
    strays: Vec<Arc<str>>,
    /// Something that gives names could not be read, which is reported.
    incomplete: bool,
    /// The name of the flow's file, beside which others are looked for.
    file: Arc<str>,
}

pub(super) fn plan(flow: &ast::Flow, sources: Sources, catalog: &Catalog, files: &dyn Files, inputs: &Inputs) -> Planned {
    let lists = [&flow.setup, &flow.steps, &flow.teardown];
    let all_ids = lists.iter().flat_map(|steps| steps.iter()).map(|step| &step.id.text);
    let file = sources.get(flow.span.source).map_or_else(|| "".into(), |source| source.name().clone());
    let mut compiler = Compiler {
        sources,
        catalog,
        files,
        lenient: inputs.lenient,
        dashed: all_ids.filter(|id| id.contains('-')).cloned().collect(),
        diagnostics: Vec::new(),
        uses: Vec::new(),
        schemas: HashMap::new(),
        strays: Vec::new(),
        incomplete: flow.incomplete,
        file,
    };
    let variables = compiler.variables(flow, inputs);
    let secrets = variables.known_secrets();
    let timeout = flow.config.timeout.as_ref().and_then(|node| compiler.duration(node, "timeout", At::Flow));
    let teardown_timeout = flow.config.teardown_timeout.as_ref().and_then(|node| compiler.duration(node, "teardown_timeout", At::Flow));
    let mut infos = Vec::new();
    let mut phase = |compiler: &mut Compiler, steps: &[ast::Step], name: &'static str| {
        let compile = |step: &ast::Step| compiler.step(step, name, flow.config.retry.as_ref(), &mut infos);
        steps.iter().filter_map(compile).collect::<Vec<_>>()
    };
    let setup = phase(&mut compiler, &flow.setup, "setup");
    let steps = phase(&mut compiler, &flow.steps, "steps");
    let teardown = phase(&mut compiler, &flow.teardown, "teardown");
    if let Some(node) = &flow.config.retry {
        compiler.config_retry(node);
    }
    compiler.check_names(flow, &variables, infos);
    let mut plan = Plan {
        name: flow.name.text.clone(),
        description: text(flow.description.as_ref()),
        suite: text(flow.suite.as_ref()),
        tags: flow.tags.iter().map(|tag| tag.text.clone()).collect(),
        file: compiler.file.clone(),
        document: flow.document,
        variables: Arc::new(variables),
        secrets: flow.secrets.iter().map(|name| name.text.clone()).collect(),
        timeout,
        teardown_timeout,
        fail_fast: flow.config.fail_fast.unwrap_or(true),
        setup,
        steps,
        teardown,
        schemas: compiler.schemas,
        sources: compiler.sources,
    };
    settle::assertions(&mut plan, &compiler.uses);
    let mut diagnostics = compiler.diagnostics;
    settle::doubts(flow, &mut diagnostics);
    diagnostic::sort(&mut diagnostics);
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    Planned { secrets, sources: plan.sources.clone(), plan: sound.then_some(plan), diagnostics }
}

fn text(name: Option<&Name>) -> Option<Arc<str>> {
    name.map(|name| name.text.clone())
}

impl Compiler<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn check_names(&mut self, flow: &ast::Flow, variables: &super::Variables, infos: Vec<StepInfo>) {
        let lists = [&flow.setup, &flow.steps, &flow.teardown];
        let of_steps = lists.iter().flat_map(|steps| steps.iter()).flat_map(|step| &step.strays);
        let strays = flow.strays.iter().chain(of_steps).cloned().collect();
        let names = Names::new(variables, infos, self.incomplete, strays);
        let used = environment::used_variables(variables, &self.uses);
        for Use { names: uses, lets, node, at, kind } in &self.uses {
            let place = Place::new(node, *at, *kind, &self.sources);
            names.check(uses, &place, &mut self.diagnostics);
            names.check_lets(lets, &place, &mut self.diagnostics);
        }
        environment::check(variables, &names, &used, &self.sources, &mut self.diagnostics);
        environment::check_secret_names(flow, &names, variables, &mut self.diagnostics);
    }

    /// An unknown key: a warning when the caller is lenient.
    fn unknown(&mut self, mut diagnostic: Diagnostic) {
        if self.lenient {
            diagnostic.severity = Severity::Warning;
        }
        self.push(diagnostic);
    }
}
