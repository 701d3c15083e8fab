//! Env files: `KEY=VALUE` lines, `#` comments, an optional `export`, single and double quotes.

use crate::{Code, Diagnostic, SourceId, Span};
use std::sync::Arc;

/// One variable of an env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvEntry {
    pub name: Arc<str>,
    /// Always text: what comes from outside stays text.
    pub value: String,
    /// Where the value stands.
    pub span: Span,
}

/// Reads an env file; a line that cannot be read is a diagnostic, the others count.
///
/// In double quotes `\n`, `\t`, `\"` and `\\` are escapes, in single quotes nothing is; without quotes the value ends at ` #`.
pub fn parse(text: &str, id: SourceId) -> (Vec<EnvEntry>, Vec<Diagnostic>) {
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut offset = 0;
    for raw in text.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at = start + (raw.len() - raw.trim_start().len());
        match entry(line, at, id) {
            Ok(entry) => entries.push(entry),
            Err((range, message, help)) => {
                problems.push(Diagnostic::error(Code::BadEnvFile, Span::new(id, range), message).help(help));
            }
        }
    }
    (entries, problems)
}

type Problem = (std::ops::Range<usize>, String, &'static str);

fn entry(line: &str, at: usize, id: SourceId) -> Result<EnvEntry, Problem> {
    let whole = at..at + line.len();
    let rest = line.strip_prefix("export ").map_or(line, str::trim_start);
    let Some((name, value)) = rest.split_once('=') else {
        return Err((whole, "the line has no `=`".into(), "write `NAME=value`, or `#` before a comment"));
    };
    let name = name.trim_end();
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    if name.is_empty() || !name.bytes().all(legal) || name.starts_with(|c: char| c.is_ascii_digit()) {
        let start = at + (line.len() - rest.len());
        let message = format!("`{name}` cannot be the name of a variable");
        return Err((start..start + name.len(), message, "a name is made of letters, digits and `_`, and begins with no digit"));
    }
    let value_at = at + line.len() - value.trim_start().len();
    let value = value.trim_start();
    let range = value_at..value_at + value.len();
    let value = unquoted(value).map_err(|message| (range.clone(), message, "close the quote on the same line"))?;
    Ok(EnvEntry { name: name.into(), value, span: Span::new(id, range) })
}

fn unquoted(text: &str) -> Result<String, String> {
    match text.chars().next() {
        Some(quote @ ('\'' | '"')) => quoted(text.get(1..).unwrap_or_default(), quote),
        _ => Ok(text.find(" #").or_else(|| text.find("\t#")).map_or(text, |at| &text[..at]).trim_end().to_owned()),
    }
}

fn quoted(text: &str, quote: char) -> Result<String, String> {
    let mut value = String::new();
    let mut chars = text.chars();
    while let Some(character) = chars.next() {
        match character {
            end if end == quote => {
                let rest = chars.as_str().trim_start();
                return if rest.is_empty() || rest.starts_with('#') {
                    Ok(value)
                } else {
                    Err(format!("`{rest}` stands behind the closing quote"))
                };
            }
            '\\' if quote == '"' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some(other @ ('"' | '\\' | '$')) => value.push(other),
                Some(other) => value.extend(['\\', other]),
                None => break,
            },
            other => value.push(other),
        }
    }
    Err("the quote is not closed".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let text = "# c\nA=1\nexport B = two words # note\nC='a \\n # b'\nD=\"x\\ny\" # c\nE=\nF=a#b\nURL=postgres://u:p@h/d?x=1\n";
        let (entries, problems) = parse(text, SourceId(0));
        let pairs: Vec<_> = entries.iter().map(|entry| (entry.name.as_ref(), entry.value.as_str())).collect();
        assert_eq!(
            pairs,
            [("A", "1"), ("B", "two words"), ("C", "a \\n # b"), ("D", "x\ny"), ("E", ""), ("F", "a#b"), ("URL", "postgres://u:p@h/d?x=1")]
        );
        assert!(problems.is_empty());
        for (line, words) in
            [("nothing", "no `=`"), ("1A=2", "cannot be the name"), ("A='x", "not closed"), ("A='x'y", "behind the closing")]
        {
            let (entries, problems) = parse(line, SourceId(0));
            assert!(entries.is_empty() && problems[0].message.contains(words), "{line}: {problems:?}");
        }
    }
}
