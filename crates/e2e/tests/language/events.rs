//! The record of a run in a few lines for people: how each step ended, what it captured, what did not hold and why.

use serde_json::Value as Json;
use std::{cmp::Ordering, collections::HashMap};

/// The codes of the doubts whether a capture is of any use, and whether anybody looks at a status: a page shows one thing at a time.
pub(crate) const OF_PAGES: [&str; 2] = ["TM0710", "TM0714"];
/// That of the doubt whether an assertion says anything. What a rule says always holds.
const NEVER_FALSE: &str = "TM0711";

/// An execution while its events are read.
#[derive(Default)]
struct Execution {
    title: String,
    /// Where it stands among the others: first those before all others, then by the row of its data.
    place: (u64, u64),
    /// Names and hashes of the texts that spans point into.
    sources: Vec<(String, String)>,
    status: String,
    /// What belongs to no step.
    notes: Vec<String>,
    steps: HashMap<String, Step>,
}

#[derive(Default)]
struct Step {
    id: String,
    end: String,
    notes: Vec<String>,
    attempts: Vec<Json>,
}

/// The short form of a recording; `None` when nothing was executed.
pub(crate) fn short(recording: &str) -> Option<String> {
    let lines: Vec<Json> = recording.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sources = lines.iter().filter_map(|line| line.get("source"));
    let texts: HashMap<&str, &str> = sources.map(|source| (text(&source["hash"]), text(&source["text"]))).collect();
    let mut executions: Vec<(&str, Execution)> = Vec::new();
    for event in lines.iter().filter_map(|line| line.get("event")) {
        let id = text(&event["execution"]);
        let at = executions.iter().position(|(known, _)| *known == id).unwrap_or_else(|| {
            executions.push((id, Execution::default()));
            executions.len() - 1
        });
        executions[at].1.event(&event["kind"], &texts);
    }
    executions.sort_by(|(_, a), (_, b)| (a.place, &a.title).cmp(&(b.place, &b.title)));
    let mut shown: Vec<String> = warnings(&lines, &texts);
    shown.extend(executions.iter().map(|(_, execution)| execution.show(&texts)));
    let not_run = lines.iter().filter_map(|line| line["end"]["not_run"].as_array()).flatten();
    shown.extend(not_run.map(|name| format!("{}: not run\n", text(name))));
    (!executions.is_empty()).then(|| shown.join("\n"))
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// What was doubted before anything ran.
fn warnings(lines: &[Json], texts: &HashMap<&str, &str>) -> Vec<String> {
    let files = lines.iter().filter_map(|line| line["run"]["warned"].as_array()).flatten();
    let of_file = |file: &Json| {
        let sources: Vec<_> = pairs(&file["sources"]);
        let diagnostics = file["diagnostics"].as_array().cloned().unwrap_or_default();
        let is_told = |diagnostic: &&Json| !OF_PAGES.iter().chain([&NEVER_FALSE]).any(|code| diagnostic["code"] == *code);
        let told = diagnostics.iter().filter(is_told);
        told.map(|diagnostic| warning(diagnostic, &sources, texts) + "\n").collect::<String>()
    };
    files.map(of_file).filter(|said| !said.is_empty()).collect()
}

fn pairs(sources: &Json) -> Vec<(String, String)> {
    let sources = sources.as_array().map(Vec::as_slice).unwrap_or_default();
    sources.iter().map(|source| (text(&source["name"]).to_owned(), text(&source["hash"]).to_owned())).collect()
}

fn warning(diagnostic: &Json, sources: &[(String, String)], texts: &HashMap<&str, &str>) -> String {
    let place = place(&diagnostic["labels"][0]["span"], sources, texts);
    said("warning", diagnostic, &place)
}

/// `word[CODE] line 3: message`, and the help below.
fn said(word: &str, problem: &Json, place: &str) -> String {
    let help = problem["help"].as_str().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("{word}[{}]{place}: {}{help}", text(&problem["code"]), text(&problem["message"]))
}

/// ` line 3`, with the file when it is not the first of the sources.
fn place(span: &Json, sources: &[(String, String)], texts: &HashMap<&str, &str>) -> String {
    let source = span["source"].as_u64().and_then(|at| sources.get(at as usize));
    let found = source.and_then(|(name, hash)| Some((name, texts.get(hash.as_str())?, span["start"].as_u64()? as usize)));
    let Some((name, text, start)) = found else { return String::new() };
    let line = text.as_bytes().iter().take(start).filter(|byte| **byte == b'\n').count() + 1;
    if sources.first().is_some_and(|(first, _)| first == name) { format!(" line {line}") } else { format!(" {name} line {line}") }
}

impl Execution {
    fn event(&mut self, kind: &Json, texts: &HashMap<&str, &str>) {
        match text(&kind["type"]) {
            "execution_started" => {
                self.title = title(&kind["flow"], kind);
                let stage = ["before", "", "after"].iter().zip(0..).find(|(stage, _)| text(&kind["stage"]) == **stage);
                self.place = (stage.map_or(1, |(_, at)| at), kind["row"]["number"].as_u64().unwrap_or_default());
                self.sources = pairs(&kind["sources"]);
                let names: Vec<_> = list(&kind["environment"]).map(text).collect();
                if !names.is_empty() {
                    self.notes.push(format!("from the process environment: {}", names.join(", ")));
                }
            }
            "step_started" => {
                self.head(&kind["step"]);
            }
            "step_skipped" => {
                let reason = text(&kind["reason"]).to_owned();
                self.head(&kind["step"]).end = format!("skipped: {reason}");
            }
            "observed" => {
                // How often the same is seen depends on the time it takes to look.
                let look = &kind["observation"];
                let line = format!("looked: {}, {}", text(&look["status"]), text(&look["seen"]));
                let step = self.steps.entry(text(&kind["path"]).to_owned()).or_default();
                if step.notes.last() != Some(&line) {
                    step.notes.push(line);
                }
            }
            "attempt_finished" => {
                let step = self.steps.entry(text(&kind["path"]).to_owned()).or_default();
                step.attempts.push(kind["record"].clone());
            }
            "step_finished" => {
                let times = kind["attempts"].as_u64().filter(|times| *times > 1).map(|times| format!(" after {times} attempts"));
                let tolerated = if kind["tolerated"] == true { ", tolerated" } else { "" };
                let step = self.steps.entry(text(&kind["path"]).to_owned()).or_default();
                step.end = format!("{}{}{tolerated}", text(&kind["status"]), times.unwrap_or_default());
            }
            "log" => {
                let data = if kind["data"].is_null() { String::new() } else { format!(" {}", kind["data"]) };
                self.note(&kind["path"], format!("{}: {}{data}", text(&kind["level"]), text(&kind["message"])));
            }
            "warned" => {
                let line = warning(&kind["diagnostic"], &self.sources, texts);
                self.note(&kind["path"], line);
            }
            "execution_finished" => {
                text(&kind["status"]).clone_into(&mut self.status);
                let failure = &kind["failure"];
                if !failure.is_null() {
                    let place = place(&failure["span"], &self.sources, texts);
                    self.notes.push(said(text(&failure["status"]), failure, &place));
                }
                let left = kind["left_behind"].as_array().map(Vec::as_slice).unwrap_or_default();
                self.notes.extend(left.iter().map(|step| format!("left behind: {}", text(step))));
            }
            _ => {}
        }
    }

    fn head(&mut self, head: &Json) -> &mut Step {
        let (id, name) = (text(&head["id"]), text(&head["name"]));
        let step = self.steps.entry(text(&head["path"]).to_owned()).or_default();
        step.id = if id == name { id.to_owned() } else { format!("{id} ({name})") };
        step
    }

    fn note(&mut self, path: &Json, line: String) {
        match path.as_str() {
            Some(path) => self.steps.entry(path.to_owned()).or_default().notes.push(line),
            None => self.notes.push(line),
        }
    }

    fn show(&self, texts: &HashMap<&str, &str>) -> String {
        let mut lines = vec![format!("{}: {}", self.title, self.status)];
        let mut paths: Vec<_> = self.steps.iter().collect();
        paths.sort_by(|(a, _), (b, _)| by_place(a, b));
        for (path, step) in paths {
            lines.push(format!("  {path} {}: {}", step.id, step.end));
            let notes = step.notes.iter().cloned().chain(self.attempts(step, texts));
            lines.extend(notes.flat_map(|note| note.lines().map(|line| format!("      {line}")).collect::<Vec<_>>()));
        }
        lines.extend(self.notes.iter().flat_map(|note| note.lines().map(|line| format!("  {line}")).collect::<Vec<_>>()));
        lines.join("\n") + "\n"
    }

    /// What each attempt found; of those before the last only why they did not pass.
    fn attempts(&self, step: &Step, texts: &HashMap<&str, &str>) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, attempt) in step.attempts.iter().enumerate() {
            let is_last = at + 1 == step.attempts.len();
            let wrong = self.wrong(attempt, texts);
            if step.attempts.len() > 1 {
                lines.push(format!("attempt {}: {}", at + 1, text(&attempt["status"])));
            }
            if is_last {
                lines.extend(list(&attempt["captures"]).filter_map(captured));
            }
            lines.extend(wrong);
        }
        lines
    }

    fn wrong(&self, attempt: &Json, texts: &HashMap<&str, &str>) -> Vec<String> {
        let said = |failure: &Json| said(text(&failure["status"]), failure, &place(&failure["span"], &self.sources, texts));
        let captures = list(&attempt["captures"]).filter(|capture| !capture["failure"].is_null());
        let captures = captures.map(|capture| format!("{}: {}", text(&capture["name"]), said(&capture["failure"])));
        let assertions = list(&attempt["assertions"]).filter(|assertion| text(&assertion["status"]) != "passed");
        let assertions = assertions.map(|assertion| {
            let author = assertion["message"].as_str().map(|words| format!("\n“{words}”")).unwrap_or_default();
            let why = if assertion["failure"].is_null() { self.compared(assertion, texts) } else { said(&assertion["failure"]) };
            format!("✗ {}{author}\n{why}", text(&assertion["expression"]))
        });
        let failure = Some(&attempt["failure"]).filter(|failure| !failure.is_null()).map(said);
        captures.chain(assertions).chain(failure).collect()
    }

    /// What decided that an assertion is false.
    fn compared(&self, assertion: &Json, texts: &HashMap<&str, &str>) -> String {
        let explanation = &assertion["explanation"];
        let place = place(&explanation["decided"], &self.sources, texts);
        let comparison = &explanation["comparison"];
        let sides = if comparison.is_null() {
            "it is false".to_owned()
        } else {
            format!("{} {} {} is false", comparison["left"], text(&comparison["operator"]), comparison["right"])
        };
        format!("failed[TM0501]{place}: {sides}")
    }
}

