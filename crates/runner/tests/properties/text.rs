//! Flows as the text that an author would write.

use crate::model::{Answer, Asserts, Backoff, Doing, Flow, OnError, Retry, RetryOn, Step, Until};

/// The flow and those that it calls, a document each.
pub(crate) fn of(flow: &Flow) -> String {
    let mut documents = Vec::new();
    let mut called = vec![flow];
    while let Some(flow) = called.pop() {
        documents.push((flow.number, document(flow)));
        for list in [&flow.setup, &flow.steps, &flow.teardown] {
            calls(list, &mut called);
        }
    }
    documents.sort_by_key(|(number, _)| *number);
    documents.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("---\n")
}

fn calls<'a>(steps: &'a [Step], found: &mut Vec<&'a Flow>) {
    for step in steps {
        match &step.doing {
            Doing::Act(_) => {}
            Doing::Either { then, otherwise, .. } => {
                calls(then, found);
                calls(otherwise, found);
            }
            Doing::Each { steps, .. } | Doing::Poll { steps, .. } => calls(steps, found),
            Doing::Branches { branches, .. } => branches.iter().for_each(|branch| calls(branch, found)),
            Doing::Call(flow) => found.push(flow),
        }
    }
}

fn document(flow: &Flow) -> String {
    let mut text = format!("name: f{}\nenv: {{w: ''}}\n", flow.number);
    let mut config = Vec::new();
    config.extend(flow.timeout.map(|time| format!("timeout: {time}ms")));
    config.extend(flow.teardown_timeout.map(|time| format!("teardown_timeout: {time}ms")));
    config.extend(flow.fail_fast.map(|fast| format!("fail_fast: {fast}")));
    config.extend(flow.retry.as_ref().map(retry));
    if !config.is_empty() {
        text += &format!("config: {{{}}}\n", config.join(", "));
    }
    for (phase, steps) in [("setup", &flow.setup), ("steps", &flow.steps), ("teardown", &flow.teardown)] {
        if !steps.is_empty() {
            text += &format!("{phase}:\n");
            list(steps, 0, "${w}", &mut text);
        }
    }
    text
}

fn retry(retry: &Retry) -> String {
    let mut text = format!("retry: {{max_attempts: {}, delay: {}ms", retry.attempts, retry.delay);
    match retry.backoff {
        None => {}
        Some(Backoff::Linear) => text += ", backoff: linear",
        Some(Backoff::Exponential) => text += ", backoff: exponential",
    }
    match retry.on {
        None => {}
        Some(RetryOn::Failed) => text += ", retry_on: [failed]",
        Some(RetryOn::Errored) => text += ", retry_on: [errored]",
    }
    text + "}"
}

/// `place` is a template that tells apart the iterations around.
fn list(steps: &[Step], indent: usize, place: &str, text: &mut String) {
    for step in steps {
        one(step, indent, place, text);
    }
}

fn one(step: &Step, indent: usize, place: &str, text: &mut String) {
    let mut keys = Vec::new();
    if step.disabled {
        keys.push("disabled: true".to_owned());
    }
    keys.extend(step.when.map(|when| format!("when: {when}")));
    keys.extend(step.on_error.map(|on_error| {
        let word = match on_error {
            OnError::Fail => "fail",
            OnError::Continue => "continue",
            OnError::Ignore => "ignore",
        };
        format!("on_error: {word}")
    }));
    keys.extend(step.retry.as_ref().map(retry));
    keys.extend(step.eventually.map(|it| format!("eventually: {{timeout: {}ms, interval: {}ms}}", it.timeout, it.interval)));
    keys.extend(step.timeout.map(|time| format!("timeout: {time}ms")));
    keys.extend(assertion(step).map(|expression| format!("assert: {expression}")));
    *text += &format!("{:indent$}- id: {}\n", "", step.name());
    for key in keys {
        *text += &format!("{:indent$}  {key}\n", "");
    }
    inside(step, indent, place, text);
}

