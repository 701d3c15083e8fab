//! A step: its attempts, and what they come to.

use super::{
    Oracle, Part, Place, asserted, is_bad,
    list::{Values, needed, no_item},
};
use crate::{
    model::{Doing, Eventually, OnError, RetryOn, Step},
    seen::Node,
};
use testmesh_events::{AttemptRecord, Observation, Phase, Status, StepStatus};
use testmesh_flow::Value;

/// One attempt of a step. Times are microseconds.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) step: &'a Step,
    pub(super) path: &'a str,
    pub(super) number: u32,
    pub(super) began: u64,
    pub(super) ended: u64,
    pub(super) record: &'a AttemptRecord,
    pub(super) observed: &'a [(Observation, u64)],
    /// Whether the value that it needs is there; `None` when that is not known.
    pub(super) has_value: Option<bool>,
}

impl Oracle<'_> {
    pub(super) fn step(&self, step: &Step, node: &Node, path: &str, place: &Place, values: &mut Values) -> Part {
        let ended = node.ended.unwrap();
        let in_teardown = place.phase == Phase::Teardown;
        let has_value = needed(step).map_or(Some(true), |it| values.get(&it).map(Option::is_some));
        assert!(!in_teardown || has_value != Some(false), "{path} runs without the value that it needs");
        assert!(place.phase == Phase::Steps || !no_item(step), "{path} runs without an item");
        assert_eq!(ended.attempts as usize, node.attempts.len());
        let retry = step.retry(place.flow, in_teardown);
        let most = retry.map_or(1, |retry| retry.attempts);
        assert!(ended.attempts <= most, "{path} is tried more often than is asked for");
        let mut part = Part::default();
        let mut began = node.began;
        for (number, (record, at)) in (1..).zip(&node.attempts) {
            assert_eq!(record.attempt, number);
            let first = node.observed.iter().position(|(it, _)| it.attempt == number).unwrap_or(0);
            let count = node.observed.iter().filter(|(it, _)| it.attempt == number).count();
            let observed = &node.observed[first..first + count];
            let attempt = Attempt { step, path, number, began, ended: *at, record, observed, has_value };
            let tried = self.attempt(attempt, place);
            let status = record.status;
            assert!(tried.statuses.contains(&status), "{path}, attempt {number} {status}, and should have been {:?}", tried.statuses);
            part.ran |= tried.ran;
            let worth = match retry.and_then(|retry| retry.on) {
                None => true,
                Some(RetryOn::Failed) => status == Status::Failed,
                Some(RetryOn::Errored) => status == Status::Errored,
            };
            let is_last = number == ended.attempts;
            if let Some(retry) = retry.filter(|_| !is_last) {
                assert!(is_bad(status) && worth, "{path} is tried again after an attempt that {status}");
                began = at + retry.pause(number) * 1000;
            } else {
                let stops = !worth || tried.hopeless || number == most || !place.ends_by(ended.at).is_empty();
                assert!(!is_bad(status) || stops, "{path} is not tried again after attempt {number} that {status}");
                assert_eq!(ended.status, StepStatus::from(status));
                part.hopeless = tried.hopeless && is_bad(status);
            }
        }
        let last = node.attempts.last().map(|(record, _)| record);
        values.insert(step.id, last.and_then(|record| captured(record)));
        tolerated(step, path, node, place);
        part
    }

    fn attempt(&self, attempt: Attempt, place: &Place) -> Part {
        if let Some(eventually) = attempt.step.eventually {
            return self.observe(attempt, eventually, place);
        }
        match &attempt.step.doing {
            Doing::Act(_) => self.one_call(attempt, place),
            _ => self.inside(attempt, &address(attempt.path, attempt.number, 1), attempt.began, attempt.ended, place),
        }
    }

    fn observe(&self, attempt: Attempt, eventually: Eventually, place: &Place) -> Part {
        for (number, (observation, _)) in (1..).zip(attempt.observed) {
            assert_eq!(observation.number, number, "{}", attempt.path);
        }
        match &attempt.step.doing {
            Doing::Act(_) => self.calls_observed(attempt, eventually, place),
            _ => self.insides_observed(attempt, eventually, place),
        }
    }

    fn insides_observed(&self, attempt: Attempt, eventually: Eventually, place: &Place) -> Part {
        let began = self.span(&address(attempt.path, attempt.number, 1)).map_or(attempt.began, |(first, _)| first);
        let place_in = place.and(began + eventually.timeout * 1000, Status::Errored);
        let mut part = Part::default();
        let mut complete: Vec<Status> = Vec::new();
        let mut look_began = began;
        for (number, (observation, at)) in (1..).zip(attempt.observed) {
            let below = address(attempt.path, attempt.number, number);
            look_began = self.span(&below).map_or(look_began, |(first, _)| first);
            let look = self.inside(attempt, &below, look_began, *at, &place_in);
            assert!(look.statuses.contains(&observation.status), "{}, look {number} {}", attempt.path, observation.status);
            part.ran |= look.ran;
            part.hopeless |= look.hopeless;
            let is_last = number as usize == attempt.observed.len();
            assert!(is_last || is_bad(observation.status), "{} is looked at again after it held", attempt.path);
            let cut = attempt.step.timeout.is_some_and(|time| *at >= look_began + time * 1000);
            // A look that its own time cut does not count; at the very moment it may have been whole.
            if !cut {
                complete.clear();
            } else if complete.is_empty() {
                complete.push(Status::Errored);
            }
            complete.push(observation.status);
            look_began = at + eventually.interval * 1000;
        }
        let held = attempt.observed.last().is_some_and(|(it, _)| it.status == Status::Passed);
        let next = address(attempt.path, attempt.number, attempt.observed.len() as u32 + 1);
        let goes_on = attempt.observed.is_empty() || self.is_seen(&next);
        part.statuses = complete;
        if held {
            assert!(!goes_on || attempt.observed.is_empty());
            part.statuses = vec![Status::Passed];
            return part;
        }
        let first_end = place_in.ends.iter().map(|end| end.at).min();
        if goes_on {
            let look = self.inside(attempt, &next, look_began, attempt.ended, &place_in);
            part.ran |= look.ran;
            part.hopeless |= look.hopeless;
            // It was not observed: it was cut, or no other can help.
            assert!(look.hopeless || first_end.is_some_and(|end| end <= attempt.ended), "{} has a look that is not told", attempt.path);
            part.statuses.extend(look.statuses);
        }
        if part.statuses.is_empty() || goes_on {
            part.statuses.push(Status::Errored);
        }
        part.statuses.extend(place.ends_by(attempt.ended));
        part
    }
}

