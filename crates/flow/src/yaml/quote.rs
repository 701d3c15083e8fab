//! Texts as messages show them.

/// Characters of a text that a message shows.
const SHOWN: usize = 60;

/// The text in the quotes that an author would give it, double ones unless it has some itself; a long one is cut.
pub(super) fn quoted(text: &str) -> String {
    let text = match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// The beginning of the first line of a text, in double quotes.
pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let head: String = line.chars().take(SHOWN).collect();
    let more = if head.len() < text.trim_end().len() { "…" } else { "" };
    format!("\"{head}{more}\"")
}
