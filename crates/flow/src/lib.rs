//! The flow language: what a flow file says and what it means, as data.
//!
//! `parse` turns a text into a [`File`](ast::File) and never fails: what is wrong comes as [`Diagnostic`]s, all at once.
//! `plan` checks a file against the catalog of actions and the names it can see, and gives a [`Plan`](plan::Plan) that an engine executes.
//! Expressions, templates, JSONPath and captures live here too, with the scope in which they are evaluated.
//!
//! Invariants: no IO, no async, no clock, no environment, no process-wide mutable state; no input makes it panic.

pub mod allow;
pub mod ast;
pub mod catalog;
mod data;
pub mod diagnostic;
pub mod duration;
pub mod env_file;
pub mod expr;
pub mod fake;
pub mod json;
pub mod jsonpath;
pub mod nearest;
pub mod plan;
pub mod random;
pub mod schema;
pub mod scope;
pub mod source;
pub mod template;
pub mod value;
pub mod yaml;

pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use source::{Source, SourceId, Sources, Span};
pub use value::{Map, Value};
