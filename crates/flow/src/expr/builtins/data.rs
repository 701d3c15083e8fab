//! Functions that ask what a value is and whether it has a shape.

use super::{Arguments, Context, Function, function};
use crate::{
    Code, Value,
    expr::fault::{Problem, describe},
    jsonpath,
};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("type", "type(x)", (1, 1), |_, a| Ok(Value::from(type_of(a.get(0))))),
    Function {
        check: Some(|index, text| if index == 1 { check_path(text) } else { Ok(()) }),
        ..function("jsonpath", "jsonpath(value, \"$.path\")", (2, 2), at_path)
    },
    function("matches_schema", "matches_schema(value, \"schema.json\")", (2, 2), matches_schema),
];

/// The name that Go's expr has for the type of a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nil",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::UInt(_) => "uint",
        Value::Float(_) | Value::Spelled(_) => "float",
        Value::Text(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "map",
        Value::Date(_) => "time.Time",
        Value::Duration(_) => "time.Duration",
        Value::Zone(_) => "time.Location",
    }
}

fn check_path(text: &str) -> Result<(), Problem> {
    jsonpath::parse(text).map(drop).map_err(bad_path)
}

fn bad_path(error: jsonpath::ParseError) -> Problem {
    let problem = Problem::coded(Code::BadJsonPath, error.message).about(1).within(error.range);
    match error.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// What a `JSONPath` finds: the value of a singular one, which may be missing; a list of any other.
fn at_path(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let (value, text) = (arguments.get(0), arguments.text(1)?);
    if context.query.as_ref().is_none_or(|query| query.text() != text.as_ref()) {
        context.query = Some(jsonpath::parse(text.clone()).map_err(bad_path)?);
    }
    let Some(query) = &context.query else {
        return Ok(Value::Null);
    };
    let mut found = query.select(value).map_err(|dear| Problem::coded(Code::TooDeep, dear.to_string()).about(1).help(dear.help()))?;
    if !query.is_singular() {
        context.meter.items(found.len())?;
        return Ok(Value::list(found));
    }
    found.pop().ok_or_else(|| match query.first_break(value) {
        Some(broken) => {
            let problem = Problem::nothing(broken.to_string());
            match broken.help() {
                Some(help) => problem.help(help),
                None => problem,
            }
        }
        None => Problem::nothing(format!("`{text}` finds nothing")),
    })
}

/// Whether a value fits a JSON Schema: an object, or a file that was read with the flow. Nothing is fetched.
fn matches_schema(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let schema = match arguments.get(1) {
        Value::Text(path) => context.scope.schema(path).ok_or_else(|| {
            Problem::coded(Code::NoSuchFile, format!("the schema file `{path}` was not read"))
                .about(1)
                .help("write the path as a text in the expression itself, not as a variable")
        })?,
        value @ (Value::Map(_) | Value::Bool(_)) => {
            context.meter.visit(value)?;
            Arc::new(plain(value))
        }
        other => {
            let message = format!("a schema is an object or the path of a file, not {}", describe(other));
            return Err(Problem::new(message).about(1));
        }
    };
    context.meter.visit(arguments.get(0))?;
    // A list is often checked item by item against one file.
    if context.validator.as_ref().is_none_or(|(known, _)| !Arc::ptr_eq(known, &schema)) {
        let validator =
            jsonschema::options().build(&schema).map_err(|error| Problem::new(format!("the schema cannot be used: {error}")).about(1))?;
        context.validator = Some((schema, validator));
    }
    let Some((_, validator)) = &context.validator else {
        return Ok(Value::Null);
    };
    let value = plain(arguments.get(0));
    let is_valid = validator.is_valid(&value);
    if !is_valid {
        let told = validator.iter_errors(&value).take(3).map(|error| {
            let path = error.instance_path().to_string();
            format!("{}: {}", if path.is_empty() { "the value" } else { &path }, error.masked())
        });
        context.note = Some(told.collect::<Vec<_>>().join("; "));
    }
    Ok(Value::Bool(is_valid))
}

/// The value as serde's own type.
fn plain(value: &Value) -> serde_json::Value {
    use serde_json::Value as Plain;
    match value {
        Value::Null => Plain::Null,
        Value::Bool(value) => Plain::Bool(*value),
        Value::Int(value) => Plain::from(*value),
        Value::UInt(value) => Plain::from(*value),
        Value::Float(value) => Plain::from(*value),
        Value::Spelled(spelled) => Plain::from(spelled.value()),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(map) => map.iter().map(|(name, value)| (name.to_string(), plain(value))).collect(),
        text => Plain::from(text.to_text().unwrap_or_default()),
    }
}
