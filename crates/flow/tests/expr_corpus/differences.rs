//! Where the language differs from Go's expr on purpose.

/// The differences that the language reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    A,
}

pub const DIFFERENCES: &[(&str, &str, Reason)] = &[];
