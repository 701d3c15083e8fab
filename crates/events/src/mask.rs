//! Masking: every form of a secret becomes `***` before it leaves the process.
//!
//! A secret reaches the outside in many spellings: as is, escaped by whatever encoded it, packed as
//! hex or base64. [`forms`] holds the spellings that are literal; an automaton finds them all in one
//! pass. Escapes are no finite set of literals (each encoder escapes other characters), so the text
//! is also *read* in each of the ways of [`reading::Reading`], and the same automaton runs over what
//! it says. Each reading is a linear pass, and begins only where an escape stands.
//!
//! Invariants:
//! * what is masked is the union of all that was found: overlapping secrets leave no fragment;
//! * a mask is never read again, so a secret that looks like one does no harm;
//! * the beginning of a secret that an ellipsis cuts off ([`cut`]) is masked like a whole one;
//! * a text in which nothing is found comes back borrowed, untouched;
//! * whole texts and streams go through the same scanner and writer, so they agree.

mod automaton;
mod cut;
mod entities;
mod forms;
mod reading;
mod scanner;
mod spans;
mod stream;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use testmesh_flow::Source;

use crate::secret::SHORTEST;
use forms::Forms;
use reading::Reading;
use scanner::{Piece, Scanner};
use spans::{Spans, Writer, overwrite};
pub use stream::Stream;

/// Masks a set of secrets. It is immutable and cheap to clone.
#[derive(Clone, Default)]
pub struct Masker(Scope);

#[derive(Clone, Default)]
enum Scope {
    #[default]
    Nothing,
    Forms(Arc<Forms>),
    /// There is more to look for than an automaton can hold. Rather than leak, all is masked.
    Everything,
}

impl Masker {
    /// Masks these secrets. Those under four characters are left out, since they would hide half of
    /// every text; [`Secret::new`](crate::Secret::new) refuses them with a message.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Masker {
        let long_enough = |secret: &&str| secret.chars().nth(SHORTEST - 1).is_some();
        let mut secrets = secrets.into_iter().filter(long_enough).peekable();
        if secrets.peek().is_none() {
            return Masker::none();
        }
        Masker(Forms::new(secrets).map_or(Scope::Everything, |it| Scope::Forms(Arc::new(it))))
    }

    /// Masks nothing.
    pub fn none() -> Masker {
        Masker::default()
    }

    /// Whether there is no secret to mask.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Scope::Nothing)
    }

    /// Whether `text` holds a form of a secret.
    pub fn matches(&self, text: &str) -> bool {
        !self.find(text.as_bytes()).is_empty()
    }

    /// `text` with each form of a secret replaced by `***`; forms that overlap become one.
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.mask_bytes(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(masked) => Cow::Owned(into_text(masked)),
        }
    }

    /// [`Masker::mask`] for artifacts, which may be binary.
    pub fn mask_bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let mut spans = self.find(bytes);
        if spans.is_empty() {
            return Cow::Borrowed(bytes);
        }
        spans.sort();
        Cow::Owned(Writer::default().write(bytes, 0, bytes.len(), &spans))
    }

    /// Masks a source text that offsets point into: its length in bytes and its line breaks stay as
    /// they are. Each form becomes `***` and spaces.
    pub fn mask_in_place<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.mask_places(text, &[])
    }

    fn mask_places<'a>(&self, text: &'a str, places: &[Range<usize>]) -> Cow<'a, str> {
        let mut spans = self.find(text.as_bytes());
        // A place that does not begin and end between characters is none of this text.
        let there = |place: &&Range<usize>| text.get((*place).clone()).is_some_and(|text| !text.is_empty());
        places.iter().filter(there).for_each(|place| spans.add(place.clone()));
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        spans.sort();
        let mut masked = text.as_bytes().to_vec();
        overwrite(&mut masked, &spans);
        Cow::Owned(into_text(masked))
    }

    /// [`Masker::mask_in_place`] for a source text. `places` are masked whatever they hold: there a secret is spelt as only its file spells it.
    pub fn mask_source(&self, source: &Arc<Source>, places: &[Range<usize>]) -> Arc<Source> {
        match self.mask_places(source.text(), places) {
            Cow::Owned(text) => Arc::new(Source::new(source.name().clone(), text)),
            Cow::Borrowed(_) => source.clone(),
        }
    }

    /// Masks a text that comes in chunks.
    pub fn stream(&self) -> Stream {
        Stream::new(self.clone())
    }

    fn forms(&self) -> Option<&Forms> {
        match &self.0 {
            Scope::Forms(forms) => Some(forms),
            Scope::Nothing | Scope::Everything => None,
        }
    }

    /// What is masked whatever the text holds.
    fn no_spans_yet(&self) -> Spans {
        match self.0 {
            Scope::Nothing | Scope::Forms(_) => Spans::default(),
            Scope::Everything => Spans::everything(),
        }
    }

    fn find(&self, text: &[u8]) -> Spans {
        let mut spans = self.no_spans_yet();
        let Some(forms) = self.forms() else { return spans };
        for reading in forms.readings() {
            if reading == Reading::Raw || reading.find_escape(text).is_some() {
                let automaton = forms.automaton(reading);
                let piece = Piece { bytes: text, base: 0, last: true };
                Scanner::new(reading, automaton).scan(automaton, piece, &mut spans);
            }
        }
        cut::find(forms, text, &mut spans);
        spans
    }
}

/// It tells whether it masks, not what.
impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Masker(nothing)" } else { "Masker(***)" })
    }
}

/// Forms begin and end between characters, so the masked text is text as the text was.
fn into_text(masked: Vec<u8>) -> String {
    String::from_utf8(masked).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
