//! A scope with something of everything, and the one way to write down what came of an expression.

use serde_json::Value as Json;
use std::sync::Arc;
use testmesh_flow::{
    Map, Value,
    expr::{self, Fault, FaultKind, Lookup, NameUse, Options, ParseError, Scope, Space},
    template::Template,
};

/// The namespaces of the test scope.
const ENV: Space = Space(1);
const STEPS: Space = Space(2);
const CREATE: Space = Space(3);

pub(crate) struct World {
    values: Map,
    dashed: Vec<Arc<str>>,
}

pub(crate) fn json(text: &str) -> Value {
    testmesh_flow::json::parse(text).unwrap().value
}

impl World {
    pub(crate) fn new() -> Self {
        let Value::Map(values) = json(include_str!("world.json")) else { panic!("world.json is no object") };
        let mut values = Arc::unwrap_or_clone(values);
        let mut headers = Map::headers();
        headers.insert("Content-Type", "application/json");
        values.insert("headers", headers);
        Self { values, dashed: vec!["create-user".into(), "get-user-2".into()] }
    }

    pub(crate) fn options(&self) -> Options<'_> {
        Options { dashed: &self.dashed, templates: false }
    }

    fn created(name: &str) -> Lookup {
        match name {
            "body" => Lookup::Value(json(r#"{"id": 7, "name": "ada"}"#)),
            "status" => Lookup::Value(Value::Int(201)),
            "late" => Lookup::NoValue("step `create-user` did not capture it".to_owned()),
            _ => Lookup::Missing,
        }
    }

    /// The names that a planner would report: unknown ones that nothing guards.
    fn unknown<'n>(&self, names: &'n [NameUse]) -> Option<&'n NameUse> {
        names.iter().find(|name| !name.guarded && matches!(self.lookup(&name.name), Lookup::Unknown))
    }
}

