//! What comes from outside a flow: files, and the values that a caller or an environment gives.

use crate::{Source, Value};
use std::{collections::HashMap, sync::Arc};

/// Where files come from. An editor overlays what is not saved yet.
pub trait Files {
    /// Reads a file that the text `from` names; a relative path is beside `from`. The error is for people.
    fn read(&self, from: &str, path: &str) -> Result<FileText, String>;
}

/// A file with the name that people know it by.
#[derive(Clone, Debug)]
pub struct FileText {
    pub source: Arc<Source>,
}

/// A value from outside.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: Arc<str>,
    pub value: Value,
    /// Where it comes from, in words: `--var`, `environment staging`.
    pub origin: Arc<str>,
    pub secret: bool,
}

/// All values from outside, by strength.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Of the selected environment: stronger than the flow's `env`.
    pub environment: Vec<Input>,
    /// Of the caller: the strongest.
    pub caller: Vec<Input>,
    /// The process environment as far as flows may see it: asked last.
    pub process: HashMap<String, String>,
    /// Unknown keys are warnings.
    pub lenient: bool,
}
