//! The report of a run as one JSON document. Its shape is described in docs/record.md.

mod problems;

use crate::{
    diagnostics::{json_in, merge},
    tally::Tally,
    texts::Library,
    verdict::Verdict,
};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use testmesh_events::{ExecutionId, ExecutionState, InvalidFile, Line, RunFooter, RunHeader, SourceText};

/// Collects the lines of a run; unlike the console it keeps everything.
#[derive(Default)]
pub struct JsonReport {
    header: Option<RunHeader>,
    footer: Option<RunFooter>,
    by_hash: Library,
    sources: BTreeMap<String, SourceText>,
    /// In the order in which they began.
    executions: Vec<ExecutionState>,
    place: BTreeMap<ExecutionId, usize>,
}

impl JsonReport {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next line of the run.
    pub fn line(&mut self, line: &Line) {
        match line {
            Line::Run(header) => self.header = Some(header.clone()),
            Line::Source(source) => {
                self.by_hash.add(source);
                self.sources.entry(source.hash.clone()).or_insert_with(|| source.clone());
            }
            Line::Event(event) => {
                let place = *self.place.entry(event.execution).or_insert_with(|| {
                    self.executions.push(ExecutionState::default());
                    self.executions.len() - 1
                });
                if let Some(state) = self.executions.get_mut(place) {
                    state.apply(event);
                }
            }
            Line::End(footer) => self.footer = Some(footer.clone()),
        }
    }

    /// The document. A run whose footer never came has the verdict `unfinished` and `end` null.
    ///
    /// # Errors
    /// None that an input can cause: what serde says of a value that has no JSON form.
    pub fn finish(self) -> Result<Json, serde_json::Error> {
        let mut tally = Tally::default();
        for state in &self.executions {
            tally.add(state);
        }
        let verdict = Verdict::of(self.header.as_ref(), self.footer.as_ref(), &tally);
        let executions = self.executions.iter().map(|state| self.execution(state)).collect::<Result<Vec<_>, _>>()?;
        let sources = self.sources.values().map(|source| (source.hash.clone(), json!({"name": source.name, "text": source.text})));
        Ok(json!({
            "format": 1,
            "verdict": verdict,
            "counts": tally,
            "run": self.header.as_ref().map(|header| self.run(header)).transpose()?,
            "executions": executions,
            "sources": sources.collect::<Map<_, _>>(),
            "end": self.footer,
        }))
    }

    fn execution(&self, state: &ExecutionState) -> Result<Json, serde_json::Error> {
        let mut object = serde_json::to_value(state)?;
        let problems = problems::of(state, &self.by_hash.texts(&state.sources));
        merge(&mut object, json!({"problems": problems}));
        Ok(object)
    }

    /// The header, the diagnostics of invalid files with their lines and columns.
    fn run(&self, header: &RunHeader) -> Result<Json, serde_json::Error> {
        let problems = |files: &[InvalidFile]| -> Json {
            let one = |file: &InvalidFile| {
                let diagnostics = json_in(&file.diagnostics, &self.by_hash.texts(&file.sources));
                json!({"file": file.file, "sources": file.sources, "diagnostics": diagnostics})
            };
            files.iter().map(one).collect()
        };
        let mut object = serde_json::to_value(header)?;
        let (invalid, warned) = (problems(&header.invalid), problems(&header.warned));
        merge(&mut object, json!({"invalid": invalid, "left_out": header.left_out, "warned": warned}));
        Ok(object)
    }
}
