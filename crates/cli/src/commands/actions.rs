//! `testmesh actions`.

use crate::{
    args::{ActionsOf, PageFormat},
    exit::Exit,
    output,
};
use serde_json::json;
use testmesh_flow::{
    catalog::{ActionSpec, Catalog},
    nearest,
    schema::{KeyKind, Object, Shape},
};

pub(super) fn run(args: &ActionsOf) -> anyhow::Result<Exit> {
    let catalog = testmesh_actions::all().catalog();
    let Some(name) = &args.name else {
        output::print(&match args.format {
            PageFormat::Human => all(&catalog),
            PageFormat::Json => format!("{:#}\n", json!(catalog.actions().iter().map(|action| as_json(action)).collect::<Vec<_>>())),
        })?;
        return Ok(Exit::Passed);
    };
    let Some(spec) = catalog.find(name) else {
        let near = nearest::nearest(name, catalog.names()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        output::error(&format!("there is no action `{name}`{near}"));
        return Ok(Exit::Usage);
    };
    output::print(&match args.format {
        PageFormat::Human => one(spec),
        PageFormat::Json => format!("{:#}\n", as_json(spec)),
    })?;
    Ok(Exit::Passed)
}

fn as_json(spec: &ActionSpec) -> serde_json::Value {
    json!({"name": *spec.name, "aliases": spec.aliases, "about": *spec.about, "in_build": spec.in_build, "config": *spec.config_schema, "output": *spec.output_schema})
}

fn all(catalog: &Catalog) -> String {
    let (here, lacking): (Vec<_>, Vec<_>) = catalog.actions().iter().partition(|spec| spec.in_build);
    let mut text: String = here.iter().map(|spec| format!("{:<16} {}\n", spec.name, spec.about)).collect();
    let names: Vec<_> = lacking.iter().map(|spec| spec.name.as_ref()).collect();
    text.push_str(&format!("\nPart of the language, but not in this build:\n{}\n", wrapped(&names)));
    text
}

fn wrapped(names: &[&str]) -> String {
    let mut lines = vec![String::from(" ")];
    for name in names {
        let line = lines.last().map_or(0, String::len);
        if line + name.len() > 96 {
            lines.push(String::from(" "));
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(&format!(" {name}"));
        }
    }
    lines.join("\n")
}

fn one(spec: &ActionSpec) -> String {
    let aliases = if spec.aliases.is_empty() { String::new() } else { format!(" [{}]", spec.aliases.join(", ")) };
    if !spec.in_build {
        return format!("{}{aliases}\n\nPart of the language, but not in this build.\n", spec.name);
    }
    let mut text = format!("{}{aliases}: {}\n\nconfig\n", spec.name, spec.about);
    keys(&spec.config, &mut text);
    text.push_str("\noutput\n");
    keys(&spec.output, &mut text);
    if let Some(subject) = &spec.subject {
        text.push_str(&format!("\nA JSONPath searches `{subject}` first.\n"));
    }
    text
}

fn keys(shape: &Shape, text: &mut String) {
    let Shape::Object(object) = shape else {
        return text.push_str(&format!("  {}\n", shape.words()));
    };
    let Object { keys, .. } = object.as_ref();
    for (name, key) in keys.iter().filter(|(_, key)| key.in_build) {
        let names = std::iter::once(name).chain(&key.aliases).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
        let required = if key.required { ", required" } else { "" };
        let kind = if matches!(key.kind, KeyKind::Expression | KeyKind::Condition) { ", expression" } else { "" };
        let shape = if key.kind == KeyKind::Steps { "steps".to_owned() } else { key.shape.words() };
        let about = key.about.lines().next().unwrap_or_default();
        text.push_str(&format!("  {names:<24} {shape}{required}{kind}\n"));
        if !about.is_empty() {
            text.push_str(&format!("  {:<24} {about}\n", ""));
        }
    }
    let lacking: Vec<_> = keys.iter().filter(|(_, key)| !key.in_build).map(|(name, _)| name.as_ref()).collect();
    if !lacking.is_empty() {
        text.push_str(&format!("  not in this build: {}\n", lacking.join(", ")));
    }
}
