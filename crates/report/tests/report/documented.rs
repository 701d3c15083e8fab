//! docs/record.md names every member that a recording or a report can have.

use crate::{recordings, snapshots::report};
use serde_json::Value as Json;
use std::{collections::BTreeSet, path::Path};

/// Members whose content belongs to authors or to actions.
const FREE: [&str; 6] = ["config", "output", "data", "value", "left", "right"];

fn names(value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| names(item, found)),
        Json::Object(members) => {
            for (name, member) in members {
                // The sources of a report stand under their hashes.
                if name.len() != 16 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    found.insert(name.clone());
                }
                if !FREE.contains(&name.as_str()) {
                    names(member, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_member_is_documented() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/record.md")).unwrap();
    let mut found = BTreeSet::new();
    for (_, lines) in recordings() {
        names(&serde_json::to_value(&lines).unwrap(), &mut found);
        names(&report(&lines), &mut found);
    }
    assert!(found.len() > 80, "{found:?}");
    let missing =
        found.iter().filter(|name| !page.contains(&format!("`{name}`")) && !page.contains(&format!("\"{name}\""))).collect::<Vec<_>>();
    assert!(missing.is_empty(), "not in docs/record.md: {missing:?}");
}
