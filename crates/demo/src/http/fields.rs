//! The JSON body of a request, field by field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use super::Failure;

/// The fields of a JSON object, whatever content type the request claims. A field that is `null` is missing.
pub(crate) struct Fields(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body = Bytes::from_request(request, state).await?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Failure::bad_request("the body must be a JSON object")),
            Err(error) => Err(Failure::bad_request(format!("invalid JSON: {error}"))),
        }
    }
}

impl Fields {
    /// The text of `name`; empty text counts as missing.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(Failure::bad_request(format!("{name} must be text"))),
        }
    }

    /// The text of `name`, which must not be missing.
    pub(crate) fn required_text(&self, name: &str) -> Result<&str, Failure> {
        self.text(name)?.ok_or_else(|| Failure::bad_request(format!("{name} is required")))
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Failure> {
        self.read(name, Value::as_f64, "a number")
    }

    pub(crate) fn whole_number(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.read(name, Value::as_i64, "a whole number")
    }

    fn read<T>(&self, name: &str, read: fn(&Value) -> Option<T>, kind: &str) -> Result<Option<T>, Failure> {
        let wrong = || Failure::bad_request(format!("{name} must be {kind}"));
        self.get(name).map(|value| read(value).ok_or_else(wrong)).transpose()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, Value); N]> for Fields {
    fn from(fields: [(&str, Value); N]) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}
