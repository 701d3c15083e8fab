//! The steps of a path as `JSONPath` writes them: `.name` where that is allowed, `['a name']` where not, `[0]`.

use std::fmt::Write;

/// Appends the step to a member.
pub(crate) fn push_member(path: &mut String, name: &str) {
    if is_shorthand(name) {
        path.push('.');
        path.push_str(name);
        return;
    }
    path.push('[');
    push_quoted(path, name);
    path.push(']');
}

/// Appends the step to an item of a list.
pub(crate) fn push_index(path: &mut String, index: usize) {
    // Writing to a String cannot fail.
    let _ = write!(path, "[{index}]");
}

/// Appends a name in single quotes, escaped as in the normalized paths of RFC 9535 §2.7.
pub(crate) fn push_quoted(path: &mut String, name: &str) {
    path.push('\'');
    for character in name.chars() {
        match character {
            '\'' => path.push_str("\\'"),
            '\\' => path.push_str("\\\\"),
            '\u{8}' => path.push_str("\\b"),
            '\t' => path.push_str("\\t"),
            '\n' => path.push_str("\\n"),
            '\u{c}' => path.push_str("\\f"),
            '\r' => path.push_str("\\r"),
            control if control < ' ' => {
                let _ = write!(path, "\\u{:04x}", u32::from(control));
            }
            other => path.push(other),
        }
    }
    path.push('\'');
}

/// Whether a name may follow a dot (RFC 9535 §2.5.1.1).
pub(crate) fn is_shorthand(name: &str) -> bool {
    name.starts_with(is_name_first) && name.chars().all(is_name_char)
}

pub(crate) fn is_name_first(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || !character.is_ascii()
}

pub(crate) fn is_name_char(character: char) -> bool {
    is_name_first(character) || character.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    #[test]
    fn steps_read_as_people_write_them() {
        let mut path = "$".to_owned();
        for name in ["a", "ä_1", "1a", "a-b", "", "it's", "\n\u{1}\\"] {
            super::push_member(&mut path, name);
        }
        super::push_index(&mut path, 7);
        assert_eq!(path, r"$.a.ä_1['1a']['a-b']['']['it\'s']['\n\u0001\\'][7]");
    }
}
