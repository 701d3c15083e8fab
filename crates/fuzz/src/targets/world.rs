//! A scope with something of everything.

use std::sync::Arc;
use testmesh_flow::{
    Map, Value,
    expr::{Fault, Lookup, Options, Scope, Space},
    json,
};

/// The namespace of the world, and the step in it.
const STEPS: Space = Space(1);
const CREATE: Space = Space(2);

pub(crate) struct World {
    values: Map,
    dashed: Vec<Arc<str>>,
}

/// What actions answer.
pub(crate) const DOCUMENT: &str = r#"{
  "status": 200, "name": "ada", "yes": true, "nothing": null, "price": 12.50, "numbers": [3, 1, 2], "texts": ["a", "B", "ö"],
  "body": {"id": 7, "items": [{"sku": "a", "price": 1.5, "tags": ["x", "y"]}, {"sku": "b", "price": 2, "tags": []}, {"sku": "c"}],
           "deep": {"a": {"b": {"c": [[1, [2, [3]]], {"a": {"a": null}}]}}}, "date": "2026-01-02T03:04:05Z", "pattern": "^a+$"},
  "big": 18446744073709551615, "tiny": 1e-300, "empty": {}, "none": [], "data": [{"n": 1}, {"n": 2}]
}"#;

impl World {
    pub(crate) fn new() -> Self {
        let read = json::parse(DOCUMENT).ok().and_then(|read| read.value.as_map().cloned());
        Self { values: read.unwrap_or_default(), dashed: vec!["create-user".into()] }
    }

    pub(crate) fn options(&self, templates: bool) -> Options<'_> {
        Options { dashed: &self.dashed, templates }
    }

    pub(crate) fn document(&self) -> Value {
        Value::map(self.values.clone())
    }
}

impl Scope for World {
    fn lookup(&self, name: &str) -> Lookup {
        match name {
            "steps" => Lookup::Space(STEPS),
            "create-user" => Lookup::Space(CREATE),
            "token" => Lookup::NoValue("step `login` was skipped".to_owned()),
            "BROKEN" => Lookup::Fault(Fault::unresolved(0..3, "nothing named `HOST` is known (in `BROKEN`)")),
            _ => self.values.get(name).map_or(Lookup::Unknown, |value| Lookup::Value(value.clone())),
        }
    }

    fn member(&self, space: Space, name: &str) -> Lookup {
        match (space, name) {
            (STEPS, "create-user") => Lookup::Space(CREATE),
            (CREATE, _) => self.values.get(name).map_or(Lookup::Missing, |value| Lookup::Value(value.clone())),
            _ => Lookup::Unknown,
        }
    }

    fn space_value(&self, space: Space) -> Result<Value, Fault> {
        Ok(if space == CREATE { self.document() } else { Value::map(Map::new()) })
    }

    fn known_names(&self) -> Vec<Arc<str>> {
        self.values.keys().cloned().chain(["steps", "create-user", "token"].map(Arc::from)).collect()
    }

    fn known_members(&self, _: Space) -> Vec<Arc<str>> {
        vec!["create-user".into()]
    }

    fn now(&self) -> jiff::Zoned {
        jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC)
    }

    fn random(&self, salt: &str) -> [u8; 16] {
        let mut bytes = [7; 16];
        for (place, byte) in bytes.iter_mut().zip(salt.bytes()) {
            *place ^= byte;
        }
        bytes
    }

    fn schema(&self, path: &str) -> Option<Arc<serde_json::Value>> {
        (path == "item.json").then(|| Arc::new(serde_json::json!({"type": "object", "required": ["sku"]})))
    }
}
