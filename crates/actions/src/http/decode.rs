//! From the bytes of a body to values.

use super::output::header_text;
use base64::{Engine, prelude::BASE64_STANDARD};
use encoding_rs::{Encoding, UTF_8};
use http::{HeaderMap, header};
use std::sync::Arc;
use testmesh_flow::{Code, Value, json};

/// A body as values.
#[derive(Default)]
pub(crate) struct Decoded {
    pub(crate) value: Value,
    /// `None` when it is binary.
    pub(crate) text: Option<Arc<str>>,
    /// `None` when it is empty.
    pub(crate) encoding: Option<&'static str>,
    pub(crate) doubts: Vec<Doubt>,
}

/// What the author should know of a body that was decoded.
pub(crate) struct Doubt {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: Option<&'static str>,
}

/// What a `Content-Type` says.
struct MediaType {
    /// In lower case, without parameters; empty when there is none.
    essence: String,
    charset: Option<String>,
}

/// Decodes by type, charset and content.
pub(crate) fn decode(headers: &HeaderMap, bytes: &[u8]) -> Decoded {
    if bytes.is_empty() {
        return Decoded { text: Some("".into()), ..Decoded::default() };
    }
    let mut doubts = Vec::new();
    if let Some(coding) = content_coding(headers) {
        let message = format!("the body is encoded as `{coding}`, which is not undone here: `body` is its bytes as base64");
        doubts.push(Doubt { code: Code::NotInThisBuild, message, help: Some("leave `Accept-Encoding` out of the headers") });
        return binary(bytes, doubts);
    }
    let media = MediaType::of(headers);
    let text = if media.is_binary() { None } else { media.text(bytes, &mut doubts) };
    let Some(text) = text.map(Arc::<str>::from) else { return binary(bytes, doubts) };
    if media.is_json() || media.may_be_json(&text) {
        match json::parse(&text) {
            Ok(parsed) => {
                note_losses(&parsed, &mut doubts);
                return Decoded { value: parsed.value, text: Some(text), encoding: Some("json"), doubts };
            }
            Err(error) => doubts.push(broken(&media, &error)),
        }
    }
    Decoded { value: Value::Text(text.clone()), text: Some(text), encoding: Some("text"), doubts }
}

fn binary(bytes: &[u8], doubts: Vec<Doubt>) -> Decoded {
    Decoded { value: Value::from(BASE64_STANDARD.encode(bytes)), text: None, encoding: Some("base64"), doubts }
}

fn content_coding(headers: &HeaderMap) -> Option<String> {
    let coding = header_text(headers.get(header::CONTENT_ENCODING)?).trim().to_ascii_lowercase();
    (!coding.is_empty() && coding != "identity").then_some(coding)
}

fn note_losses(parsed: &json::Parsed, doubts: &mut Vec<Doubt>) {
    let more = if parsed.unlisted { ", and others" } else { "" };
    if !parsed.lossy.is_empty() {
        let message = format!("a float cannot hold all digits of {}{more}", parsed.lossy.join(", "));
        doubts.push(Doubt { code: Code::LostDigits, message, help: Some("`text` has them all") });
    }
    if !parsed.duplicates.is_empty() {
        let message = format!("the body has {} twice{more}: the last one counts", parsed.duplicates.join(", "));
        doubts.push(Doubt { code: Code::Ambiguous, message, help: None });
    }
}

fn broken(media: &MediaType, error: &json::Error) -> Doubt {
    let says = if media.is_json() { format!("says it is {}", media.essence) } else { "begins as JSON".to_owned() };
    let message = format!("the body {says}, and is not: at byte {}, {error}; `body` is its text", error.offset);
    Doubt { code: Code::BrokenJson, message, help: None }
}

impl MediaType {
    fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(header::CONTENT_TYPE).map(header_text).unwrap_or_default();
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        Self { essence, charset: charset.map(|(_, value)| value.trim().trim_matches('"').to_owned()) }
    }

    fn is_json(&self) -> bool {
        self.essence == "application/json" || self.essence == "text/json" || self.essence.ends_with("+json")
    }

    /// Without a type, and as plain text, JSON is known by its beginning.
    fn may_be_json(&self, text: &str) -> bool {
        (self.essence.is_empty() || self.essence == "text/plain") && text.trim_start().starts_with(['{', '['])
    }

    /// Types whose bytes are no text, whatever they look like.
    fn is_binary(&self) -> bool {
        let kind = self.essence.split('/').next().unwrap_or_default();
        (["image", "audio", "video", "font"].contains(&kind) && !self.essence.ends_with("+xml"))
            || self.essence == "application/octet-stream"
    }

    /// The bytes as text in their charset; `None` when they are none.
    fn text(&self, bytes: &[u8], doubts: &mut Vec<Doubt>) -> Option<String> {
        let mut doubt = |message: String| doubts.push(Doubt { code: Code::ProtocolError, message, help: None });
        let label = self.charset.as_deref().unwrap_or("utf-8");
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or_else(|| {
            doubt(format!("the charset `{label}` of the body is not known: it is read as UTF-8"));
            UTF_8
        });
        let (text, _, broken) = encoding.decode(bytes);
        if broken && (self.charset.is_some() || self.is_json()) {
            doubt(format!("the body is no text in {}: `body` is its bytes as base64", encoding.name()));
        }
        (!broken && !text.contains('\0')).then(|| text.into_owned())
    }
}
