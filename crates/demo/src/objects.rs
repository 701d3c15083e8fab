//! The object store in memory: bytes with a content type under a key.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::HeaderValue;

use crate::lock::lock;

/// A stored object. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) content_type: HeaderValue,
    pub(crate) bytes: Bytes,
}

/// A shared map of keys to objects. Cheap to clone; all clones see the same objects.
#[derive(Clone, Default)]
pub(crate) struct Objects(Arc<Mutex<HashMap<String, Object>>>);

impl Objects {
    /// Stores `object` under `key`, in place of what was there.
    pub(crate) fn put(&self, key: String, object: Object) {
        lock(&self.0).insert(key, object);
    }

    pub(crate) fn find(&self, key: &str) -> Option<Object> {
        lock(&self.0).get(key).cloned()
    }
}
