//! Quoted names and texts (RFC 9535 §2.3.1.1).

use super::{ParseError, parser::Parser};

impl Parser<'_> {
    /// Reads the string whose quote, of either kind, is here.
    pub(super) fn string(&mut self) -> Result<String, ParseError> {
        let opening = self.at;
        let quote = self.peek().unwrap_or('"');
        self.at += quote.len_utf8();
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != quote && c != '\\' && c >= ' '));
            match self.peek() {
                Some('\\') => text.push(self.escape(opening, quote)?),
                Some(found) if found == quote => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(control) => {
                    let message = format!("the control character U+{:04X} cannot stand in quotes as it is", u32::from(control));
                    let help = format!("write `\\u{:04x}`", u32::from(control));
                    return Err(ParseError::new(self.at..self.at + 1, message).help(help));
                }
                None => return Err(Self::unclosed_quote(opening, quote)),
            }
        }
    }

    /// Reads the escape whose backslash is here.
    fn escape(&mut self, opening: usize, quote: char) -> Result<char, ParseError> {
        let start = self.at;
        self.at += 1;
        let Some(kind) = self.peek() else { return Err(Self::unclosed_quote(opening, quote)) };
        self.at += kind.len_utf8();
        match kind {
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            '/' | '\\' => Ok(kind),
            'u' => self.unicode(start),
            _ if kind == quote => Ok(kind),
            _ => {
                let error = ParseError::new(start..self.at, format!("`\\{kind}` is no escape"));
                Err(match kind {
                    '\'' | '"' => error.help(format!("`{kind}` needs none between `{quote}`")),
                    _ => error.help(format!("a backslash itself is written `\\\\`, so `\\\\{kind}`")),
                })
            }
        }
    }

    /// Reads the four digits of `\uXXXX`, or of the two that make up one character.
    fn unicode(&mut self, start: usize) -> Result<char, ParseError> {
        let first = self.code_unit(start)?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        if first < 0xDC00 && self.take("\\u") {
            let second = self.code_unit(self.at - 2)?;
            if (0xDC00..0xE000).contains(&second) {
                let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        let message = format!("`\\u{first:04x}` is half of a pair whose other half is missing");
        Err(ParseError::new(start..self.at, message))
    }

    fn code_unit(&mut self, start: usize) -> Result<u32, ParseError> {
        let digits = self.rest().get(..4).filter(|four| four.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|four| u32::from_str_radix(four, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => Err(ParseError::new(start..self.at, "`\\u` needs four hexadecimal digits")),
        }
    }
}
