//! What a project leaves out of folders and patterns.

use super::pattern::{self, OPTIONS, PatternError};
use glob::Pattern;
use std::path::{Component, Path};

/// A pattern of paths relative to the project. One without `/` is about names at any depth; a folder that matches is left out whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exclude {
    text: String,
    pattern: Pattern,
    any_depth: bool,
}

impl Exclude {
    pub(crate) fn parse(text: &str) -> Result<Self, PatternError> {
        let pattern = text.strip_prefix("./").unwrap_or(text);
        let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
        let problem = |message: &str, help: &str| Err(PatternError { message: message.to_owned(), help: Some(help.to_owned()) });
        if pattern.is_empty() {
            return problem("it is empty", "remove it");
        }
        if Path::new(pattern).components().any(|part| !matches!(part, Component::Normal(_))) {
            return problem("it leads out of the project", "a pattern is relative to the folder of testmesh.toml");
        }
        Ok(Self { text: text.to_owned(), pattern: pattern::parse(pattern)?, any_depth: !pattern.contains('/') })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a path relative to the project, or a folder on the way to it, is left out.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        let options = glob::MatchOptions { require_literal_leading_dot: false, ..OPTIONS };
        let mut way = String::new();
        path.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            if !way.is_empty() {
                way.push('/');
            }
            way.push_str(&name);
            self.pattern.matches_with(if self.any_depth { &name } else { &way }, options)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_below_the_project() {
        for (pattern, path, expected) in [
            ("drafts", "drafts/a.yaml", true),
            ("drafts/", "flows/drafts/a.yaml", true),
            ("drafts", "flows/drafts-2/a.yaml", false),
            ("*.wip.yaml", "flows/a.wip.yaml", true),
            ("flows/*.yaml", "flows/a.yaml", true),
            ("./flows/*.yaml", "flows/deep/a.yaml", false),
            ("flows/**/old", "flows/old/a.yaml", true),
            ("flows/**/old", "flows/x/y/old/a.yaml", true),
            ("flows/**", "flows/x/a.yaml", true),
            ("a?[0-9].yaml", "ab7.yaml", true),
            ("a.yaml", "A.yaml", false),
        ] {
            assert_eq!(Exclude::parse(pattern).unwrap().matches(Path::new(path)), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn patterns_that_cannot_be_read() {
        for (pattern, words) in [
            ("", "it is empty"),
            ("../other", "it leads out of the project"),
            ("/etc", "it leads out of the project"),
            ("a{b,c}", "`{` and `}` are not part of a pattern"),
            ("[a", "invalid range pattern at character 1"),
            ("a**b", "recursive wildcards must form a single path component at character 1"),
        ] {
            assert_eq!(Exclude::parse(pattern).unwrap_err().message, words, "{pattern}");
        }
    }
}
