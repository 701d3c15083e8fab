//! A flow file as its author wrote it: which keys stand where, with a place for each. What the texts in it mean is the planner's business.

mod read;
mod step;

pub use step::Step;

use crate::{
    Code, Diagnostic, Source, SourceId, Span, nearest,
    yaml::{self, Document, Entry, Node},
};
use read::{Fields, KeyDef, Reader};
use std::sync::Arc;

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: Arc<str>,
    pub span: Span,
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub flows: Vec<Flow>,
    /// Everything that is wrong with it, sorted. An error makes the whole file invalid.
    pub diagnostics: Vec<Diagnostic>,
    /// It holds a `flow` or `steps`, or a key that looks like a misspelt one: it was meant to be a flow.
    pub is_flow: bool,
}

/// One flow: one document of a file.
#[derive(Clone, Debug)]
pub struct Flow {
    pub span: Span,
    /// Which document of the file, counted from 0.
    pub document: u32,
    pub name: Name,
    pub description: Option<Name>,
    pub suite: Option<Name>,
    pub tags: Vec<Name>,
    pub env_file: Option<Name>,
    pub env: Vec<(Name, Node)>,
    pub secrets: Vec<Name>,
    pub config: Config,
    pub setup: Vec<Step>,
    pub steps: Vec<Step>,
    pub teardown: Vec<Step>,
}

/// `config:` of a flow.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub timeout: Option<Node>,
    pub teardown_timeout: Option<Node>,
    pub fail_fast: Option<bool>,
    pub retry: Option<Node>,
}

const FLOW_KEYS: &[KeyDef] = &[
    KeyDef::new("name"),
    KeyDef::new("description"),
    KeyDef::new("version"),
    KeyDef::new("author"),
    KeyDef::new("suite"),
    KeyDef::new("collection"),
    KeyDef::new("tags"),
    KeyDef::new("env_file"),
    KeyDef::new("env"),
    KeyDef::new("secrets"),
    KeyDef::new("config"),
    KeyDef::new("setup"),
    KeyDef::new("steps"),
    KeyDef::new("teardown"),
    KeyDef::lacking("data", &["data_source"]),
    KeyDef::lacking("target", &[]),
    KeyDef::lacking("library", &[]),
    KeyDef::lacking("output", &[]),
];

const CONFIG_KEYS: &[KeyDef] = &[
    KeyDef::new("timeout"),
    KeyDef::new("teardown_timeout"),
    KeyDef::new("fail_fast"),
    KeyDef::new("retry"),
    KeyDef::lacking("cleanup", &[]),
    KeyDef::lacking("exclusive", &[]),
    KeyDef::lacking("parallel_rows", &[]),
    KeyDef::lacking("on_worker_loss", &[]),
];

/// Reads a text as a flow file. Never fails: what is wrong is among the diagnostics.
///
/// `lenient` turns unknown keys into warnings.
pub fn parse(source: &Source, id: SourceId, lenient: bool) -> File {
    let read = yaml::read(source, id);
    let mut reader = Reader::new(read.diagnostics, lenient);
    let is_flow =
        read.documents.iter().any(|document| looks_like_flow(&document.root)) || (read.documents.is_empty() && mentions_flow(source));
    let mut file = File { is_flow, ..File::default() };
    if read.documents.is_empty() && reader.diagnostics.is_empty() {
        let start = Span::new(id, 0..0);
        let empty = Diagnostic::error(Code::EmptyFile, start, "the file holds no flow: it is empty");
        reader.diagnostics.push(empty.help("a flow needs at least `name:` and `steps:`"));
    }
    for (index, Document { root }) in read.documents.iter().enumerate() {
        let document = u32::try_from(index).unwrap_or(u32::MAX);
        file.flows.extend(flow(root, document, &mut reader));
    }
    file.diagnostics = reader.diagnostics;
    crate::diagnostic::sort(&mut file.diagnostics);
    file
}

/// Whether a document has `flow` or `steps`, or a key one edit away from them.
fn looks_like_flow(root: &Node) -> bool {
    let near = |entry: &Entry| ["flow", "steps"].iter().any(|key| nearest::distance(&entry.key.text, key, 1) <= 1);
    root.as_map().is_some_and(|entries| entries.iter().any(near))
}

