//! The pages of `docs/errors`: one for each code, listed in the index, with examples that do what they say.
//!
//! What a YAML example does stands behind the word `yaml` where its block opens: it `raises` the code of its page, and no error with another
//! one, when it is planned; it `runs`, which is when the code of its page comes, so planning finds nothing; or it `passes`: nothing is found.
//! A block `env NAME`, `csv NAME` or `json NAME` is a file that stands beside the examples after it.

use serde_json::json;
use std::{collections::HashMap, path::PathBuf, sync::Arc};
use testmesh_flow::{
    Code, Diagnostic, Source, Sources, ast,
    catalog::{ActionSpec, ActionTimeout, Catalog},
    plan::{self, FileText, Files, FoundFlow, Inputs, NoFlow},
    schema::Shape,
};

/// How wide a page may be to be read in a terminal.
const COLUMNS: usize = 80;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors")
}

fn read(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn page(code: Code) -> String {
    read(&format!("{code}.md"))
}

/// Fails with all of the complaints, each of which names its page.
fn no_complaints(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} of the pages are wrong:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_code_has_its_page_and_no_page_is_left_over() {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> = files.filter(|name| name != "README.md").collect();
    found.sort();
    let mut wanted: Vec<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn a_page_says_what_it_is_about_and_what_to_do() {
    let check = |code: Code| {
        let text = page(code);
        let complain = |words: &str| format!("{code}: {words}");
        let title = format!("# {code}: {}", code.title());
        let mut complaints = Vec::new();
        if text.lines().next() != Some(title.as_str()) {
            complaints.push(complain(&format!("the first line is not `{title}`")));
        }
        for heading in ["## What it means", "## What to do"] {
            if !text.lines().any(|line| line == heading) {
                complaints.push(complain(&format!("there is no line `{heading}`")));
            }
        }
        let wide = text.lines().skip(1).filter(|line| line.chars().count() > COLUMNS);
        complaints.extend(wide.map(|line| complain(&format!("wider than {COLUMNS} columns: {line}"))));
        complaints
    };
    no_complaints(&Code::ALL.iter().copied().flat_map(check).collect::<Vec<_>>());
}

/// What a flow says wrong has an example that says it; these are wrong outside of flows.
#[test]
fn a_static_code_has_an_example_that_raises_it() {
    const OUTSIDE: [&str; 6] = ["TM0102", "TM0403", "TM0404", "TM0405", "TM0410", "TM0411"];
    let has_example = |code: Code| page(code).lines().any(|line| line == "```yaml raises");
    let of_flows = Code::ALL.iter().copied().filter(|code| code.id() < "TM05" && !OUTSIDE.contains(&code.id()));
    let without: Vec<Code> = of_flows.filter(|code| !has_example(*code)).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn the_index_lists_every_code_in_order() {
    let index = read("README.md");
    let found: Vec<&str> = index.lines().filter(|line| line.starts_with("| [TM")).collect();
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.id());
    let wanted: Vec<String> = codes.iter().map(|code| format!("| [{code}]({code}.md) | {} |", code.title())).collect();
    assert_eq!(found, wanted);
}

#[test]
fn the_examples_do_what_they_say() {
    let catalog = catalog();
    let check = |code: Code| examples(code, &catalog).unwrap_or_else(|complaint| vec![format!("{code}: {complaint}")]);
    no_complaints(&Code::ALL.iter().copied().flat_map(check).collect::<Vec<_>>());
}

/// What the text of an example is called.
const EXAMPLE: &str = "example.yaml";

/// Checks the examples of one page; gives a complaint for each that does something else.
fn examples(code: Code, catalog: &Catalog) -> Result<Vec<String>, String> {
    let mut beside = Beside::default();
    let mut complaints = Vec::new();
    for Block { info, text } in blocks(&page(code))? {
        let raises = match *info.split(' ').collect::<Vec<_>>() {
            ["env" | "csv" | "json", name] => {
                beside.0.insert(name.to_owned(), text);
                continue;
            }
            ["yaml", "raises"] => true,
            ["yaml", "runs" | "passes"] => false,
            ["yaml", ..] => return Err(format!("a block is marked `{info}`, which says nothing about what it does")),
            _ => continue,
        };
        beside.0.insert(EXAMPLE.to_owned(), text.clone());
        let (found, sources) = diagnostics(&text, catalog, &beside);
        let is_raised = || found.iter().any(|it| it.code == code) && found.iter().all(|it| it.code == code || !it.is_error());
        // What meets a problem when it runs may be doubted before.
        let is_sound = || found.iter().all(|it| info == "yaml runs" && !it.is_error());
        let as_said = if raises { is_raised() } else { is_sound() };
        if !as_said {
            let found: Vec<_> = found.iter().map(|it| format!("\n    {}", it.one_line(&sources))).collect();
            let found = if found.is_empty() { "\n    nothing".to_owned() } else { found.concat() };
            complaints.push(format!("{code}: planning the example `{info}` finds{found}"));
        }
    }
    Ok(complaints)
}

/// Everything that is found in a flow file without running it.
fn diagnostics(text: &str, catalog: &Catalog, files: &Beside) -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let source = Arc::new(Source::new(EXAMPLE, text));
    let id = sources.add(source.clone());
    let file = ast::parse(&source, id, false);
    let mut found = file.diagnostics;
    for flow in &file.flows {
        let planned = plan::plan(flow, sources, catalog, files, &Inputs::default());
        found.extend(planned.diagnostics);
        sources = planned.sources;
    }
    (found, sources)
}

/// A fenced block of a page.
struct Block {
    /// What stands behind the backticks that open it.
    info: String,
    text: String,
}

fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => open = Some(Block { info: info.to_owned(), text: String::new() }),
            (Some(""), Some(_)) => blocks.extend(open.take()),
            (Some(info), Some(_)) => return Err(format!("a block begins with `{info}` before the one above it ends")),
            (None, Some(block)) => block.text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    if open.is_some() { Err("the last block does not end".to_owned()) } else { Ok(blocks) }
}

