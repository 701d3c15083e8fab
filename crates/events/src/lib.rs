//! events

mod mask;
mod secret;

pub use mask::{Masker, Stream};
pub use secret::{Refusal, Secret};
