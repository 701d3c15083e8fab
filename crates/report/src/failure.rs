//! An execution that did not pass, whole: every step that did not pass with all that is known of why, what was skipped, what is left behind.

mod assertion;
mod curl;
mod exchange;
mod history;
mod members;
mod step;

pub(crate) use history::why;
pub(crate) use step::log;

use crate::{
    diagnostics::in_texts,
    page::{Page, plain, quiet, strong, word},
    repeated::Repeated,
    snippet::{Excerpt, draw},
    style::{self, Role, Sign},
    text::{clean, cut},
    texts::Texts,
    units::{counted, millis},
};
use std::borrow::Cow;
use testmesh_events::{ExecutionState, Failure, RowHead, Skip, StepState};
use testmesh_flow::{Diagnostic, Label, Span};

/// Writes everything about an execution that did not pass. Its warnings stand apart from the state, each once.
pub(crate) fn execution(page: &mut Page, state: &ExecutionState, warned: &Repeated<Diagnostic>, texts: &Texts) {
    heading(page, state, texts);
    page.deeper(|page| {
        if let Some(failure) = &state.failure {
            page.gap();
            problem(page, failure, failure.span, texts);
        }
        for step in state.steps.iter().filter(|step| did_not_pass(step) && is_shown(step, state)) {
            page.gap();
            step::write(page, step, state, texts);
        }
        skipped(page, state);
        left_behind(page, state);
        warnings(page, warned, texts);
    });
}

/// A step that ended otherwise than well, or did not end.
pub(crate) fn did_not_pass(step: &StepState) -> bool {
    step.status.is_none_or(|status| status.verdict().is_some_and(|verdict| verdict != testmesh_events::Status::Passed))
}

/// Of what a poll looked at the last look is shown, when the poll itself did not hold.
fn is_shown(step: &StepState, state: &ExecutionState) -> bool {
    let around =
        |other: &&StepState| step.head.path.as_str().strip_prefix(other.head.path.as_str()).is_some_and(|rest| rest.starts_with('/'));
    let is_later = |other: &StepState| other.observed && other.head.span == step.head.span && other.head.id == step.head.id;
    let is_last = || state.steps.iter().rev().find(|other| is_later(other)).is_some_and(|last| last.head.path == step.head.path);
    !step.observed || (state.steps.iter().filter(around).any(|holder| !holder.observed && did_not_pass(holder)) && is_last())
}

fn heading(page: &mut Page, state: &ExecutionState, texts: &Texts) {
    let rule = page.sign(Sign::Rule).repeat(3);
    let (role, status) = state.status.map_or((Role::Errored, "UNFINISHED"), |status| (status.into(), style::word(status)));
    page.line([
        word(role, format!("{rule} {status}")),
        strong(format!("  {}", name(state))),
        plain(format!("  ({}{})", state.flow.file, stage(state))),
    ]);
    let id = state.id.map(|id| format!(", execution {id}")).unwrap_or_default();
    let time = state.status.map(|_| format!("{}, ", millis(state.duration_ms))).unwrap_or_default();
    page.line([quiet(format!("    {time}seed {}{id}", state.seed))]);
    if let Some(row) = &state.row {
        page.line([quiet(format!("    row {} of {}, {}", row.number, row.of, texts.place(row.span)))]);
    }
    if state.status.is_none() {
        page.line([plain("    The record holds no end of it: it was cut off.")]);
    }
}

/// Characters of a row's label that are shown.
const LABEL: usize = 40;

/// The flow's name and its row, or words that say that there is none.
pub(crate) fn name(state: &ExecutionState) -> Cow<'_, str> {
    match (state.flow.name.as_str(), &state.row) {
        ("", _) => "(a flow whose start is not in the record)".into(),
        (name, None) => name.into(),
        (name, Some(RowHead { number, label, .. })) if label.is_empty() => format!("{name} [row {number}]").into(),
        (name, Some(RowHead { number, label, .. })) => format!("{name} [row {number}: {}]", cut(&clean(label), LABEL, "...")).into(),
    }
}

/// `, before` of a flow that runs before all others.
pub(crate) fn stage(state: &ExecutionState) -> String {
    state.stage.map(|stage| format!(", {}", stage.name())).unwrap_or_default()
}

/// A failure with its excerpt.
fn problem(page: &mut Page, failure: &Failure, span: Option<Span>, texts: &Texts) {
    let labels = labels(span, "");
    let excerpt = Excerpt {
        kind: failure.status.into(),
        code: Some(failure.code.id()),
        message: &failure.message,
        help: failure.help.as_deref(),
        author: None,
        labels: &labels,
    };
    excerpted(page, &excerpt, texts);
}

fn excerpted(page: &mut Page, excerpt: &Excerpt, texts: &Texts) {
    let drawn = draw(excerpt, texts, page.style, page.room());
    page.rendered(&drawn);
}

fn labels(span: Option<Span>, text: &str) -> Vec<Label> {
    span.map(|span| Label { span, text: text.to_owned() }).into_iter().collect()
}

/// The steps that did not run: those not reached in one line, each other one with its reason.
fn skipped(page: &mut Page, state: &ExecutionState) {
    let skips = || state.steps.iter().filter_map(|step| step.skip.as_ref().map(|(skip, reason)| (step, *skip, reason)));
    let not_reached = skips().filter(|(_, skip, _)| *skip == Skip::NotReached).map(|(step, ..)| step.head.id.as_str()).collect::<Vec<_>>();
    let others = || skips().filter(|(_, skip, _)| !matches!(skip, Skip::NotReached | Skip::Disabled | Skip::Condition));
    if not_reached.is_empty() && others().next().is_none() {
        return;
    }
    page.section("skipped", |page| {
        if !not_reached.is_empty() {
            page.line([plain(format!("not reached: {}", not_reached.join(", ")))]);
        }
        for (step, _, reason) in others() {
            page.line([plain(format!("{} ({}): {reason}", step.head.id, step.head.path))]);
        }
    });
}

fn left_behind(page: &mut Page, state: &ExecutionState) {
    if state.left_behind.is_empty() {
        return;
    }
    page.section("left behind, because these teardown steps were not run", |page| {
        for step in &state.left_behind {
            page.line([word(Role::Failed, step.as_str())]);
        }
    });
}

fn warnings(page: &mut Page, warned: &Repeated<Diagnostic>, texts: &Texts) {
    for (warning, count) in warned.iter() {
        page.gap();
        let drawn = in_texts(std::slice::from_ref(warning), texts, page.style, page.room());
        page.rendered(&drawn);
        again(page, count);
    }
    more_warnings(page, warned.more());
}

/// How often a warning came, if more than once.
pub(crate) fn again(page: &mut Page, count: u64) {
    if count > 1 {
        page.line([quiet(format!("(this came {})", counted(count, "time")))]);
    }
}

/// Warnings of which only the number is known.
pub(crate) fn more_warnings(page: &mut Page, count: u64) {
    if count > 0 {
        page.gap();
        page.line([plain(format!("and {} that the record holds", counted(count, "more warning")))]);
    }
}
