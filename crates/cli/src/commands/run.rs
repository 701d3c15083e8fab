//! `testmesh run`.

mod dry;
mod once;
mod repeat;

use crate::{
    args::{Format, Run},
    exit::Exit,
    load::Loaded,
    output,
    project::Project,
    signals,
    sinks::{self, ConsoleSink, JsonSink, Noticed, Noticing},
};
use jiff::{Timestamp, tz::TimeZone};
use std::{io::IsTerminal, sync::Arc, time::Duration};
use testmesh_events::Masker;
use testmesh_flow::{
    Code, duration,
    plan::Inputs,
    random::{NoSeed, Seed},
};
use testmesh_report::{ConsoleOptions, Verbosity};
use testmesh_runner::{Actions, Control, Recorder, STACK, Sink};
use tokio::runtime::Builder;

pub(super) fn run(args: &Run) -> anyhow::Result<Exit> {
    let actions = testmesh_actions::all();
    let project = match super::project() {
        Ok(project) => project,
        Err(exit) => return Ok(exit),
    };
    let settings = match Settings::read(args, project.as_ref()) {
        Ok(settings) => settings,
        Err(words) => {
            output::error(&words);
            return Ok(Exit::Usage);
        }
    };
    let (loaded, inputs) = match super::loaded(&args.selection, &args.values, project.as_ref(), &actions.catalog()) {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    if args.plan_only {
        return dry::run(args, &loaded);
    }
    if loaded.is_empty() {
        output::refuse(Code::NothingSelected, &loaded.why_nothing(&args.selection));
        return Ok(Exit::Usage);
    }
    let alone = loaded.executions() == 1;
    let executing = execute(args, &actions, settings, &loaded, &inputs);
    if alone { on_one_thread(executing) } else { run_on(Builder::new_multi_thread().thread_stack_size(STACK), executing) }
}

/// Runs one flow. It waits far more than it computes: handing what happens from thread to thread would cost more than all the rest.
fn on_one_thread(executing: impl Future<Output = anyhow::Result<Exit>> + Send) -> anyhow::Result<Exit> {
    std::thread::scope(|scope| {
        let running = || run_on(&mut Builder::new_current_thread(), executing);
        let thread = std::thread::Builder::new().name("testmesh-run".to_owned()).stack_size(STACK).spawn_scoped(scope, running)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn run_on(builder: &mut Builder, executing: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    let runtime = builder.enable_all().build()?;
    let exit = runtime.block_on(executing);
    // A host name that is being looked up cannot be interrupted; it is not waited for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    exit
}

/// What the command line says about how to run.
struct Settings {
    parallel: usize,
    timeout: Option<Duration>,
    seed: Seed,
    zone: TimeZone,
}

impl Settings {
    fn read(args: &Run, project: Option<&Project>) -> Result<Self, String> {
        let parallel = args.parallel.map(|count| count as usize).or_else(|| project.and_then(|project| project.parallel)).unwrap_or(100);
        let timeout = args.timeout.as_deref().map(duration::parse).transpose().map_err(|bad| format!("`--timeout`: {bad}"))?;
        if timeout.is_some_and(|timeout| timeout.is_zero()) {
            return Err("`--timeout`: no flow can run in no time; leave it out for a run without a bound".to_owned());
        }
        let seed = match &args.seed {
            Some(text) => {
                text.parse().map_err(|NoSeed| format!("`--seed {text}` is no seed: it is the number that an earlier run printed"))?
            }
            None => fresh_seed(),
        };
        // The zones stand in a tree of files, which is not looked through for the one that needs none.
        let zone = if args.tz == "UTC" { Ok(TimeZone::UTC) } else { TimeZone::get(&args.tz) };
        let zone = zone.map_err(|error| format!("`--tz {}`: {error}", args.tz))?;
        Ok(Self { parallel, timeout, seed, zone })
    }
}

/// A seed that no other run has.
fn fresh_seed() -> Seed {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u128(Timestamp::now().as_nanosecond().unsigned_abs());
    hasher.write_u32(std::process::id());
    Seed::new(hasher.finish())
}

/// What the runs of a call share.
struct Call<'a> {
    args: &'a Run,
    actions: &'a Actions,
    settings: &'a Settings,
    loaded: &'a Loaded,
    /// Hides what is secret in what is said before anything runs.
    masker: Masker,
    recorder: &'a Recorder,
    noticed: &'a Noticed,
}

async fn execute(args: &Run, actions: &Actions, settings: Settings, loaded: &Loaded, inputs: &Inputs) -> anyhow::Result<Exit> {
    let noticed = Arc::new(Noticed::default());
    let sinks = match sinks(args) {
        Ok(sinks) => sinks,
        Err(words) => {
            output::error(&words);
            return Ok(Exit::Errored);
        }
    };
    if args.format == Format::Human {
        say_warnings(loaded);
    }
    let control = Control::default();
    let listening = signals::listen(control.clone())?;
    // Required, so that every warning is counted when the run returns: the exit code depends on it.
    let (recorder, feeding) = Recorder::start(vec![Box::new(Noticing(noticed.clone()))], sinks);
    let masker =
        Masker::new(inputs.caller.iter().chain(&inputs.environment).filter(|input| input.secret).filter_map(|input| input.value.as_str()));
    let call = Call { args, actions, settings: &settings, loaded, masker, recorder: &recorder, noticed: &noticed };
    let repeated = repeat::all(&call, &control).await;
    listening.abort();
    drop(recorder);
    let failures = feeding.finish().await;
    for failure in failures.iter().filter(|failure| !failure.contains("Broken pipe")) {
        output::error(&format!("{failure}; what was written is not complete"));
    }
    if args.format == Format::Human {
        output::print(&repeated.words())?;
    }
    Ok(if failures.is_empty() { repeated.exit } else { repeated.exit.worse(Exit::Errored) })
}

fn sinks(args: &Run) -> Result<Vec<Box<dyn Sink>>, String> {
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    match args.format {
        Format::Human => {
            let verbosity = match (args.quiet, args.verbose) {
                (true, _) => Verbosity::Quiet,
                (_, true) => Verbosity::Verbose,
                _ => Verbosity::Normal,
            };
            let live = std::io::stdout().is_terminal() && verbosity == Verbosity::Normal;
            sinks.push(Box::new(ConsoleSink::new(ConsoleOptions { style: output::stdout_style(), live, verbosity })));
        }
        Format::Json => sinks.push(Box::new(JsonSink::default())),
        Format::Jsonl => sinks.push(Box::new(sinks::stdout_lines())),
    }
    if let Some(path) = &args.record {
        let record = sinks::record(path).map_err(|error| format!("the record {} cannot be written: {error}", path.display()))?;
        sinks.push(Box::new(record));
    }
    Ok(sinks)
}

fn say_warnings(loaded: &Loaded) {
    for file in &loaded.warned {
        output::say(&testmesh_report::diagnostics(&file.diagnostics, &file.sources, &output::stderr_style()));
    }
}
