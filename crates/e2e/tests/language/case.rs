//! Runs the blocks of a case in a folder of its own, and gives what each is to show.

use crate::{
    command::Command,
    events,
    mask::masked,
    page::{Block, Case, Page, Shown},
    shop::Shops,
};
use std::{fs, path::Path};
use tempfile::TempDir;

/// The file that a flow without a name is.
const FLOW: &str = "flow.yaml";

#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) shown: Vec<Shown>,
    pub(crate) complaints: Vec<String>,
}

/// What the blocks after it are about.
struct World {
    folder: TempDir,
    shop: Shops,
    /// What is run when an outcome is asked for.
    command: Option<Command>,
}

pub(crate) fn run(page: &Page, case: &Case) -> Outcome {
    let mut world = World { folder: tempfile::tempdir().unwrap(), shop: Shops::for_texts(case), command: None };
    let mut outcome = Outcome::default();
    for (at, block) in case.blocks.iter().enumerate() {
        let next = case.blocks.get(at + 1);
        match world.block(block, next) {
            Ok(Some(text)) => outcome.shown.push((block.lines.clone(), text)),
            Ok(None) => {}
            Err(complaint) => outcome.complaints.push(format!("{}:{}: {complaint}", page.name, block.lines.start)),
        }
    }
    outcome
}

impl World {
    /// What the block is to show; `None` for one that only says what is to be done.
    fn block(&mut self, block: &Block, next: Option<&Block>) -> Result<Option<String>, String> {
        if block.is_outcome() {
            return self.outcome(&block.kind).map(Some);
        }
        let shown_next = next.is_some_and(Block::is_outcome);
        match (block.kind.as_str(), &block.file) {
            ("console", None) if shown_next => {
                self.command = Some(Command::read(block.text.trim_end().strip_prefix("$ ").ok_or("a command begins with `$ `")?)?);
                Ok(None)
            }
            ("console", None) => self.console(&block.text).map(Some),
            (_, Some(name)) => {
                self.write(name, &block.text);
                self.command = Some(Command::of_file(name));
                Ok(None)
            }
            ("yaml", None) => {
                let is_run = shown_next || next.is_some_and(|next| next.kind == "console");
                if !is_run {
                    return Err("a flow is followed by what happens: a block `events`, `error`, `warning` or `console`".to_owned());
                }
                self.write(FLOW, &block.text);
                self.command = Some(Command::of_file(FLOW));
                Ok(None)
            }
            // Others, such as a fragment of an expression in `text`, are read and not run.
            _ => Ok(None),
        }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        fs::write(path, self.shop.real(text)).unwrap();
    }

    /// The outcome of the command that stands above.
    fn outcome(&self, kind: &str) -> Result<String, String> {
        let command = self.command.as_ref().ok_or("there is no flow and no command above")?;
        let shown = match kind {
            "events" => {
                let ran = command.events(&self.shop, self.folder.path());
                if ran.code == 2 {
                    return Err(format!("the flow is to run, and is invalid:\n{}", self.validated(command).err));
                }
                events::short(&ran.out).ok_or_else(|| format!("no event was recorded:\n{}{}", ran.err, ran.out))?
            }
            kind => {
                let ran = self.validated(command);
                let wanted = if kind == "error" { 2 } else { 0 };
                if ran.code != wanted || ran.err.is_empty() {
                    return Err(format!("no {kind} comes of it; exit code {}:\n{}{}", ran.code, ran.err, ran.out));
                }
                if kind == "error" { without_those_of_pages(&ran.err) } else { ran.err }
            }
        };
        Ok(masked(&self.shop.shown(&shown)))
    }

    fn validated(&self, command: &Command) -> testmesh_e2e::Ran {
        command.validated(&self.shop, self.folder.path())
    }

    /// Each command of the block with what it prints, standard error first.
    fn console(&self, text: &str) -> Result<String, String> {
        let mut shown = String::new();
        for line in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let ran = Command::read(line)?.ran(&self.shop, self.folder.path());
            let code = if ran.code == 0 { String::new() } else { format!("(exit code {})\n", ran.code) };
            shown.push_str(&format!("$ {line}\n{}", masked(&self.shop.shown(&format!("{}{}{code}", ran.err, ran.out)))));
        }
        if shown.is_empty() { Err("there is no line with `$ ` and a command".to_owned()) } else { Ok(shown) }
    }
}

/// Diagnostics without those that a page has for being a page.
fn without_those_of_pages(diagnostics: &str) -> String {
    let starts = events::OF_PAGES.map(|code| format!("warning[{code}]"));
    let is_told = |diagnostic: &&str| !starts.iter().any(|start| diagnostic.trim_start().starts_with(start));
    diagnostics.split("\n\n").filter(is_told).collect::<Vec<_>>().join("\n\n")
}
