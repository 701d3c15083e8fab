//! Files.

use serde_json::json;
use std::{sync::Arc, time::Duration};
use testmesh_flow::{
    Source, Sources, ast,
    catalog::{ActionSpec, ActionTimeout, Catalog},
    plan::{self, FileText, Files, FoundFlow, Inputs, NoFlow},
    schema::Shape,
};
use testmesh_report::Style;

pub(crate) const PIECES: &[&str] = &[
    "- ",
    ": ",
    ":",
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "<<: ",
    "? ",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "#",
    "---\n",
    "...\n",
    "!!str ",
    "%YAML 1.2\n",
    "\t",
    "name: f\n",
    "flow:\n",
    "steps:\n",
    "setup:\n",
    "teardown:\n",
    "env:\n",
    "data:\n",
    "output:\n",
    "config:\n",
    "secrets: [a]\n",
    "env_file: x.env\n",
    "library: true\n",
    "tags: [a, b]\n",
    "- id: a\n",
    "action: http\n",
    "action: condition\n",
    "action: for_each\n",
    "action: parallel\n",
    "action: wait_until\n",
    "action: run_flow\n",
    "action: assert\n",
    "action: log\n",
    "{flow: f}",
    "{flow: other.yaml}",
    "condition: x == 1\n",
    "then:\n",
    "else:\n",
    "items: [1, 2]\n",
    "items: \"*.json\"\n",
    "range: {start: 1, end: 3}\n",
    "branches:\n",
    "retry: {max_attempts: 3}\n",
    "eventually: {timeout: 1s}\n",
    "timeout: 5s\n",
    "on_error: ignore\n",
    "when: a exists\n",
    "assert: status == 200\n",
    "assert: [\"body.id == 1\"]\n",
    "output: {x: $.id}\n",
    "input: {a: 1}\n",
    "input_file: data.json\n",
    "matches_schema(body, \"item.json\")",
    "${x}",
    "{{x}}",
    "${a.body.id}",
    "null",
    "~",
    "true",
    "1.50",
    "0x1F",
    "10s",
    "$..a",
    "é",
    "\u{feff}",
    "\u{2028}",
];

pub(crate) const NESTS: &[(&str, &str)] = &[
    ("[", "]"),
    ("{a: ", "}"),
    ("${x:-", "}"),
    ("(", ")"),
    ("- ", ""),
    ("? ", ""),
    ("{action: if, config: {condition: x, then: [", "]}}"),
    ("{action: for_each, config: {items: [1], steps: [", "]}}"),
    ("{action: parallel, config: {branches: [{steps: [", "]}]}}"),
    ("&a [*a, ", "]"),
    ("<<: {", "}"),
    ("steps: [{action: run_flow, config: {flow: f}}, ", "]"),
];

/// Flows that the examples have little of.
pub(crate) fn seeds() -> Vec<String> {
    let nested = |open: &str, close: &str, times: usize| {
        format!("name: f\nsteps: [{}{{action: log, config: {{message: hi}}}}{}]\n", open.repeat(times), close.repeat(times))
    };
    let bomb: String = (1..9).map(|level| format!("k{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "))).collect();
    vec![
        nested("{action: if, config: {condition: 'true', then: [", "]}}", 12),
        nested("{action: parallel, config: {branches: [{steps: [", "]}]}}", 6),
        format!("name: f\nsteps:\n- {{action: log, config: {{message: hi}}}}\nx: &a0 [1]\n{bomb}"),
        "name: f\nsteps: [{action: run_flow, config: {flow: f}}]\n---\nname: g\nsteps: [{action: run_flow, config: {flow: f, input: {a: 1}}}]\n".to_owned(),
        "flow:\n  name: f\n  data: [{a: 1}, {a: 2}]\n  env: {A: \"${B}\", B: \"${A}\"}\n  steps:\n  - {action: for_each, config: {items: \"*.json\", steps: [{action: log, config: {message: \"${item}\"}}]}}\n".to_owned(),
    ]
}

/// Every text that a flow names is the text itself, or small.
struct Itself<'a> {
    source: Arc<Source>,
    flows: &'a [ast::Flow],
}

