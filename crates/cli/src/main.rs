//! The `testmesh` binary: the composition root. Roles are subcommands; what they do lives in the crates below.

mod args;
mod behind;
mod commands;
mod exit;
mod files;
mod flows;
mod inputs;
mod load;
mod output;
mod project;
mod select;
mod signals;
mod sinks;
mod stages;

use clap::Parser;
use exit::Exit;
use std::process::ExitCode;

/// Steps make and drop many small values, which takes this allocator less time than the system's. Huge pages are off: a flow needs few.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return args::refused(&error),
    };
    if let Some(filter) = std::env::var("TESTMESH_LOG").ok().filter(|filter| !filter.is_empty())
        && let Err(error) = testmesh_shared::telemetry::init(testmesh_shared::telemetry::Format::Human, &filter)
    {
        output::error(&format!("TESTMESH_LOG: {error}"));
        return Exit::Usage.into();
    }
    let exit = match commands::dispatch(arguments) {
        Ok(exit) => exit,
        Err(error) => {
            output::error(&format!("{error:#}"));
            Exit::Internal
        }
    };
    exit.into()
}
