//! TOML values as nodes of the language, so that an environment is read by one reader wherever it is written.

use std::sync::Arc;
use testmesh_flow::{
    Code, Diagnostic, SourceId, Span,
    yaml::{Entry, Key, Kind, Node, Scalar, Style},
};
use testmesh_shared::toml::{self, Placed};

/// The key and the value of an entry. A number that JSON lacks is said to be wrong.
pub(super) fn entry(entry: &toml::Entry, id: SourceId, diagnostics: &mut Vec<Diagnostic>) -> (Key, Node) {
    (key(&entry.key, id), node(&entry.value, id, diagnostics))
}

fn key(key: &Placed<String>, id: SourceId) -> Key {
    let scalar = scalar(&key.value, Style::DoubleQuoted);
    Key { text: Arc::clone(&scalar.text), span: Span::new(id, key.range.clone()), scalar }
}

fn node(value: &toml::Value, id: SourceId, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let span = Span::new(id, value.range.clone());
    let kind = match &value.kind {
        toml::Kind::Text(text) | toml::Kind::Date(text) => Kind::Scalar(scalar(text, Style::DoubleQuoted)),
        toml::Kind::Integer(number) => Kind::Scalar(scalar(&number.to_string(), Style::Plain)),
        toml::Kind::Float { value, written } => {
            if !value.is_finite() {
                diagnostics.push(Diagnostic::error(Code::BadValue, span, format!("a value cannot be the number {written}")));
            }
            Kind::Scalar(scalar(written, Style::Plain))
        }
        toml::Kind::Boolean(value) => Kind::Scalar(scalar(&value.to_string(), Style::Plain)),
        toml::Kind::List(items) => Kind::List(Arc::new(items.iter().map(|item| node(item, id, diagnostics)).collect())),
        toml::Kind::Table(entries) => {
            let pair = |inner| {
                let (key, value) = entry(inner, id, diagnostics);
                Entry { key, value }
            };
            Kind::Map(Arc::new(entries.iter().map(pair).collect()))
        }
    };
    Node { span, kind, alias: None }
}

fn scalar(text: &str, style: Style) -> Scalar {
    Scalar { text: text.into(), style, tag: None }
}
