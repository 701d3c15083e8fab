//! Steps: the action and its config, conditions, assertions, captures and policies.

use super::{
    Compiler, Use,
    config::Key,
    policy::{eventually_shape, retry_shape},
};
use crate::{
    Code, Diagnostic, Span,
    ast::{self, Name},
    catalog::ActionSpec,
    jsonpath,
    plan::{
        Assertion, Capture, CapturePath, OnError, Plan, RetryOn, Step,
        check::{At, StepInfo},
        tree::Tree,
    },
    schema::{Key as SchemaKey, KeyKind, Object, Shape},
    yaml::{Kind, Node},
};
use std::{collections::HashMap, sync::Arc};

impl Compiler<'_> {
    /// Compiles a step and adds what is known of it to `infos`. `None` when its action is unknown; its names are known all the same.
    pub(super) fn step(
        &mut self,
        step: &ast::Step,
        phase: &'static str,
        config_retry: Option<&Node>,
        infos: &mut Vec<StepInfo>,
    ) -> Option<Step> {
        let ordinal = infos.len();
        let captures = step.output.iter().map(|(name, _)| name.text.clone()).collect();
        let spec = self.action(&step.action);
        let output = spec.as_ref().map_or(Shape::Any, |spec| output_shape(spec, step.config.as_ref()));
        infos.push(StepInfo { phase, id: step.id.text.clone(), output, captures });
        let first_use = self.uses.len();
        let captures = step
            .output
            .iter()
            .enumerate()
            .filter_map(|(index, (name, node))| self.capture(name, node, At::Captures(ordinal, index)))
            .collect();
        let at = At::Step(ordinal);
        let retry_node = step.retry.as_ref().or(config_retry.filter(|_| phase != "teardown"));
        let when = step.when.as_ref().and_then(|node| self.expression(node, "when", at));
        let name = step.name.as_ref().and_then(|node| node.as_scalar().and_then(|scalar| self.template(node, &scalar.text, at)));
        let asserts = self.assertions(step, spec.as_ref(), At::Asserts(ordinal));
        let retry_on =
            retry_node.and_then(|node| node.get("retry_on")).map(|node| self.retry_on(node, At::Asserts(ordinal))).unwrap_or_default();
        let retry = retry_node.map(|node| self.policy(&without(node, "retry_on"), "retry", &retry_shape(), at));
        let eventually = step.eventually.as_ref().map(|node| self.policy(node, "eventually", &eventually_shape(), at));
        if let Some(node) = step.eventually.as_ref().filter(|_| asserts.is_empty()) {
            let message = "`eventually` repeats until all assertions hold, and the step has none";
            self.push(Diagnostic::error(Code::MissingKey, node.place(), message).help("add `assert:` with what must become true"));
        }
        let timeout = step.timeout.as_ref().and_then(|node| self.duration(node, at));
        let on_error = step.on_error.as_ref().and_then(|node| self.on_error(node));
        let spec = spec?;
        let config = self.config(step, &spec, at);
        let places = places(step, &spec);
        let mut uses: Vec<Arc<str>> =
            self.uses.iter().skip(first_use).flat_map(|used| used.names.iter().map(|name| name.name.clone())).collect();
        uses.sort();
        uses.dedup();
        Some(Step {
            id: step.id.text.clone(),
            span: if step.id.span == step.span { step.action.span } else { step.id.span },
            name,
            disabled: step.disabled,
            action: spec.name.clone(),
            timeout_by: spec.timeout,
            shape: spec.config.clone(),
            subject: spec.subject.clone(),
            config,
            places,
            when,
            asserts,
            captures,
            retry,
            retry_on,
            eventually,
            timeout,
            on_error,
            asserted: Vec::new(),
            uses,
        })
    }

    fn action(&mut self, name: &Name) -> Option<ActionSpec> {
        let Some(spec) = self.catalog.find(&name.text) else {
            let message = format!("there is no action `{}`", name.text);
            let diagnostic = Diagnostic::error(Code::UnknownAction, name.span, message).did_you_mean(&name.text, self.catalog.names());
            let diagnostic =
                if diagnostic.help.is_none() { diagnostic.help("`testmesh actions` lists those there are") } else { diagnostic };
            self.push(diagnostic);
            return None;
        };
        if !spec.in_build {
            let message = format!("the action `{}` is part of the language, but not in this build", name.text);
            self.push(
                Diagnostic::error(Code::NotInThisBuild, name.span, message)
                    .help("use a build that contains it; `testmesh actions` lists what this one has"),
            );
            return None;
        }
        Some(spec.clone())
    }

    fn config(&mut self, step: &ast::Step, spec: &ActionSpec, at: At) -> Tree {
        let Some(object) = spec.config.object() else {
            return step.config.as_ref().map_or(Tree::Fixed(crate::Value::Null), |node| self.tree(node, &spec.config, &Key::config(), at));
        };
        let assert = &*spec.name == "assert";
        match &step.config {
            None => self.object(step.action.span, &[], object, &Key::config(), at),
            Some(Node { kind: Kind::Map(entries), .. }) => {
                // The expressions of `assert` are assertions of the step: they are compiled as such.
                let kept: Vec<_> = entries.iter().filter(|entry| !(assert && is_assertion_key(&entry.key.text))).cloned().collect();
                self.object(step.action.span, &kept, object, &Key::config(), at)
            }
            Some(node) => self.tree(node, &spec.config, &Key::config(), at),
        }
    }

    fn assertions(&mut self, step: &ast::Step, spec: Option<&ActionSpec>, at: At) -> Vec<Assertion> {
        let mut nodes: Vec<Node> = step.asserts.clone();
        if spec.is_some_and(|spec| &*spec.name == "assert")
            && let Some(config) = &step.config
        {
            let under = |key: &str| config.get(key).filter(|node| !node.is_null());
            nodes.extend(under("expression").cloned());
            if let Some(node) = under("assertions") {
                nodes.extend(node.as_list().map_or_else(|| vec![node.clone()], <[Node]>::to_vec));
            }
            if nodes.is_empty() {
                let message = "the step asserts nothing";
                self.push(
                    Diagnostic::error(Code::MissingConfigKey, step.action.span, message)
                        .help("add `assertions:` with a list of expressions"),
                );
            }
        }
        nodes.iter().filter_map(|node| self.assertion(node, at)).collect()
    }

    /// An expression, or `{expression, message}`.
    fn assertion(&mut self, node: &Node, at: At) -> Option<Assertion> {
        let Kind::Map(entries) = &node.kind else {
            let condition = self.expression(node, "assert", at)?;
            return Some(Assertion { condition, message: None });
        };
        const KEYS: [&str; 2] = ["expression", "message"];
        for entry in entries.iter().filter(|entry| !KEYS.contains(&entry.key.text.as_ref())) {
            let found = entry.key.text.as_ref();
            if ["response", "matches_schema"].contains(&found) {
                let message = format!("`{found}` is part of the language, but not in this build");
                self.push(
                    Diagnostic::error(Code::NotInThisBuild, entry.key.span, message)
                        .help("write `matches_schema(response, …)` as an expression"),
                );
            } else {
                let diagnostic = Diagnostic::error(Code::UnknownKey, entry.key.span, format!("an assertion has no key `{found}`"))
                    .did_you_mean(found, KEYS);
                let diagnostic = if diagnostic.help.is_none() {
                    diagnostic.help("the keys are expression, message; an expression that holds `: ` must be quoted")
                } else {
                    diagnostic
                };
                self.unknown(diagnostic);
            }
        }
        let Some(expression) = node.get("expression").filter(|node| !node.is_null()) else {
            let span = node.place();
            self.push(
                Diagnostic::error(Code::MissingKey, span, "the assertion has no `expression`")
                    .help("write `{expression: \"status == 200\", message: …}`"),
            );
            return None;
        };
        let condition = self.expression(expression, "expression", at)?;
        let message = node.get("message").and_then(|node| self.template(node, &node.as_scalar()?.text, at));
        Some(Assertion { condition, message })
    }

    /// A path, or `{path, default, secret}`.
    fn capture(&mut self, name: &Name, node: &Node, at: At) -> Option<Capture> {
        let Kind::Map(entries) = &node.kind else {
            let path = self.capture_path(node, at)?;
            return Some(Capture { name: name.text.clone(), path, node: node.clone(), default: None, secret: false });
        };
        const KEYS: [&str; 3] = ["path", "default", "secret"];
        for entry in entries.iter().filter(|entry| !KEYS.contains(&entry.key.text.as_ref())) {
            let found = entry.key.text.as_ref();
            let diagnostic =
                Diagnostic::error(Code::UnknownKey, entry.key.span, format!("a capture has no key `{found}`")).did_you_mean(found, KEYS);
            let diagnostic = if diagnostic.help.is_none() { diagnostic.help("the keys are path, default, secret") } else { diagnostic };
            self.unknown(diagnostic);
        }
        let Some(path_node) = node.get("path").filter(|node| !node.is_null()) else {
            self.push(Diagnostic::error(Code::MissingKey, node.place(), format!("the capture `{}` has no `path`", name.text)));
            return None;
        };
        let path = self.capture_path(path_node, at)?;
        let default = node.get("default").map(|node| self.tree(node, &Shape::Any, &Key::language("default"), at));
        let secret = match node.get("secret") {
            None => false,
            Some(secret) => secret.to_value().as_bool().unwrap_or_else(|| {
                let message = format!("`secret` must be true or false, and this is {}", secret.describe());
                self.push(Diagnostic::error(Code::WrongType, secret.place(), message));
                false
            }),
        };
        Some(Capture { name: name.text.clone(), path, node: path_node.clone(), default, secret })
    }

    fn capture_path(&mut self, node: &Node, at: At) -> Option<CapturePath> {
        let Some(text) = node.as_str() else {
            let message = format!("a capture is a path or an expression, and this is {}", node.describe());
            self.push(Diagnostic::error(Code::WrongType, node.place(), message).help("write for example `user_id: \"$.id\"`"));
            return None;
        };
        let trimmed = text.trim();
        let templated = text.contains("${") || text.contains("{{");
        if trimmed == "$" {
            return Some(CapturePath::Whole);
        }
        if trimmed.starts_with("$.") || trimmed.starts_with("$[") {
            return if templated { self.template(node, text, at).map(CapturePath::Rendered) } else { self.json_path_capture(node, text) };
        }
        if trimmed.starts_with("${") || trimmed.starts_with("{{") {
            return self.template(node, text, at).map(CapturePath::Template);
        }
        self.expression(node, "output", at).map(|condition| CapturePath::Expression(condition.expr))
    }

    fn json_path_capture(&mut self, node: &Node, text: &str) -> Option<CapturePath> {
        match jsonpath::parse(text) {
            Ok(query) => Some(CapturePath::JsonPath(query)),
            Err(error) => {
                let span = self.span_at(node, error.range);
                let diagnostic = Diagnostic::error(Code::BadJsonPath, span, error.message);
                self.push(match error.help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
                None
            }
        }
    }

    fn retry_on(&mut self, node: &Node, at: At) -> Vec<RetryOn> {
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        let one = |node: &Node| {
            let text = node.as_scalar().map(|scalar| scalar.text.as_ref()).unwrap_or_default();
            match text {
                "failed" => Some(RetryOn::Failed),
                "errored" => Some(RetryOn::Errored),
                "timeout" => Some(RetryOn::Timeout),
                _ => match node.to_value().as_i64().or_else(|| text.parse().ok()) {
                    Some(status) => Some(RetryOn::Status(status)),
                    None => self.expression(node, "retry_on", at).map(RetryOn::Expression),
                },
            }
        };
        items.iter().filter_map(one).collect()
    }

    fn on_error(&mut self, node: &Node) -> Option<OnError> {
        const CHOICES: [&str; 3] = ["fail", "continue", "ignore"];
        let inner = match &node.kind {
            Kind::Map(entries) => {
                for entry in entries.iter().filter(|entry| &*entry.key.text != "action") {
                    let found = entry.key.text.as_ref();
                    let diagnostic = Diagnostic::error(Code::UnknownKey, entry.key.span, format!("`on_error` has no key `{found}`"));
                    self.unknown(diagnostic.did_you_mean(found, ["action"]).help("write `on_error: fail`, `continue` or `ignore`"));
                }
                node.get("action")
            }
            _ => Some(node),
        };
        match inner.and_then(Node::as_str) {
            Some("fail") => Some(OnError::Fail),
            Some("continue") => Some(OnError::Continue),
            Some("ignore") => Some(OnError::Ignore),
            found => {
                let words = inner.map_or_else(|| "nothing".into(), Node::describe);
                let message = format!("`on_error` is one of `fail`, `continue`, `ignore`, and this is {words}");
                let diagnostic = Diagnostic::error(Code::BadValue, inner.unwrap_or(node).place(), message);
                self.push(diagnostic.did_you_mean(found.unwrap_or_default(), CHOICES));
                None
            }
        }
    }
}

