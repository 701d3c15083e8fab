//! The W3C trace context: taken from a request, handed on to the messages that request causes.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;

/// The trace a request belongs to: the one its `traceparent` names, or a new one.
pub(crate) struct Trace {
    id: String,
    flags: String,
}

impl Trace {
    /// The start of a new, sampled trace.
    pub(crate) fn root() -> Self {
        Self { id: Uuid::new_v4().simple().to_string(), flags: "01".to_owned() }
    }

    /// The `traceparent` of a new span of this trace.
    pub(crate) fn child(&self) -> String {
        // A random uuid carries its version in the high half, which is therefore never the forbidden zero.
        let (span, _) = Uuid::new_v4().as_u64_pair();
        format!("00-{}-{span:016x}-{}", self.id, self.flags)
    }

    /// Reads version 00 of the header; anything else is no trace context.
    fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, id, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let valid =
            parts.next().is_none() && version == "00" && is_id(id, 32) && is_id(span, 16) && flags.len() == 2 && flags.chars().all(is_hex);
        valid.then(|| Self { id: id.to_owned(), flags: flags.to_owned() })
    }
}

impl<S: Sync> FromRequestParts<S> for Trace {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get("traceparent").and_then(|value| value.to_str().ok());
        Ok(header.and_then(Self::parse).unwrap_or_else(Self::root))
    }
}

fn is_id(text: &str, length: usize) -> bool {
    text.len() == length && text.chars().all(is_hex) && text.chars().any(|c| c != '0')
}

fn is_hex(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='f')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, trace: Option<&str>) {
        assert_eq!(Trace::parse(header).map(|trace| trace.id).as_deref(), trace, "{header}");
    }

    #[test]
    fn only_a_well_formed_traceparent_is_taken_up() {
        let id = "0af7651916cd43dd8448eb211c80319c";
        check(&format!("00-{id}-b7ad6b7169203331-01"), Some(id));
        check(&format!("00-{id}-b7ad6b7169203331-01-more"), None);
        check(&format!("01-{id}-b7ad6b7169203331-01"), None);
        check(&format!("00-{id}-0000000000000000-01"), None);
        check("00-00000000000000000000000000000000-b7ad6b7169203331-01", None);
        check(&format!("00-{}-b7ad6b7169203331-01", id.to_uppercase()), None);
        check(&format!("00-{id}-b7ad-01"), None);
        check(&format!("00-{id}-b7ad6b7169203331"), None);
        check("", None);
    }

    #[test]
    fn a_child_is_a_new_span_of_the_same_trace() {
        let trace = Trace::root();
        let (one, two) = (trace.child(), trace.child());
        assert_ne!(one, two);
        check(&one, Some(&trace.id));
        check(&two, Some(&trace.id));
    }
}
