//! The end of a run: the files that are wrong, and the summary.

use crate::{
    diagnostics::in_texts,
    page::{Page, plain, quiet, word},
    style::Role,
    tally::{Executions, Tally},
    texts::Library,
    units::{counted, seconds},
    verdict::Verdict,
};
use testmesh_events::{InvalidFile, RunFooter, RunHeader};

/// Writes the diagnostics of every file that was not run because it is wrong.
pub(super) fn invalid(page: &mut Page, header: Option<&RunHeader>, library: &Library) {
    for file in header.into_iter().flat_map(|header| &header.invalid) {
        page.gap();
        let texts = library.texts(&file.sources);
        let drawn = in_texts(&file.diagnostics, &texts, page.style, page.room());
        page.rendered(&drawn);
    }
}

/// Writes the verdict, the counts, and what did not run.
pub(super) fn summary(page: &mut Page, header: Option<&RunHeader>, footer: Option<&RunFooter>, tally: &Tally) {
    let verdict = Verdict::of(header, footer, tally);
    let time = footer.map(|footer| format!(" in {}", seconds(footer.duration_ms))).unwrap_or_default();
    page.line([
        word(verdict.role(), verdict.word()),
        plain(format!("  {}{time}: ", counted(tally.executions.all(), "execution"))),
        plain(executions(tally)),
    ]);
    page.deeper(|page| {
        page.line([plain(steps(tally))]);
        if verdict == Verdict::Unfinished && footer.is_none() {
            page.line([plain("The record breaks off before the run ended: there is no verdict.")]);
        }
        if let Some(header) = header.filter(|header| verdict == Verdict::NothingRan && !header.selection.is_empty()) {
            page.line([plain(format!("selected was: {}", header.selection.join(" ")))]);
        }
        if let Some(footer) = footer.filter(|footer| !agrees(footer, tally)) {
            let RunFooter { passed, failed, errored, cancelled, .. } = footer;
            let counts = some(&[(*passed, "passed"), (*failed, "failed"), (*errored, "errored"), (*cancelled, "cancelled")]);
            let counts = if counts.is_empty() { "nothing ran" } else { &counts };
            page.line([word(Role::Warning, "the record is not whole"), plain(format!(": by its last line {counts}"))]);
        }
        if verdict == Verdict::WarningsDenied {
            page.line([plain("by `--deny warnings` a warning counts as an invalid flow: the exit code is 2")]);
        }
        for file in header.into_iter().flat_map(|header| &header.invalid) {
            page.line([word(Role::Failed, "invalid"), plain(format!("  {}  ({})", file.file, problems(file)))]);
        }
        for left in header.into_iter().flat_map(|header| &header.left_out) {
            page.line([word(Role::Warning, "left out"), plain(format!("  {}  ({})", left.file, left.reason))]);
        }
        for name in footer.into_iter().flat_map(|footer| &footer.not_run) {
            page.line([word(Role::Warning, "not run"), plain(format!("  {name}"))]);
        }
        if let Some(header) = header.filter(|_| tally.executions.not_passed() > 0) {
            page.line([quiet(format!("repeat with --seed {}", header.seed))]);
        }
    });
}

/// Whether the executions that were seen are those that the run counted itself.
fn agrees(footer: &RunFooter, tally: &Tally) -> bool {
    let Executions { passed, failed, errored, cancelled, .. } = tally.executions;
    [passed, failed, errored, cancelled] == [footer.passed, footer.failed, footer.errored, footer.cancelled]
}

fn executions(tally: &Tally) -> String {
    let executions = &tally.executions;
    if executions.all() == 0 {
        return "nothing ran".to_owned();
    }
    some(&[
        (executions.passed, "passed"),
        (executions.failed, "failed"),
        (executions.errored, "errored"),
        (executions.cancelled, "cancelled"),
        (executions.unfinished, "unfinished"),
    ])
}

/// `48 steps (2 failed, 3 skipped), 96 assertions (2 failed), 1 warning`
fn steps(tally: &Tally) -> String {
    let Tally { steps, assertions, warnings, .. } = tally;
    let in_brackets = |text: String| if text.is_empty() { text } else { format!(" ({text})") };
    let of_steps =
        some(&[(steps.failed, "failed"), (steps.errored, "errored"), (steps.cancelled, "cancelled"), (steps.unfinished, "unfinished")]);
    let skipped = some(&[(steps.skipped, "skipped")]);
    let mut parts = vec![format!("{}{}", counted(steps.ran(), "step"), in_brackets(of_steps))];
    parts.extend(Some(skipped).filter(|text| !text.is_empty()));
    parts.push(format!("{}{}", counted(assertions.all(), "assertion"), in_brackets(some(&[(assertions.failed, "failed")]))));
    parts.extend((*warnings > 0).then(|| counted(*warnings, "warning")));
    parts.join(", ")
}

fn some(counts: &[(u64, &str)]) -> String {
    let some = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    some.collect::<Vec<_>>().join(", ")
}

fn problems(file: &InvalidFile) -> String {
    let errors = file.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = file.diagnostics.len() - errors;
    if errors == 0 {
        return format!("{}, by `--deny warnings`", counted(warnings, "warning"));
    }
    let warnings = if warnings > 0 { format!(", {}", counted(warnings, "warning")) } else { String::new() };
    format!("{}{warnings}", counted(errors, "error"))
}
