//! A step that does something itself: its calls, as the journal has them.

use super::{
    End, Oracle, Part, Place,
    step::{Attempt, captured},
};
use crate::{
    act::{Call, TIMEOUT},
    model::{Act, Answer, Asserts, Doing, Eventually, Step},
};
use testmesh_events::Status;

/// Timers are a millisecond apart.
const TICK: u64 = 1_000;

impl Oracle<'_> {
    pub(super) fn one_call(&self, attempt: Attempt, place: &Place) -> Part {
        let calls = self.calls(attempt.step, &place.iterations, attempt.ended);
        if never_asks(attempt, &calls) {
            return Part { statuses: vec![Status::Errored], ran: false, hopeless: true };
        }
        let [call] = calls.as_slice() else { panic!("{} calls {} times in one attempt", attempt.path, calls.len()) };
        on_time(attempt, call, attempt.began);
        assert_eq!(call.ended, attempt.ended, "{} ends with its action", attempt.path);
        if let (Some(Answer::Holds(n)), Doing::Act(Act { captures: true, .. })) = (call.answer, &attempt.step.doing) {
            assert_eq!(captured(attempt.record), Some(n), "{} captures what it was answered", attempt.path);
        }
        let own = [End { at: call.began + own_time(attempt.step) * 1000, status: Status::Errored }];
        Part { statuses: statuses(attempt, call, place, &own), ran: true, hopeless: is_hopeless(call) }
    }

    /// The looks of an `eventually`.
    pub(super) fn calls_observed(&self, attempt: Attempt, eventually: Eventually, place: &Place) -> Part {
        let calls = self.calls(attempt.step, &place.iterations, attempt.ended);
        if never_asks(attempt, &calls) {
            assert!(attempt.observed.is_empty());
            return Part { statuses: vec![Status::Errored], ran: false, hopeless: true };
        }
        let until = attempt.began + eventually.timeout * 1000;
        assert!(attempt.ended <= until, "{} looks on after its time", attempt.path);
        let mut statuses_now = Vec::new();
        let mut looked = attempt.began;
        let mut observed = 0;
        for (index, call) in calls.iter().enumerate() {
            let is_last = index + 1 == calls.len();
            let latest = if index == 0 { looked } else { looked + eventually.interval * 1000 };
            assert!(call.began <= latest + TICK, "{} looks again late", attempt.path);
            looked = call.ended;
            let own = [
                End { at: call.began + own_time(attempt.step) * 1000, status: Status::Errored },
                End { at: until, status: Status::Errored },
            ];
            let seen = statuses(attempt, call, place, &own);
            let told = attempt.observed.iter().any(|(_, at)| *at == call.ended);
            observed += usize::from(told);
            let decides = is_hopeless(call) && seen != [Status::Failed];
            assert!(is_last || (told && !decides && seen != [Status::Passed]), "{} looks on after {call:?}", attempt.path);
            if call.answer.is_some() {
                statuses_now = seen;
            } else if statuses_now.is_empty() && is_last {
                statuses_now = vec![Status::Errored];
            }
        }
        assert_eq!(observed, attempt.observed.len(), "{} tells of looks that it did not take", attempt.path);
        let last = calls.last().unwrap();
        if statuses_now != [Status::Passed] {
            // It may have ended while it waited for the next look.
            statuses_now.extend(place.ends_by(attempt.ended));
        }
        let waits = last.ended < attempt.ended;
        assert!(!waits || !place.ends_by(attempt.ended).is_empty(), "{} waits, and then does not look", attempt.path);
        let hopeless = calls.iter().any(is_hopeless);
        Part { statuses: statuses_now, ran: true, hopeless }
    }
}

/// The value that it needs is not there, so that nothing can be asked.
fn never_asks(attempt: Attempt, calls: &[Call]) -> bool {
    match attempt.has_value {
        Some(has_value) => {
            assert_eq!(has_value, !calls.is_empty(), "{} calls its action when its value is there and only then", attempt.path);
            !has_value
        }
        None => calls.is_empty(),
    }
}

fn on_time(attempt: Attempt, call: &Call, began: u64) {
    assert!(
        (began..=began + TICK).contains(&call.began),
        "{}, attempt {}: called at {} and not at {began}",
        attempt.path,
        attempt.number,
        call.began
    );
}

fn own_time(step: &Step) -> u64 {
    step.timeout.map_or(TIMEOUT, |time| time.min(TIMEOUT))
}

fn is_hopeless(call: &Call) -> bool {
    matches!(call.answer, Some(Answer::BadConfig | Answer::RefusedLogin))
}

/// What a call may come to, and that it is cut when its time is over and only then.
fn statuses(attempt: Attempt, call: &Call, place: &Place, own: &[End]) -> Vec<Status> {
    let ends = || place.ends.iter().chain(own);
    let first = ends().map(|end| end.at).min().unwrap_or(u64::MAX);
    assert!(call.ended <= first.max(call.began), "{} runs on after its time: {call:?}", attempt.path);
    let Some(answer) = call.answer else {
        let statuses: Vec<_> = ends().filter(|end| end.at == call.ended).map(|end| end.status).collect();
        assert!(!statuses.is_empty(), "{} is cut before its time: {call:?}", attempt.path);
        return statuses;
    };
    let Doing::Act(act) = &attempt.step.doing else { unreachable!("it acts") };
    vec![status(attempt.step, act, answer)]
}

fn status(step: &Step, act: &Act, answer: Answer) -> Status {
    let asserted = |ok: bool| match step.asserts {
        Asserts::Nothing => Status::Passed,
        Asserts::WhatHolds if ok => Status::Passed,
        Asserts::WhatDoesNot if !ok => Status::Passed,
        _ => Status::Failed,
    };
    match answer {
        Answer::Denies => asserted(false),
        Answer::Gap if act.captures => Status::Failed,
        Answer::Gap | Answer::Holds(_) => asserted(true),
        Answer::SaysNo => Status::Failed,
        Answer::Errs | Answer::BadConfig | Answer::RefusedLogin => Status::Errored,
        Answer::Hangs => unreachable!("it has no end"),
    }
}
