//! Steps: all that belongs to one, in the order in which it is said.

use super::{
    Compiler,
    action::{output_shape, places},
    config::Key,
    control::looked_at,
    policy::{eventually_shape, retry_shape},
};
use crate::{
    Code, Diagnostic, ast,
    catalog::control_kind,
    nearest,
    plan::{
        OnError, Policies, RetryOn, Step,
        check::{At, Inside, MayLack, StepInfo},
    },
    schema::Shape,
    yaml::{Kind, Node},
};
use std::sync::Arc;

/// Where a step stands.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) phase: &'static str,
    /// The step that it stands in, and the ordinal of the list there.
    pub(super) parent: Option<(usize, usize)>,
    /// How many steps are around it, those around the calls that lead here counted.
    pub(super) depth: usize,
    pub(super) config_retry: Option<&'a Node>,
}

/// What is known of a step before those inside it are read.
fn info(step: &ast::Step, around: Around, ordinal: usize, output: Shape) -> StepInfo {
    let when = step.when.as_ref().and_then(Node::as_scalar).map(|scalar| MayLack::When(scalar.text.clone()));
    StepInfo {
        phase: around.phase,
        id: step.id.text.clone(),
        span: step.id.span,
        output,
        captures: step.output.iter().map(|(name, _)| (name.text.clone(), name.span)).collect(),
        parent: around.parent,
        inside: Inside::Nothing,
        end: ordinal + 1,
        may_lack: if step.disabled { Some(MayLack::Disabled) } else { when },
        guards: Vec::new(),
    }
}