/// Where the values of the config's keys stand, under the keys' proper names.
fn places(step: &ast::Step, spec: &ActionSpec) -> Vec<(Arc<str>, Span)> {
    let entries = step.config.as_ref().and_then(Node::as_map).unwrap_or_default();
    let proper =
        |name: &Arc<str>| spec.config.object().and_then(|object| object.find(name)).map_or_else(|| name.clone(), |(name, _)| name.clone());
    entries.iter().map(|entry| (proper(&entry.key.text), entry.value.place())).collect()
}

fn is_assertion_key(key: &str) -> bool {
    ["assertions", "expression"].contains(&key)
}

/// A copy of an object without one key.
fn without(node: &Node, key: &str) -> Node {
    match &node.kind {
        Kind::Map(entries) if node.entry(key).is_some() => {
            let kept = entries.iter().filter(|entry| &*entry.key.text != key).cloned().collect();
            Node { kind: Kind::Map(Arc::new(kept)), ..node.clone() }
        }
        _ => node.clone(),
    }
}

/// What a step gives back: of `assert` and `transform` the config says it.
fn output_shape(spec: &ActionSpec, config: Option<&Node>) -> Shape {
    let key = match spec.name.as_ref() {
        "assert" => "data",
        "transform" => "transforms",
        _ => return spec.output.clone(),
    };
    let Some(entries) = config.and_then(|node| node.get(key)).and_then(Node::as_map) else {
        return if key == "data" && config.is_none_or(|node| node.get(key).is_none()) { Shape::Object(Arc::default()) } else { Shape::Any };
    };
    let any = || SchemaKey {
        shape: Shape::Any,
        required: false,
        aliases: Vec::new(),
        kind: KeyKind::Value,
        secret: false,
        in_build: true,
        about: "".into(),
    };
    Shape::Object(Arc::new(Object { keys: entries.iter().map(|entry| (entry.key.text.clone(), any())).collect(), open: false }))
}

