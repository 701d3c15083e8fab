//! Doubts about executions that passed: warnings and tolerated failures, each once with how often it came.

use super::running::Execution;
use crate::{
    diagnostics::in_texts,
    failure,
    page::{Page, plain, quiet, word},
    repeated::Repeated,
    style::{Role, Style},
    texts::Texts,
};
use testmesh_events::{StepState, StepStatus};

#[derive(Default)]
pub(super) struct Notes(Repeated<String>);

impl Notes {
    pub(super) fn add(&mut self, execution: &Execution, texts: &Texts, style: &Style) {
        for (warning, count) in execution.warned.iter() {
            let drawn = in_texts(std::slice::from_ref(warning), texts, style, style.columns());
            (0..count).for_each(|_| self.0.add(drawn.clone()));
        }
        for step in execution.state.steps.iter().filter(|step| !step.observed && failure::did_not_pass(step)) {
            self.0.add(tolerated(step, texts, style));
        }
    }

    pub(super) fn write(&self, page: &mut Page) {
        for (text, count) in self.0.iter() {
            page.gap();
            page.rendered(text);
            failure::again(page, count);
        }
        failure::more_warnings(page, self.0.more());
    }
}

/// A step that did not pass in an execution that did.
fn tolerated(step: &StepState, texts: &Texts, style: &Style) -> String {
    let mut page = Page::new(style);
    let status = step.status.map_or("unfinished", StepStatus::name);
    let reason = if step.tolerated { "tolerated by `on_error: ignore`" } else { "the execution passed all the same" };
    let why = step.last().map(failure::why).unwrap_or_default();
    page.line([word(Role::Warning, "warning"), plain(format!(": step `{}` {status}, {reason}: {why}", step.head.id))]);
    page.line([quiet(format!(" --> {}", texts.place(step.head.span)))]);
    page.into_string()
}
