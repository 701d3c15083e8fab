//! YAML as a tree in which every value knows its place, read from parser events, never from a deserialised value:
//! the language tells `0123` from `123`, a quoted text from a plain one, and points into the middle of a folded block.
//!
//! [`decode()`] makes text of bytes, [`read()`] makes documents of text. Neither panics, whatever the input; both answer in
//! time and memory proportional to the text, and [`limits`] bound what aliases multiply. Problems are [`Diagnostic`]s in
//! the words of somebody who edits a file; what can still be read is read, so that all of them come at once.
//!
//! Invariants: spans lie inside the text, on character boundaries; keys of a map are unique; no tree is deeper than
//! [`limits::DEPTH`], aliases followed, so a recursive walk is safe.

mod build;
mod comments;
mod decode;
pub mod limits;
mod node;
mod origin;
mod quote;
mod read;
mod scalar;
mod syntax;
mod template;
mod text;

pub use decode::{NotText, decode};
pub use node::{Entry, Key, Kind, Node};
pub use scalar::{Scalar, Style, Tag};

use crate::{Diagnostic, Source, SourceId, Span};

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The documents that could be read to their end, in order. A document in which nothing stands is left out.
    pub documents: Vec<Document>,
    /// What is wrong, sorted. An error here makes the whole file invalid.
    pub diagnostics: Vec<Diagnostic>,
    /// The comments, each from its `#` to the end of its line, in order. A `#` inside a text is none.
    pub comments: Vec<Span>,
}

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    pub root: Node,
}

/// Reads all documents of a text; `id` is what its spans point into.
pub fn read(source: &Source, id: SourceId) -> Read {
    read::read(source, id)
}
