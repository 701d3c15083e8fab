//! The console: one line for each execution as it ends, failures last and whole, then the summary.
//!
//! Memory stays flat: an execution is folded while it runs, a step that passed is forgotten when it ends, and of the executions that ended a tally
//! and the text of the failures is kept.

mod end;
mod live;
mod notes;
mod running;

use crate::{
    failure,
    page::{Page, plain, quiet, word},
    style::{Role, Style, short_word},
    tally::Tally,
    texts::Library,
    units::{counted, seconds},
};
use live::Block;
use notes::Notes;
use running::{Execution, Running};
use std::{io, io::Write, time::Duration};
use testmesh_events::{Event, EventKind, ExecutionId, ExecutionState, Line, RunFooter, RunHeader, Status, StepStatus};

/// How much is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Failures and the summary.
    Quiet,
    /// A line for each execution, and warnings.
    #[default]
    Normal,
    /// Steps and logs as they come.
    Verbose,
}

#[derive(Clone, Debug)]
pub struct ConsoleOptions {
    pub style: Style,
    /// Somebody watches a terminal: a block at the bottom shows what is running, and of what ended only what did not pass gets a line.
    pub live: bool,
    pub verbosity: Verbosity,
}

/// Writes a run to `out` while its lines come in.
pub struct Console<W: Write> {
    out: W,
    options: ConsoleOptions,
    by_hash: Library,
    header: Option<RunHeader>,
    running: Running,
    tally: Tally,
    notes: Notes,
    /// What is written about each execution that did not pass, in the order in which they ended.
    failures: Vec<String>,
    block: Block,
    /// Something was written that stays.
    began: bool,
    ended: bool,
}

impl<W: Write> Console<W> {
    pub fn new(out: W, options: ConsoleOptions) -> Self {
        Self {
            out,
            options,
            by_hash: Library::default(),
            header: None,
            running: Running::default(),
            tally: Tally::default(),
            notes: Notes::default(),
            failures: Vec::new(),
            block: Block::default(),
            began: false,
            ended: false,
        }
    }

