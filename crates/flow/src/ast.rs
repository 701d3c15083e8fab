//! A flow file as its author wrote it: which keys stand where, with a place for each. What the texts in it mean is the planner's business.

mod data;
mod fields;
mod inner;
mod keys;
mod read;
mod step;

pub use data::{Data, DataKind};
pub use inner::{Inner, InnerList};
pub(crate) use read::{has_template, yes_or_no};
pub use step::Step;

use crate::{
    Code, Diagnostic, Source, SourceId, Span,
    allow::{self, Allowance},
    nearest,
    yaml::{self, Document, Entry, Node},
};
use fields::Fields;
use keys::{CONFIG, FLOW, KeyDef};
use read::Reader;
use std::{num::NonZeroUsize, sync::Arc};

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
    /// It holds a `flow` or `steps`, or a key that looks like a misspelt one, or could not be parsed: it cannot be left out in silence.
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
    /// Each row is an execution of its own.
    pub data: Option<Data>,
    /// It runs only when another flow calls it; its unknown names are its inputs.
    pub library: bool,
    pub setup: Vec<Step>,
    pub steps: Vec<Step>,
    pub teardown: Vec<Step>,
    /// What a parent's `run_flow` gets.
    pub output: Vec<(Name, Node)>,
    /// Keys that a flow does not have and that are reported: perhaps they belong under another.
    pub strays: Vec<Arc<str>>,
    /// A key that gives names is not in this build or stands twice, which is reported: not every name can be known.
    pub incomplete: bool,
    /// Values of keys that this build lacks: they may use names.
    pub unread: Vec<Node>,
    /// Nothing in the file is wrong but for what this build lacks: what is missing is not what a mistake took away.
    pub sound: bool,
    /// The warnings that comments silence.
    pub allowed: Vec<Allowance>,
}

/// `config:` of a flow.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub timeout: Option<Node>,
    pub teardown_timeout: Option<Node>,
    pub fail_fast: Option<bool>,
    pub retry: Option<Node>,
    /// How many rows run at the same time, at most; one when nothing is said.
    pub parallel_rows: Option<NonZeroUsize>,
    /// Names that it shares with flows that must not run at the same time.
    pub exclusive: Vec<Name>,
}

/// Reads a text as a flow file. Never fails: what is wrong is among the diagnostics.
///
/// `lenient` turns unknown keys into warnings.
pub fn parse(source: &Source, id: SourceId, lenient: bool) -> File {
    let read = yaml::read(source, id);
    let is_flow = read.documents.iter().any(|document| looks_like_flow(&document.root)) || read.diagnostics.iter().any(is_unparsed);
    let mut reader = Reader::new(read.diagnostics, lenient);
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
    let mut allowed = allow::read(source, &read.comments, &mut file.diagnostics);
    allow::silence(&mut allowed, &mut file.diagnostics);
    // Each document has its own; what stands before the first belongs to it.
    let sound = !file.diagnostics.iter().any(|problem| problem.is_error() && problem.code != Code::NotInThisBuild);
    for flow in file.flows.iter_mut().rev() {
        flow.sound = sound;
        let start = if flow.document == 0 { 0 } else { flow.span.start };
        let own = allowed.extract_if(.., |allowance| allowance.is_behind(start));
        flow.allowed = own.collect();
    }
    crate::diagnostic::sort(&mut file.diagnostics);
    file
}

/// Whether a document has `flow` or `steps`, or a key one edit away from them.
fn looks_like_flow(root: &Node) -> bool {
    let near = |entry: &Entry| ["flow", "steps"].iter().any(|key| is_near(&entry.key.text, key));
    root.as_map().is_some_and(|entries| entries.iter().any(near))
}

fn is_near(text: &str, key: &str) -> bool {
    nearest::distance(text, key, 1) <= 1
}

/// What kept a text from being parsed: nobody can say that it is no flow.
fn is_unparsed(problem: &Diagnostic) -> bool {
    let codes = [Code::YamlSyntax, Code::TabIndent, Code::UnquotedTemplate, Code::TooLarge];
    problem.is_error() && codes.contains(&problem.code)
}