fn list(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn captured(capture: &Json) -> Option<String> {
    const LONGEST: usize = 90;
    if !capture["failure"].is_null() {
        return None;
    }
    let value = capture["value"].to_string();
    let value = if value.chars().count() > LONGEST { value.chars().take(LONGEST).collect::<String>() + "…" } else { value };
    let default = if capture["defaulted"] == true { " (the default)" } else { "" };
    Some(format!("{} = {value}{default}", text(&capture["name"])))
}

/// The name of the flow, and which row of its data it is, or on which side of all others it stands.
fn title(flow: &Json, started: &Json) -> String {
    let (name, row) = (text(&flow["name"]), &started["row"]);
    let label = row["label"].as_str().map(|label| format!(": {label}")).unwrap_or_default();
    match (started["stage"].as_str(), row.is_null()) {
        (Some(stage), _) => format!("{name} [{stage}]"),
        (None, true) => name.to_owned(),
        (None, false) => format!("{name} [row {}{label}]", row["number"]),
    }
}

/// As written: setup, steps, teardown; what is inside a step after it, numbers as numbers.
fn by_place(a: &str, b: &str) -> Ordering {
    let key = |part: &str| match part.parse::<u32>() {
        Ok(number) => (0, number, String::new()),
        // Of the names of lists only these two stand in another order than that of the alphabet.
        Err(_) if part == "then" => (1, 0, "a".to_owned()),
        Err(_) => (1, 0, part.to_owned()),
    };
    a.split('/').map(key).cmp(b.split('/').map(key))
}
