//! Texts as messages show them.

/// The text in the quotes that an author would give it: double ones, unless it has some itself.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// The beginning of the first line of a text, quoted.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    let head: String = line.chars().take(SHOWN).collect();
    let more = if head.len() < text.trim_end().len() { "…" } else { "" };
    format!("\"{head}{more}\"")
}
