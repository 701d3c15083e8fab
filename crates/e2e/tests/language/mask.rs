//! What differs from run to run, made the same: ids, times, durations.

use regex::{Captures, Regex};
use std::collections::HashMap;

/// The text with each id numbered by its first appearance, and without times.
pub(crate) fn masked(text: &str) -> String {
    const MASKS: &[(&str, &str)] = &[
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "<time>"),
        (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", "<time>"),
        (r"\b1[7-9]\d{8}(\d{3})?\b", "<unix time>"),
        (r"\b\d+(\.\d+)? (ms|s)\b", "… s"),
        (r"\b\d+ looks?\b", "… looks"),
        (r"seed \d+\b", "seed …"),
        (r"user-agent: testmesh/\S+", "user-agent: testmesh/…"),
        (r"testmesh \d+\.\d+\.\d+ on \S+ \S+,", "testmesh … on …,"),
    ];
    let ids = Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
    let mut known: HashMap<String, usize> = HashMap::new();
    let text = ids.replace_all(text, |id: &Captures| {
        let next = known.len() + 1;
        format!("<uuid {}>", known.entry(id[0].to_owned()).or_insert(next))
    });
    MASKS.iter().fold(text.into_owned(), |text, (pattern, mask)| Regex::new(pattern).unwrap().replace_all(&text, *mask).into_owned())
}
