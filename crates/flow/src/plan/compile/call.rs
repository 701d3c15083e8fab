//! `run_flow`: another flow, found, read and planned for this very call.

use super::{At, Callers, Compiler, Frame, config::Key};
use crate::{
    Code, Diagnostic, Map, Source, Span, Value, ast,
    expr::{self, Fault, Lookup, Space},
    nearest,
    plan::{
        Call, Inputs, NoFlow, Origin, Passed, Plan, Planned, Tree, Variable, VariableValue, Variables, compile::control::key, is_env_name,
    },
    schema::{Object, Shape},
    yaml::{self, Entry, Node},
};
use std::{rc::Rc, sync::Arc};

/// How many variables may be defined by one another where a value must be known.
const DEEPEST: usize = 32;
/// How many calls one flow may come to, those of the called flows counted.
const MOST: usize = 1000;

impl Compiler<'_> {
    /// Plans the flow that a step calls. `None` when it cannot, which is reported.
    pub(super) fn run_flow(&mut self, step: &ast::Step, depth: usize, config: &Tree) -> Option<(Call, Shape)> {
        let node = step.config.as_ref()?.get("flow").filter(|node| !node.is_null())?.clone();
        self.check_count(&node)?;
        let name = self.known_text(&node, "flow")?;
        let (source, document) = self.find(&name, &node)?;
        let flow = self.parsed(&source, document, &name, &node)?;
        self.check_cycle(&flow, &source, &node)?;
        let input = input_of(step);
        let from_file = self.input_file(step);
        let names = input.names.iter().map(|(name, _)| name.clone()).chain(from_file.iter().flat_map(|map| map.keys().cloned()));
        let env = if inherits(config) { self.env_of_caller() } else { Vec::new() };
        let passed = Passed { env: env.clone(), input: names.collect(), all_known: input.all_known };
        let planned = self.called(&flow, &source, passed, depth, node.place());
        self.check_unused(&input, &planned, &flow);
        let inherits: Vec<_> = env.into_iter().map(|(name, _)| name).filter(|name| planned.uses(name)).collect();
        self.called_names.extend(inherits.iter().cloned());
        let plan = Arc::new(planned.plan?);
        let shape = shape(&plan);
        Some((Call { plan, span: node.place(), inherits, from_file: from_file.map(Arc::new) }, shape))
    }

    fn find(&mut self, name: &str, node: &Node) -> Option<(Arc<Source>, Option<u32>)> {
        let found = self.files.flow(&self.file, name);
        let (code, message, help) = match found {
            Ok(found) => return Some((found.source, found.document)),
            Err(NoFlow::Missing(known)) => {
                let near = nearest::nearest(name, known.iter().map(AsRef::as_ref)).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| {
                    "write a path relative to this file, or the name or file stem of a flow under the paths of this run".to_owned()
                });
                (Code::NoSuchFlow, format!("there is no flow `{name}`"), help)
            }
            Err(NoFlow::Ambiguous(places)) => {
                let message = format!("`{name}` may be any of {}", places.join(", "));
                (Code::AmbiguousFlow, message, "write the path of the one that is meant, or give each a name of its own".to_owned())
            }
            Err(NoFlow::Unreadable(why)) => {
                (Code::NoSuchFlow, format!("the flow `{name}` cannot be read: {why}"), "the path is relative to this file".to_owned())
            }
        };
        self.push(Diagnostic::error(code, node.place(), message).help(help));
        None
    }

    /// The flow in the text that was found.
    fn parsed(&mut self, source: &Arc<Source>, document: Option<u32>, name: &str, node: &Node) -> Option<ast::Flow> {
        let id = self.sources.find(source).unwrap_or_else(|| self.sources.add(source.clone()));
        let known = self.calls.files.borrow().get(&id).cloned();
        let file = known.unwrap_or_else(|| {
            let file = Rc::new(ast::parse(source, id, self.lenient));
            self.calls.files.borrow_mut().insert(id, file.clone());
            file
        });
        self.take_over(file.diagnostics.clone(), node.place());
        if file.diagnostics.iter().any(Diagnostic::is_error) {
            return None;
        }
        let flows: Vec<_> = file.flows.iter().filter(|flow| document.is_none_or(|document| document == flow.document)).collect();
        if flows.len() > 1 {
            let names: Vec<_> = flows.iter().map(|flow| format!("`{}`", flow.name.text)).collect();
            let message = format!("`{name}` holds several flows: {}", names.join(", "));
            self.push(Diagnostic::error(Code::AmbiguousFlow, node.place(), message).help("write the name of the one that is meant"));
            return None;
        }
        let flow = flows.first().map(|flow| (*flow).clone());
        if flow.is_none() {
            let none = Diagnostic::error(Code::NoSuchFlow, node.place(), format!("`{name}` holds no flow"));
            self.push(none.help("a flow has `name:` and `steps:`"));
        }
        flow
    }

    /// Calls that multiply would not end today. The first that is too many is reported, and no further one is looked at.
    fn check_count(&mut self, node: &Node) -> Option<()> {
        let count = self.calls.count.get() + 1;
        self.calls.count.set(count);
        if count == MOST + 1 {
            let message = format!("the flow comes to more than {MOST} calls of flows");
            let many = Diagnostic::error(Code::TooLarge, node.place(), message);
            self.push(many.help("call fewer: `for_each` with one call inside repeats it"));
        }
        (count <= MOST).then_some(())
    }

    /// Calls in a circle would never end.
    fn check_cycle(&mut self, flow: &ast::Flow, source: &Source, node: &Node) -> Option<()> {
        let is_called = |frame: &Frame| *frame.file == **source.name() && frame.document == flow.document;
        if let Some(first) = self.frames.iter().position(is_called) {
            let names = self.frames.iter().skip(first).map(|frame| format!("`{}`", frame.name));
            let chain: Vec<_> = names.chain([format!("`{}`", flow.name.text)]).collect();
            let message = format!("these flows call each other: {}", chain.join(" → "));
            let cycle = Diagnostic::error(Code::FlowCycle, node.place(), message);
            self.push(cycle.help("take one of the calls away: `for_each` and `wait_until` repeat steps"));
            return None;
        }
        Some(())
    }

    fn called(&mut self, flow: &ast::Flow, source: &Source, passed: Passed, depth: usize, at: Span) -> Planned {
        let inputs = Inputs { passed: Some(passed), ..self.inputs.clone() };
        let mut frames = self.frames.clone();
        frames.push(Frame { file: source.name().clone(), document: flow.document, name: flow.name.text.clone() });
        let mut planned = super::nested(
            flow,
            self.sources.clone(),
            self.catalog,
            self.files,
            &inputs,
            Callers { frames, depth, calls: self.calls.clone() },
        );
        self.sources = planned.sources.clone();
        self.take_over(std::mem::take(&mut planned.diagnostics), at);
        let secrets = &mut self.called_secrets;
        secrets.texts.append(&mut planned.secrets.texts);
        secrets.places.append(&mut planned.secrets.places);
        planned
    }

    /// What there is to say about a called flow, with the call.
    fn take_over(&mut self, diagnostics: Vec<Diagnostic>, at: Span) {
        for diagnostic in diagnostics {
            let known =
                |said: &&Diagnostic| said.code == diagnostic.code && said.span() == diagnostic.span() && said.message == diagnostic.message;
            if self.diagnostics.iter().find(known).is_none() {
                self.push(diagnostic.with(at, "called here"));
            }
        }
    }

    /// What `input_file` of a call holds: an object.
    fn input_file(&mut self, step: &ast::Step) -> Option<Map> {
        let (value, path, node) = self.input_value(step)?;
        if let Some(map) = value.as_map() {
            return Some(map.clone());
        }
        let message = format!("the input file `{path}` holds no object of names and values");
        self.push(Diagnostic::error(Code::WrongType, node.place(), message).help("write for example `user_id: 7`"));
        None
    }

    /// What `input_file` holds, its path, and where that stands.
    pub(super) fn input_value(&mut self, step: &ast::Step) -> Option<(Value, String, Node)> {
        let node = step.config.as_ref()?.get("input_file").filter(|node| !node.is_null())?.clone();
        let path = self.known_text(&node, "input_file")?;
        let read = self.files.data(&self.file, &path);
        let text = read.map_err(|why| {
            let message = format!("the input file `{path}` cannot be read: {why}");
            self.push(Diagnostic::error(Code::NoSuchFile, node.place(), message).help("the path is relative to the flow file"));
        });
        let source = text.ok()?.source;
        let id = self.sources.add(source.clone());
        let read = yaml::read(&source, id);
        let broken = read.diagnostics.iter().any(Diagnostic::is_error);
        self.take_over(read.diagnostics, node.place());
        let value = read.documents.first().map(|document| document.root.to_value()).unwrap_or_default();
        (!broken).then_some((value, path, node))
    }

    /// The names of this flow's `env` and env file, and whether they are secret.
    fn env_of_caller(&self) -> Vec<(Arc<str>, bool)> {
        let of_flow = |variable: &Variable| matches!(variable.origin, Origin::FlowEnv | Origin::EnvFile(_) | Origin::Inherited);
        let all = self.variables.by_name.iter().filter(|(_, variable)| variable.chain().any(of_flow));
        let mut names: Vec<_> = all.map(|(name, variable)| (name.clone(), variable.chain().any(|it| it.secret))).collect();
        names.sort();
        names
    }

    /// A misspelt input would leave the flow with its default.
    fn check_unused(&mut self, input: &Input, planned: &Planned, flow: &ast::Flow) {
        for (name, span) in input.names.iter().filter(|(name, _)| !planned.uses(name)) {
            let message = format!("the flow `{}` does not use the input `{name}`", flow.name.text);
            let known = planned.used.iter().map(AsRef::as_ref).filter(|used| !input.names.iter().any(|(name, _)| **name == **used));
            let near = nearest::nearest(name, known).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| "take it away, or use it in that flow".to_owned());
            self.push(Diagnostic::warning(Code::UnusedInput, *span, message).help(help));
        }
    }

    /// A text that must be known before anything runs; its templates may name variables that are.
    pub(super) fn known_text(&mut self, node: &Node, key: &str) -> Option<String> {
        // Its names are looked at where the config is read.
        let (uses, said) = (self.uses.len(), self.diagnostics.len());
        let tree = self.tree(node, &Shape::Text(Vec::new()), &Key::language(key), At::Flow);
        self.uses.truncate(uses);
        self.diagnostics.truncate(said);
        match &tree {
            Tree::Fixed(value) => value.to_text().ok(),
            Tree::Text(text) => match text.template.render_text(&Known::new(&self.variables)) {
                Ok(text) => Some(text),
                Err(fault) => {
                    let span = self.span_at(node, fault.range.clone());
                    let message = format!("`{key}` must be known before the run: {}", fault.message);
                    self.push(Diagnostic::error(Code::NoTemplateHere, span, message).help("write it out, or use a variable that is given"));
                    None
                }
            },
            _ => None,
        }
    }
}

