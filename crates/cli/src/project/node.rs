//! TOML values as nodes of the language, so that an environment is read by one reader wherever it is written.

use std::sync::Arc;
use testmesh_flow::{
    SourceId, Span,
    yaml::{Entry, Key, Kind, Node, Scalar, Style},
};
use testmesh_shared::toml::{self, Placed};

/// The key and the value of an entry.
pub(super) fn entry(entry: &toml::Entry, id: SourceId) -> (Key, Node) {
    (key(&entry.key, id), node(&entry.value, id))
}

fn key(key: &Placed<String>, id: SourceId) -> Key {
    let scalar = scalar(&key.value, Style::DoubleQuoted);
    Key { text: Arc::clone(&scalar.text), span: Span::new(id, key.range.clone()), scalar }
}

fn node(value: &toml::Value, id: SourceId) -> Node {
    let kind = match &value.kind {
        toml::Kind::Text(text) | toml::Kind::Date(text) => Kind::Scalar(scalar(text, Style::DoubleQuoted)),
        toml::Kind::Integer(number) => Kind::Scalar(scalar(&number.to_string(), Style::Plain)),
        toml::Kind::Float { written, .. } => Kind::Scalar(scalar(written, Style::Plain)),
        toml::Kind::Boolean(value) => Kind::Scalar(scalar(&value.to_string(), Style::Plain)),
        toml::Kind::List(items) => Kind::List(Arc::new(items.iter().map(|item| node(item, id)).collect())),
        toml::Kind::Table(entries) => {
            let pair = |(key, value)| Entry { key, value };
            Kind::Map(Arc::new(entries.iter().map(|inner| pair(entry(inner, id))).collect()))
        }
    };
    Node { span: Span::new(id, value.range.clone()), kind, alias: None }
}

fn scalar(text: &str, style: Style) -> Scalar {
    Scalar { text: text.into(), style, tag: None }
}
