//! Shapes: what a config or an output may look like, read from the JSON Schema that its author published.
//!
//! The subset is what `schemars` writes for plain structs, enums, lists and maps, and what a plugin may send. Five words of ours say
//! what JSON Schema cannot: `x-aliases` (other names of a key), `x-kind` (`expression`, `jsonpath`, `deferred`, `condition`, `steps`, `rules`), `x-type` (`duration`),
//! `x-secret`, `x-schemes` (of a URL), `x-decides` (of an output that should be asserted), and `x-not-in-build` (known to the language, not contained here).

use indexmap::IndexMap;
use serde_json::Value as Json;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Any,
    Bool,
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    Number,
    /// Text; one of these when there are any.
    Text(Vec<Arc<str>>),
    /// Text such as `10s`, or a number of seconds.
    Duration,
    List(Box<Shape>),
    /// An object with keys of the author's choice.
    Map(Box<Shape>),
    Object(Arc<Object>),
    OneOf(Vec<Shape>),
}

/// An object whose keys are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    pub keys: IndexMap<Arc<str>, Key>,
    /// Other keys are welcome.
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of a schema")]
pub struct Key {
    pub shape: Shape,
    pub required: bool,
    pub aliases: Vec<Arc<str>>,
    pub kind: KeyKind,
    /// Its value is a credential.
    pub secret: bool,
    /// What its text must look like.
    pub format: Option<Format>,
    pub in_build: bool,
    /// Of an output: it tells whether the answer was the right one, so somebody should assert it.
    pub decides: bool,
    /// What it means, for people.
    pub about: Arc<str>,
}

/// What a text must look like, as far as it is known before anything runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// An absolute URL with one of these schemes.
    Url(Vec<Arc<str>>),
    /// What a regular expression matches.
    Pattern(Arc<str>),
}

/// How the value of a key is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Templates in it are rendered before the action sees it.
    Value,
    /// Its texts are expressions, which the action evaluates.
    Expression,
    /// Its texts are JSONPaths.
    JsonPath,
    /// By name what is made of the value under `input`: paths into it, `{expr: …}`, `{path, default}`, constants.
    Rules,
    /// Templates in it are rendered later, by somebody else.
    Deferred,
    /// An expression of the language, which the planner reads where it is evaluated.
    Condition,
    /// Steps, which the planner reads.
    Steps,
}

impl KeyKind {
    /// Whether the planner itself reads the value: no config holds it.
    pub(crate) fn is_of_language(self) -> bool {
        matches!(self, Self::Condition | Self::Steps)
    }
}

impl Object {
    /// The key of this name or alias, under its proper name.
    pub fn find(&self, name: &str) -> Option<(&Arc<str>, &Key)> {
        self.keys.get_key_value(name).or_else(|| self.keys.iter().find(|(_, key)| key.aliases.iter().any(|alias| **alias == *name)))
    }

    /// All names and aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().flat_map(|(name, key)| std::iter::once(name).chain(&key.aliases)).map(AsRef::as_ref)
    }
}

impl Shape {
    /// Reads a JSON Schema. What it does not understand it lets pass: a shape never refuses what the schema allows.
    pub fn from_json_schema(schema: &Json) -> Self {
        Reader { root: schema }.shape(schema, 0)
    }

    pub fn object(&self) -> Option<&Arc<Object>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The shape in words: `an integer`, `a list of text`.
    pub fn words(&self) -> String {
        match self {
            Self::Any => "any value".into(),
            Self::Bool => "true or false".into(),
            Self::Integer { .. } => "an integer".into(),
            Self::Number => "a number".into(),
            Self::Text(choices) if choices.is_empty() => "text".into(),
            Self::Text(choices) => {
                let quoted: Vec<_> = choices.iter().map(|choice| format!("`{choice}`")).collect();
                if quoted.len() == 1 { quoted.concat() } else { format!("one of {}", quoted.join(", ")) }
            }
            Self::Duration => "a duration such as `10s`".into(),
            Self::List(item) if **item == Self::Any => "a list".into(),
            Self::List(item) => format!("a list of {}", item.words().trim_start_matches("a ").trim_start_matches("an ")),
            Self::Map(_) | Self::Object(_) => "an object".into(),
            Self::OneOf(shapes) => {
                let words: Vec<_> = shapes.iter().map(Self::words).collect();
                words.join(" or ")
            }
        }
    }
}

struct Reader<'a> {
    root: &'a Json,
}

/// Schemas nest no deeper than this; a reference to itself ends here as `Any`.
const DEEPEST: usize = 16;

