//! Doubts about executions that passed: warnings and tolerated failures, each once with how often it came.

use crate::{
    diagnostics::in_texts,
    failure,
    page::{Page, plain, quiet},
    style::{Role, Style},
    texts::Texts,
    units::counted,
};
use testmesh_events::ExecutionState;

/// Different ones kept at most; of the rest the number is said.
const KEPT: usize = 50;

#[derive(Default)]
pub(super) struct Notes {
    kept: Vec<(String, u64)>,
    more: u64,
}

impl Notes {
    pub(super) fn add(&mut self, state: &ExecutionState, texts: &Texts, style: &Style) {
        for warning in &state.warnings {
            self.note(in_texts(std::slice::from_ref(warning), texts, style, style.columns()));
        }
        for step in state.steps.iter().filter(|step| failure::did_not_pass(step)) {
            let status = step.status.map_or("unfinished", |status| status.name());
            let why = step.last().map(failure::why).unwrap_or_default();
            let place = texts.place(step.head.span);
            let mut page = Page::new(style);
            let tolerated = if step.tolerated { "tolerated by `on_error: ignore`" } else { "the execution passed all the same" };
            let head = format!(": step `{}` {status}, {tolerated}: ", step.head.id);
            page.line([crate::page::word(Role::Warning, "warning"), plain(head), plain(why)]);
            page.line([quiet(format!(" --> {place}"))]);
            self.note(page.into_string());
        }
    }

    fn note(&mut self, text: String) {
        if let Some((_, count)) = self.kept.iter_mut().find(|(known, _)| *known == text) {
            *count += 1;
        } else if self.kept.len() < KEPT {
            self.kept.push((text, 1));
        } else {
            self.more += 1;
        }
    }

    pub(super) fn write(&self, page: &mut Page) {
        for (text, count) in &self.kept {
            page.gap();
            page.rendered(text);
            if *count > 1 {
                page.line([quiet(format!("(this came {})", counted(*count, "time")))]);
            }
        }
        if self.more > 0 {
            page.gap();
            page.line([plain(format!("and {} that the record holds", counted(self.more, "more warning")))]);
        }
    }
}