/// What is ignored is tolerated, but for what its flow's time or an interrupt ended.
fn tolerated(step: &Step, path: &str, node: &Node, place: &Place) {
    let ended = node.ended.unwrap();
    let may = step.on_error == Some(OnError::Ignore) && matches!(ended.status, StepStatus::Failed | StepStatus::Errored);
    let cut = place.ends.iter().any(|end| end.at <= ended.at);
    assert!(may || !ended.tolerated, "{path} {} and is tolerated", ended.status);
    assert!(!may || cut || ended.tolerated, "{path} {} and is not tolerated", ended.status);
}

/// What the addresses of the steps inside begin with.
pub(super) fn address(path: &str, attempt: u32, look: u32) -> String {
    let attempt = if attempt > 1 { format!("/attempt/{attempt}") } else { String::new() };
    let look = if look > 1 { format!("/look/{look}") } else { String::new() };
    format!("{path}{attempt}{look}")
}

pub(super) fn captured(record: &AttemptRecord) -> Option<i64> {
    let capture = record.captures.first().filter(|capture| capture.failure.is_none())?;
    Value::as_i64(&capture.value)
}

impl Attempt<'_> {
    /// What steps inside that ended so make of the step around them.
    pub(super) fn around(&self, worst: Option<Status>, ended: u64, place: &Place) -> Vec<Status> {
        match worst.filter(|status| is_bad(*status)) {
            Some(worst) => vec![worst],
            None => std::iter::once(asserted(self.step)).chain(place.ends_by(ended)).collect(),
        }
    }
}