impl Reader<'_> {
    fn shape(&self, schema: &Json, depth: usize) -> Shape {
        if depth > DEEPEST {
            return Shape::Any;
        }
        if let Some(target) = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')).and_then(|pointer| self.root.pointer(pointer))
        {
            return self.shape(target, depth + 1);
        }
        if schema["x-type"] == "duration" {
            return Shape::Duration;
        }
        if let Some(choices) = schema["enum"].as_array() {
            return Shape::Text(choices.iter().filter_map(Json::as_str).map(Arc::from).collect());
        }
        if let Some(only) = schema["const"].as_str() {
            return Shape::Text(vec![only.into()]);
        }
        if let Some(shapes) = ["anyOf", "oneOf"].iter().find_map(|word| schema[word].as_array()) {
            return self.alternatives(shapes, depth);
        }
        match &schema["type"] {
            Json::String(name) => self.named(name, schema, depth),
            Json::Array(names) => {
                let names = names.iter().filter_map(Json::as_str).filter(|name| *name != "null");
                one_of(names.map(|name| self.named(name, schema, depth)).collect())
            }
            _ if schema["properties"].is_object() => self.named("object", schema, depth),
            _ => Shape::Any,
        }
    }

    fn alternatives(&self, schemas: &[Json], depth: usize) -> Shape {
        let shapes: Vec<_> = schemas.iter().filter(|schema| schema["type"] != "null").map(|schema| self.shape(schema, depth + 1)).collect();
        let choices: Option<Vec<_>> =
            shapes.iter().map(|shape| if let Shape::Text(choices) = shape { Some(choices.clone()) } else { None }).collect();
        match choices {
            Some(choices) if choices.iter().all(|choices| !choices.is_empty()) => Shape::Text(choices.concat()),
            _ => one_of(shapes),
        }
    }

    fn named(&self, name: &str, schema: &Json, depth: usize) -> Shape {
        match name {
            "boolean" => Shape::Bool,
            "integer" => Shape::Integer { min: schema["minimum"].as_i64(), max: schema["maximum"].as_i64() },
            "number" => Shape::Number,
            "string" => Shape::Text(Vec::new()),
            "array" => Shape::List(Box::new(self.shape(&schema["items"], depth + 1))),
            "object" => self.object(schema, depth),
            _ => Shape::Any,
        }
    }

    fn object(&self, schema: &Json, depth: usize) -> Shape {
        let rest = &schema["additionalProperties"];
        let Some(properties) = schema["properties"].as_object() else {
            return if rest.is_object() { Shape::Map(Box::new(self.shape(rest, depth + 1))) } else { Shape::Map(Box::new(Shape::Any)) };
        };
        let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name));
        let keys = properties.iter().map(|(name, property)| (name.as_str().into(), self.key(property, required(name), depth)));
        Shape::Object(Arc::new(Object { keys: keys.collect(), open: *rest != Json::Bool(false) && !rest.is_null() }))
    }

    fn key(&self, schema: &Json, required: bool, depth: usize) -> Key {
        let strings = |word: &str| schema[word].as_array().into_iter().flatten().filter_map(Json::as_str).map(Arc::from).collect();
        let kind = match schema["x-kind"].as_str() {
            Some("expression") => KeyKind::Expression,
            Some("jsonpath") => KeyKind::JsonPath,
            Some("rules") => KeyKind::Rules,
            Some("deferred") => KeyKind::Deferred,
            Some("condition") => KeyKind::Condition,
            Some("steps") => KeyKind::Steps,
            _ => KeyKind::Value,
        };
        Key {
            shape: self.shape(schema, depth + 1),
            required,
            aliases: strings("x-aliases"),
            kind,
            secret: schema["x-secret"] == true,
            format: format(schema),
            in_build: schema["x-not-in-build"] != true,
            decides: schema["x-decides"] == true,
            about: schema["description"].as_str().unwrap_or_default().into(),
        }
    }
}

fn format(schema: &Json) -> Option<Format> {
    if schema["format"] == "uri" {
        let schemes = schema["x-schemes"].as_array().into_iter().flatten();
        return Some(Format::Url(schemes.filter_map(Json::as_str).map(Arc::from).collect()));
    }
    schema["pattern"].as_str().map(|pattern| Format::Pattern(pattern.into()))
}

fn one_of(mut shapes: Vec<Shape>) -> Shape {
    shapes.dedup();
    match shapes.len() {
        0 => Shape::Any,
        1 => shapes.remove(0),
        _ if shapes.contains(&Shape::Any) => Shape::Any,
        _ => Shape::OneOf(shapes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_becomes_a_shape() {
        let shape = Shape::from_json_schema(&serde_json::json!({
            "type": "object", "additionalProperties": false, "required": ["url"],
            "properties": {
                "url": {"type": "string", "x-secret": true, "description": "where"},
                "method": {"anyOf": [{"$ref": "#/$defs/Method"}, {"type": "null"}]},
                "retries": {"type": ["integer", "null"], "minimum": 0},
                "wait": {"x-type": "duration"},
                "query": {"type": "object", "additionalProperties": {"type": ["string", "number"]}, "x-aliases": ["params"]},
                "self": {"$ref": "#"},
            },
            "$defs": {"Method": {"oneOf": [{"const": "GET"}, {"const": "POST"}]}},
        }));
        let object = shape.object().unwrap();
        assert!(!object.open);
        assert!(object.keys["url"].required && object.keys["url"].secret);
        assert_eq!(object.keys["method"].shape, Shape::Text(vec!["GET".into(), "POST".into()]));
        assert_eq!(object.keys["retries"].shape, Shape::Integer { min: Some(0), max: None });
        assert_eq!(object.keys["wait"].shape, Shape::Duration);
        assert_eq!(object.find("params").unwrap().0.as_ref(), "query");
        assert_eq!(object.keys["query"].shape.words(), "an object");
    }
}