impl Scope for World {
    fn lookup(&self, name: &str) -> Lookup {
        match name {
            "env" => Lookup::Space(ENV),
            "steps" => Lookup::Space(STEPS),
            "create-user" | "create" => Lookup::Space(CREATE),
            "get-user-2" => Lookup::Value(json(r#"{"status": 200}"#)),
            "token" => Lookup::NoValue("step `login` was skipped".to_owned()),
            "BROKEN" => Lookup::Fault(Fault::unresolved(0..3, "nothing named `HOST` is known (in `BROKEN`)")),
            _ => self.values.get(name).map_or(Lookup::Unknown, |value| Lookup::Value(value.clone())),
        }
    }

    fn member(&self, space: Space, name: &str) -> Lookup {
        match (space, name) {
            (ENV, "BASE") => Lookup::Value(Value::from("http://shop.test")),
            (STEPS, "create-user" | "create") => Lookup::Space(CREATE),
            (CREATE, name) => Self::created(name),
            _ => Lookup::Unknown,
        }
    }

    fn space_value(&self, space: Space) -> Result<Value, Fault> {
        Ok(match space {
            ENV => json(r#"{"BASE": "http://shop.test"}"#),
            CREATE => json(r#"{"status": 201, "body": {"id": 7, "name": "ada"}}"#),
            _ => json("{}"),
        })
    }

    fn known_names(&self) -> Vec<Arc<str>> {
        let spaces = ["env", "steps", "token", "create-user"].map(Arc::from);
        self.values.keys().cloned().chain(spaces).collect()
    }

    fn known_members(&self, space: Space) -> Vec<Arc<str>> {
        if space == ENV { vec!["BASE".into()] } else { vec!["create-user".into()] }
    }

    fn now(&self) -> jiff::Zoned {
        "2026-01-02T03:04:05[UTC]".parse().unwrap()
    }

    /// The salt's own letters, so that two draws differ when their salts do.
    fn random(&self, salt: &str) -> [u8; 16] {
        let mut bytes = [0; 16];
        for (place, byte) in bytes.iter_mut().zip(salt.bytes().cycle()) {
            *place = byte;
        }
        bytes
    }

    fn schema(&self, path: &str) -> Option<Arc<Json>> {
        (path == "item.json").then(|| Arc::new(serde_json::json!({"type": "object", "required": ["sku"]})))
    }
}

/// A value with its kinds to be seen: `1` is an integer, `1.0f` a float.
pub(crate) fn written(value: &Value) -> String {
    match value {
        Value::Float(float) => format!("{float:?}f"),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(map) => {
            let members: Vec<String> = map.iter().map(|(name, value)| format!("{name}:{}", written(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_json(),
    }
}

/// `failed at «the text»: message (help)`.
pub(crate) fn told(fault: &Fault, text: &str) -> String {
    let kind = match fault.kind {
        FaultKind::Mismatch => "failed",
        FaultKind::NoValue | FaultKind::Unresolved => "errored",
        FaultKind::Internal => "broke",
    };
    format!("{kind} at «{}»: {}{}", &text[fault.range.clone()], fault.message, help(fault.help.as_deref()))
}

/// `TM0301 at «the text»: message (help)`.
pub(crate) fn refused(error: &ParseError, text: &str) -> String {
    format!("{} at «{}»: {}{}", error.code, &text[error.range.clone()], error.message, help(error.help.as_deref()))
}

fn help(help: Option<&str>) -> String {
    help.map_or(String::new(), |help| format!(" ({help})"))
}

/// What comes of an expression: its value, its fault, or why it is none.
pub(crate) fn outcome(text: &str, options: Options, world: &World) -> String {
    let expr = match expr::parse(text, options) {
        Ok(expr) => expr,
        Err(error) => return refused(&error, text),
    };
    if let Some(name) = world.unknown(&expr.names()) {
        return format!("unknown name {}", name.name);
    }
    let plain = expr::evaluate(&expr, world);
    let (recorded, _) = expr::evaluate_recorded(&expr, world);
    assert_eq!(plain, recorded, "{text}: recording changes the result");
    match plain {
        Ok(value) => written(&value),
        Err(fault) => told(&fault, text),
    }
}

/// Compares outcomes with what is expected, all at once.
pub(crate) fn check(cases: &[(&str, &str)], outcome: impl Fn(&str) -> String) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, outcome(text)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(text, expected, found)| format!("{text}\n    expected: {expected}\n    found:    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// What comes of a text as a template.
pub(crate) fn rendered(text: &str, options: Options, world: &World) -> String {
    let template = match Template::parse(text, options) {
        Ok(template) => template,
        Err(error) => return refused(&error, text),
    };
    if let Some(name) = world.unknown(&template.names()) {
        return format!("unknown name {}", name.name);
    }
    match template.render(world) {
        Ok(value) => written(&value),
        Err(fault) => told(&fault, text),
    }
}

/// The record of an evaluation: the parts, indented, then what decided.
pub(crate) fn traced(text: &str, world: &World) -> String {
    let expr = expr::parse(text, Options { templates: true, ..world.options() }).unwrap();
    let (result, trace) = expr::evaluate_recorded(&expr, world);
    let mut lines = vec![result.map_or_else(|fault| told(&fault, text), |value| written(&value))];
    for part in &trace.parts {
        let indent = "  ".repeat(part.depth + 1);
        let item = part.item.map_or(String::new(), |item| format!("[{item}] "));
        let value = part.value.as_ref().map_or("-".to_owned(), written);
        let note = part.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        lines.push(format!("{indent}{item}{} = {value}{note}", &text[part.range.clone()]));
    }
    let comparison = trace.comparison.map_or(String::new(), |comparison| {
        format!(": {} {} {}", written(&comparison.left), comparison.operator, written(&comparison.right))
    });
    lines.push(format!("  decided by {}{comparison}", &text[trace.decided.clone()]));
    lines.join("\n")
}
