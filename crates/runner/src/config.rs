//! From a rendered value to an action's typed config.

use serde::{
    Deserializer,
    de::{DeserializeOwned, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor, value::Error},
    forward_to_deserialize_any,
};
use std::{fmt, sync::Arc, vec};
use testmesh_flow::{Map, Value, value};

/// Reads a config. The shape was checked before, so an error here is about what a schema cannot say.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    T::deserialize(FromValue(value)).map_err(|error: Error| error.to_string())
}

/// A value as a serde source.
struct FromValue(Value);

impl<'de> Deserializer<'de> for FromValue {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Int(value) => visitor.visit_i64(value),
            Value::UInt(value) => visitor.visit_u64(value),
            Value::Float(value) => visitor.visit_f64(value),
            Value::Spelled(spelled) => visitor.visit_f64(spelled.value()),
            Value::Text(text) => visitor.visit_str(&text),
            Value::List(items) => visitor.visit_seq(Items(Arc::unwrap_or_clone(items).into_iter())),
            Value::Map(map) => visitor.visit_map(Members { rest: members(&map), value: None }),
            other => visitor.visit_string(other.to_text().unwrap_or_default()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.0 {
            Value::Text(text) => text.as_ref().into_deserializer().deserialize_enum(name, variants, visitor),
            other => Err(Error::custom(format!("expected one of {}, found {}", variants.join(", "), other.type_name()))),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name == value::EXACT { visitor.visit_newtype_struct(Exact(self.0)) } else { visitor.visit_newtype_struct(self) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A value that is asked for itself: a spelled number goes over as the bytes of its text.
struct Exact(Value);

impl<'de> Deserializer<'de> for Exact {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Spelled(spelled) => visitor.visit_bytes(spelled.text().as_bytes()),
            other => FromValue(other).deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

fn members(map: &Map) -> vec::IntoIter<(Arc<str>, Value)> {
    map.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>().into_iter()
}

struct Items(vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: serde::de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(FromValue(item))).transpose()
    }
}

struct Members {
    rest: vec::IntoIter<(Arc<str>, Value)>,
    value: Option<(Arc<str>, Value)>,
}

impl<'de> MapAccess<'de> for Members {
    type Error = Error;

    fn next_key_seed<K: serde::de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        let key = seed.deserialize(name.as_ref().into_deserializer()).map(Some);
        self.value = Some((name, value));
        key
    }

    fn next_value_seed<T: serde::de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let (name, value) = self.value.take().ok_or_else(|| Error::custom("a value was asked for before its key"))?;
        seed.deserialize(FromValue(value)).map_err(|error| in_key(&name, &error))
    }
}

/// The path to what is wrong stands before the words: `headers.accept: invalid type …`.
fn in_key(name: &str, error: &dyn fmt::Display) -> Error {
    let inner = error.to_string();
    let nested = inner.split_once(": ").is_some_and(|(path, _)| !path.contains(' '));
    Error::custom(if nested { format!("{name}.{inner}") } else { format!("{name}: {inner}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Config {
        body: Value,
        port: Option<u16>,
        headers: Option<std::collections::BTreeMap<String, Value>>,
    }

    fn check(json: &str) -> Result<Config, String> {
        let mut map: Map = serde_json::from_str(json).unwrap();
        if let Some(Value::Text(text)) = map.get("body").cloned() {
            map.insert("body", Value::list(vec![Value::number(&text).unwrap()]));
        }
        read(Value::map(map))
    }

    #[test]
    fn spellings_survive_and_errors_name_the_key() {
        assert_eq!(check(r#"{"body":"1.50"}"#).unwrap().body.to_json(), "[1.50]");
        assert_eq!(check(r#"{"body":"123456789012345678901234567890"}"#).unwrap().body.to_json(), "[123456789012345678901234567890]");
        assert_eq!(check(r#"{"body":null,"port":7}"#).unwrap().port, Some(7));
        assert!(check(r#"{"body":null,"port":70000}"#).unwrap_err().starts_with("port: invalid value"));
        assert!(check(r#"{"body":null,"headers":{"a":1}}"#).unwrap().headers.is_some());
        assert!(check(r#"{"body":null,"nope":1}"#).unwrap_err().contains("unknown field `nope`"));
    }
}
