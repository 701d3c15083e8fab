//! What came before the last attempt ended: the attempts of a retry, the looks of an `eventually`.

use crate::{
    page::{Page, plain, quiet, word},
    style::{Role, Sign, word as status_word},
    text::{pad, width},
    units::{counted, seconds},
};
use testmesh_events::{Attempt, AttemptRecord, Observation, Status, StepState};

/// Rows of a table shown at most; beyond, the middle is left out.
const SHOWN: usize = 16;

/// One row for each attempt, when there was more than one.
pub(super) fn attempts(page: &mut Page, attempts: &[Attempt]) {
    if attempts.len() < 2 {
        return;
    }
    page.section(&format!("attempts, {}", attempts.len()), |page| {
        for (attempt, left_out) in ends(attempts) {
            fold(page, left_out, "more attempt");
            let (role, status) =
                attempt.record.as_ref().map_or((Role::Errored, "UNFINISHED"), |it| (it.status.into(), status_word(it.status)));
            let time = attempt.record.as_ref().map_or("?".to_owned(), |record| seconds(record.duration_ms));
            let why = page.cut(&attempt.record.as_deref().map(why).unwrap_or_default(), page.room().saturating_sub(30));
            page.line([plain(format!("{:>3}  ", attempt.number)), word(role, pad(status, 9)), plain(format!("  {time:>8}  {why}"))]);
        }
    });
}

/// The first reason why an attempt did not pass, in a line.
pub(crate) fn why(record: &AttemptRecord) -> String {
    if let Some(failure) = &record.failure {
        return failure.message.clone();
    }
    if let Some(assertion) = record.assertions.iter().find(|assertion| assertion.status != Status::Passed) {
        let reason = assertion.failure.as_ref().map(|failure| failure.message.as_str());
        return format!("{}: {}", assertion.expression, reason.unwrap_or("false"));
    }
    let capture = record.captures.iter().find_map(|capture| Some((&capture.name, capture.failure.as_ref()?)));
    capture.map(|(name, failure)| format!("capture {name}: {}", failure.message)).unwrap_or_default()
}

/// Looks one after the other that saw the same.
struct Stretch<'o> {
    count: u64,
    from: f64,
    to: f64,
    seen: &'o Observation,
}

/// A table of what was seen and when, for the last attempt that looked.
pub(super) fn observations(page: &mut Page, step: &StepState) {
    let Some(attempt) = step.attempts.iter().rev().find(|attempt| !attempt.observations.is_empty()) else { return };
    let mut stretches: Vec<Stretch> = Vec::new();
    for seen in &attempt.observations {
        match stretches.last_mut() {
            Some(last) if last.seen.seen == seen.seen && last.seen.status == seen.status => {
                last.count += 1;
                last.to = seen.elapsed_ms;
            }
            _ => stretches.push(Stretch { count: 1, from: seen.elapsed_ms, to: seen.elapsed_ms, seen }),
        }
    }
    page.section(&format!("seen, in {}", counted(attempt.observations.len(), "look")), |page| {
        let columns = stretches.iter().map(|stretch| width(&when(page, stretch))).max().unwrap_or(0);
        for (stretch, left_out) in ends(&stretches) {
            fold(page, left_out, "more change");
            show(page, stretch, columns);
        }
    });
}

fn show(page: &mut Page, stretch: &Stretch, columns: usize) {
    let Stretch { count, seen, .. } = stretch;
    let count = format!("{}{count}", page.sign(Sign::Times));
    let time = pad(&when(page, stretch), columns);
    let text = page.cut(&seen.seen, page.room().saturating_sub(columns + 14));
    let sign = page.sign(Sign::Verdict(seen.status));
    page.line([quiet(format!("{count:>4}  {time}  ")), word(seen.status.into(), sign), plain(format!(" {text}"))]);
}

/// `0.2–7.1 s`
fn when(page: &Page, Stretch { from, to, .. }: &Stretch) -> String {
    let time = |ms: f64| format!("{:.1}", ms.max(0.0) / 1000.0);
    let (from, to) = (time(*from), time(*to));
    if from == to { format!("{from} s") } else { format!("{from}{}{to} s", page.sign(Sign::Range)) }
}

fn fold(page: &mut Page, count: usize, noun: &str) {
    if count > 0 {
        page.line([quiet(format!("     {} {}", page.sign(Sign::Ellipsis), counted(count, noun)))]);
    }
}

/// The first and the last rows, each with how many were left out before it.
fn ends<T>(rows: &[T]) -> impl Iterator<Item = (&T, usize)> {
    let left_out = rows.len().saturating_sub(SHOWN);
    let (first, rest) = rows.split_at(rows.len().min(SHOWN / 2));
    let last = rest.get(left_out..).unwrap_or_default();
    let last = last.iter().enumerate().map(move |(index, row)| (row, if index == 0 { left_out } else { 0 }));
    first.iter().map(|row| (row, 0)).chain(last)
}
