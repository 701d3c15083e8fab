//! Every text that an event carries, in one walk: where secrets are taken out.

use crate::{
    AssertionRecord, AttemptRecord, CaptureRecord, Event, EventKind, Failure, FlowHead, InvalidFile, LeftOut, Line, Observation, RowHead,
    RunFooter, RunHeader, StepHead, Use,
    step::{Comparison, Explanation, Part},
};
use std::sync::Arc;
use testmesh_flow::{Diagnostic, Map, Value};

/// Something that carries texts. `mask` is given each and answers with what stands in its place, or `None` to leave it.
///
/// Numbers and booleans in values are offered as text, since a secret may be made of digits. Identifiers that we make ourselves
/// (paths of steps, hashes, times) carry nothing of an author's and are not offered.
pub trait Mask {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>);
}

macro_rules! mask_fields {
    ($($type:ty { $($field:ident),* })*) => {
        $(impl Mask for $type {
            fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
                $(self.$field.mask(mask);)*
            }
        })*
    };
}

mask_fields! {
    Failure { message, help }
    AttemptRecord { config, output, captures, assertions, failure, uses }
    CaptureRecord { path, value, failure }
    AssertionRecord { expression, message, failure, explanation }
    Explanation { parts, comparison }
    Part { text, value, note }
    Comparison { left, right }
    Use { value, origin }
    Observation { seen }
    FlowHead { name, file, description, suite, tags }
    RowHead { label }
    StepHead { name }
    InvalidFile { file, diagnostics }
    LeftOut { file, reason }
    RunHeader { selection, invalid, left_out, warned }
    RunFooter { not_run }
    Event { kind }
}

impl Mask for EventKind {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        match self {
            Self::ExecutionStarted { flow, stage: _, row, sources, environment, seed: _, planned: _ } => {
                environment.mask(mask);
                flow.mask(mask);
                row.mask(mask);
                for source in sources {
                    source.name.mask(mask);
                }
            }
            Self::PhaseStarted { phase: _ } | Self::StepFinished { .. } => {}
            Self::StepStarted { step } => step.mask(mask),
            Self::StepSkipped { step, skip: _, reason } => {
                step.mask(mask);
                reason.mask(mask);
            }
            Self::Observed { path: _, observation } => observation.mask(mask),
            Self::AttemptFinished { path: _, record } => record.mask(mask),
            Self::Log { path: _, level: _, message, data } => {
                message.mask(mask);
                data.mask(mask);
            }
            Self::Warned { path: _, diagnostic } => diagnostic.mask(mask),
            Self::ExecutionFinished { status: _, duration_ms: _, failure, left_behind } => {
                failure.mask(mask);
                left_behind.mask(mask);
            }
        }
    }
}

impl Mask for Line {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        match self {
            Self::Run(header) => header.mask(mask),
            Self::Source(source) => source.text.mask(mask),
            Self::Event(event) => event.mask(mask),
            Self::End(footer) => footer.mask(mask),
        }
    }
}

impl Mask for Diagnostic {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        self.message.mask(mask);
        self.help.mask(mask);
        for label in &mut self.labels {
            label.text.mask(mask);
        }
    }
}

impl Mask for String {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        if let Some(masked) = mask(self) {
            *self = masked;
        }
    }
}

impl<T: Mask> Mask for Option<T> {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        if let Some(inner) = self {
            inner.mask(mask);
        }
    }
}

/// What is shared with somebody is copied before it is changed.
impl<T: Mask + Clone> Mask for Arc<T> {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        Arc::make_mut(self).mask(mask);
    }
}

impl<T: Mask> Mask for Vec<T> {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        for item in self {
            item.mask(mask);
        }
    }
}

/// Values are shared: what holds no secret stays shared.
impl Mask for Value {
    fn mask(&mut self, mask: &dyn Fn(&str) -> Option<String>) {
        if let Some(masked) = masked(self, mask) {
            *self = masked;
        }
    }
}

fn masked(value: &Value, mask: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Text(text) => mask(text).map(Value::text),
        Value::List(items) => masked_list(items, mask),
        Value::Map(map) => masked_map(map, mask),
        other => other.to_text().ok().and_then(|text| mask(&text)).map(Value::text),
    }
}

fn masked_list(items: &Arc<Vec<Value>>, mask: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    let mut copy: Option<Vec<Value>> = None;
    for (index, item) in items.iter().enumerate() {
        if let Some(masked) = masked(item, mask) {
            copy.get_or_insert_with(|| items.to_vec())[index] = masked;
        }
    }
    copy.map(Value::list)
}

fn masked_map(map: &Arc<Map>, mask: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    let changes = |(name, value): (&Arc<str>, &Value)| mask(name).is_some() || masked(value, mask).is_some();
    if !map.iter().any(changes) {
        return None;
    }
    let mut copy = if map.folds_case() { Map::headers() } else { Map::new() };
    for (name, value) in map.iter() {
        let name = mask(name).map_or_else(|| name.clone(), Arc::from);
        copy.insert(name, masked(value, mask).unwrap_or_else(|| value.clone()));
    }
    Some(Value::map(copy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_value_is_offered() {
        let mut value: Value = serde_json::from_str(r#"{"a":["pin 4711",4711,true,null],"4711":{"x":1.5},"ok":["y"]}"#).unwrap();
        value.mask(&|text| text.contains("4711").then(|| text.replace("4711", "***")));
        assert_eq!(value.to_json(), r#"{"a":["pin ***","***",true,null],"***":{"x":1.5},"ok":["y"]}"#);
    }
}
