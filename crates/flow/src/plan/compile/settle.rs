//! What can be said once all is compiled: what somebody asserts on, and what looks like a mistake.

use super::{At, Compiler, Use};
use crate::{
    Code, Diagnostic, Span, ast,
    plan::{
        ASSERTING, Control, Live, OnError, Plan, Step,
        check::{Names, Place, Used, words},
    },
    schema::Shape,
    yaml::{Kind, Node},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Tells each step which of its output fields somebody asserts on or reads through its id.
pub(super) fn assertions(plan: &mut Plan, uses: &[Use]) {
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
    let mut ordinal = 0;
    for steps in [&mut plan.setup, &mut plan.steps, &mut plan.teardown] {
        give(steps, &mut ordinal, &mut own, &by_id);
    }
}

/// Numbers the steps as they were compiled: each before those inside it.
fn give(steps: &mut [Step], ordinal: &mut usize, own: &mut HashMap<usize, Vec<Arc<str>>>, by_id: &HashMap<Arc<str>, Vec<Arc<str>>>) {
    for step in steps {
        let mut asserted = own.remove(ordinal).unwrap_or_default();
        asserted.extend(by_id.get(&step.id).into_iter().flatten().cloned());
        asserted.sort();
        asserted.dedup();
        step.asserted = asserted.into();
        *ordinal += 1;
        for inner in step.control.as_deref_mut().map(Control::lists_mut).unwrap_or_default() {
            give(inner, ordinal, own, by_id);
        }
    }
}

/// The names that an expression may look up later.
pub(super) fn live(uses: &[Use], lists: [&[Step]; 3]) -> Live {
    let mut given = Given::default();
    for list in lists {
        given.add(list, false);
    }
    let mut all = false;
    for used in uses.iter().flat_map(|used| &used.names) {
        let member = used.path.first().map(|(name, _)| name);
        match (used.name.as_ref(), member) {
            ("steps" | "setup" | "teardown", Some(id)) => mark(&mut given.outputs, id),
            ("vars", Some(name)) => mark(&mut given.captures, name),
            ("steps" | "setup" | "teardown" | "vars" | "$env", None) => all = true,
            (name, _) => {
                mark(&mut given.outputs, name);
                mark(&mut given.captures, name);
            }
        }
    }
    let sorted = |names: BTreeMap<Arc<str>, bool>| names.into_iter().collect();
    Live { outputs: sorted(given.outputs), captures: sorted(given.captures), all }
}

/// What steps may give, and whether it is used.
#[derive(Default)]
struct Given {
    outputs: BTreeMap<Arc<str>, bool>,
    captures: BTreeMap<Arc<str>, bool>,
}

impl Given {
    /// Loops and branches give what was captured in them, by name.
    fn add(&mut self, steps: &[Step], is_given: bool) {
        for step in steps {
            self.outputs.entry(step.id.clone()).or_default();
            for capture in &step.captures {
                *self.captures.entry(capture.name.clone()).or_default() |= is_given;
            }
            if let Some(control) = &step.control {
                let gives = is_given || matches!(**control, Control::ForEach(_) | Control::Parallel { .. });
                control.lists().for_each(|list| self.add(list, gives));
            }
        }
    }
}

fn mark(names: &mut BTreeMap<Arc<str>, bool>, name: &str) {
    if let Some(used) = names.get_mut(name) {
        *used = true;
    }
}

impl Compiler<'_> {
    /// Names that are given and not used, or used for two things. Where a name is wrong, what it was to be may look unused.
    pub(super) fn doubt_names(&mut self, flow: &ast::Flow, names: &Names) {
        let mut found = Vec::new();
        let uses = self.uses.iter().flat_map(|it| it.names.iter().map(move |used| (used, it)));
        names.replaced_variables(uses.map(|(used, it)| (used, Place::new(&it.node, it.at, it.kind, &self.sources))), &mut found);
        let is_wrong = |it: &Diagnostic| it.is_error() && it.code != Code::NotInThisBuild;
        let looks_up = self.uses.iter().flat_map(|it| &it.names).any(|used| used.path.is_empty() && SPACES.contains(&used.name.as_ref()));
        if flow.sound && !looks_up && !self.diagnostics.iter().any(is_wrong) {
            let mut used = Used::new(self.uses.iter().flat_map(|it| &it.names));
            used.add_words(self.unread.iter().flat_map(words));
            let secret = secret_captures(flow);
            let is_secret = |span: Span, name: &str| secret.contains(&span) || flow.secrets.iter().any(|secret| *secret.text == *name);
            names.unused_captures(&used, is_secret, &mut found);
        }
        self.diagnostics.append(&mut found);
    }

    /// Keeps the texts of a value that nobody reads before the run: those with templates, and those that are expressions by their key.
    pub(super) fn keep_unread(&mut self, key: &str, node: &Node) {
        const EXPRESSIONS: [&str; 8] =
            ["assert", "assertions", "condition", "expression", "items", "json_path", "success_condition", "where"];
        match &node.kind {
            Kind::Scalar(scalar) if ast::has_template(&scalar.text) || EXPRESSIONS.contains(&key) => self.unread.push(scalar.text.clone()),
            Kind::Scalar(_) => {}
            Kind::List(items) => items.iter().for_each(|item| self.keep_unread(key, item)),
            Kind::Map(entries) => {
                for entry in entries.iter() {
                    self.keep_unread(&entry.key.text, &entry.value);
                    if ast::has_template(&entry.key.text) {
                        self.unread.push(entry.key.text.clone());
                    }
                }
            }
        }
    }
}

