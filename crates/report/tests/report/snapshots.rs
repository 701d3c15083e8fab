//! Every recording through the console and the JSON report.

use crate::{recording, recordings, snapshot};
use serde_json::{Value as Json, json};
use testmesh_events::Line;
use testmesh_report::{Console, ConsoleOptions, JsonReport, Style, Verbosity};

pub(crate) fn console(lines: &[Line], style: &Style, verbosity: Verbosity) -> String {
    let options = ConsoleOptions { style: style.clone(), live: false, verbosity };
    let mut console = Console::new(Vec::new(), options);
    for line in lines {
        console.line(line).unwrap();
    }
    String::from_utf8(console.finish().unwrap()).unwrap()
}

pub(crate) fn report(lines: &[Line]) -> Json {
    let mut report = JsonReport::new();
    for line in lines {
        report.line(line);
    }
    report.finish().unwrap()
}

/// What stands in `text` before the end that it shares with `whole`.
fn beside(text: &str, whole: &str) -> String {
    let (lines, others) = (text.lines().collect::<Vec<_>>(), whole.lines().collect::<Vec<_>>());
    let shared = lines.iter().rev().zip(others.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = format!("[then the last {shared} lines as above]\n");
    let own = lines[..lines.len() - shared].iter().copied().chain([tail.as_str()]);
    own.collect::<Vec<_>>().join("\n")
}

#[test]
fn consoles() {
    for (name, lines) in recordings() {
        let style = Style::plain();
        let normal = console(&lines, &style, Verbosity::Normal);
        let verbose = beside(&console(&lines, &style, Verbosity::Verbose), &normal);
        let quiet = beside(&console(&lines, &style, Verbosity::Quiet), &normal);
        snapshot(&format!("console_{name}"), &format!("{normal}\n===== verbose\n{verbose}\n===== quiet\n{quiet}"));
    }
}

#[test]
fn with_signs_and_colour() {
    for (name, style) in [
        ("unicode", Style { color: false, width: 100, unicode: true }),
        ("narrow", Style { color: false, width: 50, unicode: true }),
        ("colour", Style { color: true, width: 100, unicode: false }),
    ] {
        for case in ["object_diff", "never_held", "retry"] {
            let text = console(&recording(case), &style, Verbosity::Normal).replace('\u{1b}', "^");
            snapshot(&format!("{name}_{case}"), &text);
        }
    }
}

#[test]
fn json_documents() {
    for (name, lines) in recordings() {
        let document = report(&lines);
        let whole = ["object_diff", "invalid_files", "breaks_off"].contains(&name);
        let shown = if whole { document } else { shortened(&document) };
        snapshot(&format!("json_{name}"), &serde_json::to_string_pretty(&shown).unwrap());
    }
}

/// What the report adds to the record.
fn shortened(document: &Json) -> Json {
    let problems = document["executions"].as_array().unwrap().iter().map(|execution| &execution["problems"]).collect::<Vec<_>>();
    json!({"verdict": document["verdict"], "counts": document["counts"], "problems": problems})
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    for (name, lines) in recordings() {
        let style = Style { color: true, width: 80, unicode: true };
        assert_eq!(console(&lines, &style, Verbosity::Verbose), console(&lines, &style, Verbosity::Verbose), "{name}");
        assert_eq!(serde_json::to_string(&report(&lines)).unwrap(), serde_json::to_string(&report(&lines)).unwrap(), "{name}");
    }
}

/// Colour repeats what words say, and nothing but an author's own text goes beyond ASCII when that is asked for.
#[test]
fn plain_is_what_remains_without_colour() {
    for (name, lines) in recordings() {
        let plain = console(&lines, &Style::plain(), Verbosity::Verbose);
        assert!(!plain.contains('\u{1b}'), "{name}: an escape code");
        assert!(plain.replace('ö', "o").is_ascii(), "{name}: not ASCII");
        let coloured = console(&lines, &Style { color: true, ..Style::plain() }, Verbosity::Verbose);
        assert_eq!(without_codes(&coloured), plain, "{name}");
    }
}

fn without_codes(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or("").to_owned();
    let text = first + &parts.map(|part| part.split_once('m').unwrap().1).collect::<String>();
    text.lines().map(str::trim_end).chain([""]).collect::<Vec<_>>().join("\n")
}
