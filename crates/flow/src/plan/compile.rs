//! From a flow as it is written to a plan: every text is parsed, every key looked up, every name checked.

mod assertion;
mod capture;
mod config;
mod cure;
mod environment;
mod settle;
mod step;

use super::{
    Files, Inputs, Plan, Planned, Text, Tree,
    check::{At, Names, Place, StepInfo, TextKind},
    policy,
};
use crate::{
    Code, Diagnostic, Severity, Sources, Span,
    ast::{self, Name},
    catalog::Catalog,
    diagnostic,
    expr::{self, NameUse, ParseError},
    jsonpath,
    schema::Shape,
    template::Template,
    yaml::Node,
};
use std::{collections::HashMap, sync::Arc};

/// Names of one text, to be checked when all names are known.
struct Use {
    names: Vec<NameUse>,
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
    let timeout = flow.config.timeout.as_ref().and_then(|node| compiler.duration(node, At::Flow));
    let teardown_timeout = flow.config.teardown_timeout.as_ref().and_then(|node| compiler.duration(node, At::Flow));
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

/// The next step where a message has none of its own.
fn explained(code: Code) -> String {
    format!("`testmesh explain {code}` shows how it is written")
}

fn text(name: Option<&Name>) -> Option<Arc<str>> {
    name.map(|name| name.text.clone())
}

impl Compiler<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn span_at(&self, node: &Node, range: std::ops::Range<usize>) -> Span {
        self.sources.get(node.span.source).map_or(node.span, |source| node.span_at(source, range))
    }

    fn parse_error(&mut self, error: ParseError, node: &Node) {
        let span = self.span_at(node, error.range);
        let cut = self.is_cut_by_comment(node).then(|| "in YAML ` #` begins a comment: put the text in quotes".to_owned());
        let help = cut.or(error.help).unwrap_or_else(|| explained(error.code));
        self.push(Diagnostic::error(error.code, span, error.message).help(help));
    }

    fn bad_json_path(&mut self, error: jsonpath::ParseError, node: &Node) {
        let span = self.span_at(node, error.range);
        let help = error.help.unwrap_or_else(|| explained(Code::BadJsonPath));
        self.push(Diagnostic::error(Code::BadJsonPath, span, error.message).help(help));
    }

