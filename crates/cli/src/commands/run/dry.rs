//! `--dry-run`: what would run.

use crate::{args::Run, commands, exit::Exit, load::Loaded, output};
use testmesh_flow::{
    Code,
    plan::{self, Step},
};

/// Prints what would run.
pub(super) fn run(args: &Run, loaded: &Loaded) -> anyhow::Result<Exit> {
    commands::validate::say_problems(loaded);
    if loaded.is_empty() {
        output::refuse(Code::NothingSelected, &loaded.why_nothing(&args.selection));
        return Ok(Exit::Usage);
    }
    let mut text = String::new();
    for (plan, stage) in commands::in_order(loaded) {
        let stage = stage.map(|stage| format!("  {}", stage.name())).unwrap_or_default();
        text.push_str(&format!("{} ({}){stage}\n", plan.name, plan.file));
        let exclusive = loaded.exclusive(plan);
        if !exclusive.is_empty() {
            text.push_str(&format!("  exclusive: {}\n", exclusive.join(", ")));
        }
        for row in commands::rows(plan) {
            text.push_str(&format!("  {row}\n"));
        }
        for (phase, steps) in [("setup", &plan.setup), ("steps", &plan.steps), ("teardown", &plan.teardown)] {
            for step in steps {
                planned(step, phase, 0, &mut text);
            }
        }
    }
    output::print(&text)?;
    Ok(if loaded.invalid.is_empty() { Exit::Passed } else { Exit::Invalid })
}

/// A step and those inside it, each deeper by two; of a called flow the name.
fn planned(step: &Step, phase: &str, depth: usize, text: &mut String) {
    let disabled = if step.disabled { "  disabled" } else { "" };
    let id = format!("{:indent$}{}", "", step.id, indent = depth * 2);
    let called = match step.control.as_deref() {
        Some(plan::Control::RunFlow(call)) => format!("  {} ({})", call.plan.name, call.plan.file),
        _ => String::new(),
    };
    text.push_str(&format!("  {phase:<9} {id:<30} {}{called}{disabled}\n", step.action.name));
    for inner in step.control.iter().flat_map(|control| control.lists()).flatten() {
        planned(inner, "", depth + 1, text);
    }
}
