//! What two values differ in: a list of paths, each with what was expected there and what is there.

mod lines;
mod show;

pub(crate) use show::{Sides, show};

use crate::value::{Member, Path};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use testmesh_flow::{Map, Value};

/// One path at which two values differ; a side without a value lacks the member.
#[derive(Debug, PartialEq)]
pub(crate) struct Change<'v> {
    pub(crate) path: Path,
    pub(crate) expected: Option<&'v Value>,
    pub(crate) actual: Option<&'v Value>,
}

/// Lists above this length are compared item by item; shorter ones so that an item put in does not shift all the others.
const ALIGNED: usize = 400;

/// The differences in the order of the expected value, what only the actual one has after it. Equal values have none.
pub(crate) fn changes<'v>(expected: &'v Value, actual: &'v Value) -> Vec<Change<'v>> {
    let mut found = Vec::new();
    walk(&mut Path::new(), Some(expected), Some(actual), &mut found);
    found
}

fn walk<'v>(path: &mut Path, expected: Option<&'v Value>, actual: Option<&'v Value>, found: &mut Vec<Change<'v>>) {
    match (expected, actual) {
        (Some(Value::Map(left)), Some(Value::Map(right))) => walk_maps(path, left, right, found),
        (Some(Value::List(left)), Some(Value::List(right))) => walk_lists(path, left, right, found),
        (Some(left), Some(right)) if left == right => {}
        _ => found.push(Change { path: path.clone(), expected, actual }),
    }
}

fn walk_maps<'v>(path: &mut Path, expected: &'v Map, actual: &'v Map, found: &mut Vec<Change<'v>>) {
    let mut member = |name: &str, left, right| {
        path.push(Member::Name(name.to_owned()));
        walk(path, left, right, found);
        path.pop();
    };
    for (name, value) in expected.iter() {
        member(name, Some(value), actual.get(name));
    }
    for (name, value) in actual.iter().filter(|(name, _)| !expected.contains(name)) {
        member(name, None, Some(value));
    }
}

fn walk_lists<'v>(path: &mut Path, expected: &'v [Value], actual: &'v [Value], found: &mut Vec<Change<'v>>) {
    for (index, left, right) in paired(expected, actual) {
        path.push(Member::Index(index));
        walk(path, left, right, found);
        path.pop();
    }
}

/// Which items of two lists belong together; the index is that of the actual item, else that of the expected one.
fn paired<'v>(expected: &'v [Value], actual: &'v [Value]) -> Vec<(usize, Option<&'v Value>, Option<&'v Value>)> {
    let longest = expected.len().max(actual.len());
    if longest > ALIGNED {
        return (0..longest).map(|index| (index, expected.get(index), actual.get(index))).collect();
    }
    let (left, right) = (texts(expected), texts(actual));
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &left, &right) {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let (old, new) = (op.old_range(), op.new_range());
        for offset in 0..old.len().max(new.len()) {
            let (from, to) = (old.start + offset, new.start + offset);
            let left = expected.get(from).filter(|_| from < old.end);
            let right = actual.get(to).filter(|_| to < new.end);
            pairs.push((if right.is_some() { to } else { from }, left, right));
        }
    }
    pairs
}

/// The items as text, only to be compared: one that is equal under another text (`1` and `1.0`) is paired, and found equal, later.
fn texts(items: &[Value]) -> Vec<String> {
    items.iter().map(Value::to_json).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::jsonpath;

    fn check(expected: &str, actual: &str, differences: &[&str]) {
        let (expected, actual): (Value, Value) = (serde_json::from_str(expected).unwrap(), serde_json::from_str(actual).unwrap());
        let text = |value: Option<&Value>| value.map_or("(none)".to_owned(), Value::to_json);
        let found = changes(&expected, &actual)
            .iter()
            .map(|change| format!("{} {} {}", jsonpath(&change.path), text(change.expected), text(change.actual)))
            .collect::<Vec<_>>();
        assert_eq!(found, differences, "{expected:?} {actual:?}");
    }

    #[test]
    fn changed_paths_are_found() {
        check("1", "1.0", &[]);
        check("1", r#""1""#, &[r#"$ 1 "1""#]);
        check(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, &[]);
        check(r#"{"a":{"b":1,"c":null}}"#, r#"{"a":{"b":2},"d":[]}"#, &["$.a.b 1 2", "$.a.c null (none)", "$.d (none) []"]);
        check("[1,2,3]", "[1,5,3]", &["$[1] 2 5"]);
        check("[1,2,3]", "[0,1,2,3]", &["$[0] (none) 0"]);
        check("[1,2,3]", "[1,3]", &["$[1] 2 (none)"]);
        check("[1,2.0,3]", "[1,2,3,4]", &["$[3] (none) 4"]);
        check(r#"[{"id":1,"n":"a"},{"id":2}]"#, r#"[{"id":1,"n":"b"},{"id":2}]"#, &[r#"$[0].n "a" "b""#]);
        check("[]", "{}", &["$ [] {}"]);
    }
}
