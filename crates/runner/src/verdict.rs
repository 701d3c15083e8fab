//! Captures and assertions of one attempt: all are evaluated, also when an earlier one said no.

use crate::emitter::Hiding;
use std::{ops::Range, sync::Arc};
use testmesh_events::{AssertionRecord, AttemptRecord, CaptureRecord, Comparison, Explanation, Failure, Part, Status};
use testmesh_flow::{
    Code, Diagnostic, Map, Sources, Span, Value,
    expr::{self, Fault, FaultKind, Trace},
    plan::{Assertion, Capture, Condition, RenderFault, Step},
    scope::{Own, Scope, View},
};

/// What an attempt captured, and what there is to say about it.
pub(crate) struct Captures {
    pub(crate) records: Vec<CaptureRecord>,
    /// By name, in order; those that failed have none.
    pub(crate) values: Vec<(Arc<str>, Option<Value>)>,
    pub(crate) spans: Vec<Span>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Evaluates the captures of a step in their written order; each sees the earlier ones.
pub(crate) fn captures(step: &Step, output: &Map, scope: &Scope, view: &View, sources: &Sources) -> Captures {
    let mut all = Captures { records: Vec::new(), values: Vec::new(), spans: Vec::new(), warnings: Vec::new() };
    for capture in &step.captures {
        let own = Own { phase: step.phase, declared: &step.output, id: &step.id, output, captures: &all.values };
        let found = capture.evaluate(&view.with_own(own).at("output").at(&capture.name), output, step.action.subject.as_deref());
        let secret = capture.secret || scope.is_secret_name(&capture.name);
        let mut record = CaptureRecord {
            name: capture.name.to_string(),
            path: capture.text.to_string(),
            span: capture.span(),
            value: Value::Null,
            secret,
            defaulted: false,
            failure: None,
        };
        match found {
            Ok(found) if secret && !scope.add_secret(&found.value) => record.failure = Some(too_short(capture)),
            Ok(found) => {
                if found.ambiguous {
                    all.warnings.push(ambiguous(capture, step));
                }
                if secret && found.value == Value::text("") {
                    let message = format!("the secret `{}` is empty", capture.name);
                    all.warnings.push(Diagnostic::warning(Code::EmptySecret, capture.span(), message));
                }
                record.value = found.value;
                record.defaulted = found.defaulted;
            }
            Err(fault) => record.failure = Some(failure(&fault, sources)),
        }
        all.values.push((capture.name.clone(), record.failure.is_none().then(|| record.value.clone())));
        all.spans.push(capture.span());
        all.records.push(record);
    }
    all
}

fn ambiguous(capture: &Capture, step: &Step) -> Diagnostic {
    let subject = step.action.subject.as_deref().unwrap_or("body");
    let message = format!("`{}` means something in `{subject}` and in the whole output; that of `{subject}` was taken", capture.text);
    let help = format!("write `$.{subject}…` for it, or an expression such as `response.…` for the other");
    Diagnostic::warning(Code::Ambiguous, capture.span(), message).help(help)
}

fn too_short(capture: &Capture) -> Failure {
    Failure {
        code: Code::SecretTooShort,
        status: Status::Errored,
        message: format!(
            "the secret `{}` is under {} characters and cannot be masked",
            capture.name,
            testmesh_flow::scope::SHORTEST_SECRET
        ),
        help: Some("leave `secret` out, or capture a longer value".to_owned()),
        span: Some(capture.span()),
    }
}

/// Evaluates the assertions of a step.
pub(crate) fn assertions(
    step: &Step,
    view: &View,
    sources: &Sources,
    hiding: Option<&Hiding>,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<AssertionRecord> {
    let one = |(index, assertion): (usize, &Assertion)| {
        let view = view.at("assert").at(&index.to_string());
        let mut record = evaluate(assertion, &view, sources);
        if record.status == Status::Failed && &*step.action.name == "assert" {
            compare_as_text(step, assertion, &view, &mut record, warnings);
        }
        record.replayable = !hiding.is_some_and(|hiding| touches_masked(assertion, &view, hiding));
        record
    };
    step.asserts.iter().enumerate().map(one).collect()
}

fn evaluate(assertion: &Assertion, view: &View, sources: &Sources) -> AssertionRecord {
    let expr = &assertion.condition.expr;
    let mut record = AssertionRecord {
        expression: expr.text().trim().to_owned(),
        span: assertion.condition.span(),
        status: Status::Passed,
        message: None,
        failure: None,
        explanation: None,
        replayable: true,
    };
    if matches!(expr::evaluate(expr, view).and_then(|value| expr.verdict(&value)), Ok(true)) {
        return record;
    }
    let (value, trace) = expr::evaluate_recorded(expr, view);
    record.explanation = Some(explanation(&assertion.condition, trace, sources));
    record.message = assertion
        .message
        .as_ref()
        .map(|text| text.render_text(view).unwrap_or_else(|fault| format!("{} ({})", text.template.text(), fault.fault.message)));
    match value.and_then(|value| expr.verdict(&value)) {
        Ok(_) => record.status = Status::Failed,
        Err(fault) => {
            let failure = failure(&assertion.condition.fault(fault), sources);
            record.status = failure.status;
            record.failure = Some(failure);
        }
    }
    record
}

/// Existing flows compare what a template put into `data` with its text: `x == '200'` also holds for the number 200, with a warning (contract §11).
fn compare_as_text(step: &Step, assertion: &Assertion, view: &View, record: &mut AssertionRecord, warnings: &mut Vec<Diagnostic>) {
    let mismatch = record.failure.as_ref().is_some_and(|failure| failure.code == Code::TypeMismatch);
    let Some(output) = mismatch.then(|| view.own_output()).flatten() else { return };
    let scalar = |value: &Value| value.is_number() || value.as_bool().is_some();
    let templated = |name: &str| step.config.member("data").and_then(|data| data.member(name)).is_some_and(|tree| !tree.is_fixed());
    let as_text: Map = output
        .iter()
        .filter(|(name, value)| scalar(value) && templated(name))
        .filter_map(|(name, value)| Some((name.clone(), Value::from(value.to_text().ok()?))))
        .collect();
    let expr = &assertion.condition.expr;
    if as_text.is_empty() {
        return;
    }
    match expr::evaluate(expr, &view.with_first(&as_text)).and_then(|value| expr.verdict(&value)) {
        Ok(true) => {
            *record = AssertionRecord { status: Status::Passed, failure: None, explanation: None, message: None, ..record.clone() };
            let message =
                format!("`{}` compares a number or boolean with a text; it holds only because `data` allows that", record.expression);
            warnings
                .push(Diagnostic::warning(Code::TypeMismatch, record.span, message).help("compare with the number: leave the quotes out"));
        }
        Ok(false) => record.failure = None,
        Err(_) => {}
    }
}

fn explanation(condition: &Condition, trace: Trace, sources: &Sources) -> Explanation {
    let text = condition.expr.text();
    let span = |range: Range<usize>| span_at(condition, range, sources);
    let parts = trace.parts.into_iter().map(|part| Part {
        text: text.get(part.range.clone()).unwrap_or_default().to_owned(),
        span: span(part.range),
        depth: u32::try_from(part.depth).unwrap_or(u32::MAX),
        value: part.value.map(Value::leave),
        note: part.note,
        item: part.item.and_then(|item| u64::try_from(item).ok()),
    });
    Explanation {
        parts: parts.collect(),
        decided: span(trace.decided),
        comparison: trace.comparison.map(|comparison| Comparison {
            operator: comparison.operator.to_owned(),
            left: comparison.left.leave(),
            right: comparison.right.leave(),
        }),
    }
}

fn span_at(condition: &Condition, range: Range<usize>, sources: &Sources) -> Span {
    let node = condition.node();
    sources.get(node.span.source).map_or(node.span, |source| node.span_at(source, range))
}

/// Whether the assertion read something that the record holds masked only.
fn touches_masked(assertion: &Assertion, view: &View, hiding: &Hiding) -> bool {
    let (_, trace) = expr::evaluate_recorded(&assertion.condition.expr, view);
    let values = trace.parts.into_iter().filter_map(|part| part.value);
    values.filter(|value| !matches!(value, Value::Null | Value::Bool(_))).any(|value| hiding.hides(&value.to_text().unwrap_or_default()))
}

/// Whether captures and assertions could not be evaluated because a name that is not the step's own has no value: looking again cannot help.
pub(crate) fn lacks_value(record: &AttemptRecord) -> bool {
    let unresolved = |failure: &Failure| failure.status == Status::Errored && matches!(failure.code, Code::Unresolved | Code::UnknownName);
    // After a capture that found nothing, what needs it has no value either, and may have one the next time.
    match record.captures.iter().find_map(|capture| capture.failure.as_ref()) {
        Some(failure) => unresolved(failure),
        None => record.failure.is_none() && record.assertions.iter().filter_map(|it| it.failure.as_ref()).any(unresolved),
    }
}

/// A fault as a failure: what does not fit the answer failed, what could not be asked errored.
pub(crate) fn failure(fault: &RenderFault, sources: &Sources) -> Failure {
    let Fault { kind, code, message, help, .. } = &fault.fault;
    let status = if *kind == FaultKind::Mismatch { Status::Failed } else { Status::Errored };
    Failure { code: *code, status, message: message.clone(), help: help.clone(), span: Some(fault.span(sources)) }
}

/// The same for what must be known before anything is asked: the question could not be asked, whatever the fault.
pub(crate) fn unaskable(fault: &RenderFault, sources: &Sources) -> Failure {
    Failure { status: Status::Errored, ..failure(fault, sources) }
}