fn flow(root: &Node, document: u32, reader: &mut Reader) -> Option<Flow> {
    let root = unwrapped(root, reader)?;
    let fields = reader.fields(root, &FLOW)?;
    let name = fields.required_text("name", reader);
    if let Some(name) = name.as_ref().filter(|name| name.text.trim().is_empty()) {
        reader.push(Diagnostic::error(Code::BadValue, name.span, "the name of the flow is empty").help("write what the flow shows"));
    }
    for key in ["version", "author", "collection"] {
        fields.text(key, reader);
    }
    let (data, data_is_broken) = data::read(&fields, reader);
    let mut flow = Flow {
        span: root.span,
        document,
        name: name.unwrap_or(Name { text: "".into(), span: root.head() }),
        description: fields.text("description", reader),
        suite: fields.fixed_text("suite", reader),
        tags: fields.tags("tags", reader),
        env_file: fields.fixed_text("env_file", reader),
        env: fields.pairs("env", reader),
        secrets: fields.names("secrets", reader),
        config: config(&fields, reader),
        data,
        library: fields.entry("library").is_some() && fields.bool("library", reader).unwrap_or(true),
        setup: step::steps(&fields, "setup", reader),
        steps: step::steps(&fields, "steps", reader),
        teardown: step::steps(&fields, "teardown", reader),
        output: fields.pairs("output", reader),
        incomplete: data_is_broken || fields.lacks_some || reader.diagnostics.iter().any(|problem| problem.code == Code::DuplicateKey),
        strays: fields.strays.clone(),
        unread: Vec::new(),
        sound: true,
        allowed: Vec::new(),
    };
    flow.unread = std::mem::take(&mut reader.unread);
    check_steps(&fields, root, reader);
    Some(flow)
}

/// The root is either `flow: {…}` or the bare mapping.
fn unwrapped<'n>(root: &'n Node, reader: &mut Reader) -> Option<&'n Node> {
    let Some(entries) = root.as_map() else {
        let message = format!("a flow file holds an object, and this is {}", root.describe());
        let help = match root.as_list() {
            Some(_) => "write `name: …` first, then `steps:`, and the list below it",
            None => "a flow has at least `name: …` and `steps:` with a list of steps",
        };
        reader.push(Diagnostic::error(Code::NotAFlow, root.head(), message).help(help));
        return None;
    };
    let Some(wrapped) = root.get("flow") else {
        let known = |entry: &Entry| nearest::meant(&entry.key.text, FLOW.keys.iter().flat_map(KeyDef::names)).is_some();
        if !entries.is_empty() && !entries.iter().any(known) {
            if let Some(slip) = entries.iter().find(|entry| entry.value.as_map().is_some() && is_near(&entry.key.text, "flow")) {
                let message = format!("the document has no key `{}`", slip.key.text);
                reader.push(Diagnostic::error(Code::UnknownKey, slip.key.span, message).help("did you mean `flow`?"));
                return None;
            }
            let message = "this is no flow: it has none of the keys of one";
            let help = "a flow has at least `name: …` and `steps:` with a list of steps";
            reader.push(Diagnostic::error(Code::NotAFlow, root.head(), message).help(help));
            return None;
        }
        return Some(root);
    };
    if wrapped.is_null() && entries.len() > 1 {
        let span = root.entry("flow").map_or(root.head(), |entry| entry.key.span);
        let apart = Diagnostic::error(Code::WrongType, span, "`flow:` is empty, and its keys stand beside it");
        reader.push(apart.help("indent them under `flow:`, or leave `flow:` out"));
        return None;
    }
    for other in entries.iter().filter(|entry| &*entry.key.text != "flow") {
        let message = format!("`{}` stands beside `flow:`", other.key.text);
        reader.unknown(Diagnostic::error(Code::UnknownKey, other.key.span, message).help("move it under `flow:`, or leave `flow:` out"));
    }
    Some(wrapped)
}

fn config(flow: &Fields, reader: &mut Reader) -> Config {
    let Some(fields) = flow.take("config").and_then(|node| reader.fields(node, &CONFIG)) else { return Config::default() };
    Config {
        timeout: fields.take("timeout").cloned(),
        teardown_timeout: fields.take("teardown_timeout").cloned(),
        fail_fast: fields.bool("fail_fast", reader),
        retry: fields.take("retry").cloned(),
        parallel_rows: data::parallel_rows(&fields, flow, reader),
        exclusive: exclusive(&fields, reader),
    }
}

fn exclusive(config: &Fields, reader: &mut Reader) -> Vec<Name> {
    let names = config.names("exclusive", reader);
    for name in names.iter().filter(|name| name.text.trim().is_empty()) {
        reader.push(Diagnostic::error(Code::BadValue, name.span, "a name in `exclusive` is empty").help("write what cannot be shared"));
    }
    names
}

fn check_steps(fields: &Fields, root: &Node, reader: &mut Reader) {
    let key = fields.entry("steps").or_else(|| root.entry("steps"));
    match (key, fields.take("steps")) {
        (None, _) => fields.report_missing("steps", reader),
        (Some(entry), None) => reader.push(step::empty_list("steps", entry.key.span)),
        (Some(entry), Some(node)) if node.as_list().is_some_and(<[Node]>::is_empty) => {
            reader.push(step::empty_list("steps", entry.key.span));
        }
        _ => {}
    }
}