impl Files for Itself<'_> {
    fn read(&self, _: &str, path: &str) -> Result<FileText, String> {
        let text = match path.rsplit('.').next() {
            Some("env") => "A=1\nexport B='x'\n",
            Some("json") => "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}}",
            Some("csv") => "a,b\n1,2\n",
            Some("yaml") => return Ok(FileText { source: self.source.clone() }),
            _ => return Err("there is no such file".to_owned()),
        };
        Ok(FileText { source: Arc::new(Source::new(path, text)) })
    }

    fn flow(&self, _: &str, name: &str) -> Result<FoundFlow, NoFlow> {
        let found: Vec<_> = self.flows.iter().filter(|flow| *flow.name.text == *name).collect();
        match found.as_slice() {
            [] if name.contains(".y") => Ok(FoundFlow { source: self.source.clone(), document: None }),
            [] => Err(NoFlow::Missing(self.flows.iter().map(|flow| flow.name.text.clone()).collect())),
            [flow] => Ok(FoundFlow { source: self.source.clone(), document: Some(flow.document) }),
            several => Err(NoFlow::Ambiguous(several.iter().map(|flow| format!("document {}", flow.document)).collect())),
        }
    }

    fn glob(&self, _: &str, pattern: &str) -> Result<Vec<String>, String> {
        if pattern.contains('*') { Ok(vec!["a.json".to_owned(), "b.json".to_owned()]) } else { Err("it has no `*`".to_owned()) }
    }
}

/// Reads a file, plans what is in it, and shows what is wrong.
pub(crate) fn read(text: &str) {
    let source = Arc::new(Source::new("flow.yaml", text));
    let mut sources = Sources::default();
    let id = sources.add(source.clone());
    let parsed = ast::parse(&source, id, false);
    let catalog = catalog();
    let files = Itself { source, flows: &parsed.flows };
    let mut diagnostics = parsed.diagnostics;
    for flow in parsed.flows.iter().take(4) {
        let planned = plan::plan(flow, sources.clone(), &catalog, &files, &Inputs::default());
        sources = planned.sources;
        diagnostics.extend(planned.diagnostics);
        let steps = planned.plan.iter().flat_map(plan::Plan::all_steps).count();
        assert!(steps <= text.len() * 64, "there are more steps than can be written");
    }
    testmesh_flow::diagnostic::sort(&mut diagnostics);
    for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        let inside = sources.get(label.span.source).is_some_and(|source| source.text().get(label.span.range()).is_some());
        assert!(inside, "a problem stands outside its text: {label:?}");
    }
    let shown = testmesh_report::diagnostics(&diagnostics, &sources, &Style::plain());
    let json = testmesh_report::diagnostics_json(&diagnostics, &sources);
    assert_eq!(shown.is_empty(), diagnostics.is_empty());
    assert_eq!(json.as_array().map(Vec::len), Some(diagnostics.len()));
}

/// Actions of any config and any output, and one that is strict.
fn catalog() -> Catalog {
    let any = json!({"type": "object"});
    let strict = json!({"type": "object", "additionalProperties": false, "required": ["message"], "properties": {
        "message": {"type": "string"}, "level": {"enum": ["debug", "info"]}, "data": {},
    }});
    let http = json!({"type": "object", "additionalProperties": false, "required": ["url"], "properties": {
        "url": {"type": "string"}, "method": {"type": "string"}, "headers": {"type": "object"}, "query": {"type": "object"}, "body": {},
        "timeout": {"x-type": "duration"}, "verify_ssl": {"type": "boolean"}, "form": {"type": "object"},
    }});
    let answer = json!({"type": "object", "additionalProperties": false, "properties": {
        "status": {"type": "integer"}, "body": {}, "text": {"type": "string"}, "headers": {"type": "object"},
    }});
    let spec = |name: &str, config: &serde_json::Value, output: &serde_json::Value| ActionSpec {
        name: name.into(),
        aliases: Vec::new(),
        about: "".into(),
        config: Shape::from_json_schema(config),
        output: Shape::from_json_schema(output),
        config_schema: Arc::new(config.clone()),
        output_schema: Arc::new(output.clone()),
        subject: output.pointer("/properties/body").map(|_| "body".into()),
        timeout: ActionTimeout::Engine(Duration::from_secs(30)),
        in_build: true,
    };
    Catalog::new(vec![
        spec("http_request", &http, &answer),
        spec("log", &strict, &any),
        spec("assert", &any, &any),
        spec("transform", &any, &any),
        spec("delay", &any, &any),
        spec("exec", &any, &any),
        spec("wait_for", &any, &any),
    ])
}
