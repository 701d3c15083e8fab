//! Configuration in TOML, read by hand into typed values, with the place of everything.
//!
//! [`read`] makes a tree of a text; through [`Table`] a reader takes the keys that it knows. Whatever was not taken when the table is finished
//! is unknown, so the list of known keys stands nowhere but in the code that reads them.
//!
//! Invariants: all problems come at once, as plain data, in the order of the text; no input makes it panic; ranges are byte ranges inside
//! the text, on character boundaries.

mod parse;
mod problem;
mod table;
#[cfg(test)]
mod tests;
mod value;

pub use problem::{Problem, ProblemKind};
pub use table::Table;
pub use value::{Entry, Kind, Placed, Value};

/// Reads a whole document, which messages call `what`: `read` takes what it knows of the root table; the rest is unknown.
///
/// Gives what could be read, and everything that is wrong, in the order of the text. Only without problems is the first to be trusted.
pub fn read<T>(text: &str, what: &str, read: impl FnOnce(&mut Table) -> T) -> (T, Vec<Problem>) {
    let (entries, mut problems) = parse::parse(text);
    let found = Table::read(&entries, what, &mut problems, read);
    problem::tidy(&mut problems);
    (found, problems)
}
