//! What each subcommand does.

mod actions;
mod demo;
mod explain;
mod init;
mod list;
mod run;
mod validate;

use crate::{
    args::{Arguments, Command, Selection, Values},
    exit::Exit,
    inputs::{self, Refused},
    load::{self, Loaded},
    output,
    project::{self, Problem, Project},
    stages::Stages,
};
use clap::CommandFactory;
use std::{mem::ManuallyDrop, sync::Arc};
use testmesh_events::Stage;
use testmesh_flow::{
    Code, Diagnostic,
    catalog::Catalog,
    plan::{Inputs, Plan, Rows},
};

pub(crate) fn dispatch(arguments: Arguments) -> anyhow::Result<Exit> {
    match arguments.command {
        Command::Run(args) => run::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::List(args) => list::run(&args),
        Command::Actions(args) => actions::run(&args),
        Command::Explain { code } => explain::run(&code),
        Command::Init { folder } => init::run(&folder),
        Command::Demo { port_base } => demo::run(port_base),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "testmesh", &mut script);
            output::print(&String::from_utf8_lossy(&script))?;
            Ok(Exit::Passed)
        }
    }
}

/// The project, if there is one; `Err` has said what is wrong with it.
fn project() -> Result<Option<Project>, Exit> {
    let cwd = std::env::current_dir().map_err(|error| {
        output::error(&format!("the working folder cannot be read: {error}"));
        Exit::Errored
    })?;
    project::find(&cwd).map_err(|problem| wrong_project(&problem))
}

/// What stands in no file is wrong with the call: an environment that it asks for and the project does not have.
fn wrong_project(problem: &Problem) -> Exit {
    output::say(&testmesh_report::diagnostics(&problem.diagnostics, &problem.sources, &output::stderr_style()));
    let of_the_call = |diagnostic: &Diagnostic| diagnostic.code == Code::BadProject && diagnostic.labels.is_empty();
    if problem.diagnostics.iter().all(of_the_call) { Exit::Usage } else { Exit::Invalid }
}

/// The flows in the order of a run, with when those have their turn that were not selected.
fn in_order(loaded: &Loaded) -> impl Iterator<Item = (&Arc<Plan>, Option<Stage>)> {
    let Stages { before, after, .. } = &*loaded.stages;
    let of = |stage| move |plan| (plan, stage);
    before.iter().map(of(Some(Stage::Before))).chain(loaded.plans.iter().map(of(None))).chain(after.iter().map(of(Some(Stage::After))))
}

/// The rows that are executions of a flow, each in words: `row 2: ada@example.com`.
fn rows(plan: &Plan) -> Vec<String> {
    let words =
        |(number, label): (usize, String)| if label.is_empty() { format!("row {number}") } else { format!("row {number}: {label}") };
    let each = plan.each_row().into_iter().flat_map(|rows| rows.rows.iter().map(|row| (row.number, rows.label(row))));
    each.map(words).collect()
}

/// The same for programs; null when the flow is executed once.
fn rows_json(plan: &Plan) -> serde_json::Value {
    let rows = |rows: &Rows| rows.rows.iter().map(|row| serde_json::json!({"number": row.number, "label": rows.label(row)})).collect();
    plan.each_row().map_or(serde_json::Value::Null, |it| rows(it))
}

fn usage(words: &str) -> Exit {
    output::error(words);
    Exit::Usage
}

/// What is selected, with its inputs; `Err` has said what is wrong with the call. The plans last as long as the process: to take them apart
/// before it ends would take a tenth of the time of checking them.
fn loaded(
    selection: &Selection,
    values: &Values,
    project: Option<&Project>,
    catalog: &Catalog,
) -> Result<(ManuallyDrop<Loaded>, Inputs), Exit> {
    let inputs = inputs::gather(values, project, selection.lenient).map_err(|refused| match refused {
        Refused::Usage(words) => usage(&words),
        Refused::Project(problem) => wrong_project(&problem),
    })?;
    let loaded = load::load(selection, project, catalog, &inputs).map_err(|words| {
        output::refuse(Code::NothingSelected, &words);
        Exit::Usage
    })?;
    Ok((ManuallyDrop::new(loaded), inputs))
}