/// The same for a text that is no YAML: whether one of its lines begins with such a key.
fn mentions_flow(source: &Source) -> bool {
    let key = |line: &str| line.trim_start_matches(['-', ' ', '{', '"']).split([':', '"']).next().unwrap_or_default().trim().to_owned();
    source.text().lines().take(10_000).any(|line| line.contains(':') && ["flow", "steps"].contains(&key(line).as_str()))
}

fn flow(root: &Node, document: u32, reader: &mut Reader) -> Option<Flow> {
    let root = unwrapped(root, reader)?;
    let mut fields = reader.fields(root, "the flow", FLOW_KEYS)?;
    let name = fields.required_text("name", root.span, reader);
    if let Some(name) = &name {
        reader.refuse_template(name, "name");
    }
    for key in ["version", "author", "collection"] {
        fields.text(key, reader);
    }
    let flow = Flow {
        span: root.span,
        document,
        name: name.clone().unwrap_or(Name { text: "".into(), span: root.span }),
        description: fields.text("description", reader),
        suite: fields.fixed_text("suite", reader),
        tags: fields.fixed_names("tags", reader),
        env_file: fields.text("env_file", reader),
        env: fields.pairs("env", reader),
        secrets: fields.names("secrets", reader),
        config: config(&mut fields, reader),
        setup: step::steps(fields.take("setup"), "setup", reader),
        steps: step::steps(fields.take("steps"), "steps", reader),
        teardown: step::steps(fields.take("teardown"), "teardown", reader),
    };
    check_steps(&flow, root, reader);
    name.map(|_| flow)
}

/// The root is either `flow: {…}` or the bare mapping.
fn unwrapped<'n>(root: &'n Node, reader: &mut Reader) -> Option<&'n Node> {
    let Some(entries) = root.as_map() else {
        let message = format!("a flow file holds an object, and this is {}", root.describe());
        reader.push(Diagnostic::error(Code::NotAFlow, root.span, message).help("begin with `flow:`, and under it `name:` and `steps:`"));
        return None;
    };
    let Some(wrapped) = root.get("flow") else { return Some(root) };
    for other in entries.iter().filter(|entry| &*entry.key.text != "flow") {
        let message = format!("`{}` stands beside `flow:`", other.key.text);
        reader.unknown(Diagnostic::error(Code::UnknownKey, other.key.span, message).help("move it under `flow:`, or leave `flow:` out"));
    }
    Some(wrapped)
}

fn config(fields: &mut Fields, reader: &mut Reader) -> Config {
    let Some(node) = fields.take("config") else { return Config::default() };
    let Some(mut fields) = reader.fields(node, "`config`", CONFIG_KEYS) else { return Config::default() };
    Config {
        timeout: fields.take("timeout").cloned(),
        teardown_timeout: fields.take("teardown_timeout").cloned(),
        fail_fast: fields.bool("fail_fast", reader),
        retry: fields.take("retry").cloned(),
    }
}

fn check_steps(flow: &Flow, root: &Node, reader: &mut Reader) {
    match root.entry("steps") {
        None => {
            let missing = Diagnostic::error(Code::MissingKey, root.span, "the flow has no `steps`");
            let found: Vec<_> = root.as_map().unwrap_or_default().iter().map(|entry| entry.key.text.as_ref()).collect();
            // A misspelt `steps` was reported as such.
            if nearest::nearest("steps", found).is_none() {
                reader.push(missing.help("add `steps:` with a list of at least one step"));
            }
        }
        Some(entry) if flow.steps.is_empty() && (entry.value.is_null() || entry.value.as_list().is_some_and(<[Node]>::is_empty)) => {
            let empty = Diagnostic::error(Code::EmptySteps, entry.key.span, "`steps` holds no step: the flow would test nothing");
            reader.push(empty.help("add a step, for example `- {id: health, action: http_request, config: {url: …}}`"));
        }
        Some(_) => {}
    }
}
