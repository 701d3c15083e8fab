//! What a loop goes through: a list, or a range of numbers.

use crate::attempt::{Attempting, Ended};
use testmesh_events::{Failure, Status};
use testmesh_flow::{
    Code, Value,
    plan::Control,
    scope::{Scope, View},
};

/// More rounds than this are a mistake.
const MOST: i64 = 1_000_000;

/// The items of a loop. A range is counted, not kept.
pub(super) enum Items {
    List(Vec<Value>),
    Range { start: i64, step: i64, count: usize },
}

impl Items {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Range { count, .. } => *count,
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<Value> {
        match self {
            Self::List(items) => items.get(index).cloned(),
            Self::Range { start, step, count } => {
                let nth = i64::try_from(index).ok().filter(|_| index < *count)?;
                Some(Value::Int(start + step * nth))
            }
        }
    }

    /// Reads the rendered config of a loop; the error is for people.
    pub(super) fn read(config: &Value) -> Result<Self, String> {
        let key = |name: &str| config.get(name).filter(|value| !value.is_null());
        match (key("items"), key("range")) {
            (Some(Value::List(items)), _) => Ok(Self::List(items.to_vec())),
            (Some(range), _) if range.get("start").is_some() && range.get("end").is_some() => Self::range(range),
            (Some(other), _) => Err(match other {
                Value::Map(_) => "`items` is an object, and no list: write `${keys(x)}`, `${values(x)}` or `${toPairs(x)}`".to_owned(),
                _ => format!("`items` is {}, and no list", shown(other)),
            }),
            (None, Some(range)) => Self::range(range),
            (None, None) => Err("`items` is nothing, and no list".to_owned()),
        }
    }

    fn range(range: &Value) -> Result<Self, String> {
        let number = |name: &str, default: Option<i64>| match range.get(name).filter(|value| !value.is_null()) {
            Some(value) => value
                .as_i64()
                .or_else(|| value.as_str()?.trim().parse().ok())
                .ok_or_else(|| format!("`{name}` of the range is {}, and no integer", shown(value))),
            None => default.ok_or_else(|| format!("the range has no `{name}`")),
        };
        let (start, end, step) = (number("start", None)?, number("end", None)?, number("step", Some(1))?);
        if step == 0 {
            return Err("the `step` of the range is 0: it would never end".to_owned());
        }
        let distance = i128::from(end) - i128::from(start);
        let count = if distance != 0 && (distance > 0) != (step > 0) { 0 } else { distance / i128::from(step) + 1 };
        match usize::try_from(count) {
            Ok(count) if count as i64 <= MOST => Ok(Self::Range { start, step, count }),
            _ => Err(format!("the range has {count} numbers, and {MOST} is the most")),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(_) => "text".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Bool(boolean) => format!("the boolean {boolean}"),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "an object".to_owned(),
        number => format!("the number {}", number.to_json()),
    }
}

impl Attempting<'_> {
    /// Whether the step is a loop of setup or teardown that has no item and says nothing about that.
    pub(crate) fn has_no_item(&self, scope: &Scope) -> bool {
        let is_loop = matches!(self.step.control.as_deref(), Some(Control::ForEach(_)));
        if !is_loop || self.step.phase == "steps" {
            return false;
        }
        let now = self.now();
        let config = self.config(&View::new(scope, &now, self.place()).at("1").at("0"));
        let may_be_empty = |config: &Value| config.get("allow_empty").and_then(Value::as_bool) == Some(true);
        config.is_ok_and(|config| !may_be_empty(&config) && Items::read(&config).is_ok_and(|items| items.len() == 0))
    }

    /// What a loop goes through.
    pub(super) fn items(&self, config: &Value) -> Result<Items, (Failure, Ended)> {
        let items = Items::read(config).map_err(|message| {
            let failure = self.failure(Code::ConfigRejected, message);
            let span = self.step.places.iter().find(|(name, _)| matches!(&**name, "items" | "range")).map(|(_, span)| *span);
            (Failure { span: span.or(failure.span), ..failure }, Ended::Hopeless)
        })?;
        let allowed = config.get("allow_empty").and_then(Value::as_bool) == Some(true) || self.step.phase != "steps";
        if items.len() == 0 && !allowed {
            let failure = self.failure(Code::NoItems, "there is no item: nothing in the loop ran".to_owned());
            let help = "if that may be, write `allow_empty: true`".to_owned();
            return Err((Failure { status: Status::Failed, help: Some(help), ..failure }, Ended::Complete));
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items() {
        let read = |json: &str| match Items::read(&serde_json::from_str(json).unwrap()) {
            Ok(items) => (0..items.len()).map(|index| items.get(index).unwrap().to_json()).collect::<Vec<_>>().join(" "),
            Err(why) => why,
        };
        for (config, expected) in [
            (r#"{"items":[1,"a",null]}"#, r#"1 "a" null"#),
            (r#"{"items":[]}"#, ""),
            (r#"{"items":{"start":1,"end":3}}"#, "1 2 3"),
            (r#"{"range":{"start":1,"end":6,"step":2}}"#, "1 3 5"),
            (r#"{"range":{"start":3,"end":1,"step":-1}}"#, "3 2 1"),
            (r#"{"range":{"start":3,"end":1}}"#, ""),
            (r#"{"range":{"start":5,"end":5}}"#, "5"),
            (r#"{"range":{"start":"1","end":"2"}}"#, "1 2"),
            (r#"{"range":{"start":1,"end":2,"step":0}}"#, "the `step` of the range is 0: it would never end"),
            (r#"{"range":{"start":1}}"#, "the range has no `end`"),
            (r#"{"range":{"start":1,"end":1000001}}"#, "the range has 1000001 numbers, and 1000000 is the most"),
            (
                r#"{"range":{"start":-9223372036854775808,"end":9223372036854775807}}"#,
                "the range has 18446744073709551616 numbers, and 1000000 is the most",
            ),
            (r#"{"items":"a"}"#, "`items` is text, and no list"),
            (r#"{"items":5}"#, "`items` is the number 5, and no list"),
            (r#"{"items":{"a":1}}"#, "`items` is an object, and no list: write `${keys(x)}`, `${values(x)}` or `${toPairs(x)}`"),
            ("{}", "`items` is nothing, and no list"),
        ] {
            assert_eq!(read(config), expected, "{config}");
        }
    }
}
