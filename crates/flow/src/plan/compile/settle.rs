//! What can be said once all is compiled: what somebody asserts on, and what looks like a mistake.

use super::{At, Use};
use crate::{
    Code, Diagnostic, ast,
    plan::{ASSERTING, Plan},
};
use std::{collections::HashMap, sync::Arc};

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
    let all = plan.setup.iter_mut().chain(&mut plan.steps).chain(&mut plan.teardown);
    for (index, step) in all.enumerate() {
        step.asserted = own.remove(&index).unwrap_or_default();
        step.asserted.extend(by_id.get(&step.id).into_iter().flatten().cloned());
    }
}

/// What is legal and looks like a mistake.
pub(super) fn doubts(flow: &ast::Flow, diagnostics: &mut Vec<Diagnostic>) {
    let asserts = |step: &ast::Step| {
        let action = step.action.text.as_ref();
        !step.disabled && (!step.asserts.is_empty() || action == "assert" || ASSERTING.contains(&action))
    };
    if !flow.steps.is_empty() && !flow.steps.iter().any(asserts) {
        let message = "the steps of the flow assert nothing: it passes whatever comes back";
        diagnostics.push(Diagnostic::warning(Code::AssertsNothing, flow.name.span, message).help("add `assert:` to the step that matters"));
    }
}
