//! What every role of the binary needs before it does anything: its configuration read with places, and its logs.
//!
//! [`toml`] turns a text into typed configuration and says everything that is wrong with it at once; [`telemetry`] sets up the logs.
//!
//! Invariants: nothing here names a noun of the product; the environment, the terminal and files are the caller's, who passes what they hold.

pub mod nearest;
pub mod telemetry;
pub mod toml;
