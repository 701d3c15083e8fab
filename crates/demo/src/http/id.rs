//! The `:id` of a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use uuid::Uuid;

use super::Failure;

/// The uuid a path names.
///
/// A text that is no uuid answers 500, as from a service that hands it unseen to a column of type uuid. Flows and
/// the order service rely on it.
#[derive(Clone, Copy)]
pub(crate) struct Id(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|rejection| Failure::internal(rejection.body_text()))?;
        let wrong = |_| Failure::internal(format!("invalid input syntax for type uuid: {text:?}"));
        Uuid::parse_str(&text).map(Self).map_err(wrong)
    }
}
