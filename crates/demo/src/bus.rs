//! The event bus in memory: what the services emit, by topic, in order.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::lock::lock;
use crate::trace::Trace;

/// How many messages a topic keeps; the oldest go first, so that a shop under load does not grow without end.
const KEPT: usize = 10_000;

/// One message of a topic. It has no key.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its place in the topic, counted from 0 and never reused.
    pub offset: u64,
    /// The W3C trace context: a child of the one the causing request came with, if any.
    pub traceparent: String,
    /// The JSON value, with its `event_type`.
    pub value: Value,
}

/// A shared log of messages. Cheap to clone; all clones see the same topics.
#[derive(Clone, Default)]
pub(crate) struct Bus(Arc<Mutex<BTreeMap<&'static str, Topic>>>);

#[derive(Default)]
struct Topic {
    next_offset: u64,
    messages: VecDeque<Message>,
}

impl Bus {
    /// Appends `value` to `topic`, as part of the trace that caused it.
    pub(crate) fn publish(&self, topic: &'static str, trace: &Trace, value: Value) {
        let mut topics = lock(&self.0);
        let topic = topics.entry(topic).or_default();
        if topic.messages.len() == KEPT {
            topic.messages.pop_front();
        }
        topic.messages.push_back(Message { offset: topic.next_offset, traceparent: trace.child(), value });
        topic.next_offset += 1;
    }

    /// The messages `topic` still keeps, oldest first; none for a topic nobody wrote to.
    pub(crate) fn messages(&self, topic: &str) -> Vec<Message> {
        lock(&self.0).get(topic).map(|topic| topic.messages.iter().cloned().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_topic_keeps_the_newest_messages_and_their_offsets() {
        let bus = Bus::default();
        for n in 0..KEPT + 2 {
            bus.publish("t", &Trace::root(), json!(n));
        }
        let messages = bus.messages("t");
        assert_eq!(messages.len(), KEPT);
        assert_eq!((messages[0].offset, &messages[0].value), (2, &json!(2)));
        assert_eq!(messages[KEPT - 1].value, json!(KEPT + 1));
        assert_eq!(bus.messages("other"), []);
    }
}
