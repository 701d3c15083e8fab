//! The one that starts workers, and tells what broke them.

use crate::{
    Args, Target,
    seeds::Seeds,
    worker::{LONGEST, TOO_LONG},
};
use clap::ValueEnum;
use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// After so many failures the rest says nothing new.
const ENOUGH: usize = 10;
/// How much of a text is printed.
const SHOWN: usize = 2_000;

/// Feeds a target; false when something broke it.
pub(crate) fn feed(target: Target, args: &Args) -> anyhow::Result<bool> {
    let seeds = Seeds::load(target)?;
    let began = Instant::now();
    let until = began + Duration::try_from_secs_f64(args.minutes * 60.0)?;
    let (mut number, mut broken) = (0, 0);
    while broken < ENOUGH && Instant::now() < until && args.count.is_none_or(|count| number < count) {
        let (last, end) = worker(target, args, number, until)?;
        number = last + 1;
        if let Some((status, words)) = end {
            broken += 1;
            tell(target, &seeds.input(args.seed, last), args.seed, last, status, &words)?;
        }
    }
    let name = name(target);
    say(&format!("{name}: {number} texts in {:.0} s, seed {}, {broken} broke it", began.elapsed().as_secs_f64(), args.seed))?;
    Ok(broken == 0)
}

/// Runs a worker until its end, the time's or the count's; gives the number of its last text and how that broke it.
fn worker(target: Target, args: &Args, from: u64, until: Instant) -> anyhow::Result<(u64, Option<(ExitStatus, String)>)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([name(target).as_str(), "--seed", &args.seed.to_string(), "--from", &from.to_string()]);
    let mut child = command.env("RUST_BACKTRACE", "0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut last = from;
    let over = match child.stdout.take() {
        Some(numbers) => follow(numbers, &mut last, args.count, until)?,
        None => false,
    };
    if over {
        return stop(child).map(|()| (last, None));
    }
    let mut words = String::new();
    if let Some(mut errors) = child.stderr.take() {
        errors.read_to_string(&mut words)?;
    }
    Ok((last, Some((child.wait()?, words))))
}

/// Reads the numbers of texts until there are no more; true when they are enough.
fn follow(numbers: ChildStdout, last: &mut u64, count: Option<u64>, until: Instant) -> anyhow::Result<bool> {
    for line in BufReader::new(numbers).lines() {
        *last = line?.parse()?;
        let enough = count.is_some_and(|count| *last >= count);
        if enough || Instant::now() >= until {
            *last = last.saturating_sub(1);
            return Ok(true);
        }
    }
    Ok(false)
}

fn stop(mut child: Child) -> anyhow::Result<()> {
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn tell(target: Target, text: &str, seed: u64, number: u64, status: ExitStatus, words: &str) -> anyhow::Result<()> {
    let what = if status.code() == Some(TOO_LONG) { format!("it takes longer than {} s", LONGEST.as_secs()) } else { format!("{status}") };
    let shown = text.get(..text.floor_char_boundary(SHOWN)).unwrap_or_default();
    let name = name(target);
    let repeat = format!("cargo run -p testmesh-fuzz -- {name} --seed {seed} --only {number}");
    say(&format!("{name}: {what}\n{words}\n--- the text ({} bytes)\n{shown}\n--- again: {repeat} (--print: the whole text)", text.len()))
}

/// Prints a text.
pub(crate) fn print(target: Target, seed: u64, number: u64) -> anyhow::Result<bool> {
    say(&Seeds::load(target)?.input(seed, number))?;
    Ok(true)
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

fn name(target: Target) -> String {
    target.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