fn assertion(step: &Step) -> Option<String> {
    let holds = match step.asserts {
        Asserts::Nothing => return None,
        Asserts::WhatHolds => true,
        Asserts::WhatDoesNot => false,
    };
    let not = if holds { "" } else { "not " };
    Some(match &step.doing {
        Doing::Act(_) => format!("{not}body.ok"),
        Doing::Either { condition, .. } => format!("result == {}", *condition == holds),
        Doing::Each { .. } => format!("{not}(count >= 0)"),
        Doing::Branches { .. } => format!("{not}(len(branch_0.status) > 0)"),
        Doing::Poll { .. } => format!("{not}(attempts > 0)"),
        Doing::Call(_) => format!("{not}(len(flow.name) > 0)"),
    })
}

fn inside(step: &Step, indent: usize, place: &str, text: &mut String) {
    let line = |text: &mut String, deeper: usize, what: &str| {
        let indent = indent + 2 + deeper;
        *text += &format!("{:indent$}{what}\n", "");
    };
    let deep = indent + 4;
    match &step.doing {
        Doing::Act(act) => {
            line(text, 0, "action: act");
            let deeds: Vec<_> = act.script.iter().map(|deed| format!("{{wait: {}, answer: {}}}", deed.wait, answer(deed.answer))).collect();
            let needs = act.needed.map_or(String::new(), |step| format!(", needs: \"${{c{step}}}\""));
            line(text, 0, &format!("config: {{step: {}, place: \"{place}\", script: [{}]{needs}}}", step.id, deeds.join(", ")));
            if act.captures {
                line(text, 0, &format!("output: {{c{}: body.n}}", step.id));
            }
        }
        Doing::Either { condition, then, otherwise } => {
            line(text, 0, "action: condition");
            line(text, 0, "config:");
            line(text, 2, &format!("condition: \"{condition}\""));
            line(text, 2, "then:");
            list(then, deep, place, text);
            if !otherwise.is_empty() {
                line(text, 2, "else:");
                list(otherwise, deep, place, text);
            }
        }
        Doing::Each { count, at_once, allow_empty, steps } => {
            line(text, 0, "action: for_each");
            line(text, 0, "config:");
            let items: Vec<_> = (0..*count).map(|item| item.to_string()).collect();
            line(text, 2, &format!("items: [{}]", items.join(", ")));
            line(text, 2, &format!("index_name: i{}", step.id));
            if let Some(at_once) = at_once {
                line(text, 2, &format!("parallel: {at_once}"));
            }
            if *allow_empty {
                line(text, 2, "allow_empty: true");
            }
            line(text, 2, "steps:");
            list(steps, deep, &format!("{place} ${{i{}}}", step.id), text);
        }
        Doing::Branches { branches, fail_fast, at_once } => {
            line(text, 0, "action: parallel");
            line(text, 0, "config:");
            if *fail_fast {
                line(text, 2, "fail_fast: true");
            }
            if let Some(at_once) = at_once {
                line(text, 2, &format!("max_concurrent: {at_once}"));
            }
            line(text, 2, "branches:");
            for branch in branches {
                line(text, 2, "- steps:");
                list(branch, deep + 2, place, text);
            }
        }
        Doing::Poll { until, interval, timeout, steps } => {
            line(text, 0, "action: wait_until");
            line(text, 0, "config:");
            let condition = match until {
                Until::Always | Until::Captured(None) => "true".to_owned(),
                Until::Never => "false".to_owned(),
                Until::Captured(Some(step)) => format!("(c{step} ?? 0) == 1"),
            };
            line(text, 2, &format!("condition: \"{condition}\""));
            line(text, 2, &format!("interval: {interval}ms"));
            line(text, 2, &format!("timeout: {timeout}ms"));
            line(text, 2, "steps:");
            list(steps, deep, place, text);
        }
        Doing::Call(flow) => {
            line(text, 0, "action: run_flow");
            line(text, 0, &format!("config: {{flow: f{}, input: {{w: \"{place}\"}}}}", flow.number));
        }
    }
}

fn answer(answer: Answer) -> String {
    match answer {
        Answer::Holds(n) => format!("{{holds: {n}}}"),
        Answer::Denies => "denies".to_owned(),
        Answer::Gap => "gap".to_owned(),
        Answer::SaysNo => "says_no".to_owned(),
        Answer::Errs => "errs".to_owned(),
        Answer::BadConfig => "bad_config".to_owned(),
        Answer::RefusedLogin => "refused_login".to_owned(),
        Answer::Hangs => "hangs".to_owned(),
    }
}
