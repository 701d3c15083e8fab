//! Why an execution did not pass, flat: one entry for each failure, with the place as people and editors count.

use crate::{diagnostics::merge, diagnostics::place_json, texts::Texts};
use serde_json::{Value as Json, json};
use testmesh_events::{AssertionRecord, ExecutionState, Failure, Status, StepState};
use testmesh_flow::{Code, Span};

pub(super) fn of(state: &ExecutionState, texts: &Texts) -> Vec<Json> {
    let whole = state.failure.iter().map(|failure| problem(None, failure, failure.span, texts));
    whole.chain(state.steps.iter().flat_map(|step| of_step(step, texts))).collect()
}

fn of_step(step: &StepState, texts: &Texts) -> Vec<Json> {
    let Some(record) = step.last() else { return Vec::new() };
    let attempt = record.failure.iter().map(|failure| problem(Some(step), failure, failure.span.or(Some(step.head.span)), texts));
    let assertions = record.assertions.iter().filter(|it| it.status != Status::Passed).map(|it| of_assertion(step, it, texts));
    let captures = record.captures.iter().filter_map(|capture| {
        let failure = capture.failure.as_ref()?;
        let mut object = problem(Some(step), failure, failure.span.or(Some(capture.span)), texts);
        merge(&mut object, json!({"capture": capture.name}));
        Some(object)
    });
    attempt.chain(assertions).chain(captures).collect()
}

fn of_assertion(step: &StepState, assertion: &AssertionRecord, texts: &Texts) -> Json {
    let decided = assertion.explanation.as_ref().map_or(assertion.span, |explanation| explanation.decided);
    let mut object = match &assertion.failure {
        Some(failure) => problem(Some(step), failure, Some(decided), texts),
        None => json!({
            "step": step.head.path,
            "code": Code::AssertionFailed,
            "status": assertion.status,
            "message": "the assertion is false",
            "help": null,
        }),
    };
    merge(&mut object, place_json(Some(decided), texts));
    let comparison = assertion.explanation.as_ref().and_then(|explanation| explanation.comparison.as_ref());
    merge(&mut object, json!({"expression": assertion.expression, "author": assertion.message, "comparison": comparison}));
    object
}

fn problem(step: Option<&StepState>, failure: &Failure, span: Option<Span>, texts: &Texts) -> Json {
    let mut object = json!({
        "step": step.map(|step| &step.head.path),
        "code": failure.code,
        "status": failure.status,
        "message": failure.message,
        "help": failure.help,
    });
    merge(&mut object, place_json(span, texts));
    object
}
