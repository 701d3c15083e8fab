//! What counts as an email address.

/// Whether `text` has the form of an address: a dotted local part, `@`, and a domain of at least two labels. Quoted
/// local parts and address literals are not taken.
pub(super) fn is_valid(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

fn is_local_part(text: &str) -> bool {
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char))
}

fn is_atom_char(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c)
}

fn is_domain(text: &str) -> bool {
    let labels_are_valid = text.split('.').all(is_label);
    // A last label of digits would be an IP address.
    let top = text.rsplit_once('.').map(|(_, top)| top);
    labels_are_valid && top.is_some_and(|top| top.starts_with(char::is_alphabetic))
}

fn is_label(text: &str) -> bool {
    let inner = text.chars().all(|c| c.is_alphanumeric() || c == '-');
    !text.is_empty() && inner && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, valid: bool) {
        assert_eq!(is_valid(text), valid, "{text:?}");
    }

    #[test]
    fn an_address_has_a_local_part_and_a_dotted_domain() {
        check("john@example.com", true);
        check("testuser-4f1d@example.com", true);
        check("a.b+tag@mail.example.co.uk", true);
        check("jürgen@exämple.de", true);

        check("", false);
        check("not-an-email", false);
        check("@example.com", false);
        check("a@", false);
        check("a@localhost", false);
        check("a@b@example.com", false);
        check("a b@example.com", false);
        check(".a@example.com", false);
        check("a..b@example.com", false);
        check("a@example..com", false);
        check("a@-example.com", false);
        check("a@127.0.0.1", false);
        check("a@example.com\n", false);
    }
}
