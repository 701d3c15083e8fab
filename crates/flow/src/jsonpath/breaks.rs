//! Where a path that finds nothing leaves what is there, so that an author sees the step that is wrong.

use super::{ast::Segment, ast::Selector, eval};
use crate::{Value, json::path, nearest::nearest};
use std::{fmt, ops::Range, sync::Arc};

/// The members that are named when none is near.
const LISTED: usize = 8;

/// The first step of a singular query that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The path of the last value that is there: `$.body.items`.
    pub reached: String,
    /// Where the step that fails stands in the text of the query.
    pub range: Range<usize>,
    pub missing: Missing,
}

/// What is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An object has no such member; what it has instead.
    Member { name: Arc<str>, nearest: Option<Arc<str>>, members: Vec<Arc<str>> },
    /// A list is too short for the index.
    Item { index: i64, length: usize },
    /// What was reached has no members: it is a list of so many, or nothing of the kind.
    NotAnObject { name: Arc<str>, found: &'static str, length: Option<usize> },
    /// What was reached has no items.
    NotAList { index: i64, found: &'static str },
}

pub(super) fn first_break(segments: &[Segment], root: &Value) -> Option<Break> {
    let mut reached = "$".to_owned();
    let mut node = root;
    for segment in segments {
        let selector = segment.single()?;
        let Some(next) = eval::step(node, selector) else {
            let missing = missing(node, selector)?;
            return Some(Break { reached, range: segment.range.clone(), missing });
        };
        match selector {
            Selector::Index(index) => {
                let length = node.as_list().map_or(0, <[Value]>::len) as i64;
                let index = if *index < 0 { length + index } else { *index };
                path::push_index(&mut reached, usize::try_from(index).unwrap_or_default());
            }
            Selector::Name(name) => path::push_member(&mut reached, name),
            Selector::Wildcard | Selector::Slice(_) | Selector::Filter(_) => {}
        }
        node = next;
    }
    None
}

fn missing(node: &Value, selector: &Selector) -> Option<Missing> {
    let found = node.type_name();
    match (selector, node) {
        (Selector::Name(name), Value::Map(map)) => {
            let near = nearest(name, map.keys().map(AsRef::as_ref)).map(Arc::from);
            let members = map.keys().cloned().collect();
            Some(Missing::Member { name: name.clone(), nearest: near, members })
        }
        (Selector::Name(name), _) => {
            let length = node.as_list().map(<[Value]>::len);
            Some(Missing::NotAnObject { name: name.clone(), found, length })
        }
        (Selector::Index(index), Value::List(items)) => Some(Missing::Item { index: *index, length: items.len() }),
        (Selector::Index(index), _) => Some(Missing::NotAList { index: *index, found }),
        _ => None,
    }
}

impl Break {
    /// What to do about it, when that is known.
    pub fn help(&self) -> Option<String> {
        let reached = &self.reached;
        match &self.missing {
            Missing::Member { nearest: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Missing::Member { members, .. } if members.is_empty() => None,
            Missing::Member { members, .. } => {
                let listed: Vec<&str> = members.iter().take(LISTED).map(AsRef::as_ref).collect();
                let more = match members.len() - listed.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                Some(format!("its members are `{}`{more}", listed.join("`, `")))
            }
            Missing::NotAnObject { name, length: Some(1..), .. } => {
                let step = |prefix: &str| {
                    let mut path = format!("{reached}{prefix}");
                    path::push_member(&mut path, name);
                    path
                };
                Some(format!("write `{}` for the first, `{}` for all", step("[0]"), step("[*]")))
            }
            Missing::NotAnObject { .. } | Missing::Item { .. } | Missing::NotAList { .. } => None,
        }
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reached = &self.reached;
        match &self.missing {
            Missing::Member { name, members, .. } if members.is_empty() => {
                write!(f, "`{reached}` is an empty object, without a member `{name}`")
            }
            Missing::Member { name, .. } => write!(f, "`{reached}` has no member `{name}`"),
            Missing::Item { index, length: 0 } => {
                write!(f, "`{reached}` is an empty list, without an item {index}")
            }
            Missing::Item { index, length } => {
                write!(f, "`{reached}` has no item {index}: it holds {length}")
            }
            Missing::NotAnObject { name, length: Some(length), .. } => {
                write!(f, "`{reached}` is a list of {length}, and has no member `{name}`")
            }
            Missing::NotAnObject { name, found, .. } => {
                write!(f, "`{reached}` is {}, and has no member `{name}`", article(found))
            }
            Missing::NotAList { index, found } => {
                write!(f, "`{reached}` is {}, and has no item {index}", article(found))
            }
        }
    }
}

/// The name of a type as a sentence needs it.
fn article(type_name: &str) -> String {
    match type_name {
        "null" | "text" => type_name.to_owned(),
        _ if type_name.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {type_name}"),
        _ => format!("a {type_name}"),
    }
}
