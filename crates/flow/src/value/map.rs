//! Objects: members in the order they came in, looked up by name.

use super::Value;
use indexmap::IndexMap;
use std::sync::Arc;

/// An object. One kind looks its members up without regard to case: the headers of an HTTP answer.
#[derive(Clone, Debug, Default)]
pub struct Map {
    members: IndexMap<Arc<str>, Value>,
    folds_case: bool,
}

impl Map {
    pub fn new() -> Self {
        Self::default()
    }

    /// A map whose names match whatever their ASCII case; names are kept in lower case.
    pub fn headers() -> Self {
        Self { members: IndexMap::new(), folds_case: true }
    }

    pub fn folds_case(&self) -> bool {
        self.folds_case
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        if self.folds_case && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.members.get(name.to_ascii_lowercase().as_str());
        }
        self.members.get(name)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a member; one of that name keeps its place.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Value>) -> Option<Value> {
        let mut name = name.into();
        if self.folds_case {
            name = name.to_ascii_lowercase().into();
        }
        self.members.insert(name, value.into())
    }

    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.members.shift_remove(name)
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.members.iter()
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.members.keys()
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.members.values()
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl<K: Into<Arc<str>>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let members = members.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { members: members.collect(), folds_case: false }
    }
}