/// What `input:` says.
struct Input {
    names: Vec<(Arc<str>, Span)>,
    all_known: bool,
}

/// The names under `input:`, as far as they are known.
fn input_of(step: &ast::Step) -> Input {
    let node = step.config.as_ref().and_then(|config| config.get("input")).filter(|node| !node.is_null());
    let entries = node.and_then(Node::as_map).unwrap_or_default();
    let fixed = |entry: &Entry| !ast::has_template(&entry.key.text);
    let names = entries.iter().filter(|entry| fixed(entry)).map(|entry| (entry.key.text.clone(), entry.key.span)).collect();
    let is_whole = node.is_some_and(|node| node.as_map().is_none());
    Input { names, all_known: !is_whole && entries.iter().all(fixed) }
}

fn inherits(config: &Tree) -> bool {
    let off = |value: &Value| value.as_bool() == Some(false);
    let member = match config {
        Tree::Fixed(value) => value.get("inherit_env").cloned(),
        tree => tree.member("inherit_env").and_then(|tree| if let Tree::Fixed(value) = tree { Some(value.clone()) } else { None }),
    };
    !member.is_some_and(|value| off(&value))
}

/// What a call gives back, as far as the flow says.
fn shape(plan: &Plan) -> Shape {
    let object = |keys: Vec<(&str, Shape)>| {
        Shape::Object(Arc::new(Object { keys: keys.into_iter().map(|(name, shape)| (name.into(), key(shape))).collect(), open: false }))
    };
    let output = object(plan.output.iter().map(|exported| (&*exported.name, Shape::Any)).collect());
    let status = Shape::Text(["passed", "failed", "errored", "cancelled"].into_iter().map(Arc::from).collect());
    let flow = object(vec![("status", status.clone()), ("output", output.clone()), ("name", Shape::Text(Vec::new()))]);
    object(vec![("status", status), ("output", output), ("flow", flow)])
}

