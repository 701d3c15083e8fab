//! What an environment says: its variables, and where its secrets come from.

use super::{
    read::lacking,
    secret::{From, Secret},
};
use std::{path::Path, sync::Arc};
use testmesh_flow::{
    Code, Diagnostic, Source, SourceId, Span, Value, diagnostic,
    nearest::nearest,
    plan::Input,
    yaml::{self, Entry, Key, Node},
};

/// A name and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) text: Arc<str>,
    pub(super) span: Span,
}

/// An environment as it is written.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: Name,
    variables: Vec<(Name, Value)>,
    secrets: Vec<Secret>,
}

/// Reads the text of a file of its own.
pub(super) fn from_yaml(name: &str, source: &Source, id: SourceId) -> Result<Definition, Vec<Diagnostic>> {
    let read = yaml::read(source, id);
    // An environment may say nothing, unlike a flow.
    let mut diagnostics: Vec<_> = read.diagnostics.into_iter().filter(|diagnostic| diagnostic.code != Code::EmptyFile).collect();
    if let Some(second) = read.documents.get(1) {
        let message = "an environment file holds one document, and here another begins";
        diagnostics.push(Diagnostic::error(Code::BadProject, second.root.span, message).help("remove the `---` and what follows"));
    }
    let name = Name { text: name.into(), span: Span::new(id, 0..0) };
    let root = read.documents.first().map(|document| &document.root);
    let definition = match root {
        Some(root) => definition(name, root, &mut diagnostics),
        None => Definition { name, variables: Vec::new(), secrets: Vec::new() },
    };
    finish(definition, diagnostics)
}

/// Reads a table of the project file.
pub(super) fn from_node(name: Key, node: &Node) -> Result<Definition, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let definition = definition(Name { text: name.text, span: name.span }, node, &mut diagnostics);
    finish(definition, diagnostics)
}

fn finish(definition: Definition, mut diagnostics: Vec<Diagnostic>) -> Result<Definition, Vec<Diagnostic>> {
    diagnostic::sort(&mut diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) { Err(diagnostics) } else { Ok(definition) }
}

fn definition(name: Name, root: &Node, diagnostics: &mut Vec<Diagnostic>) -> Definition {
    let mut definition = Definition { name, variables: Vec::new(), secrets: Vec::new() };
    for entry in object(root, "an environment", diagnostics) {
        match &*entry.key.text {
            _ if entry.value.is_null() => {}
            "variables" => definition.variables = variables(&entry.value, diagnostics),
            "secrets" => definition.secrets = secrets(&entry.value, diagnostics),
            "hosts" => diagnostics.push(lacking("hosts", entry.key.span)),
            _ => diagnostics.push(unknown_key(entry, "an environment", &["variables", "secrets"])),
        }
    }
    for secret in &definition.secrets {
        if let Some((variable, _)) = definition.variables.iter().find(|(variable, _)| variable.text == secret.name.text) {
            let message = format!("`{}` is a variable and a secret", secret.name.text);
            let twice = Diagnostic::error(Code::TwiceGiven, secret.name.span, message);
            diagnostics.push(twice.with(variable.span, "a variable here").help("keep one of them"));
        }
    }
    definition
}

fn variables(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Name, Value)> {
    let name = |entry: &Entry| Name { text: Arc::clone(&entry.key.text), span: entry.key.span };
    let entries = object(node, "`variables`", diagnostics);
    for entry in entries {
        if let Some(template) = first_template(&entry.value) {
            let message = format!(
                "`{}` holds a template, and nobody fills it in: a variable of an environment is taken as it stands",
                entry.key.text
            );
            let refused = Diagnostic::error(Code::NoTemplateHere, template.place(), message);
            diagnostics.push(refused.help("write it out, or make it a variable in the `env` of the flows"));
        }
    }
    entries.iter().map(|entry| (name(entry), entry.value.to_value())).collect()
}

/// The first text in a value that looks like a template.
fn first_template(node: &Node) -> Option<&Node> {
    let inside = node.as_list().unwrap_or_default().iter().find_map(first_template);
    let below = || node.as_map().unwrap_or_default().iter().find_map(|entry| first_template(&entry.value));
    let itself = || node.as_str().filter(|text| text.contains("${") || text.contains("{{")).map(|_| node);
    inside.or_else(below).or_else(itself)
}

