//! One step that did not pass.

use super::{assertion, excerpted, exchange, history, labels, problem};
use crate::{
    page::{Page, plain, quiet, strong, word},
    snippet::Excerpt,
    style::{Role, Sign},
    text::pad,
    texts::Texts,
    units::{counted, millis},
    value::typed,
};
use testmesh_events::{AssertionRecord, AttemptRecord, CaptureRecord, ExecutionState, Level, LogEntry, Status, StepState, Use};
use testmesh_flow::Code;

pub(super) fn write(page: &mut Page, step: &StepState, state: &ExecutionState, texts: &Texts) {
    heading(page, step, texts);
    page.deeper(|page| {
        inside(page, step, state, texts);
        if let Some(record) = step.last() {
            reasons(page, record, step, texts);
            verdicts(page, &record.assertions);
        } else {
            page.line([plain("It was cut off before an attempt of it ended.")]);
        }
        history::attempts(page, &step.attempts);
        history::observations(page, step);
        if let Some(record) = step.last() {
            uses(page, &record.uses, texts);
            if !holds_others(step, state) {
                exchange::write(page, record, &step.head);
            }
        }
        logs(page, state.logs.iter().filter(|log| log.path.as_ref() == Some(&step.head.path)));
    });
}

fn heading(page: &mut Page, step: &StepState, texts: &Texts) {
    let head = &step.head;
    let (role, status) =
        step.status.map_or((Role::Errored, "UNFINISHED".to_owned()), |status| (status.into(), status.name().to_uppercase()));
    let name = if head.name == head.id || head.name.is_empty() { String::new() } else { format!(" \"{}\"", head.name) };
    let attempts = if step.attempts.len() > 1 { format!(", {}", counted(step.attempts.len(), "attempt")) } else { String::new() };
    let time = step.status.map(|_| format!(", {}", millis(step.duration_ms))).unwrap_or_default();
    let tolerated = if step.tolerated { ", tolerated by `on_error: ignore`" } else { "" };
    page.line([
        word(role, status),
        word(Role::Place, format!("  {}", texts.place(head.span))),
        strong(format!("  {}{name}", head.id)),
        quiet(format!("  {} ({}){time}{attempts}{tolerated}", head.action, head.path)),
    ]);
}

/// The steps that hold it, from the outermost.
fn inside(page: &mut Page, step: &StepState, state: &ExecutionState, texts: &Texts) {
    let holds =
        |other: &&StepState| step.head.path.as_str().strip_prefix(other.head.path.as_str()).is_some_and(|rest| rest.starts_with('/'));
    for holder in state.steps.iter().filter(holds) {
        let place = texts.place(holder.head.span);
        page.line([quiet(format!("inside {} ({}), {place}", holder.head.id, holder.head.path))]);
    }
}

/// Why it did not pass: the failure of the attempt, of each assertion, of each capture.
fn reasons(page: &mut Page, record: &AttemptRecord, step: &StepState, texts: &Texts) {
    if let Some(failure) = &record.failure {
        page.gap();
        problem(page, failure, failure.span.or(Some(step.head.span)), texts);
    }
    for assertion in record.assertions.iter().filter(|assertion| assertion.status != Status::Passed) {
        page.gap();
        assertion::write(page, assertion, texts);
    }
    for capture in &record.captures {
        capture_failure(page, capture, texts);
    }
}

fn capture_failure(page: &mut Page, capture: &CaptureRecord, texts: &Texts) {
    let Some(failure) = &capture.failure else { return };
    page.gap();
    let labels = labels(failure.span.or(Some(capture.span)), "");
    let message = format!("the capture `{}` has no value: {}", capture.name, failure.message);
    let message = if failure.code == Code::CaptureFailed { &failure.message } else { &message };
    let help = failure.help.as_deref();
    excerpted(
        page,
        &Excerpt { kind: failure.status.into(), code: Some(failure.code.id()), message, help, author: None, labels: &labels },
        texts,
    );
}

/// All verdicts of the step. One alone was shown already.
fn verdicts(page: &mut Page, assertions: &[AssertionRecord]) {
    if assertions.len() < 2 {
        return;
    }
    let failed = assertions.iter().filter(|assertion| assertion.status != Status::Passed).count();
    page.section(&format!("assertions, {failed} of {} did not hold", assertions.len()), |page| {
        for assertion in assertions {
            let sign = page.sign(Sign::Verdict(assertion.status));
            let text = page.cut(&assertion.expression, page.room().saturating_sub(6));
            page.line([word(assertion.status.into(), sign), plain(format!(" {text}"))]);
        }
    });
}

fn uses(page: &mut Page, uses: &[Use], texts: &Texts) {
    if uses.is_empty() {
        return;
    }
    let columns = uses.iter().map(|used| crate::text::width(&used.name)).max().unwrap_or(0).min(30);
    page.section("used", |page| {
        let ellipsis = page.sign(Sign::Ellipsis);
        for used in uses {
            let value = typed(&used.value, None, (page.room() / 2).saturating_sub(10), ellipsis);
            let place = used.span.map(|span| format!(", {}", texts.place(span))).unwrap_or_default();
            page.line([strong(pad(&used.name, columns)), plain(format!(" = {value}")), quiet(format!("  {}{place}", used.origin))]);
        }
    });
}

/// Steps that stand inside it have their own paragraphs.
fn holds_others(step: &StepState, state: &ExecutionState) -> bool {
    let inside = format!("{}/", step.head.path);
    state.steps.iter().any(|other| other.head.path.as_str().starts_with(&inside))
}

/// Log lines shown of one step: the last ones.
const LOGS: usize = 20;

fn logs<'l>(page: &mut Page, logs: impl Iterator<Item = &'l LogEntry> + Clone) {
    let count = logs.clone().count();
    if count == 0 {
        return;
    }
    page.section("log", |page| {
        if count > LOGS {
            page.line([quiet(format!("{} {}", page.sign(Sign::Ellipsis), counted(count - LOGS, "earlier line")))]);
        }
        for entry in logs.skip(count.saturating_sub(LOGS)) {
            log(page, entry);
        }
    });
}

/// A log line with its data below.
pub(crate) fn log(page: &mut Page, entry: &LogEntry) {
    let (role, level) = match entry.level {
        Level::Debug => (Role::Quiet, "debug"),
        Level::Info => (Role::Plain, "info "),
        Level::Warn => (Role::Warning, "warn "),
        Level::Error => (Role::Failed, "error"),
    };
    for (index, line) in entry.message.split('\n').enumerate() {
        let level = if index == 0 { level } else { "     " };
        page.line([word(role, level), plain(format!(" {line}"))]);
    }
    if !entry.data.is_null() {
        let data = crate::value::one_line(&entry.data, None, page.room().saturating_sub(8), page.sign(Sign::Ellipsis));
        page.line([quiet(format!("      {data}"))]);
    }
}
