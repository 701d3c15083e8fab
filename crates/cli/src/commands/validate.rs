//! `testmesh validate`.

use crate::{
    args::{PageFormat, Validate},
    exit::Exit,
    load::Loaded,
    output,
};
use serde_json::json;
use testmesh_flow::{Code, Diagnostic, plan::Plan};

pub(super) fn run(args: &Validate) -> anyhow::Result<Exit> {
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
    match args.format {
        PageFormat::Human => human(&loaded)?,
        PageFormat::Json => output::print(&format!("{:#}\n", as_json(&loaded)))?,
    }
    Ok(if loaded.invalid.is_empty() { Exit::Passed } else { Exit::Invalid })
}

/// All problems, on standard error.
pub(super) fn say_problems(loaded: &Loaded) {
    let style = output::stderr_style();
    for file in loaded.invalid.iter().chain(&loaded.warned) {
        output::say(&testmesh_report::diagnostics(&file.diagnostics, &file.sources, &style));
    }
}

fn human(loaded: &Loaded) -> anyhow::Result<()> {
    say_problems(loaded);
    for left_out in &loaded.left_out {
        output::say(&format!("left out: {} ({})", left_out.file, left_out.reason));
    }
    let (errors, warnings) = loaded.counts();
    let flows = super::in_order(loaded).count() + loaded.libraries.len();
    let notes: String = loaded.plans.iter().chain(&loaded.libraries).filter_map(|plan| note(plan)).collect();
    output::print(&notes)?;
    let summary = format!("{flows} valid flow(s), {} invalid file(s), {errors} error(s), {warnings} warning(s)\n", loaded.invalid.len());
    output::print(&summary)?;
    let denied = loaded.invalid.iter().filter(|file| !file.diagnostics.iter().any(Diagnostic::is_error)).count();
    if denied > 0 {
        output::print(&format!("{denied} file(s) invalid by `--deny warnings`, for warnings alone\n"))?;
    }
    Ok(())
}

/// What is special about a flow: its rows, or what those who call it must give it.
fn note(plan: &Plan) -> Option<String> {
    if let Some(rows) = plan.each_row() {
        let columns = rows.columns.join(", ");
        return Some(format!("{}: `{}` runs once for each of {} row(s); columns: {columns}\n", plan.file, plan.name, rows.rows.len()));
    }
    let inputs = if plan.inputs.is_empty() { "none".to_owned() } else { plan.inputs.join(", ") };
    plan.library.then(|| format!("{}: `{}` is a library, which other flows call; inputs: {inputs}\n", plan.file, plan.name))
}

fn flow(plan: &Plan) -> serde_json::Value {
    json!({"name": *plan.name, "file": *plan.file, "document": plan.document, "rows": super::rows_json(plan), "library": plan.library,
        "inputs": plan.inputs})
}

fn as_json(loaded: &Loaded) -> serde_json::Value {
    let lists = loaded.invalid.iter().chain(&loaded.warned).map(|file| testmesh_report::diagnostics_json(&file.diagnostics, &file.sources));
    let all = lists.flat_map(|list| if let serde_json::Value::Array(items) = list { items } else { vec![list] });
    let (errors, warnings) = loaded.counts();
    json!({
        "valid": loaded.invalid.is_empty(),
        "flows": loaded.plans.iter().chain(&loaded.libraries).map(|plan| flow(plan)).collect::<Vec<_>>(),
        "invalid_files": loaded.invalid.iter().map(|invalid| &invalid.file).collect::<Vec<_>>(),
        "left_out": loaded.left_out,
        "errors": errors,
        "warnings": warnings,
        "diagnostics": all.collect::<Vec<_>>(),
    })
}
