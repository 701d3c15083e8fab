//! Texts that nobody would write, for everything that reads texts: no panic, no stack overflow, and an end within two seconds.
//!
//! A target reads a text as the program does. Its inputs are seeds from `examples/` and `fixtures/`, mutated: input number N of a seed is always
//! the same text. A worker process reads them one after another and says which; the one that starts it tells what broke it, and how to repeat that.
//!
//! The driver is our own: libFuzzer and its kin need a nightly compiler, and a worker that dies of its stack needs somebody outside to tell.

mod driver;
mod mutate;
mod rng;
mod seeds;
mod targets;
mod worker;

use clap::{Parser, ValueEnum};
use std::process::ExitCode;

/// Feeds a target with texts until the time is over, or the count is reached.
#[derive(Parser)]
struct Args {
    /// What reads the texts; all of them when nothing is said.
    target: Vec<Target>,
    /// How long each target is fed.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// How many texts each target is fed at most.
    #[arg(long)]
    count: Option<u64>,
    /// Other seeds, other texts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// This one text, here and now.
    #[arg(long)]
    only: Option<u64>,
    /// Print the text in place of reading it.
    #[arg(long, requires = "only")]
    print: bool,
    /// The text of a file, here and now.
    #[arg(long, conflicts_with = "only")]
    file: Option<std::path::PathBuf>,
    /// Where a worker begins; the driver says so.
    #[arg(long, hide = true)]
    from: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// Files: parsed, planned with what they call, and told what is wrong with them.
    Flow,
    /// Expressions: parsed, and evaluated in a world.
    Expr,
    /// Templates: parsed and rendered.
    Template,
    /// Paths: parsed, and asked of a document.
    Jsonpath,
    /// Breaks in every way there is, so that the driver can be seen to tell.
    #[value(hide = true)]
    Trap,
}

const ALL: [Target; 4] = [Target::Flow, Target::Expr, Target::Template, Target::Jsonpath];

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let targets = if args.target.is_empty() { ALL.to_vec() } else { args.target.clone() };
    let mut sound = true;
    for target in targets {
        sound &= match (&args.file, args.only, args.from) {
            (Some(file), ..) => worker::one(target, std::fs::read_to_string(file)?)?,
            (_, Some(number), _) if args.print => driver::print(target, args.seed, number)?,
            (_, Some(number), _) => worker::one(target, seeds::Seeds::load(target)?.input(args.seed, number))?,
            (_, _, Some(from)) => worker::run(target, args.seed, from)?,
            _ => driver::feed(target, &args)?,
        };
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
