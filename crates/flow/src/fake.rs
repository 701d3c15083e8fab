//! Made-up data of many kinds: names, addresses, texts. What comes out is a function of the kind and the seed alone; only another version of
//! the library that some words come from may change it.
//!
//! Kinds have dotted names as in other fakers (`internet.email`), matched without case, and whether words are joined by capitals, underscores or dashes.
//! E-mail addresses, domains and URLs are at `example.com`, which belongs to nobody. No text holds quotes or backslashes, so each can stand inside
//! the text of an SQL statement or of a JSON document whatever the seed.

mod kinds;
mod make;
#[cfg(test)]
mod tests;
mod words;

use crate::random::Seed;
use kinds::KINDS;

const NAMES: [&str; KINDS.len()] = {
    let mut names = [""; KINDS.len()];
    let mut index = 0;
    while index < KINDS.len() {
        names[index] = KINDS[index].name;
        index += 1;
    }
    names
};

/// A value of the kind; `None` when there is no such kind.
pub fn fake(kind: &str, seed: Seed) -> Option<String> {
    let kind = KINDS.iter().find(|known| known.names().any(|name| same(name, kind)))?;
    Some((kind.make)(&mut seed.derive(kind.name).stream()))
}

/// Whether longer kinds begin with this and a dot: `internet` of `internet.email`.
pub(crate) fn is_half(kind: &str) -> bool {
    let dots = kind.matches('.').count() + 1;
    let begins = |name: &str| name.match_indices('.').nth(dots - 1).is_some_and(|(at, _)| same(&name[..at], kind));
    KINDS.iter().any(|known| known.names().any(begins))
}

/// The names of all kinds, in the order of a documentation. [`aliases`] has more names for some.
pub fn kinds() -> &'static [&'static str] {
    &NAMES
}

/// The further names of kinds, each with the name in [`kinds()`].
pub fn aliases() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().flat_map(|kind| kind.aliases.iter().map(|alias| (*alias, kind.name)))
}

/// Whether two names are the same but for case and the marks between words.
fn same(a: &str, b: &str) -> bool {
    let letters = |name| str::bytes(name).filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase());
    letters(a).eq(letters(b))
}
