//! Env files: `KEY=VALUE` lines, `#` comments, an optional `export`, single and double quotes.

use crate::{Code, Diagnostic, SourceId, Span};
use std::{ops::Range, sync::Arc};

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

/// The place, what is wrong, and what to do.
type Problem = (Range<usize>, String, String);

fn entry(line: &str, at: usize, id: SourceId) -> Result<EnvEntry, Problem> {
    let rest = line.strip_prefix("export ").map_or(line, str::trim_start);
    let rest_at = at + line.len() - rest.len();
    let Some((name, value)) = rest.split_once('=') else {
        let help = match rest.split_once(':') {
            Some((name, value)) if is_name(name) => format!("write `{name}={}`", value.trim()),
            _ => "write `NAME=value`, or `#` before a comment".to_owned(),
        };
        return Err((at..at + line.len(), "the line has no `=`".into(), help));
    };
    let name = name.trim_end();
    if !is_name(name) {
        let (message, help) = match name {
            "" => ("a name is missing before `=`".to_owned(), "write `NAME=value`"),
            _ => (
                format!("`{name}` cannot be the name of a variable"),
                "a name is made of letters, digits, `_` and `.`, and begins with no digit",
            ),
        };
        return Err((rest_at..rest_at + name.len().max(1), message, help.to_owned()));
    }
    let value_at = at + line.len() - value.trim_start().len();
    let value = value.trim_start();
    let read = unquoted(value).map_err(|(range, message, help)| (value_at + range.start..value_at + range.end, message, help))?;
    Ok(EnvEntry { name: name.into(), value: read, span: Span::new(id, value_at..value_at + value.len()) })
}

fn is_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    !name.is_empty() && name.bytes().all(legal) && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn unquoted(text: &str) -> Result<String, Problem> {
    match text.chars().next() {
        Some(quote @ ('\'' | '"')) => quoted(text, quote),
        _ => Ok(text.find(" #").or_else(|| text.find("\t#")).map_or(text, |at| &text[..at]).trim_end().to_owned()),
    }
}

/// `text` begins with the quote.
fn quoted(text: &str, quote: char) -> Result<String, Problem> {
    let mut value = String::new();
    let mut chars = text.get(1..).unwrap_or_default().chars();
    while let Some(character) = chars.next() {
        match character {
            end if end == quote => {
                let rest = chars.as_str().trim_start();
                if rest.is_empty() || rest.starts_with('#') {
                    return Ok(value);
                }
                let message = format!("`{rest}` stands behind the closing quote");
                let help = "put the quotes around the whole value, and `#` before a comment";
                return Err((text.len() - rest.len()..text.len(), message, help.to_owned()));
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
    Err((0..text.len(), "the quote is not closed".into(), format!("write `{quote}` at the end of the value, on the same line")))
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
