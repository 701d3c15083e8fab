//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::{path::PathBuf, process::ExitCode};

/// Run end-to-end integration tests written as YAML flows.
#[derive(Debug, Parser)]
#[command(name = "testmesh", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes:\n  0 passed · 1 a flow failed · 2 a flow is invalid · 3 bad usage or nothing selected\n  4 errored · 5 internal · 130 interrupted"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run flows and say whether they pass
    #[command(
        after_help = "Examples:\n  testmesh run flows/                            every flow below a folder\n  testmesh run checkout.yaml --var BASE=http://localhost:8080\n  testmesh run flows/ --tag smoke,fast --tag '!slow' --env staging\n  testmesh run flows/ --format jsonl --record run.jsonl\n  testmesh run flows/ --repeat 50 --until-fail   hunt for what fails now and then; the seed is printed\n  testmesh run - < flow.yaml                     from standard input"
    )]
    Run(Run),
    /// Check flows without running them
    #[command(
        after_help = "Examples:\n  testmesh validate flows/\n  testmesh validate order.yaml --format json     for editors and other programs"
    )]
    Validate(Validate),
    /// List the flows that would run
    #[command(after_help = "Examples:\n  testmesh list flows/ --tag smoke")]
    List(List),
    /// List the actions, or show the config and output of one
    #[command(
        after_help = "Examples:\n  testmesh actions\n  testmesh actions http_request\n  testmesh actions http_request --format json    its JSON Schemas"
    )]
    Actions(ActionsOf),
    /// Explain a code such as TM0302
    #[command(after_help = "Examples:\n  testmesh explain TM0302")]
    Explain {
        /// The code of an error or warning
        code: String,
    },
    /// Write a first flow and a project file
    #[command(after_help = "Examples:\n  testmesh init\n  testmesh init tests/e2e")]
    Init {
        /// The folder to write into
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Start the demo shop, a small system to test against
    #[command(
        after_help = "Examples:\n  testmesh demo\n  testmesh demo --port-base 15000                the user service on 15001, products on 15002"
    )]
    Demo {
        /// The user service listens on this port plus one, products on plus two
        #[arg(long, default_value_t = 5000)]
        port_base: u16,
    },
    /// Print a completion script for a shell
    #[command(after_help = "Examples:\n  testmesh completions bash > /etc/bash_completion.d/testmesh")]
    Completions { shell: clap_complete::Shell },
}

/// Which flows.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Files, folders, globs, or `-` for standard input; without any, the project's `paths` or this folder
    pub(crate) paths: Vec<String>,
    /// Only flows with these tags: `a,b` either, `a+b` both, `!x` not; repeated, all must hold
    #[arg(long = "tag", value_name = "TAGS", allow_hyphen_values = true)]
    pub(crate) tags: Vec<String>,
    /// Only flows of this suite
    #[arg(long, value_name = "NAME")]
    pub(crate) suite: Option<String>,
    /// Of flows with `data` only these rows, counted from 1, and no other flows; several: `--row 2,5`
    #[arg(long = "row", value_name = "NUMBER", value_delimiter = ',', value_parser = row_number)]
    pub(crate) rows: Vec<usize>,
    /// Unknown keys are warnings
    #[arg(long)]
    pub(crate) lenient: bool,
    /// Warnings are errors: `--deny warnings`
    #[arg(long, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
}

fn row_number(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "rows are counted from 1: write `--row 2`, or `--row 2,5` for several".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

/// Values from outside.
#[derive(Debug, Args)]
pub(crate) struct Values {
    /// The environment whose variables are used: `[environments.NAME]` of testmesh.toml, or environments/NAME.yaml
    #[arg(long = "env", value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// Read variables from a file of `NAME=value` lines
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<PathBuf>,
    /// Set a variable; it beats everything a flow says
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(crate) vars: Vec<String>,
    /// Set a secret variable: its value is masked everywhere. Others can see a command line; `--secret-file` is safer
    #[arg(long = "secret", value_name = "NAME=VALUE")]
    pub(crate) secrets: Vec<String>,
    /// Read secret variables from a file of `NAME=value` lines
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) values: Values,
    /// How many flows run at the same time, at most (100, or the project's `parallel`)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) parallel: Option<u32>,
    /// Begin no further flow after one that did not pass
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Repeat a run: the same seed gives the same random values
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Option<String>,
    /// Run everything N times, each time with another seed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000), conflicts_with = "plan_only")]
    pub(crate) repeat: Option<u32>,
    /// Run everything again, each time with another seed, until a run does not pass; with `--repeat` at most N times
    #[arg(long, conflicts_with = "plan_only")]
    pub(crate) until_fail: bool,
    /// Bound the whole run (each of `--repeat`), for example `10m`; what runs then is interrupted, and its teardown follows
    #[arg(long, value_name = "DURATION")]
    pub(crate) timeout: Option<String>,
    /// Plan and print what would run, and run nothing
    #[arg(long = "dry-run", conflicts_with_all = ["format", "record"])]
    pub(crate) plan_only: bool,
    /// How the result is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Write everything that happens to a file, a JSON value a line; see docs/record.md
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// The time zone of built-in dates, such as `Europe/Berlin`
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub(crate) tz: String,
    /// Failures and the summary only
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Steps and logs too
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON document at the end
    Json,
    /// A JSON value a line, as it happens
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    Human,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) values: Values,
    #[arg(long, value_enum, default_value_t = PageFormat::Human)]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) values: Values,
    #[arg(long, value_enum, default_value_t = PageFormat::Human)]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ActionsOf {
    /// The name or alias of an action
    pub(crate) name: Option<String>,
    #[arg(long, value_enum, default_value_t = PageFormat::Human)]
    pub(crate) format: PageFormat,
}

/// What clap refuses is bad usage; help and version are no errors.
pub(crate) fn refused(error: &clap::Error) -> ExitCode {
    // A closed stream is no reason to say anything more.
    let _ = error.print();
    if error.use_stderr() { crate::exit::Exit::Usage.into() } else { ExitCode::SUCCESS }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }
}
