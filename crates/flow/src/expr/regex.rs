//! Regular expressions in Go's syntax (RE2), read by the `regex` crate: the two differ in a few places, which are rewritten here.

use regex::{Regex, RegexBuilder};
use std::sync::{Arc, OnceLock};

/// How large a compiled pattern may be, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

/// Compiles a pattern in Go's syntax; the error says what is wrong with it.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let translated = Translation::of(pattern)?;
    RegexBuilder::new(&translated).size_limit(SIZE_LIMIT).nest_limit(100).build().map_err(|error| {
        match error {
            regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_owned(),
            // The crate draws the pattern with a caret over several lines; the last says what is wrong.
            error => {
                let text = error.to_string();
                let line = text.lines().last().unwrap_or_default();
                let what = line.strip_prefix("error: ").unwrap_or(line);
                format!("the regular expression cannot be read: {what}")
            }
        }
    })
}

/// A constant pattern. It is compiled when it is parsed, to know that it can be, and again when it is first asked: a compiled one is a hundred
/// times as large as its text, and most of what is planned waits, or is only checked.
#[derive(Debug)]
pub(super) struct Pattern {
    text: Arc<str>,
    compiled: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    pub(super) fn new(text: &Arc<str>) -> Result<Self, String> {
        compile(text).map(|_checked| Self { text: text.clone(), compiled: OnceLock::new() })
    }

    /// As the author wrote it.
    pub(super) fn text(&self) -> &Arc<str> {
        &self.text
    }

    pub(super) fn regex(&self) -> Result<&Regex, String> {
        self.compiled.get_or_init(|| compile(&self.text)).as_ref().map_err(Clone::clone)
    }
}

/// What to do about what [`compile`] says. A class of one character is the literal that needs no escape.
pub(super) fn help(problem: &str) -> &'static str {
    const KNOWN: [(&str, &str); 4] = [
        ("unclosed character class", "close it with `]`; a literal `[` is written `[[]`"),
        ("unclosed group", "close it with `)`; a literal `(` is written `[(]`"),
        ("repetition operator missing expression", "write what is repeated before it, any text is `.*`; a literal `*` is written `[*]`"),
        ("look-around", "the syntax is RE2's, which has none: write two assertions"),
    ];
    KNOWN.iter().find(|(what, _)| problem.contains(what)).map_or("the syntax is RE2's, as in Go", |(_, help)| *help)
}

struct Translation<'p> {
    rest: &'p str,
    out: String,
    in_class: bool,
}

impl<'p> Translation<'p> {
    fn of(pattern: &'p str) -> Result<String, String> {
        let mut translation = Self { rest: pattern, out: String::new(), in_class: false };
        while let Some(character) = translation.rest.chars().next() {
            match character {
                '\\' => translation.escape()?,
                '[' if translation.in_class => translation.bracket_in_class(),
                '[' => translation.open_class(),
                ']' if translation.in_class => {
                    translation.in_class = false;
                    translation.keep(1);
                }
                // Set operations of the crate that are plain characters to Go.
                '&' | '~' if translation.in_class => translation.literal(character, 1),
                '-' if translation.in_class && translation.rest.starts_with("--") => {
                    translation.literal('-', 1);
                }
                '{' if !translation.in_class && !is_repetition(translation.rest) => {
                    translation.literal('{', 1);
                }
                other => translation.keep(other.len_utf8()),
            }
        }
        Ok(translation.out)
    }

    fn keep(&mut self, bytes: usize) {
        let (kept, rest) = self.rest.split_at(bytes);
        self.out.push_str(kept);
        self.rest = rest;
    }

    fn put(&mut self, text: &str, bytes: usize) {
        self.out.push_str(text);
        self.rest = &self.rest[bytes..];
    }

    fn literal(&mut self, character: char, bytes: usize) {
        self.out.push('\\');
        self.put(character.encode_utf8(&mut [0; 4]), bytes);
    }

    /// `[`, and the `^` and `]` that are part of the opening.
    fn open_class(&mut self) {
        self.in_class = true;
        self.keep(1);
        if self.rest.starts_with('^') {
            self.keep(1);
        }
        if self.rest.starts_with(']') {
            self.literal(']', 1);
        }
    }