/// Tells each step which of its output fields somebody asserts on or reads through its id.
pub(super) fn settle_assertions(plan: &mut Plan, uses: &[Use]) {
    let mut own: HashMap<usize, Vec<Arc<str>>> = HashMap::new();
    let mut by_id: HashMap<Arc<str>, Vec<Arc<str>>> = HashMap::new();
    for Use { names, at, .. } in uses {
        for used in names {
            let member = |index: usize| used.path.get(index).map(|(name, _)| name.clone());
            match (at, used.name.as_ref()) {
                (At::Asserts(step), "response" | "result") => own.entry(*step).or_default().extend(member(0)),
                (At::Asserts(step), _) => own.entry(*step).or_default().push(used.name.clone()),
                _ => {}
            }
            match used.name.as_ref() {
                "steps" | "setup" | "teardown" => {
                    if let (Some(id), Some(field)) = (member(0), member(1)) {
                        by_id.entry(id).or_default().push(field);
                    }
                }
                _ => by_id.entry(used.name.clone()).or_default().extend(member(0)),
            }
        }
    }
    let all = plan.setup.iter_mut().chain(&mut plan.steps).chain(&mut plan.teardown);
    for (index, step) in all.enumerate() {
        step.asserted = own.remove(&index).unwrap_or_default();
        step.asserted.extend(by_id.get(&step.id).into_iter().flatten().cloned());
    }
}

/// What is legal and looks like a mistake.
pub(super) fn doubts(flow: &ast::Flow, diagnostics: &mut Vec<Diagnostic>) {
    const ASSERTING: [&str; 2] = ["wait_for", "exec"];
    let asserts = |step: &ast::Step| {
        !step.asserts.is_empty() || step.action.text.as_ref() == "assert" || ASSERTING.contains(&step.action.text.as_ref())
    };
    if !flow.steps.is_empty() && !flow.steps.iter().any(asserts) {
        let message = "the steps of the flow assert nothing: it passes whatever comes back";
        diagnostics.push(Diagnostic::warning(Code::AssertsNothing, flow.name.span, message).help("add `assert:` to the step that matters"));
    }
}
