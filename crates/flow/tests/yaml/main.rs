//! The YAML layer: text in, tree and diagnostics out.

mod cases;
mod decode;
mod dump;
mod hostile;
mod places;
mod properties;
mod values;