/// Secrets: a list of names, or an object of names and where each comes from.
fn secrets(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<Secret> {
    let Some(items) = node.as_list() else {
        let entries = object(node, "`secrets`", diagnostics);
        return entries.iter().filter_map(|entry| secret(entry, diagnostics)).collect();
    };
    let mut secrets: Vec<Secret> = Vec::new();
    for item in items {
        let Some(text) = item.as_str().filter(|text| !text.is_empty()) else {
            let message = format!("an item of `secrets` must be a name, and this is {}", item.describe());
            let wrong = Diagnostic::error(Code::WrongType, item.place(), message);
            diagnostics.push(wrong.help("to take secrets from files or commands, make `secrets` an object: `NAME: {file: …}`"));
            continue;
        };
        if let Some(first) = secrets.iter().find(|secret| *secret.name.text == *text) {
            let twice = Diagnostic::error(Code::DuplicateKey, item.place(), format!("the secret `{text}` is listed twice"));
            diagnostics.push(twice.with(first.name.span, "here already").help("remove one"));
            continue;
        }
        secrets.push(Secret { name: Name { text: text.into(), span: item.place() }, from: From::Process });
    }
    secrets
}

/// `NAME: {}`, `NAME: {file: …}`, `NAME: {command: …}`; nothing under the name is as good as `{}`.
fn secret(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Secret> {
    let name = Name { text: Arc::clone(&entry.key.text), span: entry.key.span };
    let what = format!("the secret `{}`", name.text);
    if entry.value.is_null() {
        return Some(Secret { name, from: From::Process });
    }
    let Some(entries) = entry.value.as_map() else {
        // What stands here may well be the secret itself: it is not repeated.
        let wrong = Diagnostic::error(Code::WrongType, name.span, format!("{what} must be an object that says where it comes from"));
        let help = format!("write `{{file: …}}` or `{{command: …}}`, or `{{}}` for the variable {}", From::variable(&name.text));
        diagnostics.push(wrong.help(help));
        return None;
    };
    let mut sources = Vec::new();
    for entry in entries {
        sources.push(source(entry, &what, diagnostics)?);
    }
    if sources.len() > 1 {
        let message = format!("{what} comes from a file and from a command");
        diagnostics.push(Diagnostic::error(Code::TwiceGiven, name.span, message).help("keep one of them"));
    }
    Some(Secret { name, from: sources.pop().unwrap_or(From::Process) })
}

/// `file: …` or `command: …`.
fn source(entry: &Entry, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<From> {
    let text = entry.value.as_str().filter(|text| !text.trim().is_empty());
    let source = match (&*entry.key.text, text) {
        ("file", Some(path)) => Ok(From::File(path.to_owned())),
        ("command", Some(line)) => Ok(From::Command(line.to_owned())),
        (key @ ("file" | "command"), None) => {
            let message = format!("`{key}` must be text, and this is {}", entry.value.describe());
            Err(Diagnostic::error(Code::WrongType, entry.value.place(), message))
        }
        _ => Err(unknown_key(entry, what, &["file", "command"])),
    };
    source.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
}

/// The entries of an object; none when it is no object, which is reported.
fn object<'n>(node: &'n Node, what: &str, diagnostics: &mut Vec<Diagnostic>) -> &'n [Entry] {
    node.as_map().unwrap_or_else(|| {
        let message = format!("{what} must be an object, and this is {}", node.describe());
        diagnostics.push(Diagnostic::error(Code::WrongType, node.place(), message));
        &[]
    })
}

fn unknown_key(entry: &Entry, what: &str, known: &[&str]) -> Diagnostic {
    let found = &*entry.key.text;
    let diagnostic = Diagnostic::error(Code::UnknownKey, entry.key.span, format!("{what} has no key `{found}`"));
    match nearest(found, known.iter().copied()) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic.help(format!("the keys are {}", known.join(", "))),
    }
}

impl Definition {
    /// The values, with the secrets taken from where they are, one after the other: a command may ask its user something.
    pub(super) fn inputs(&self, root: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Input>, Vec<Diagnostic>> {
        let origin: Arc<str> = format!("environment {}", self.name.text).into();
        let input = |name: &Name, value, secret| Input { name: Arc::clone(&name.text), value, origin: Arc::clone(&origin), secret };
        let mut inputs: Vec<Input> = self.variables.iter().map(|(name, value)| input(name, value.clone(), false)).collect();
        let mut diagnostics = Vec::new();
        for secret in &self.secrets {
            match secret.take(root, env) {
                Ok(text) => inputs.push(input(&secret.name, Value::from(text), true)),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        if diagnostics.is_empty() { Ok(inputs) } else { Err(diagnostics) }
    }
}
