//! Tags: those of JSON's types are honoured, others are an error, since a file has no types of its own.

use super::{Builder, place::Place};
use crate::{
    Code, Diagnostic, Value,
    yaml::{Scalar, Style, Tag, quote::quoted, text},
};

/// What a tag says.
enum Meaning {
    /// `!`: do not guess, it is what it looks like.
    Itself,
    Scalar(Tag),
    List,
    Object,
    Unknown,
}

fn meaning(tag: &saphyr_parser::Tag) -> Meaning {
    match format!("{}{}", tag.handle, tag.suffix).as_str() {
        "!" => Meaning::Itself,
        "tag:yaml.org,2002:str" => Meaning::Scalar(Tag::Str),
        "tag:yaml.org,2002:int" => Meaning::Scalar(Tag::Int),
        "tag:yaml.org,2002:float" => Meaning::Scalar(Tag::Float),
        "tag:yaml.org,2002:bool" => Meaning::Scalar(Tag::Bool),
        "tag:yaml.org,2002:null" => Meaning::Scalar(Tag::Null),
        "tag:yaml.org,2002:seq" => Meaning::List,
        "tag:yaml.org,2002:map" => Meaning::Object,
        _ => Meaning::Unknown,
    }
}

impl Builder<'_> {
    /// The tag of the scalar at `place`, when it is one that a scalar can have.
    pub(super) fn scalar_tag(&mut self, tag: &saphyr_parser::Tag, content: &str, place: Place<'_>) -> Option<Tag> {
        let tag = match meaning(tag) {
            Meaning::Itself => Tag::Str,
            Meaning::Scalar(tag) => tag,
            Meaning::List | Meaning::Object => return self.misfit(place, "a text"),
            Meaning::Unknown => return self.unknown_tag(place),
        };
        let value = Scalar { text: content.into(), style: Style::Plain, tag: Some(tag) }.value();
        if tag != Tag::Str && matches!(value, Value::Text(_)) {
            return self.misfit(place, &format!("the text {}", quoted(content)));
        }
        Some(tag)
    }

    /// Checks the tag of a list.
    pub(super) fn list_tag(&mut self, tag: &saphyr_parser::Tag, place: Place<'_>) {
        match meaning(tag) {
            Meaning::Itself | Meaning::List => {}
            Meaning::Scalar(_) | Meaning::Object => drop(self.misfit(place, "a list")),
            Meaning::Unknown => drop(self.unknown_tag(place)),
        }
    }

    /// Checks the tag of an object.
    pub(super) fn object_tag(&mut self, tag: &saphyr_parser::Tag, place: Place<'_>) {
        match meaning(tag) {
            Meaning::Itself | Meaning::Object => {}
            Meaning::Scalar(_) | Meaning::List => drop(self.misfit(place, "an object")),
            Meaning::Unknown => drop(self.unknown_tag(place)),
        }
    }

    fn misfit(&mut self, place: Place<'_>, what: &str) -> Option<Tag> {
        let (at, written) = place.tag?;
        let span = self.span(at..at + written.len());
        let problem = Diagnostic::error(Code::YamlSyntax, span, format!("the tag `{written}` does not fit {what}"))
            .help("remove the tag; without one a value is what JSON would read, and quotes make it a text");
        self.diagnostics.push(problem);
        None
    }

    fn unknown_tag(&mut self, place: Place<'_>) -> Option<Tag> {
        let (at, written) = place.tag?;
        let end = at + written.len();
        let is_text = place.end > place.start;
        let value = quoted(&self.text[at..place.end.min(text::line_end(self.text, at)).max(end)]);
        let problem = Diagnostic::error(Code::YamlSyntax, self.span(at..end), format!("the tag `{written}` is not known"));
        self.diagnostics.push(if is_text {
            problem.help(format!("quote a text that begins with `!`: `{value}`"))
        } else {
            problem.help("remove the tag: a file has no types of its own")
        });
        None
    }
}
