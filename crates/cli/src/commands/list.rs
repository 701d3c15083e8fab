//! `testmesh list`.

use crate::{
    args::{List, PageFormat},
    exit::Exit,
    output,
};
use serde_json::json;
use testmesh_events::Stage;
use testmesh_flow::{Code, plan::Plan};

pub(super) fn run(args: &List) -> anyhow::Result<Exit> {
    let project = match super::project() {
        Ok(project) => project,
        Err(exit) => return Ok(exit),
    };
    let catalog = testmesh_actions::all().catalog();
    let (loaded, _) = match super::loaded(&args.selection, &args.values, project.as_ref(), &catalog) {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    if loaded.is_empty() && loaded.libraries.is_empty() {
        output::refuse(Code::NothingSelected, &loaded.why_nothing(&args.selection));
        return Ok(Exit::Usage);
    }
    for invalid in &loaded.invalid {
        output::say(&testmesh_report::diagnostics(&invalid.diagnostics, &invalid.sources, &output::stderr_style()));
    }
    for left_out in loaded.left_out.iter().filter(|_| args.format == PageFormat::Human) {
        output::say(&format!("left out: {} ({})", left_out.file, left_out.reason));
    }
    let all = super::in_order(&loaded).chain(loaded.libraries.iter().map(|plan| (plan, None)));
    let text = match args.format {
        PageFormat::Human => all.map(|(plan, stage)| lines(plan, stage)).collect(),
        PageFormat::Json => {
            let flow = |(plan, stage): (&std::sync::Arc<Plan>, Option<Stage>)| {
                json!({"file": *plan.file, "document": plan.document, "name": *plan.name, "suite": plan.suite, "tags": plan.tags,
                    "rows": super::rows_json(plan), "library": plan.library, "inputs": plan.inputs,
                    "stage": stage, "exclusive": loaded.exclusive(plan),
                    "steps": plan.all_steps().map(|step| json!({"id": *step.id, "action": *step.action.name})).collect::<Vec<_>>()})
            };
            let flows: Vec<_> = all.map(flow).collect();
            format!("{:#}\n", json!({"flows": flows, "left_out": loaded.left_out}))
        }
    };
    output::print(&text)?;
    Ok(if loaded.invalid.is_empty() { Exit::Passed } else { Exit::Invalid })
}

/// A line for each execution; that of a library says so, and that of a flow before or after all others.
fn lines(plan: &Plan, stage: Option<Stage>) -> String {
    let tags = plan.tags.join(",");
    let line = |name: &str, more: &str| format!("{}\t{name}\t{tags}{more}\n", plan.file);
    let rows = super::rows(plan);
    match (plan.library, rows.as_slice()) {
        (true, _) => line(&plan.name, "\tlibrary"),
        (false, []) => line(&plan.name, &stage.map(|stage| format!("\t{}", stage.name())).unwrap_or_default()),
        (false, rows) => rows.iter().map(|row| line(&format!("{} [{row}]", plan.name), "")).collect(),
    }
}
