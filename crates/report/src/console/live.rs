//! The block at the bottom of a terminal: how far the run is and what is running. Redrawn over itself in one write, so that nothing flickers.

use super::running::Running;
use crate::{
    failure,
    style::{Role, Sign, Style},
    tally::Tally,
    text::{clean, cut, width},
    units::{counted, seconds},
};
use std::{fmt::Write, time::Duration};
use testmesh_events::ExecutionState;

/// Executions named at most.
const NAMED: usize = 6;
/// Erases from the cursor to the end of the line, and of the screen.
const ERASE_LINE: &str = "\x1b[K";
const ERASE_BELOW: &str = "\x1b[J";

#[derive(Default)]
pub(super) struct Block {
    /// Lines of it that stand on the screen, above the cursor.
    drawn: usize,
    /// Since the run began, as it was told last.
    pub(super) elapsed: Duration,
}

impl Block {
    /// The text that writes `above` where the block stood and the block below it.
    pub(super) fn redraw(&mut self, above: &str, tally: &Tally, total: Option<u64>, running: &Running, style: &Style) -> String {
        let mut out = self.to_top();
        let lines = self.lines(tally, total, running, style);
        for line in above.lines().chain(lines.iter().map(String::as_str)) {
            out.push_str(line);
            out.push_str(ERASE_LINE);
            out.push('\n');
        }
        out.push_str(ERASE_BELOW);
        self.drawn = lines.len();
        out
    }

    /// The text that takes the block away and writes `text` in its place.
    pub(super) fn last(&mut self, text: &str) -> String {
        if self.drawn == 0 {
            return text.to_owned();
        }
        let out = format!("{}{ERASE_BELOW}{text}", self.to_top());
        self.drawn = 0;
        out
    }

    fn to_top(&self) -> String {
        if self.drawn == 0 { String::new() } else { format!("\x1b[{}A\r", self.drawn) }
    }

    fn lines(&self, tally: &Tally, total: Option<u64>, running: &Running, style: &Style) -> Vec<String> {
        // A line that wraps would count as two: one column stays free.
        let columns = if style.width == 0 { 80 } else { style.width }.saturating_sub(1);
        let ellipsis = style.sign(Sign::Ellipsis);
        let fit = |text: &str| cut(&clean(text), columns, ellipsis);
        let states = running.in_order();
        let mut lines = vec![self.counts(tally, total, states.len(), style, columns)];
        lines.extend(states.iter().take(NAMED).map(|state| style.paint(Role::Quiet, &fit(&doing(state)))));
        if running.len() > NAMED {
            lines.push(style.paint(Role::Quiet, &fit(&format!("  {ellipsis} {} more", running.len() - NAMED))));
        }
        lines
    }

    fn counts(&self, tally: &Tally, total: Option<u64>, running: usize, style: &Style, columns: usize) -> String {
        let executions = &tally.executions;
        let total = total.map(|total| format!(" of {total}")).unwrap_or_default();
        let mut words = vec![
            (Role::Passed, format!("{} passed", executions.passed)),
            (if executions.failed > 0 { Role::Failed } else { Role::Quiet }, format!("{} failed", executions.failed)),
            (if executions.errored > 0 { Role::Errored } else { Role::Quiet }, format!("{} errored", executions.errored)),
            (Role::Plain, format!("{running} running{total}")),
            (Role::Quiet, seconds(self.elapsed.as_secs_f64() * 1000.0)),
        ];
        if executions.cancelled > 0 {
            words.insert(3, (Role::Warning, format!("{} cancelled", executions.cancelled)));
        }
        let bare = words.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
        if width(&bare) > columns {
            return cut(&bare, columns, "");
        }
        let mut out = String::new();
        for (index, (role, text)) in words.iter().enumerate() {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "{}{}", if index > 0 { ", " } else { "" }, style.paint(*role, text));
        }
        out
    }
}

/// `  checkout: create order`, with the last step that began and has not ended.
fn doing(state: &ExecutionState) -> String {
    let step = state.steps.iter().rev().find(|step| step.status.is_none());
    let step = step.map(|step| {
        let name = if step.head.name.is_empty() { &step.head.id } else { &step.head.name };
        let looks = step.attempts.last().map_or(0, |attempt| attempt.observations.len());
        if looks > 1 { format!(": {name}, {}", counted(looks, "look")) } else { format!(": {name}") }
    });
    format!("  {}{}", failure::name(state), step.unwrap_or_default())
}
