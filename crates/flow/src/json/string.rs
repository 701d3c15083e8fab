//! Strings (RFC 8259 §7): plain stretches are copied as they are, escapes are resolved.

use super::{Error, reader::Reader};

impl<'a> Reader<'a> {
    /// Reads the string whose opening quote is here; one without escapes is given as it stands, `None` means that it is in `unescaped`.
    pub(super) fn string(&mut self) -> Result<Option<&'a str>, Error> {
        let opening = self.at;
        self.at += 1;
        let plain = self.plain();
        if self.take(b'"') {
            return Ok(Some(plain));
        }
        self.unescaped.clear();
        self.unescaped.push_str(plain);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(None);
                }
                Some(b'\\') => {
                    let character = self.escape(opening)?;
                    self.unescaped.push(character);
                }
                Some(control) => return Err(self.raw_control(control)),
                None => return Err(self.unclosed(opening)),
            }
            let plain = self.plain();
            self.unescaped.push_str(plain);
        }
    }

    /// The stretch from here to the next quote, backslash or control character, or to the end.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        self.at += plain_length(self.bytes.get(start..).unwrap_or_default());
        // Both ends are ASCII characters or the ends of the text.
        &self.text[start..self.at]
    }

    /// Reads the escape whose backslash is here.
    fn escape(&mut self, opening: usize) -> Result<char, Error> {
        let start = self.at;
        self.at += 1;
        let Some(kind) = self.peek() else { return Err(self.unclosed(opening)) };
        let plain = match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(start),
            _ => {
                let found = self.text[self.at..].chars().next().unwrap_or_default();
                let message = format!("`\\{}` is no escape of JSON", found.escape_default());
                return Err(self.error_at(start, message));
            }
        };
        self.at += 1;
        Ok(plain)
    }

    /// Reads a `\uXXXX`, or the two that make up one character.
    fn unicode(&mut self, start: usize) -> Result<char, Error> {
        let first = self.code_unit(start)?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let followed = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u"));
        if first < 0xDC00 && followed {
            self.at += 1;
            let second = self.code_unit(self.at - 1)?;
            if (0xDC00..0xE000).contains(&second) {
                let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        let message = format!("`\\u{first:04x}` is half of a pair whose other half is missing");
        Err(self.error_at(start, message))
    }

    /// Reads a `u` and four hexadecimal digits.
    fn code_unit(&mut self, start: usize) -> Result<u32, Error> {
        let digits = self.bytes.get(self.at + 1..self.at + 5).unwrap_or_default();
        let unit = digits.iter().try_fold(0, |unit, digit| char::from(*digit).to_digit(16).map(|value| unit << 4 | value));
        match unit {
            Some(unit) if digits.len() == 4 => {
                self.at += 5;
                Ok(unit)
            }
            _ => Err(self.error_at(start, "`\\u` needs four hexadecimal digits")),
        }
    }

    fn raw_control(&self, control: u8) -> Error {
        let name = match control {
            b'\n' => "a line break in a string is written `\\n`".to_owned(),
            b'\r' => "a carriage return in a string is written `\\r`".to_owned(),
            b'\t' => "a tab in a string is written `\\t`".to_owned(),
            _ => format!("a control character in a string is written `\\u{control:04x}`"),
        };
        self.error(name)
    }

    fn unclosed(&self, opening: usize) -> Error {
        let end = Error::new(self.text, opening, String::new());
        let place = format!("line {}, column {}", end.position.line, end.position.column);
        self.error_at(self.text.len(), format!("the text ends inside a string that begins at {place}"))
    }
}

/// How many bytes stand before the first quote, backslash or control character.
fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    words.len() * 8 + rest.iter().position(special).unwrap_or(rest.len())
}

/// The high bit of each byte that ends a plain stretch, the lowest such byte's for certain: eight bytes at a time.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // `x - ONES & !x` has the high bit of every zero byte of `x`; a borrow can only add bits above the first.
    let zero = |x: u64| x.wrapping_sub(ONES) & !x;
    let quote = zero(word ^ (ONES * 0x22));
    let backslash = zero(word ^ (ONES * 0x5C));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | backslash | control) & HIGH
}
