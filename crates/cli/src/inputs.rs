//! Values that the command line and its environment give to flows, by strength.

use crate::{
    args::Values,
    files, output,
    project::{Problem, Project},
};
use std::{collections::HashMap, path::Path, sync::Arc};
use testmesh_flow::{
    Source, SourceId, Sources, Value, env_file,
    plan::{Input, Inputs},
    scope::SHORTEST_SECRET,
    yaml,
};

/// The prefix of environment variables that are secret variables of flows.
const SECRET_PREFIX: &str = "TESTMESH_SECRET_";

/// Why there are no values.
pub(crate) enum Refused {
    /// The call is wrong, in words.
    Usage(String),
    /// The project's environment is wrong.
    Project(Problem),
}

impl From<String> for Refused {
    fn from(words: String) -> Self {
        Self::Usage(words)
    }
}

/// Gathers the values.
pub(crate) fn gather(values: &Values, project: Option<&Project>, lenient: bool) -> Result<Inputs, Refused> {
    let all: HashMap<String, String> =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect();
    let name = values.environment.as_deref().or_else(|| project.and_then(|project| project.environment.as_deref()));
    let environment = match (name, project) {
        (None, _) => Vec::new(),
        (Some(name), None) => return Err(format!("there is no environment `{name}`: no testmesh.toml was found here or above").into()),
        (Some(name), Some(project)) => project.environment(name, &|name| all.get(name).cloned()).map_err(Refused::Project)?,
    };
    let mut caller = Vec::new();
    for (name, value) in all.iter().filter_map(|(name, value)| Some((name.strip_prefix(SECRET_PREFIX)?, value))) {
        caller.push(input(name, value, &format!("{SECRET_PREFIX}{name}"), true)?);
    }
    caller.sort_by(|a, b| a.name.cmp(&b.name));
    for path in &values.env_file {
        caller.extend(read_file(path, "--env-file", false)?);
    }
    for path in &values.secret_file {
        caller.extend(read_file(path, "--secret-file", true)?);
    }
    for pair in &values.vars {
        let (name, value) = split(pair, "--var")?;
        caller.push(input(name, value, "--var", false)?);
    }
    for pair in &values.secrets {
        let (name, value) = split(pair, "--secret")?;
        caller.push(input(name, value, "--secret", true)?);
    }
    let process = all.into_iter().filter(|(name, _)| !name.starts_with(SECRET_PREFIX)).collect();
    Ok(Inputs { environment, caller, process, lenient, ..Inputs::default() })
}

fn split<'a>(pair: &'a str, option: &str) -> Result<(&'a str, &'a str), String> {
    // What stands behind the `=` of a secret is never repeated in a message.
    let (name, value) = pair.split_once('=').ok_or_else(|| match option {
        "--secret" => "`--secret` needs NAME=VALUE".to_owned(),
        _ => format!("`{option} {pair}` needs NAME=VALUE"),
    })?;
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte == b'.';
    if name.is_empty() || !name.bytes().all(legal) {
        return Err(format!("`{option}`: `{name}` cannot be the name of a variable"));
    }
    Ok((name, value))
}

fn input(name: &str, value: &str, origin: &str, secret: bool) -> Result<Input, String> {
    if secret && value.is_empty() {
        output::say(&format!("warning: the secret `{name}` ({origin}) is empty"));
    } else if secret && value.chars().count() < SHORTEST_SECRET {
        return Err(format!(
            "the secret `{name}` ({origin}) is under {SHORTEST_SECRET} characters: it cannot be masked without masking half of everything"
        ));
    }
    Ok(Input { name: name.into(), value: Value::text(value), origin: origin.into(), secret })
}

fn read_file(path: &Path, option: &str, secret: bool) -> Result<Vec<Input>, String> {
    let unreadable = |why: String| format!("`{option} {}` cannot be read: {why}", path.display());
    let bytes = files::bytes(path).map_err(unreadable)?;
    let text = yaml::decode(&bytes).map_err(|bad| unreadable(format!("{}: {}", bad.message, bad.help)))?;
    let (entries, problems) = env_file::parse(&text, SourceId(0));
    if !problems.is_empty() {
        let mut sources = Sources::default();
        // The lines of a secret file are shown to nobody.
        let shown = if secret { text.lines().map(|_| "***\n").collect() } else { text };
        sources.add(Arc::new(Source::new(path.to_string_lossy().as_ref(), shown)));
        let list: Vec<_> = problems.iter().map(|problem| problem.one_line(&sources)).collect();
        return Err(format!("`{option}`: {}", list.join("\n")));
    }
    let origin = format!("{option} {}", path.display());
    entries.iter().map(|entry| input(&entry.name, &entry.value, &origin, secret)).collect()
}
