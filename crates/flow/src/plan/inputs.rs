//! What comes from outside a flow: files, and the values that a caller or an environment gives.

use crate::{Source, Value};
use std::{collections::HashMap, sync::Arc};

/// Where files come from. An editor overlays what is not saved yet.
pub trait Files {
    /// Reads a file that the text `from` names; a relative path is beside `from`. The error is for people.
    fn read(&self, from: &str, path: &str) -> Result<FileText, String>;

    /// Reads a file of data that the text `from` names: beside it, else where the caller keeps such files.
    fn data(&self, from: &str, path: &str) -> Result<FileText, String> {
        self.read(from, path)
    }

    /// Finds the flow that `from` calls: a path beside it, else a flow of that name, else a file of that stem. There is none where nothing
    /// else is said.
    fn flow(&self, _from: &str, _name: &str) -> Result<FoundFlow, NoFlow> {
        Err(NoFlow::Missing(Vec::new()))
    }

    /// The files that a pattern fits, relative to `from` and in order. The error is for people.
    fn glob(&self, _from: &str, _pattern: &str) -> Result<Vec<String>, String> {
        Err("files cannot be listed here".to_owned())
    }
}

/// The text that holds a flow.
#[derive(Clone, Debug)]
pub struct FoundFlow {
    pub source: Arc<Source>,
    /// Which of its documents is meant; `None` when the text was named and not a flow in it.
    pub document: Option<u32>,
}

/// Why a flow was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoFlow {
    /// Nothing is called that; the names that there are.
    Missing(Vec<Arc<str>>),
    /// Several are: where they stand.
    Ambiguous(Vec<String>),
    /// It is there, and cannot be read, in words.
    Unreadable(String),
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
    /// What flows that run before export: stronger than the environment, weaker than a row of data.
    pub exports: Vec<Export>,
    /// A flow that runs before is wrong: nobody knows what it would have exported.
    pub exports_unknown: bool,
    /// Of a flow that another calls: what that gives it.
    pub passed: Option<Passed>,
    /// Unknown keys are warnings.
    pub lenient: bool,
}

/// A variable whose value comes from a flow that runs before all others.
#[derive(Clone, Debug)]
pub struct Export {
    pub name: Arc<str>,
    /// The name of that flow.
    pub flow: Arc<str>,
}

/// The names that a calling flow gives values to when it calls.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    /// Of its `env`, and whether they are secret; stronger than the flow's own.
    pub env: Vec<(Arc<str>, bool)>,
    /// Under `input`: stronger than everything else.
    pub input: Vec<Arc<str>>,
    /// There are no more than these.
    pub all_known: bool,
}