/// Used as a whole they may be asked for any name.
const SPACES: [&str; 5] = ["steps", "setup", "teardown", "vars", "$env"];

/// Where the names of those captures stand that are secret.
fn secret_captures(flow: &ast::Flow) -> Vec<Span> {
    let is_secret = |node: &Node| node.get("secret").and_then(|node| node.to_value().as_bool()) == Some(true);
    let captures = super::every_step(flow).into_iter().flat_map(|step| &step.output);
    captures.filter(|(_, node)| is_secret(node)).map(|(name, _)| name.span).collect()
}

/// What is legal and looks like a mistake.
pub(super) fn doubts(flow: &ast::Flow, diagnostics: &mut Vec<Diagnostic>) {
    if !flow.steps.is_empty() && !flow.steps.iter().any(asserts) {
        let message = "the steps of the flow assert nothing: it passes whatever comes back";
        diagnostics.push(Diagnostic::warning(Code::AssertsNothing, flow.name.span, message).help("add `assert:` to the step that matters"));
    }
}

/// Steps whose answer nobody asks whether it was the right one. That a flow asserts nothing at all is said of the flow.
pub(super) fn undecided(flow: &ast::Flow, plan: &Plan, diagnostics: &mut Vec<Diagnostic>) {
    if diagnostics.iter().any(Diagnostic::is_error) || !flow.steps.iter().any(asserts) {
        return;
    }
    let mut open: Vec<&Step> = plan.setup.iter().chain(&plan.steps).collect();
    while let Some(step) = open.pop() {
        open.extend(step.control.iter().flat_map(|control| control.lists()).flatten());
        let Shape::Object(output) = &step.action.output else { continue };
        let decides = |name: &&Arc<str>| output.keys.get(&**name).is_some_and(|key| key.decides);
        let is_meant = !step.disabled && step.on_error != Some(OnError::Ignore);
        let Some(name) = output.keys.keys().find(decides).filter(|name| is_meant && !step.asserted.contains(name)) else { continue };
        let message = format!("nothing asserts the `{name}` of step `{}`: it passes when the service refuses, too", step.id);
        diagnostics.push(Diagnostic::warning(Code::Undecided, step.span, message).help(format!("add `assert: {name} == …` to the step")));
    }
}

/// Whether a step, or one inside it, can say no. A called flow is taken to assert something: it is checked itself.
fn asserts(step: &ast::Step) -> bool {
    let action = step.action.text.as_ref();
    let by_itself = action == "assert" || ASSERTING.contains(&action) || ["wait_until", "run_flow"].contains(&action);
    let inside = || step.inner.iter().flat_map(|inner| &inner.steps).any(asserts);
    !step.disabled && (!step.asserts.is_empty() || by_itself || inside())
}