impl Planned {
    /// Whether the flow uses a name, as far as that is known.
    fn uses(&self, name: &str) -> bool {
        self.uses_all || self.used.contains(name)
    }
}

/// The variables whose value does not depend on the run.
pub(super) struct Known<'a> {
    variables: &'a Variables,
    depth: usize,
    /// The variable that is being defined: its own name means what is outside.
    defining: Option<&'a str>,
}

impl<'a> Known<'a> {
    pub(super) fn new(variables: &'a Variables) -> Self {
        Self { variables, depth: 0, defining: None }
    }
}

impl expr::Scope for Known<'_> {
    fn lookup(&self, name: &str) -> Lookup {
        if self.defining == Some(name) {
            return self
                .variables
                .outside(name)
                .map_or_else(|| Lookup::NoValue("nothing outside is called that".to_owned()), Lookup::Value);
        }
        let Some((name, variable)) = self.variables.by_name.get_key_value(name) else {
            let process = self.variables.process.get(name).filter(|_| is_env_name(name));
            return process
                .map_or_else(|| Lookup::NoValue("it is no variable".to_owned()), |text| Lookup::Value(Value::text(text.as_str())));
        };
        match &variable.value {
            VariableValue::Template(Tree::Text(text)) if self.depth < DEEPEST => {
                let inner = Known { variables: self.variables, depth: self.depth + 1, defining: Some(name) };
                text.template.render(&inner).map_or_else(|fault| Lookup::NoValue(fault.message), Lookup::Value)
            }
            _ => variable
                .known()
                .map_or_else(|| Lookup::NoValue("it gets its value when the flow runs".to_owned()), |value| Lookup::Value(value.clone())),
        }
    }
    fn member(&self, _: Space, _: &str) -> Lookup {
        Lookup::Unknown
    }
    fn space_value(&self, _: Space) -> Result<Value, Fault> {
        Ok(Value::Null)
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
