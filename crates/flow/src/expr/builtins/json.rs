//! JSON, encodings and hashes.

use super::{Arguments, Context, Function, function};
use crate::{
    Value,
    expr::fault::{Problem, describe},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

pub(super) const FUNCTIONS: &[Function] = &[
    function("toJSON", "toJSON(x)", (1, 1), to_json),
    function("fromJSON", "fromJSON(text)", (1, 1), from_json),
    function("toBase64", "toBase64(text)", (1, 1), to_base64),
    function("base64", "base64(text)", (1, 1), to_base64),
    function("fromBase64", "fromBase64(text)", (1, 1), from_base64),
    function("sha256", "sha256(text)", (1, 1), |_, a| Ok(Value::from(hex(&Sha256::digest(a.text(0)?.as_bytes()))))),
    function("hmac_sha256", "hmac_sha256(key, text)", (2, 2), hmac_sha256),
];

fn to_json(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let value = arguments.get(0);
    context.meter.write(value, 2)?;
    let mut out = String::new();
    write_indented(value, 0, &mut out)?;
    context.meter.bytes(out.len())?;
    Ok(Value::from(out))
}

/// As Go's `json.MarshalIndent` with two spaces: names sorted, `<`, `>` and `&` escaped.
fn write_indented(value: &Value, depth: usize, out: &mut String) -> Result<(), Problem> {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match value {
        Value::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                out.push(if index == 0 { '[' } else { ',' });
                line(out, depth + 1);
                write_indented(item, depth + 1, out)?;
            }
            line(out, depth);
            out.push(']');
        }
        Value::Map(map) if !map.is_empty() => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by(|a, b| a.0.cmp(b.0));
            for (index, (name, value)) in members.into_iter().enumerate() {
                out.push(if index == 0 { '{' } else { ',' });
                line(out, depth + 1);
                write_escaped(&Value::Text(name.clone()), out);
                out.push_str(": ");
                write_indented(value, depth + 1, out)?;
            }
            line(out, depth);
            out.push('}');
        }
        Value::Float(float) if !float.is_finite() => {
            return Err(Problem::new(format!("JSON has no number {float}")).about(0));
        }
        other => write_escaped(other, out),
    }
    Ok(())
}

fn write_escaped(value: &Value, out: &mut String) {
    for character in value.to_json().chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
}

fn from_json(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let text = arguments.text(0)?;
    crate::json::parse(text)
        .map(|parsed| parsed.value)
        .map_err(|error| Problem::new(format!("{} is no JSON: {error}", describe(arguments.get(0)))).about(0))
}

fn to_base64(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let text = arguments.text(0)?;
    context.meter.bytes(text.len() / 3 * 4 + 4)?;
    Ok(Value::from(STANDARD.encode(text.as_bytes())))
}

fn from_base64(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let text = arguments.text(0)?.replace(['\r', '\n'], "");
    let bytes =
        STANDARD.decode(&text).map_err(|error| Problem::new(format!("{} is no base64: {error}", describe(arguments.get(0)))).about(0))?;
    String::from_utf8(bytes).map(Value::from).map_err(|_error| Problem::new("what the base64 holds is no UTF-8 text").about(0))
}

fn hmac_sha256(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let (key, text) = (arguments.text(0)?, arguments.text(1)?);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|error| Problem::new(error.to_string()).about(0))?;
    mac.update(text.as_bytes());
    Ok(Value::from(hex(&mac.finalize().into_bytes())))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(four.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
