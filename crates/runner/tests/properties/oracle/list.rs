//! A list: which of its steps run, and what that means for those that follow.

use super::{Oracle, Place, is_bad};
use crate::{
    model::{Doing, OnError, Step},
    seen::Node,
};
use std::collections::HashMap;
use testmesh_events::{Phase, Skip, Status, StepStatus};

/// What is captured: `None` when that is known to have no value. A name that is not in it may have one from an earlier round.
pub(super) type Values = HashMap<usize, Option<i64>>;

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the list")]
pub(super) struct List {
    pub(super) worst: Option<Status>,
    pub(super) ran: bool,
    /// Later steps are not reached.
    pub(super) halted: bool,
    /// Later steps have no time.
    pub(super) bounded: bool,
    pub(super) hopeless: bool,
}

impl List {
    fn count(&mut self, status: Status) {
        self.worst = self.worst.max(Some(status));
    }
}

impl Oracle<'_> {
    pub(super) fn list(&self, steps: &[Step], address: &str, place: &Place, halted: bool, values: &mut Values) -> List {
        let mut list = List { halted, ..List::default() };
        let mut before = None;
        let at_top = address.ends_with(place.phase.name());
        for (index, step) in steps.iter().enumerate() {
            let path = format!("{address}/{index}");
            let node = self.take(&path);
            assert_eq!((node.head.id.as_str(), before < Some(node.order)), (step.name().as_str(), true), "{path} comes in its turn");
            before = Some(node.order);
            if let Some((skip, reason)) = &node.skipped {
                self.skipped(step, &path, *skip, reason, node.began, place, values, &mut list);
                // At the top a step runs once: what it would have captured has no value.
                if at_top {
                    values.insert(step.id, None);
                }
                continue;
            }
            assert!(!list.halted && !list.bounded, "{path} runs, and should not have been reached");
            assert!(!step.disabled && step.when != Some(false), "{path} runs, and should have been skipped");
            let part = self.step(step, &node, &path, place, values);
            if !at_top && values.get(&step.id) == Some(&None) {
                // In a loop the value of an earlier round is still in sight.
                values.remove(&step.id);
            }
            let ended = node.ended.unwrap();
            list.ran |= part.ran;
            if ended.tolerated {
                continue;
            }
            list.hopeless |= part.hopeless;
            let status = ended.status.verdict().unwrap();
            list.count(status);
            list.bounded |= is_bad(status) && ended.status == StepStatus::Cancelled;
            let halts = match step.on_error {
                Some(OnError::Fail) => true,
                Some(OnError::Continue | OnError::Ignore) => false,
                None => place.flow.fail_fast.unwrap_or(true) || place.phase == Phase::Setup,
            };
            list.halted |= is_bad(status) && halts && place.phase != Phase::Teardown;
        }
        list
    }

    #[expect(clippy::too_many_arguments, reason = "they are all that is known of the skip")]
    fn skipped(&self, step: &Step, path: &str, skip: Skip, reason: &str, at: u64, place: &Place, values: &Values, list: &mut List) {
        let why = match skip {
            Skip::Cancelled => {
                let status = if reason.ends_with("ran out") { Status::Errored } else { Status::Cancelled };
                list.bounded = true;
                list.count(status);
                let interrupted = self.case.interrupt.is_some_and(|interrupt| interrupt * 1000 <= at);
                assert!(reason != "interrupted" || interrupted, "{path} is skipped as interrupted, and nobody did");
                let name = step.name();
                let cut = |it: &Node| matches!(it.skipped, Some((Skip::Cancelled, _)));
                let again = self.seen.nodes.values().any(|it| !cut(it) && tried(it.head.path.as_str()) == tried(path));
                // A step that did not run stands for those inside it.
                let around = path.match_indices('/').filter_map(|(cut, _)| self.seen.nodes.get(&path[..cut]));
                let listed = around.map(|it| &it.head.id).chain([&name]).any(|id| self.seen.left_behind.contains(id));
                let is_left = place.phase != Phase::Teardown || again || listed;
                assert!(is_left, "{path} of the teardown did not run, and is not listed");
                return assert!(
                    place.ends.iter().any(|end| end.at <= at && end.status == status),
                    "{path} is skipped ({reason}) before its time is over"
                );
            }
            _ if list.bounded => false,
            Skip::NotReached => list.halted,
            _ if list.halted => false,
            Skip::Disabled => step.disabled,
            _ if step.disabled => false,
            Skip::Condition => step.when == Some(false),
            _ if step.when == Some(false) => false,
            Skip::NoItem => no_item(step) && place.phase != Phase::Steps,
            Skip::NoValue => place.phase == Phase::Teardown && needed(step).is_some_and(|it| !matches!(values.get(&it), Some(Some(_)))),
        };
        assert!(why, "{path} is skipped ({skip:?}: {reason}) without that reason");
    }
}

/// An address without the tries of the steps around: what did not run in one of them may have run in another.
fn tried(path: &str) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut segments = path.split('/');
    while let Some(segment) = segments.next() {
        if matches!(segment, "attempt" | "look" | "round") {
            segments.next();
        } else {
            kept.push(segment);
        }
    }
    kept
}

pub(super) fn no_item(step: &Step) -> bool {
    matches!(step.doing, Doing::Each { count: 0, allow_empty: false, .. })
}

/// The step whose capture it needs.
pub(super) fn needed(step: &Step) -> Option<usize> {
    if let Doing::Act(act) = &step.doing { act.needed } else { None }
}
