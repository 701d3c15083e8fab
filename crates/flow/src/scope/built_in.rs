//! Built-in values: randomness by place, the time, the flow's own facts (contract §4, §12).

use crate::{Value, random::Seed};
use jiff::Zoned;
use std::sync::Arc;

/// What the built-ins say of the flow and its execution.
#[derive(Clone, Debug, Default)]
pub struct FlowFacts {
    pub flow_name: Arc<str>,
    /// What tells the flow from others: its file, or its id on a server.
    pub flow_id: Arc<str>,
    pub execution_id: Arc<str>,
}

/// The value of a built-in at a place and time; `None` when there is none of that name.
pub(super) fn value(name: &str, place: Seed, now: &Zoned, facts: &FlowFacts) -> Option<Value> {
    Some(match name {
        "RANDOM_ID" | "UUID" => Value::text(place.derive("uuid").uuid().to_string()),
        "RANDOM_INT" => Value::Int(place.derive("int").int(0..=999_999_999)),
        "RANDOM_STRING" => Value::text(place.derive("string").alphanumeric(12)),
        "FLOW_NAME" => Value::Text(facts.flow_name.clone()),
        "FLOW_ID" => Value::Text(facts.flow_id.clone()),
        "EXECUTION_ID" => Value::Text(facts.execution_id.clone()),
        _ => return time(name, now),
    })
}

fn time(name: &str, now: &Zoned) -> Option<Value> {
    let text = |format: &str| Value::text(now.strftime(format).to_string());
    Some(match name {
        "TIMESTAMP" | "timestamp_unix" => Value::Int(now.timestamp().as_second()),
        "TIMESTAMP_MS" => Value::Int(now.timestamp().as_millisecond()),
        "ISO_TIMESTAMP" | "timestamp" => Value::text(crate::value::rfc3339(now)),
        "DATE" | "TODAY" => text("%Y-%m-%d"),
        "TIME" => text("%H:%M:%S"),
        "DATETIME" => text("%Y-%m-%d %H:%M:%S"),
        "DAY_OF_WEEK" => text("%A"),
        "YEAR" => Value::Int(now.year().into()),
        "MONTH" => Value::Int(now.month().into()),
        "DAY" => Value::Int(now.day().into()),
        "HOUR" => Value::Int(now.hour().into()),
        "MINUTE" => Value::Int(now.minute().into()),
        "SECOND" => Value::Int(now.second().into()),
        _ => return None,
    })
}