impl Compiler<'_> {
    /// Compiles a step and adds what is known of it, and of those inside it, to `infos`. `None` when its action is unknown; its names are
    /// known all the same.
    pub(super) fn step(&mut self, step: &ast::Step, around: Around, infos: &mut Vec<StepInfo>) -> Option<Step> {
        let ordinal = infos.len();
        self.strays.clone_from(&step.strays);
        let spec = self.action(&step.action);
        let output = spec.as_ref().map_or(Shape::Any, |spec| output_shape(spec, step.config.as_ref()));
        infos.push(info(step, around, ordinal, output.clone()));
        let first_use = self.uses.len();
        let named = step.output.iter().enumerate();
        let captures = named.filter_map(|(index, (name, node))| self.capture(name, node, At::Captures(ordinal, index))).collect();
        let at = At::Step(ordinal);
        let policies = self.policies(step, around, ordinal);
        let when = step.when.as_ref().and_then(|node| self.condition(node, "when", at, None));
        if let (Some(when), Some(info)) = (&when, infos.get_mut(ordinal)) {
            info.guards.extend(looked_at(when));
        }
        let name = step.name.as_ref().and_then(|node| node.as_scalar().and_then(|scalar| self.template(node, &scalar.text, at)));
        let asserts = self.assertions(step, spec.as_deref(), At::Asserts(ordinal), &output);
        self.check_eventually(step, !asserts.is_empty());
        let on_error = step.on_error.as_ref().and_then(|node| self.on_error(node));
        if on_error == Some(OnError::Ignore)
            && let Some(info) = infos.get_mut(ordinal)
        {
            info.may_lack.get_or_insert(MayLack::Ignored);
        }
        let Some(spec) = spec else {
            // Its names are looked at all the same, and those of the steps inside.
            step.config.as_ref().map(|node| self.tree(node, &Shape::Any, &Key::config(), at));
            self.steps_inside(step, around, ordinal, infos);
            return None;
        };
        let config = self.config(step, &spec, at);
        let places = places(step, &spec);
        let uses = self.names_used(first_use);
        let mut compiled = Step {
            id: step.id.text.clone(),
            phase: around.phase,
            span: if step.id.span == step.span { step.action.span } else { step.id.span },
            name,
            disabled: step.disabled,
            control: None,
            action: spec,
            output,
            config,
            places,
            when: when.map(Box::new),
            asserts,
            captures,
            policies,
            on_error,
            asserted: Box::default(),
            uses: uses.into(),
        };
        self.control(step, around, ordinal, &mut compiled, infos);
        Some(compiled)
    }

    fn policies(&mut self, step: &ast::Step, around: Around, ordinal: usize) -> Option<Box<Policies>> {
        let at = At::Step(ordinal);
        // That of the flow is for actions: what holds steps would repeat all of them.
        let of_flow = around.config_retry.filter(|_| around.phase != "teardown" && control_kind(&step.action.text).is_none());
        let retry = step.retry.as_ref().or(of_flow);
        let retry_on = retry.and_then(|node| node.get("retry_on")).map(|node| self.retry_on(node, At::Asserts(ordinal)));
        let policies = Policies {
            retry_on: retry_on.unwrap_or_default(),
            retry: retry.map(|node| self.policy(&without(node, "retry_on"), "retry", &retry_shape(), at)),
            eventually: step.eventually.as_ref().map(|node| self.policy(node, "eventually", &eventually_shape(), at)),
            timeout: step.timeout.as_ref().and_then(|node| self.duration(node, "timeout", at)),
        };
        let says = policies.retry.is_some() || policies.eventually.is_some() || policies.timeout.is_some();
        says.then(|| Box::new(policies))
    }

    fn check_eventually(&mut self, step: &ast::Step, asserts: bool) {
        if let Some(node) = step.eventually.as_ref().filter(|_| step.asserts.is_empty() && !asserts) {
            let message = "`eventually` repeats until all assertions hold, and the step has none";
            self.push(Diagnostic::error(Code::MissingKey, node.head(), message).help("add `assert:` with what must become true"));
        }
    }

    /// The names that texts use which were read since `first`.
    fn names_used(&self, first: usize) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> =
            self.uses.iter().skip(first).flat_map(|used| used.names.iter().map(|name| name.name.clone())).collect();
        names.sort();
        names.dedup();
        names
    }

    /// `config.retry` alone: whether or not a step uses it.
    pub(super) fn config_retry(&mut self, node: &Node) {
        // Its names are those of the steps that use it.
        let before = self.uses.len();
        self.policy(&without(node, "retry_on"), "retry", &retry_shape(), At::Flow);
        self.uses.truncate(before);
    }

    fn retry_on(&mut self, node: &Node, at: At) -> Box<[RetryOn]> {
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        if items.is_empty() {
            let nothing =
                Diagnostic::error(Code::BadValue, node.place(), "`retry_on` lists nothing: nothing would be worth another attempt");
            self.push(nothing.help("list `failed`, `errored`, `timeout`, a status or an expression, or take the key away"));
        }
        let mut one = |node: &Node| {
            let text = node.as_scalar().map(|scalar| scalar.text.as_ref()).unwrap_or_default();
            match text {
                "failed" => Some(RetryOn::Failed),
                "errored" => Some(RetryOn::Errored),
                "timeout" => Some(RetryOn::Timeout),
                _ => match node.to_value().as_i64().or_else(|| text.parse().ok()) {
                    Some(status) => Some(RetryOn::Status(status)),
                    None if self.is_slip(node, text) => None,
                    None => self.condition(node, "retry_on", at, None).map(|condition| RetryOn::Expression(Box::new(condition))),
                },
            }
        };
        items.iter().filter_map(&mut one).collect()
    }

    /// Whether a word of `retry_on` is a misspelt one of its own, which is then reported.
    fn is_slip(&mut self, node: &Node, text: &str) -> bool {
        let near = ["failed", "errored", "timeout"].into_iter().find(|word| nearest::distance(text, word, 1) <= 1);
        if let Some(near) = near {
            let wrong = Diagnostic::error(Code::BadValue, node.place(), format!("`retry_on` cannot be `{text}`"));
            self.push(wrong.help(format!("did you mean `{near}`?")));
        }
        near.is_some()
    }

    fn on_error(&mut self, node: &Node) -> Option<OnError> {
        const CHOICES: [&str; 3] = ["fail", "continue", "ignore"];
        const HELP: &str = "write `fail`, `continue` or `ignore`";
        let inner = match &node.kind {
            Kind::Map(entries) => {
                let action = entries.iter().find(|entry| &*entry.key.text == "action");
                for entry in entries.iter().filter(|entry| &*entry.key.text != "action") {
                    let message = format!("`on_error` has no key `{}`", entry.key.text);
                    let unknown = Diagnostic::error(Code::UnknownKey, entry.key.span, message);
                    self.unknown(unknown.help("write `on_error: continue`, or `on_error: {action: continue}`"));
                }
                if action.is_none() && !entries.is_empty() && !self.lenient {
                    return None;
                }
                action.map(|entry| &entry.value)
            }
            _ => Some(node),
        };
        match inner.and_then(Node::as_str) {
            Some("fail") => Some(OnError::Fail),
            Some("continue") => Some(OnError::Continue),
            Some("ignore") => Some(OnError::Ignore),
            found => {
                let words = inner.map_or_else(|| "nothing".into(), Node::describe);
                let wrong = Diagnostic::error(Code::BadValue, inner.unwrap_or(node).head(), format!("`on_error` cannot be {words}"));
                let near = found.and_then(|found| nearest::nearest(found, CHOICES));
                self.push(wrong.help(near.map_or_else(|| HELP.to_owned(), |near| format!("did you mean `{near}`?"))));
                None
            }
        }
    }
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
