//! `rules.md`, the table of the rules of the language and of the case that shows each.

use crate::{folder, page, pages};
use std::{collections::BTreeSet, fs};

pub(crate) const NAME: &str = "rules.md";

#[test]
fn every_rule_leads_to_a_case_and_every_case_to_a_rule() {
    let pages = pages();
    let sections = pages.iter().flat_map(|page| page.sections.iter().map(move |section| (page, section)));
    let cases = sections.filter(|(_, section)| section.shows()).map(|(page, section)| format!("{}#{}", page.name, section.anchor));
    let cases: BTreeSet<String> = cases.collect();
    let text = fs::read_to_string(folder().join(NAME)).unwrap();
    let linked: BTreeSet<String> = page::links(&text).filter(|link| link.contains(".md#")).map(str::to_owned).collect();
    let (nowhere, orphans): (Vec<_>, Vec<_>) = (linked.difference(&cases).collect(), cases.difference(&linked).collect());
    assert!(nowhere.is_empty(), "{NAME} leads to what is no case: {nowhere:#?}");
    assert!(orphans.is_empty(), "no rule of {NAME} leads to these cases: {orphans:#?}");
}

#[test]
fn every_rule_has_a_case() {
    let text = fs::read_to_string(folder().join(NAME)).unwrap();
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule")).collect();
    let without: Vec<_> = rows.iter().filter(|row| !row.contains(".md#")).collect();
    assert!(!rows.is_empty() && without.is_empty(), "{without:#?}");
}
