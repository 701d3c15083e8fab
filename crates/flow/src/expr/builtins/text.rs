//! Functions of texts.

use super::{Arguments, Context, Function, function};
use crate::{
    Value,
    expr::fault::{Problem, describe},
};
use std::fmt::Write as _;

pub(super) const FUNCTIONS: &[Function] = &[
    function("string", "string(x)", (1, 1), string),
    function("trim", "trim(text) or trim(text, characters)", (1, 2), trim),
    function("trimPrefix", "trimPrefix(text, prefix)", (1, 2), |_, a| {
        let (text, prefix) = affix(a)?;
        Ok(Value::from(text.strip_prefix(prefix).unwrap_or(text)))
    }),
    function("trimSuffix", "trimSuffix(text, suffix)", (1, 2), |_, a| {
        let (text, suffix) = affix(a)?;
        Ok(Value::from(text.strip_suffix(suffix).unwrap_or(text)))
    }),
    function("upper", "upper(text)", (1, 1), |_, a| {
        Ok(Value::from(a.text(0)?.chars().map(|c| single(c, c.to_uppercase())).collect::<String>()))
    }),
    function("lower", "lower(text)", (1, 1), |_, a| {
        Ok(Value::from(a.text(0)?.chars().map(|c| single(c, c.to_lowercase())).collect::<String>()))
    }),
    function("split", "split(text, separator)", (2, 3), |context, a| split(context, a, false)),
    function("splitAfter", "splitAfter(text, separator)", (2, 3), |context, a| split(context, a, true)),
    function("replace", "replace(text, old, new)", (3, 4), replace),
    function("repeat", "repeat(text, count)", (2, 2), repeat),
    function("join", "join(list, separator)", (1, 2), join),
    function("indexOf", "indexOf(text, part)", (2, 2), |_, a| {
        let (text, part) = (a.text(0)?, a.text(1)?);
        Ok(index(text.find(part.as_ref())))
    }),
    function("lastIndexOf", "lastIndexOf(text, part)", (2, 2), |_, a| {
        let (text, part) = (a.text(0)?, a.text(1)?);
        Ok(index(text.rfind(part.as_ref())))
    }),
    function("hasPrefix", "hasPrefix(text, prefix)", (2, 2), |_, a| Ok(Value::Bool(a.text(0)?.starts_with(a.text(1)?.as_ref())))),
    function("hasSuffix", "hasSuffix(text, suffix)", (2, 2), |_, a| Ok(Value::Bool(a.text(0)?.ends_with(a.text(1)?.as_ref())))),
    function("url_encode", "url_encode(text)", (1, 1), url_encode),
];

fn string(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let value = arguments.get(0);
    if let Value::Text(_) = value {
        return Ok(value.clone());
    }
    context.meter.write(value, 0)?;
    let text = value
        .to_text()
        .map_err(|_no_text| Problem::new("null has no text").about(0).help("give a value for when there is none: `string(x ?? \"\")`"))?;
    context.meter.bytes(text.len())?;
    Ok(Value::from(text))
}

fn trim(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let text = arguments.text(0)?;
    if arguments.given(1).is_none() {
        return Ok(Value::from(text.trim()));
    }
    let characters = arguments.text(1)?;
    Ok(Value::from(text.trim_matches(|c| characters.contains(c))))
}

/// A text and what to take off it: a space, when that is not said.
fn affix<'a>(arguments: &Arguments<'a>) -> Result<(&'a str, &'a str), Problem> {
    let text = arguments.text(0)?;
    let affix = if arguments.given(1).is_some() { arguments.text(1)?.as_ref() } else { " " };
    Ok((text, affix))
}

/// The other case of a character, where that is one character; as in Go, `ß` stays.
fn single(character: char, mut other: impl ExactSizeIterator<Item = char>) -> char {
    if other.len() == 1 { other.next().unwrap_or(character) } else { character }
}

/// A byte offset, or -1.
fn index(found: Option<usize>) -> Value {
    Value::Int(found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
}

/// Splits as Go does: an empty separator stands between all characters; a count bounds the number of parts.
fn split(context: &mut Context, arguments: &Arguments, keep: bool) -> Result<Value, Problem> {
    let (text, separator) = (arguments.text(0)?, arguments.text(1)?);
    let most = match arguments.given(2) {
        Some(_) => usize::try_from(arguments.whole(2)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let mut parts = Vec::new();
    let mut rest: &str = text;
    while most > 0 && !rest.is_empty() | !separator.is_empty() {
        let next = if separator.is_empty() { rest.char_indices().nth(1).map(|(at, _)| at) } else { rest.find(separator.as_ref()) };
        let Some(at) = next.filter(|_| parts.len() + 1 < most) else {
            parts.push(Value::from(rest));
            break;
        };
        let after = at + separator.len();
        parts.push(Value::from(&rest[..if keep { after } else { at }]));
        rest = &rest[after..];
    }
    context.meter.items(parts.len())?;
    Ok(Value::list(parts))
}

fn replace(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let (text, old, new) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    let most = match arguments.given(3) {
        Some(_) => usize::try_from(arguments.whole(3)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let found = text.matches(old.as_ref()).take(most).count();
    context.meter.bytes(text.len().saturating_add(found.saturating_mul(new.len())))?;
    Ok(Value::from(text.replacen(old.as_ref(), new, most)))
}

fn repeat(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let text = arguments.text(0)?;
    let count = arguments.whole(1)?;
    let count = usize::try_from(count).map_err(|_error| Problem::new(format!("nothing can be repeated {count} times")).about(1))?;
    context.meter.steps(count)?;
    context.meter.bytes(text.len().saturating_mul(count))?;
    Ok(Value::from(text.repeat(count)))
}

fn join(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let items = arguments.list(0)?;
    let separator = if arguments.given(1).is_some() { arguments.text(1)?.as_ref() } else { "" };
    let mut joined = String::new();
    for (index, item) in items.iter().enumerate() {
        let Value::Text(text) = item else {
            return Err(Problem::new(format!("`join` takes a list of texts, whose item {index} is {}", describe(item)))
                .about(0)
                .help("make texts of them: `join(map(list, string(#)), …)`"));
        };
        context.meter.bytes(text.len() + separator.len())?;
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(text);
    }
    Ok(Value::from(joined))
}

/// Percent-encoding for any place of a URL: all but the unreserved characters of RFC 3986.
fn url_encode(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let value = arguments.get(0);
    if matches!(value, Value::Null | Value::List(_) | Value::Map(_)) {
        return Err(arguments.wrong(0, "a text"));
    }
    let text = value.to_text().unwrap_or_default();
    context.meter.bytes(3 * text.len())?;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Ok(Value::from(out))
}
