//! Starting a program, and saying why it does not start.

use super::{Config, argument};
use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};
use testmesh_flow::{Code, Map};
use testmesh_runner::ActionError;
use tokio::process::{Child, Command};

/// Starts the program of a config; it is killed when the child is dropped.
pub(super) fn start(config: &Config, has_input: bool, folder: &Path) -> Result<Child, ActionError> {
    if config.command.trim().is_empty() {
        return Err(ActionError::errored(Code::ConfigRejected, "the command is empty").key("command"));
    }
    let mut command = Command::new(&config.command);
    for (index, value) in config.args.iter().flatten().enumerate() {
        command.arg(argument(&format!("args[{index}]"), value)?);
    }
    for (name, value) in config.env.iter().flat_map(Map::iter) {
        if value.is_null() {
            command.env_remove(name.as_ref());
        } else {
            command.env(name.as_ref(), argument(&format!("env.{name}"), value)?);
        }
    }
    let cwd = config.cwd.as_deref().map(|cwd| working_folder(cwd, folder)).transpose()?;
    if let Some(cwd) = &cwd {
        command.current_dir(cwd);
    }
    let input = if has_input { Stdio::piped() } else { Stdio::null() };
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    command.spawn().map_err(|error| not_started(config, cwd.as_deref(), &error))
}

/// A folder beside the flow, else from where TestMesh runs.
fn working_folder(cwd: &str, folder: &Path) -> Result<PathBuf, ActionError> {
    let places = [folder.join(cwd), PathBuf::from(cwd)];
    places.iter().find(|place| place.is_dir()).cloned().ok_or_else(|| {
        let [beside, _] = &places;
        let what = if beside.exists() { "is no folder" } else { "does not exist" };
        ActionError::errored(Code::ConfigRejected, format!("the working folder `{}` {what}", beside.display()))
            .help("`cwd` is looked for from the folder of the flow, then from where the call was made")
            .key("cwd")
    })
}

fn not_started(config: &Config, cwd: Option<&Path>, error: &io::Error) -> ActionError {
    let program = &config.command;
    let path = cwd.unwrap_or(Path::new("")).join(program);
    let is_path = program.contains('/');
    let (why, help) = match error.kind() {
        io::ErrorKind::NotFound if is_path && path.exists() => {
            ("cannot be run: the interpreter that its first line names does not exist".to_owned(), "look at its `#!` line".to_owned())
        }
        io::ErrorKind::NotFound if program.contains(' ') && config.args.is_none() => (
            "is no program".to_owned(),
            format!("no shell reads the command: give the arguments under `args`, or write `command: sh` and `args: [-c, \"{program}\"]`"),
        ),
        io::ErrorKind::NotFound if is_path => ("does not exist".to_owned(), "check the path; it is looked for from `cwd`".to_owned()),
        io::ErrorKind::NotFound => ("is not found in PATH".to_owned(), "is it installed where the flow runs?".to_owned()),
        io::ErrorKind::PermissionDenied if path.is_dir() => ("is a folder".to_owned(), "name a program".to_owned()),
        io::ErrorKind::PermissionDenied => ("may not be executed".to_owned(), format!("`chmod +x {program}` makes it executable")),
        _ => (format!("cannot be started: {error}"), "check the command, its arguments and its environment".to_owned()),
    };
    ActionError::errored(Code::ProcessFailed, format!("the program `{program}` {why}")).help(help).key("command")
}
