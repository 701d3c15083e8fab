//! A page of text as it grows: lines made of words with roles, at an indentation.
//!
//! The one place where words become output, so the one place where they are cleaned and painted.

use crate::{
    style::{Role, Sign, Style},
    text,
};
use std::borrow::Cow;

/// A piece of a line.
pub(crate) struct Word<'a>(Role, Cow<'a, str>);

pub(crate) fn word<'a>(role: Role, text: impl Into<Cow<'a, str>>) -> Word<'a> {
    Word(role, text.into())
}

pub(crate) fn plain<'a>(text: impl Into<Cow<'a, str>>) -> Word<'a> {
    word(Role::Plain, text)
}

pub(crate) fn strong<'a>(text: impl Into<Cow<'a, str>>) -> Word<'a> {
    word(Role::Strong, text)
}

pub(crate) fn quiet<'a>(text: impl Into<Cow<'a, str>>) -> Word<'a> {
    word(Role::Quiet, text)
}

/// Spaces that a level of indentation takes.
const STEP: usize = 2;

pub(crate) struct Page<'a> {
    pub(crate) style: &'a Style,
    out: String,
    level: usize,
}

impl<'a> Page<'a> {
    pub(crate) fn new(style: &'a Style) -> Self {
        Self { style, out: String::new(), level: 0 }
    }

    pub(crate) fn into_string(self) -> String {
        self.out
    }

    pub(crate) fn sign(&self, sign: Sign) -> &'static str {
        self.style.sign(sign)
    }

    /// The columns that are left for a line.
    pub(crate) fn room(&self) -> usize {
        self.style.columns().saturating_sub(self.level * STEP).max(20)
    }

    pub(crate) fn line<'w>(&mut self, words: impl IntoIterator<Item = Word<'w>>) {
        self.indent();
        for Word(role, text) in words {
            self.out.push_str(&self.style.paint(role, &text::clean(&text)));
        }
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        self.out.push('\n');
    }

    /// A text of several lines, each indented.
    pub(crate) fn lines(&mut self, role: Role, text: &str) {
        for line in text.lines() {
            self.line([word(role, line)]);
        }
    }

    /// Text that was rendered already (and cleaned by whoever did), indented.
    pub(crate) fn rendered(&mut self, text: &str) {
        for line in text.lines() {
            if !line.is_empty() {
                self.indent();
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// An empty line, unless the page begins or one stands there already.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// What `write` writes stands one level deeper.
    pub(crate) fn deeper(&mut self, write: impl FnOnce(&mut Self)) {
        self.level += 1;
        write(self);
        self.level -= 1;
    }

    /// A heading with what belongs to it below.
    pub(crate) fn section(&mut self, heading: &str, write: impl FnOnce(&mut Self)) {
        self.gap();
        self.line([strong(heading), plain(":")]);
        self.deeper(write);
    }

    pub(crate) fn cut(&self, text: &str, columns: usize) -> String {
        text::cut(&text::clean(text), columns, self.sign(Sign::Ellipsis))
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.level * STEP));
    }
}
