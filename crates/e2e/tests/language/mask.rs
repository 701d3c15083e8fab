//! What differs from run to run, made the same: ids, times, durations.

use regex::{Captures, Regex};
use std::{collections::HashMap, sync::LazyLock};

const PATTERNS: &[(&str, &str)] = &[
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "<time>"),
    (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", "<time>"),
    (r"\b1[7-9]\d{8}(\d{3})?\b", "<unix time>"),
    (r"\b\d+(\.\d+)? (ms|s)\b", "… s"),
    (r": \d+ looks?\b", ": … looks"),
    (r"seed \d+\b", "seed …"),
];

static MASKS: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| PATTERNS.iter().map(|(pattern, mask)| (Regex::new(pattern).unwrap(), *mask)).collect());

static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap());

/// The text with each id numbered by its first appearance, and without times.
pub(crate) fn masked(text: &str) -> String {
    let mut known: HashMap<String, usize> = HashMap::new();
    let text = ID.replace_all(text, |id: &Captures| {
        let next = known.len() + 1;
        format!("<uuid {}>", known.entry(id[0].to_owned()).or_insert(next))
    });
    MASKS.iter().fold(text.into_owned(), |text, (pattern, mask)| pattern.replace_all(&text, *mask).into_owned())
}
