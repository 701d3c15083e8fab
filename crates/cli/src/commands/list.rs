//! `testmesh list`.

use crate::{
    args::{List, PageFormat, Values},
    exit::Exit,
    output,
};
use serde_json::json;
use testmesh_flow::{Code, plan::Plan};

pub(super) fn run(args: &List) -> anyhow::Result<Exit> {
    let project = match super::project() {
        Ok(project) => project,
        Err(exit) => return Ok(exit),
    };
    let catalog = testmesh_actions::all().catalog();
    let none = Values { environment: None, env_file: Vec::new(), vars: Vec::new(), secrets: Vec::new(), secret_file: Vec::new() };
    let (loaded, _) = match super::loaded(&args.selection, &none, project.as_ref(), &catalog) {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    if loaded.plans.is_empty() && loaded.libraries.is_empty() && loaded.invalid.is_empty() {
        output::refuse(Code::NothingSelected, &loaded.why_nothing(&args.selection));
        return Ok(Exit::Usage);
    }
    for invalid in &loaded.invalid {
        output::say(&testmesh_report::diagnostics(&invalid.diagnostics, &invalid.sources, &output::stderr_style()));
    }
    for left_out in loaded.left_out.iter().filter(|_| args.format == PageFormat::Human) {
        output::say(&format!("left out: {} ({})", left_out.file, left_out.reason));
    }
    let text = match args.format {
        PageFormat::Human => loaded.plans.iter().chain(&loaded.libraries).map(|plan| lines(plan)).collect(),
        PageFormat::Json => {
            let flow = |plan: &std::sync::Arc<Plan>| {
                json!({"file": *plan.file, "document": plan.document, "name": *plan.name, "suite": plan.suite, "tags": plan.tags,
                    "rows": super::rows_json(plan), "library": plan.library, "inputs": plan.inputs,
                    "steps": plan.all_steps().map(|step| json!({"id": *step.id, "action": *step.action.name})).collect::<Vec<_>>()})
            };
            let flows: Vec<_> = loaded.plans.iter().chain(&loaded.libraries).map(flow).collect();
            format!("{:#}\n", json!({"flows": flows, "left_out": loaded.left_out}))
        }
    };
    output::print(&text)?;
    Ok(if loaded.invalid.is_empty() { Exit::Passed } else { Exit::Invalid })
}

/// A line for each execution; a library has one, that says so.
fn lines(plan: &Plan) -> String {
    let tags = plan.tags.join(",");
    let line = |name: &str, more: &str| format!("{}\t{name}\t{tags}{more}\n", plan.file);
    let rows = super::rows(plan);
    match (plan.library, rows.as_slice()) {
        (true, _) => line(&plan.name, "\tlibrary"),
        (false, []) => line(&plan.name, ""),
        (false, rows) => rows.iter().map(|row| line(&format!("{} [{row}]", plan.name), "")).collect(),
    }
}