/// The files that stand beside an example.
#[derive(Default)]
struct Beside(HashMap<String, String>);

impl Files for Beside {
    fn read(&self, _from: &str, path: &str) -> Result<FileText, String> {
        let text = self.0.get(path).ok_or("there is no such file")?;
        Ok(FileText { source: Arc::new(Source::new(path, text.as_str())) })
    }

    /// The flows of the example itself can be called by their names.
    fn flow(&self, from: &str, name: &str) -> Result<FoundFlow, NoFlow> {
        let source = self.read("", from).map_err(NoFlow::Unreadable)?.source;
        let file = ast::parse(&source, testmesh_flow::SourceId(0), false);
        let named: Vec<_> = file.flows.iter().filter(|flow| *flow.name.text == *name).collect();
        match named.as_slice() {
            [] => Err(NoFlow::Missing(Vec::new())),
            [flow] => Ok(FoundFlow { source, document: Some(flow.document) }),
            several => Err(NoFlow::Ambiguous(several.iter().map(|flow| format!("document {}", flow.document)).collect())),
        }
    }
}

/// The actions that the examples use, with the keys that they use.
fn catalog() -> Catalog {
    let any = json!({});
    let text = json!({"type": "string"});
    let http = action(
        "http_request",
        Some("body"),
        &["url"],
        &json!({
            "url": text,
            "method": text,
            "headers": {"type": "object", "additionalProperties": {}},
            "query": {"type": "object", "additionalProperties": {}, "x-aliases": ["params"]},
            "body": any,
            "follow_redirects": {"type": "boolean"},
            "verify_ssl": {"type": "boolean"},
            "timeout": {"x-type": "duration"},
            "max_body": {"type": ["integer", "string"]},
            "multipart": {"x-not-in-build": true},
        }),
        &json!({
            "status": {"type": "integer", "x-decides": true},
            "body": any,
            "text": text,
            "headers": {"type": "object", "additionalProperties": text},
            "content_type": text,
            "redirects": {"type": "array", "items": any},
            "size": {"type": "integer"},
        }),
    );
    let exec = action(
        "exec",
        None,
        &["command"],
        &json!({"command": text, "args": {"type": "array", "items": text}}),
        &json!({"exit_code": {"type": "integer"}, "stdout": text, "stderr": text}),
    );
    let kafka = action(
        "kafka_consumer",
        None,
        &["brokers", "topic"],
        &json!({"brokers": text, "topic": text, "timeout": {"x-type": "duration"}}),
        &json!({"messages": {"type": "array", "items": any}, "count": {"type": "integer"}}),
    );
    let log = action("log", None, &["message"], &json!({"message": any}), &json!({"message": text}));
    Catalog::new(vec![http, exec, kafka, log])
}

fn action(name: &str, subject: Option<&str>, required: &[&str], keys: &serde_json::Value, fields: &serde_json::Value) -> ActionSpec {
    let config = json!({"type": "object", "additionalProperties": false, "required": required, "properties": keys});
    let output = json!({"type": "object", "properties": fields});
    ActionSpec {
        name: name.into(),
        aliases: Vec::new(),
        about: "".into(),
        config: Shape::from_json_schema(&config),
        output: Shape::from_json_schema(&output),
        config_schema: Arc::new(config),
        output_schema: Arc::new(output),
        subject: subject.map(Arc::from),
        timeout: ActionTimeout::Own,
        in_build: true,
    }
}