    /// Takes in the next line of the run. The footer ends it: the failures and the summary are written, and what comes after it is ignored.
    ///
    /// A source text must come before the end of the first execution that needs it. Errors are those of the writer.
    pub fn line(&mut self, line: &Line) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        match line {
            Line::Run(header) => self.begin(header),
            Line::Source(source) => {
                self.by_hash.add(source);
                Ok(())
            }
            Line::Event(event) => self.event(event),
            Line::End(footer) => self.end(Some(footer)),
        }
    }

    /// Draws the live block again; `elapsed` is the time since the run began. Without a live block nothing is written.
    pub fn tick(&mut self, elapsed: Duration) -> io::Result<()> {
        if !self.options.live || self.ended {
            return Ok(());
        }
        self.block.elapsed = elapsed;
        self.write("")
    }

    /// Ends the console. A run whose footer never came is shown as far as it came, and as unfinished.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.ended {
            self.end(None)?;
        }
        Ok(self.out)
    }

    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        if let Some(repetition) = header.repetition.filter(|_| self.options.verbosity > Verbosity::Quiet) {
            let of = repetition.of.map(|of| format!(" of {of}")).unwrap_or_default();
            self.say(|page| page.line([plain(format!("repetition {}{of}", repetition.number)), quiet(format!(", seed {}", header.seed))]))?;
        }
        if self.options.verbosity < Verbosity::Verbose {
            return Ok(());
        }
        let RunHeader { version, host, executions, seed, .. } = header;
        let text = format!("testmesh {version} on {host}, {}, seed {seed}", counted(*executions, "execution"));
        self.say(|page| page.line([quiet(text)]))
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        let Some(state) = self.running.apply(event) else { return Ok(()) };
        match &event.kind {
            EventKind::StepSkipped { step, .. } => {
                let path = step.path.clone();
                self.tally.steps.skipped += 1;
                self.verbose(event.execution, |page, state| running::skipped(page, state, &path))?;
                self.running.forget(event.execution, &path);
                Ok(())
            }
            EventKind::StepFinished { path, .. } => {
                if let Some(step) = state.step(path) {
                    self.tally.step(step);
                }
                self.verbose(event.execution, |page, state| running::finished(page, state, path))?;
                self.running.forget(event.execution, path);
                Ok(())
            }
            EventKind::Log { .. } => self.verbose(event.execution, running::logged),
            EventKind::Warned { .. } => {
                self.tally.warnings += 1;
                Ok(())
            }
            EventKind::ExecutionFinished { status, .. } => self.finished(event.execution, *status),
            _ => Ok(()),
        }
    }

    fn verbose(&mut self, id: ExecutionId, write: impl FnOnce(&mut Page, &ExecutionState)) -> io::Result<()> {
        if self.options.verbosity < Verbosity::Verbose {
            return Ok(());
        }
        let Some(state) = self.running.get(id) else { return Ok(()) };
        let mut page = Page::new(&self.options.style);
        write(&mut page, state);
        let text = page.into_string();
        self.write(&text)
    }

    fn finished(&mut self, id: ExecutionId, status: Status) -> io::Result<()> {
        let Some(execution) = self.running.remove(id) else { return Ok(()) };
        self.tally.execution(Some(status));
        if status == Status::Passed {
            let texts = self.by_hash.texts(&execution.state.sources);
            self.notes.add(&execution, &texts, &self.options.style);
        } else {
            self.failures.push(self.failure(&execution));
        }
        let shown = match self.options.verbosity {
            Verbosity::Quiet => false,
            Verbosity::Normal => !self.options.live || status != Status::Passed,
            Verbosity::Verbose => true,
        };
        if shown { self.say(|page| ending(page, &execution.state, status)) } else { Ok(()) }
    }

    fn end(&mut self, footer: Option<&RunFooter>) -> io::Result<()> {
        self.ended = true;
        for execution in self.running.take() {
            execution.state.steps.iter().filter(|step| step.status.is_none()).for_each(|step| self.tally.step(step));
            self.tally.execution(None);
            self.failures.push(self.failure(&execution));
        }
        let text = self.page(|page| {
            if self.options.verbosity > Verbosity::Quiet {
                self.notes.write(page);
            }
            end::invalid(page, self.header.as_ref(), &self.by_hash);
            for failure in &self.failures {
                page.gap();
                page.rendered(failure);
            }
            page.gap();
            end::summary(page, self.header.as_ref(), footer, &self.tally);
        });
        let text = if self.began { format!("\n{text}") } else { text };
        let text = self.block.last(&text);
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    fn failure(&self, Execution { state, warned, .. }: &Execution) -> String {
        let texts = self.by_hash.texts(&state.sources);
        self.page(|page| failure::execution(page, state, warned, &texts))
    }

    fn page(&self, write: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::new(&self.options.style);
        write(&mut page);
        page.into_string()
    }

    fn say(&mut self, write: impl FnOnce(&mut Page)) -> io::Result<()> {
        let text = self.page(write);
        self.write(&text)
    }

    /// Writes whole lines, above the live block if there is one.
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.began |= !text.is_empty();
        if self.options.live {
            let total = self.header.as_ref().map(|header| header.executions);
            let text = self.block.redraw(text, &self.tally, total, &self.running, &self.options.style);
            self.out.write_all(text.as_bytes())?;
        } else {
            self.out.write_all(text.as_bytes())?;
        }
        self.out.flush()
    }
}

/// `PASS   checkout (flows/checkout.yaml) 0.42 s`, and for what did not pass the step that decided.
fn ending(page: &mut Page, state: &ExecutionState, status: Status) {
    let role = Role::from(status);
    let culprit = state
        .steps
        .iter()
        .rev()
        .find(|step| !step.tolerated && !step.observed && step.status.and_then(StepStatus::verdict) == Some(status));
    let culprit = culprit.filter(|_| status != Status::Passed).map(|step| format!("  at {}", step.head.id)).unwrap_or_default();
    page.line([
        word(role, crate::text::pad(short_word(status), 7)),
        plain(failure::name(state)),
        quiet(format!(" ({}{}) {}", state.flow.file, failure::stage(state), seconds(state.duration_ms))),
        plain(culprit),
    ]);
}