    /// `[:alpha:]`, or a plain bracket.
    fn bracket_in_class(&mut self) {
        match self.rest.strip_prefix("[:").and_then(|rest| rest.find(":]")) {
            Some(length) => self.keep(length + 4),
            None => self.literal('[', 1),
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(escaped) = self.rest[1..].chars().next() else {
            return Err("the regular expression ends in a backslash".to_owned());
        };
        // To Go these are of ASCII.
        let class = match escaped {
            'd' => Some("0-9"),
            's' => Some("\\t\\n\\x0C\\r "),
            'w' => Some("0-9A-Za-z_"),
            'D' => Some("^0-9"),
            'S' => Some("^\\t\\n\\x0C\\r "),
            'W' => Some("^0-9A-Za-z_"),
            _ => None,
        };
        if let Some(class) = class {
            if self.in_class && !class.starts_with('^') {
                self.put(class, 2);
            } else {
                self.put(&format!("[{class}]"), 2);
            }
            return Ok(());
        }
        match escaped {
            'b' if !self.in_class => self.put("(?-u:\\b)", 2),
            'B' if !self.in_class => self.put("(?-u:\\B)", 2),
            'Q' => self.quoted(),
            '0'..='7' => self.octal(escaped)?,
            // `\p{Greek}`, `\x{10FFFF}`: the braces are part of the escape.
            'p' | 'P' | 'x' if self.rest[2..].starts_with('{') => {
                let end = self.rest.find('}').map_or(self.rest.len(), |end| end + 1);
                self.keep(end);
            }
            'C' => return Err("`\\C` in the regular expression matches bytes, not text".to_owned()),
            // `\<` is a plain character to Go and a word boundary to the crate.
            mark if mark.is_ascii_punctuation() && !regex_syntax_needs(mark) => {
                self.put(mark.encode_utf8(&mut [0; 4]), 2);
            }
            other => self.keep(1 + other.len_utf8()),
        }
        Ok(())
    }

    /// `\Q…\E`.
    fn quoted(&mut self) {
        let rest = &self.rest[2..];
        let (quoted, after) = rest.split_once("\\E").unwrap_or((rest, ""));
        self.out.push_str(&regex::escape(quoted));
        self.rest = after;
    }

    fn octal(&mut self, first: char) -> Result<(), String> {
        let digits = &self.rest[1..];
        let length = digits.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
        if first != '0' && length < 2 {
            return Err(format!("`\\{first}` in the regular expression: what a group matched cannot be matched again"));
        }
        let code = u32::from_str_radix(&digits[..length], 8).unwrap_or_default();
        self.put(&format!("\\x{{{code:X}}}"), 1 + length);
        Ok(())
    }
}

/// Whether an escaped mark must stay escaped. What needs no escape must not have one: `\<` is a boundary.
fn regex_syntax_needs(mark: char) -> bool {
    !matches!(mark, '<' | '>')
}

/// Whether `{` begins `{2}`, `{2,}` or `{2,3}`; it is a plain character otherwise.
fn is_repetition(rest: &str) -> bool {
    let Some((inside, _)) = rest[1..].split_once('}') else {
        return false;
    };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    !least.is_empty() && least.bytes().chain(most.bytes()).all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_to_go() {
        for (pattern, text, matches) in [
            (r"^\d+$", "123", true),
            (r"^\d+$", "١٢", false),
            (r"^\w+$", "naïve", false),
            (r"^[\w-]+$", "a-b", true),
            (r"^[\W]$", "-", true),
            (r"\bpie\b", "apple pie!", true),
            (r"^[[]x]$", "[x]", true),
            (r"[[:alpha:]]", "7a", true),
            (r"^[a&&b]$", "&", true),
            (r"^[]a]$", "]", true),
            (r#"^{"a":1}$"#, r#"{"a":1}"#, true),
            (r"^a{,2}$", "a{,2}", true),
            (r"^a{2,3}$", "aaa", true),
            (r"^\Qa.b\E$", "a.b", true),
            (r"^\Qa.b\E$", "axb", false),
            (r"\<b\>", "<b>", true),
            (r"^\x41\101$", "AA", true),
            (r"(?i)hello", "HELLO", true),
            (r"(?P<year>\d{4})", "2026", true),
            (r"^\/api\/", "/api/", true),
            (r"^\p{Greek}$", "α", true),
        ] {
            let regex = compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert_eq!(regex.is_match(text), matches, "{pattern} {text}");
        }
        for pattern in ["[", "(", r"(a)\1", "a\\", "(?=x)", r"\C", "x{9999}{9999}"] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }
}
