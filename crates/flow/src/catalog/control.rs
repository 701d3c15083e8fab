//! Control flow: actions that are part of the language itself, since they hold steps or call flows (contract §7).

use super::{ActionSpec, ActionTimeout, known};
use crate::{nearest, schema::Shape};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// What a step of control flow does with the steps inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ControlKind {
    Condition,
    ForEach,
    Parallel,
    WaitUntil,
    RunFlow,
}

const KINDS: [(&str, &[&str], ControlKind); 5] = [
    ("condition", &["if"], ControlKind::Condition),
    ("for_each", &["loop"], ControlKind::ForEach),
    ("parallel", &[], ControlKind::Parallel),
    ("wait_until", &[], ControlKind::WaitUntil),
    ("run_flow", &[], ControlKind::RunFlow),
];

/// The kind of an action of control flow; of a misspelt one, that which was probably meant.
pub(crate) fn control_kind(action: &str) -> Option<ControlKind> {
    let of = |name: &str| KINDS.iter().find(|(proper, aliases, _)| *proper == name || aliases.contains(&name)).map(|(.., kind)| *kind);
    of(action).or_else(|| {
        let names = known::ACTIONS.iter().flat_map(|(name, aliases)| std::iter::once(*name).chain(aliases.iter().copied()));
        let names: Vec<_> = names.collect();
        if names.contains(&action) { None } else { nearest::meant(action, names).and_then(of) }
    })
}

/// The specs of control flow; every build contains them.
pub(super) fn specs() -> Vec<ActionSpec> {
    KINDS.iter().map(|(name, aliases, kind)| spec(name, aliases, *kind)).collect()
}

fn spec(name: &str, aliases: &[&str], kind: ControlKind) -> ActionSpec {
    let (about, config, output) = match kind {
        ControlKind::Condition => condition(),
        ControlKind::ForEach => for_each(),
        ControlKind::Parallel => parallel(),
        ControlKind::WaitUntil => wait_until(),
        ControlKind::RunFlow => run_flow(),
    };
    ActionSpec {
        name: name.into(),
        aliases: aliases.iter().map(|alias| Arc::from(*alias)).collect(),
        about: about.into(),
        config: Shape::from_json_schema(&config),
        output: Shape::from_json_schema(&output),
        config_schema: Arc::new(config),
        output_schema: Arc::new(output),
        subject: None,
        timeout: ActionTimeout::Own,
        in_build: true,
    }
}

fn object(required: &[&str], properties: &Json) -> Json {
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

fn steps(about: &str) -> Json {
    json!({"x-kind": "steps", "description": about})
}

fn expression(about: &str) -> Json {
    json!({"type": "string", "x-kind": "condition", "description": about})
}

fn duration(about: &str) -> Json {
    json!({"x-type": "duration", "description": about})
}

fn condition() -> (&'static str, Json, Json) {
    let config = object(
        &["condition", "then"],
        &json!({
            "condition": expression("What decides, before the steps inside run"),
            "then": steps("The steps that run when it is true"),
            "else": steps("The steps that run when it is false"),
        }),
    );
    (
        "Runs steps when a condition is true, and others when it is false",
        config,
        object(&[], &json!({"result": {"type": "boolean", "description": "Whether the condition was true"}})),
    )
}

fn for_each() -> (&'static str, Json, Json) {
    let mut range = object(
        &["start", "end"],
        &json!({
            "start": {"type": "integer", "description": "The first number"},
            "end": {"type": "integer", "description": "The last number, which is included"},
            "step": {"type": "integer", "description": "From one number to the next (1)"},
        }),
    );
    range["description"] = json!("Whole numbers from `start` to `end`");
    let config = object(
        &["steps"],
        &json!({
            "items": {"description": "A list, a range `{start, end}`, or a glob for files"},
            "range": range,
            "items_from_glob": {"type": "string", "description": "A glob for files, relative to the flow file: each path is an item"},
            "item_name": {"type": "string", "description": "How the item is called (item)"},
            "index_name": {"type": "string", "description": "How its number is called, which counts from 0 (index)"},
            "parallel": {"anyOf": [{"type": "boolean"}, {"type": "integer", "minimum": 1}], "description": "Whether the iterations run at the same time, or how many of them"},
            "allow_empty": {"type": "boolean", "description": "Whether there may be no item at all"},
            "steps": steps("The steps that run for each item"),
        }),
    );
    let output = object(
        &[],
        &json!({
            "results": {"type": "array", "items": {"type": "object"}, "description": "Of each iteration `{status, output}`: what it captured"},
            "count": {"type": "integer", "description": "How many items there are"},
            "passed": {"type": "integer", "description": "How many iterations passed"},
            "failed": {"type": "integer", "description": "How many did not"},
        }),
    );
    ("Runs steps for each item of a list", config, output)
}

fn parallel() -> (&'static str, Json, Json) {
    let config = object(
        &["branches"],
        &json!({
            "branches": steps("A list of `{name, steps}`, which run at the same time"),
            "max_concurrent": {"type": "integer", "minimum": 1, "description": "How many branches run at the same time, at most"},
            "fail_fast": {"type": "boolean", "description": "Whether a branch that does not pass ends the others (false)"},
        }),
    );
    ("Runs branches of steps at the same time", config, json!({"type": "object"}))
}

fn wait_until() -> (&'static str, Json, Json) {
    let config = object(
        &["condition", "steps"],
        &json!({
            "condition": expression("What must become true, looked at after the steps inside"),
            "steps": steps("The steps that run in each round"),
            "interval": duration("The pause between two rounds (1s)"),
            "timeout": {"x-type": "duration", "x-aliases": ["max_duration"], "description": "How long it may take (30s)"},
        }),
    );
    (
        "Repeats steps until a condition is true",
        config,
        object(&[], &json!({"attempts": {"type": "integer", "description": "How many rounds there were"}})),
    )
}

fn run_flow() -> (&'static str, Json, Json) {
    let config = object(
        &["flow"],
        &json!({
            "flow": {"type": "string", "description": "The path, the name or the file stem of the flow"},
            "input": {"type": "object", "description": "Variables of the flow"},
            "input_file": {"type": "string", "description": "A JSON or YAML file with such variables"},
            "inherit_env": {"type": "boolean", "description": "Whether the flow sees the `env` of this one (true)"},
        }),
    );
    let status = json!({"enum": ["passed", "failed", "errored", "cancelled"], "description": "How the flow ended"});
    let given = json!({"description": "What its `output` gives"});
    let name = json!({"type": "string", "description": "Its name"});
    let mut flow = object(&[], &json!({"status": status, "output": given, "name": name}));
    flow["description"] = json!("The same under the name `flow`");
    let output = object(&[], &json!({"status": status, "output": given, "flow": flow}));
    ("Runs another flow", config, output)
}
