//! A run: one call, with what was selected before and the verdict after, as the lines of a recording.

use crate::{event::Event, status::Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use testmesh_flow::Diagnostic;

/// A line of a recording, in this order: the header, sources and events, the footer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Run(RunHeader),
    Source(SourceText),
    Event(Event),
    End(RunFooter),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunHeader {
    /// The version of the recording's format; 1.
    pub format: u32,
    /// The version of the program.
    pub version: String,
    /// Operating system and processor.
    pub host: String,
    pub started: Timestamp,
    pub seed: String,
    /// Which of several runs of one call this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition: Option<Repetition>,
    /// What was asked for, as on the command line; secrets are not among it.
    pub selection: Vec<String>,
    /// How many executions are to come.
    pub executions: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invalid: Vec<InvalidFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// Files that are valid and run, with what looked wrong in them before anything ran.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warned: Vec<InvalidFile>,
}

/// A run among those that one call makes of the same flows, each with a seed of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repetition {
    /// Counted from 1.
    pub number: u64,
    /// How many there are at most; `None` when they go on until one does not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
}

/// A file and what is wrong with it. The spans of its diagnostics point into `sources`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvalidFile {
    pub file: String,
    pub sources: Vec<crate::event::SourceRef>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A file or flow that was seen and not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub file: String,
    pub reason: String,
}

/// A text that spans point into, recorded once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceText {
    pub hash: String,
    pub name: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFooter {
    pub finished: Timestamp,
    pub duration_ms: f64,
    /// The worst of all executions; `None` when none ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    pub exit_code: u8,
    pub passed: u64,
    pub failed: u64,
    pub errored: u64,
    pub cancelled: u64,
    /// Selected, and not started: the run ended before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_run: Vec<String>,
}

/// How many steps stand at the top of each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub setup: u32,
    pub steps: u32,
    pub teardown: u32,
}

/// A short name for a text: the first 16 hex digits of its SHA-256.
pub fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
