//! Steps: all that belongs to one, in the order in which it is said.

use super::{
    Compiler,
    action::{output_shape, places},
    config::Key,
    policy::{eventually_shape, retry_shape},
};
use crate::{
    Code, Diagnostic, ast, nearest,
    plan::{
        OnError, RetryOn, Step,
        check::{At, StepInfo},
    },
    schema::Shape,
    yaml::{Kind, Node},
};
use std::sync::Arc;

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
        self.strays.clone_from(&step.strays);
        let captures = step.output.iter().map(|(name, _)| (name.text.clone(), name.span)).collect();
        let spec = self.action(&step.action);
        let output = spec.as_ref().map_or(Shape::Any, |spec| output_shape(spec, step.config.as_ref()));
        infos.push(StepInfo { phase, id: step.id.text.clone(), span: step.id.span, output: output.clone(), captures });
        let first_use = self.uses.len();
        let captures = step
            .output
            .iter()
            .enumerate()
            .filter_map(|(index, (name, node))| self.capture(name, node, At::Captures(ordinal, index)))
            .collect();
        let at = At::Step(ordinal);
        let retry_node = step.retry.as_ref().or(config_retry.filter(|_| phase != "teardown"));
        let when = step.when.as_ref().and_then(|node| self.condition(node, "when", at, None));
        let name = step.name.as_ref().and_then(|node| node.as_scalar().and_then(|scalar| self.template(node, &scalar.text, at)));
        let asserts = self.assertions(step, spec.as_ref(), At::Asserts(ordinal), &output);
        let retry_on =
            retry_node.and_then(|node| node.get("retry_on")).map(|node| self.retry_on(node, At::Asserts(ordinal))).unwrap_or_default();
        let retry = retry_node.map(|node| self.policy(&without(node, "retry_on"), "retry", &retry_shape(), at));
        let eventually = step.eventually.as_ref().map(|node| self.policy(node, "eventually", &eventually_shape(), at));
        let has_asserts = !step.asserts.is_empty() || !asserts.is_empty();
        if let Some(node) = step.eventually.as_ref().filter(|_| !has_asserts) {
            let message = "`eventually` repeats until all assertions hold, and the step has none";
            self.push(Diagnostic::error(Code::MissingKey, node.head(), message).help("add `assert:` with what must become true"));
        }
        let timeout = step.timeout.as_ref().and_then(|node| self.duration(node, "timeout", at));
        let on_error = step.on_error.as_ref().and_then(|node| self.on_error(node));
        let Some(spec) = spec else {
            // Its names are looked at all the same.
            step.config.as_ref().map(|node| self.tree(node, &Shape::Any, &Key::config(), at));
            return None;
        };
        let config = self.config(step, &spec, at);
        let places = places(step, &spec);
        let mut uses: Vec<Arc<str>> =
            self.uses.iter().skip(first_use).flat_map(|used| used.names.iter().map(|name| name.name.clone())).collect();
        uses.sort();
        uses.dedup();
        Some(Step {
            id: step.id.text.clone(),
            phase,
            span: if step.id.span == step.span { step.action.span } else { step.id.span },
            name,
            disabled: step.disabled,
            action: spec.name.clone(),
            timeout_by: spec.timeout,
            shape: spec.config.clone(),
            output,
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

    /// `config.retry` alone: whether or not a step uses it.
    pub(super) fn config_retry(&mut self, node: &Node) {
        // Its names are those of the steps that use it.
        let before = self.uses.len();
        self.policy(&without(node, "retry_on"), "retry", &retry_shape(), At::Flow);
        self.uses.truncate(before);
    }

    fn retry_on(&mut self, node: &Node, at: At) -> Vec<RetryOn> {
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        if items.is_empty() {
            let nothing =
                Diagnostic::error(Code::BadValue, node.place(), "`retry_on` lists nothing: nothing would be worth another attempt");
            self.push(nothing.help("list `failed`, `errored`, `timeout`, a status or an expression, or take the key away"));
        }
        let one = |node: &Node| {
            let text = node.as_scalar().map(|scalar| scalar.text.as_ref()).unwrap_or_default();
            match text {
                "failed" => Some(RetryOn::Failed),
                "errored" => Some(RetryOn::Errored),
                "timeout" => Some(RetryOn::Timeout),
                _ => match node.to_value().as_i64().or_else(|| text.parse().ok()) {
                    Some(status) => Some(RetryOn::Status(status)),
                    None => self.condition(node, "retry_on", at, None).map(RetryOn::Expression),
                },
            }
        };
        items.iter().filter_map(one).collect()
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