    /// Whether a plain text ends where a comment begins, which is seldom meant in an expression.
    fn is_cut_by_comment(&self, node: &Node) -> bool {
        let plain = node.as_scalar().is_some_and(|scalar| scalar.style == crate::yaml::Style::Plain);
        let rest = self.sources.get(node.span.source).and_then(|source| source.text().get(node.span.end as usize..));
        plain && rest.is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('#'))
    }

    /// A text with its templates, or the fixed value when it has none.
    fn text(&mut self, node: &Node, at: At) -> Tree {
        let Some(scalar) = node.as_scalar() else { return Tree::Fixed(node.to_value()) };
        if !scalar.is_text() || !ast::has_template(&scalar.text) {
            return Tree::Fixed(scalar.value());
        }
        match self.template(node, &scalar.text, at) {
            Some(text) if text.template.is_plain() => Tree::Fixed(plain_text(&text)),
            Some(text) => Tree::Text(text),
            None => Tree::Fixed(scalar.value()),
        }
    }

    fn template(&mut self, node: &Node, text: &str, at: At) -> Option<Text> {
        let options = expr::Options { dashed: &self.dashed, templates: false };
        match Template::parse(text, options) {
            Ok(template) => {
                self.read_schemas(template.schemas(), node);
                self.uses.push(Use { names: template.names(), node: node.clone(), at, kind: TextKind::Template });
                Some(Text { template, node: node.clone() })
            }
            Err(error) => {
                self.parse_error(error, node);
                None
            }
        }
    }

    /// An expression key: its text, or a plain `true` or `200` as text.
    fn expression(&mut self, node: &Node, key: &str, at: At) -> Option<super::Condition> {
        let Some(scalar) = node.as_scalar().filter(|scalar| !scalar.is_null()) else {
            let message = format!("`{key}` must be an expression, and this is {}", node.describe());
            self.push(
                Diagnostic::error(Code::WrongType, node.head(), message).help("write the expression as text, for example `status == 200`"),
            );
            return None;
        };
        if scalar.text.trim().is_empty() {
            let empty = Diagnostic::error(Code::ExpressionSyntax, node.place(), format!("the expression of `{key}` is empty"));
            self.push(empty.help("write one such as `status == 200`, or take the key away"));
            return None;
        }
        let options = expr::Options { dashed: &self.dashed, templates: true };
        match expr::parse(&scalar.text, options) {
            Ok(expr) => {
                self.read_schemas(expr.schemas(), node);
                self.uses.push(Use { names: expr.names(), node: node.clone(), at, kind: TextKind::Expression });
                Some(super::Condition { expr, node: node.clone() })
            }
            Err(error) => {
                self.parse_error(error, node);
                None
            }
        }
    }

    /// A duration, which may be a template.
    fn duration(&mut self, node: &Node, at: At) -> Option<Text> {
        let tree = self.text(node, at);
        if let Tree::Fixed(value) = &tree
            && let Err(bad) = crate::duration::from_value(value)
        {
            self.push(Diagnostic::error(Code::BadDuration, node.head(), bad.message).help(bad.help));
            return None;
        }
        match tree {
            Tree::Text(text) => Some(text),
            // A fixed one is kept as a template without holes: its text is what was written.
            _ => Template::parse(&node.as_scalar()?.text, expr::Options::default())
                .ok()
                .map(|template| Text { template, node: node.clone() }),
        }
    }

    /// A key of the language whose value has a shape of its own.
    fn policy(&mut self, node: &Node, key: &str, shape: &Shape, at: At) -> Tree {
        self.tree(node, shape, &config::Key::language(key), at)
    }

    fn read_schemas(&mut self, named: &[(Arc<str>, std::ops::Range<usize>)], node: &Node) {
        for (path, range) in named {
            if self.schemas.contains_key(path) {
                continue;
            }
            let read = self
                .files
                .read(&self.file, path)
                .and_then(|file| serde_json::from_str(file.source.text()).map_err(|error| error.to_string()));
            match read {
                Ok(schema) => {
                    self.schemas.insert(path.clone(), Arc::new(schema));
                }
                Err(why) => {
                    let span = self.span_at(node, range.clone());
                    let message = format!("the schema file `{path}` cannot be read: {why}");
                    self.push(Diagnostic::error(Code::NoSuchFile, span, message).help("the path is relative to the flow file"));
                }
            }
        }
    }

    fn check_names(&mut self, flow: &ast::Flow, variables: &super::Variables, infos: Vec<StepInfo>) {
        let names = Names::new(variables, infos, self.incomplete);
        let used = environment::used_variables(variables, &self.uses);
        for Use { names: uses, node, at, kind } in &self.uses {
            names.check(uses, &Place::new(node, *at, *kind, &self.sources), &mut self.diagnostics);
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

/// What a template without holes says: its escapes undone.
fn plain_text(text: &Text) -> crate::Value {
    struct Nothing;
    impl expr::Scope for Nothing {
        fn lookup(&self, _: &str) -> expr::Lookup {
            expr::Lookup::Unknown
        }
        fn member(&self, _: expr::Space, _: &str) -> expr::Lookup {
            expr::Lookup::Unknown
        }
        fn space_value(&self, _: expr::Space) -> Result<crate::Value, expr::Fault> {
            Ok(crate::Value::Null)
        }
        fn known_names(&self) -> Vec<Arc<str>> {
            Vec::new()
        }
        fn now(&self) -> jiff::Zoned {
            jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC)
        }
        fn random(&self, _: &str) -> [u8; 16] {
            [0; 16]
        }
        fn schema(&self, _: &str) -> Option<Arc<serde_json::Value>> {
            None
        }
    }
    text.template.render_text(&Nothing).map_or_else(|_| crate::Value::text(text.template.text()), crate::Value::from)
}
