//! Objects: members in the order they came in, looked up by name.

use super::Value;
use std::{collections::HashMap, sync::Arc};

/// An object. One kind looks its members up without regard to case: the headers of an HTTP answer.
///
/// Most objects are small, and there are many: the members stand in a list, in which a name is sought one by one. A large object has an index.
#[derive(Clone, Debug, Default)]
pub struct Map {
    members: Vec<(Arc<str>, Value)>,
    /// Where in the list each name stands; there is one when the list is longer than [`FEW`].
    #[expect(clippy::box_collection, reason = "the many objects without an index hold one word for it")]
    index: Option<Box<HashMap<Arc<str>, usize>>>,
    folds_case: bool,
}

/// So many members are found as fast without an index.
const FEW: usize = 16;

impl Map {
    pub fn new() -> Self {
        Self::default()
    }

    /// A map that holds so many members before it grows.
    pub fn with_capacity(members: usize) -> Self {
        Self { members: Vec::with_capacity(members), ..Self::default() }
    }

    /// A map whose names match whatever their ASCII case; names are kept in lower case.
    pub fn headers() -> Self {
        Self { folds_case: true, ..Self::default() }
    }

    pub fn folds_case(&self) -> bool {
        self.folds_case
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = if self.folds_case && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.position(&name.to_ascii_lowercase())
        } else {
            self.position(name)
        };
        at.and_then(|at| self.members.get(at)).map(|(_, value)| value)
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).copied(),
            None => self.members.iter().position(|(known, _)| **known == *name),
        }
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a member; one of that name keeps its place.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Value>) -> Option<Value> {
        let (mut name, value) = (name.into(), value.into());
        if self.folds_case {
            name = name.to_ascii_lowercase().into();
        }
        if let Some((_, known)) = self.position(&name).and_then(|at| self.members.get_mut(at)) {
            return Some(std::mem::replace(known, value));
        }
        if let Some(index) = &mut self.index {
            index.insert(name.clone(), self.members.len());
        }
        self.members.push((name, value));
        if self.index.is_none() && self.members.len() > FEW {
            let numbered = self.members.iter().enumerate().map(|(at, (name, _))| (name.clone(), at));
            self.index = Some(Box::new(numbered.collect()));
        }
        None
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.members.iter().map(|(name, value)| (name, value))
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.members.iter().map(|(name, _)| name)
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.members.iter().map(|(_, value)| value)
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl<K: Into<Arc<str>>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let members = members.into_iter();
        let mut map = Self::with_capacity(members.size_hint().0);
        for (name, value) in members {
            map.insert(name, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small and large objects keep the order and find every name.
    #[test]
    fn members_are_found_and_keep_their_order() {
        for size in [1, FEW, FEW + 1, 1000] {
            let name = |index: usize| format!("member {index}");
            let mut map: Map = (0..size).map(|index| (name(index), Value::from(index as i64))).collect();
            assert_eq!(map.insert(name(0), Value::Null), Some(Value::Int(0)), "{size}");
            assert!(map.keys().map(ToString::to_string).eq((0..size).map(name)), "{size}: {:?}", map.keys().collect::<Vec<_>>());
            for (at, known) in map.keys().enumerate() {
                assert_eq!(map.get(known), map.values().nth(at), "{size}: {known}");
            }
            assert_eq!(map.index.is_some(), size > FEW);
            assert_eq!(map.get("member"), None);
        }
    }

    #[test]
    fn headers_are_found_whatever_their_case() {
        let mut headers = Map::headers();
        headers.insert("Content-Type", "text/plain");
        assert_eq!(headers.get("CONTENT-type"), Some(&Value::from("text/plain")));
        assert!(headers.keys().map(AsRef::as_ref).eq(["content-type"]));
    }
}
