//! Selecting flows by their tags: `smoke,slow` one of them, `smoke+api` both, `!slow` without; `+` binds tighter than `,`. Of several filters
//! all must hold. Suites are selected by the same filters, a flow's suite being its only tag then.

use std::{collections::BTreeSet, fmt};
use testmesh_flow::nearest::nearest;

/// Which tags a flow must have. The default one asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TagFilter {
    /// All of these must hold, of each one choice, of which all terms.
    all: Vec<Vec<Vec<Term>>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    tag: String,
    wanted: bool,
}

/// Why a filter cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagSyntax {
    filter: String,
    why: &'static str,
}

impl fmt::Display for TagSyntax {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let help = "write `a,b` for one of them, `a+b` for both, `!a` for without";
        write!(formatter, "the tag filter `{}` cannot be read: {}; {help}", self.filter, self.why)
    }
}

impl std::error::Error for TagSyntax {}

impl TagFilter {
    /// Reads the value of one `--tag`.
    pub(crate) fn parse(text: &str) -> Result<Self, TagSyntax> {
        let choice = |text: &str| text.split('+').map(term).collect::<Result<Vec<_>, _>>();
        let choices = text.split(',').map(choice).collect::<Result<Vec<_>, _>>();
        choices.map(|choices| Self { all: vec![choices] }).map_err(|why| TagSyntax { filter: text.to_owned(), why })
    }

    /// The filter for which all of several hold.
    pub(crate) fn all(filters: impl IntoIterator<Item = TagFilter>) -> Self {
        Self { all: filters.into_iter().flat_map(|filter| filter.all).collect() }
    }

    /// Whether something with these tags is selected.
    pub(crate) fn matches<T: AsRef<str>>(&self, tags: &[T]) -> bool {
        let holds = |term: &Term| tags.iter().any(|tag| tag.as_ref() == term.tag) == term.wanted;
        self.all.iter().all(|choices| choices.iter().any(|terms| terms.iter().all(holds)))
    }

    /// When nothing was selected: what there was to select from, and what may have been meant.
    pub(crate) fn nearest<'k>(&self, known: impl IntoIterator<Item = &'k str>) -> NoSuchTags {
        let known: BTreeSet<&str> = known.into_iter().collect();
        let asked: BTreeSet<&str> = self.all.iter().flatten().flatten().map(|term| term.tag.as_str()).collect();
        let unknown = asked.difference(&known).map(|tag| ((*tag).to_owned(), nearest(tag, known.iter().copied()).map(str::to_owned)));
        NoSuchTags { unknown: unknown.collect(), known: known.iter().map(|tag| (*tag).to_owned()).collect() }
    }
}

fn term(text: &str) -> Result<Term, &'static str> {
    let text = text.trim();
    let (tag, wanted) = text.strip_prefix('!').map_or((text, true), |tag| (tag.trim_start(), false));
    match tag {
        "" => Err("a tag is missing"),
        _ if tag.contains('!') => Err("`!` stands once, before a tag"),
        _ => Ok(Term { tag: tag.to_owned(), wanted }),
    }
}

/// The tags of a filter that selected nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoSuchTags {
    /// Tags of the filter that no flow has, each with the nearest that one has.
    pub(crate) unknown: Vec<(String, Option<String>)>,
    /// The tags that flows have, sorted.
    pub(crate) known: Vec<String>,
}

impl fmt::Display for NoSuchTags {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        for (tag, near) in &self.unknown {
            match near {
                Some(near) => write!(formatter, "no flow has the tag `{tag}`, did you mean `{near}`? ")?,
                None => write!(formatter, "no flow has the tag `{tag}`; ")?,
            }
        }
        match self.known.as_slice() {
            [] => formatter.write_str("no flow has any tag"),
            known => write!(formatter, "the tags are {}", known.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(filters: &[&str], tags: &[&str], expected: bool) {
        let filter = TagFilter::all(filters.iter().map(|filter| TagFilter::parse(filter).unwrap()));
        assert_eq!(filter.matches(tags), expected, "{filters:?} {tags:?}");
    }

    #[test]
    fn tags_are_matched() {
        check(&[], &[], true);
        check(&["a"], &[], false);
        check(&["a"], &["a", "b"], true);
        check(&["a"], &["A"], false);
        check(&["a,b"], &["b"], true);
        check(&["a+b"], &["b"], false);
        check(&["a+b"], &["b", "a"], true);
        check(&["!a"], &[], true);
        check(&["!a"], &["a"], false);
        check(&["a+b,c"], &["c"], true);
        check(&["a,b+!c"], &["b", "c"], false);
        check(&["a", "!b"], &["a"], true);
        check(&["a", "!b"], &["a", "b"], false);
        check(&[" ! a , b c "], &["a", "b c"], true);
    }

    #[test]
    fn filters_that_cannot_be_read() {
        for (text, why) in [
            ("", "a tag is missing"),
            ("a,,b", "a tag is missing"),
            ("a+", "a tag is missing"),
            ("!", "a tag is missing"),
            ("!!a", "`!` stands once, before a tag"),
        ] {
            assert_eq!(TagFilter::parse(text), Err(TagSyntax { filter: text.into(), why }), "{text}");
        }
    }

    #[test]
    fn the_tags_there_are_are_told() {
        let known = ["smoke", "api", "smoke"];
        for (filter, expected) in [
            ("smok", "no flow has the tag `smok`, did you mean `smoke`? the tags are api, smoke"),
            ("banana+api", "no flow has the tag `banana`; the tags are api, smoke"),
            ("smoke+api", "the tags are api, smoke"),
        ] {
            assert_eq!(TagFilter::parse(filter).unwrap().nearest(known).to_string(), expected);
        }
        assert_eq!(TagFilter::parse("a").unwrap().nearest([]).to_string(), "no flow has the tag `a`; no flow has any tag");
    }
}
