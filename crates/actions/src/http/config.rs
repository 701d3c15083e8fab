//! What an author writes under `config:` of an `http_request`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value as Any;
use std::{borrow::Cow, collections::BTreeMap};
use testmesh_flow::{Map, Value};
use testmesh_runner::Time;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// GET unless said otherwise; any word is sent as it is written, but that `get` is `GET`.
    #[serde(default)]
    #[schemars(extend("pattern" = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"))]
    pub method: Option<String>,
    /// An absolute URL that begins with `http://` or `https://`.
    #[schemars(extend("format" = "uri", "x-schemes" = ["http", "https"]))]
    pub url: String,
    /// Headers by name: a value, or a list to send one several times; null: not sent, not even by itself.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, Any>>")]
    pub headers: Option<Map>,
    /// Query parameters to append to the URL's: a value, or a list to send one several times; null sends none.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, Any>>", extend("x-aliases" = ["query_params", "params"]))]
    pub query: Option<Map>,
    /// Text is sent as it is, anything else as JSON, null too.
    ///
    /// `Content-Type` is `application/json`, or `text/plain` for a text that does not begin with `{` or `[`, unless `headers` says it.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Any")]
    pub body: Option<Value>,
    /// Cookies to send beside those that the execution keeps, by name; `off`: none are sent and none kept.
    #[serde(default)]
    #[schemars(with = "Option<CookiesShape>")]
    pub cookies: Option<Value>,
    /// Whether an answer that redirects is followed, ten times at most. True by default.
    #[serde(default)]
    pub follow_redirects: Option<bool>,
    /// Whether the server's certificate must be valid. True by default.
    #[serde(default)]
    pub verify_ssl: Option<bool>,
    /// How long all of it may take.
    #[serde(default)]
    pub timeout: Option<Time>,
    /// The largest body that is accepted: bytes, or `512KB`, `16MB` (the default).
    #[serde(default)]
    pub max_body: Option<Size>,
    /// A GraphQL query and its variables.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub graphql: Option<NotInBuild>,
    /// Fields of a form.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true, "x-aliases" = ["form_data"]))]
    pub form: Option<NotInBuild>,
    /// Parts of a multipart form.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub multipart: Option<NotInBuild>,
    /// A file to send as the body.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub file: Option<NotInBuild>,
    /// How to log in.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true, "x-secret" = true))]
    pub auth: Option<NotInBuild>,
    /// A cookie jar of its own.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub session: Option<NotInBuild>,
    /// A certificate authority to trust.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub ca_cert: Option<NotInBuild>,
    /// A certificate to show to the server.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub client_cert: Option<NotInBuild>,
    /// A proxy to go through.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub proxy: Option<NotInBuild>,
    /// The version of HTTP to speak.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub http_version: Option<NotInBuild>,
    /// A file to write the body to.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub save_to_file: Option<NotInBuild>,
    /// As the step's `retry`.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub retry: Option<NotInBuild>,
    /// As the step's `eventually`.
    #[serde(default)]
    #[schemars(with = "Any", extend("x-not-in-build" = true))]
    pub poll: Option<NotInBuild>,
}

/// A key that is there is given, also when its value is null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A key of the language that this build lacks: giving it is an error, never nothing.
pub struct NotInBuild;

impl<'de> Deserialize<'de> for NotInBuild {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("this build does not contain this key"))
    }
}

/// A number of bytes: `16777216`, `512KB`, `16MB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl Default for Size {
    fn default() -> Self {
        Self(16 << 20)
    }
}

impl Size {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let shift = match unit.trim().to_ascii_uppercase().as_str() {
            "" | "B" => 0,
            "K" | "KB" | "KIB" => 10,
            "M" | "MB" | "MIB" => 20,
            "G" | "GB" | "GIB" => 30,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(1 << shift).map(Self)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let size = value.to_text().ok().as_deref().and_then(Self::parse);
        size.ok_or_else(|| D::Error::custom("a size is a number of bytes, or a text such as `512KB` or `16MB`"))
    }
}

impl JsonSchema for Size {
    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["integer", "string"], "minimum": 0})
    }
}

/// An object, or `off`.
struct CookiesShape;

impl JsonSchema for CookiesShape {
    fn schema_name() -> Cow<'static, str> {
        "Cookies".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}, {"const": "off"}]})
    }
}
