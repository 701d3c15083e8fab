//! A step that holds steps: which lists of them run, and what they come to together.

use super::{
    Oracle, Part, Place, asserted, is_bad,
    list::{List, Values},
    step::Attempt,
};
use crate::model::{Doing, Step, Until};
use testmesh_events::{Phase, Skip, Status};

impl Oracle<'_> {
    /// One look at the steps inside, whose addresses begin with `address`.
    pub(super) fn inside(&self, attempt: Attempt, address: &str, began: u64, ended: u64, place: &Place) -> Part {
        let began = self.span(address).map_or(began, |(first, _)| first);
        let timed = attempt.step.timeout.map(|time| place.and(began + time * 1000, Status::Errored));
        let place = timed.as_ref().unwrap_or(place);
        match &attempt.step.doing {
            Doing::Act(_) => unreachable!("it holds no steps"),
            Doing::Either { condition, then, otherwise } => {
                let (taken, list, other, left) =
                    if *condition { (then, "then", otherwise, "else") } else { (otherwise, "else", then, "then") };
                self.left_out(other, &format!("{address}/{left}"));
                let list = self.list(taken, &format!("{address}/{list}"), place, false, &mut Values::new());
                part(&list, attempt.around(list.worst, ended, place))
            }
            Doing::Each { count, at_once, allow_empty, steps } => {
                if *count == 0 && !allow_empty && place.phase == Phase::Steps {
                    return Part { statuses: vec![Status::Failed], ..Part::default() };
                }
                self.iterations(steps, *count, at_once.is_some(), attempt, address, ended, place)
            }
            Doing::Branches { branches, fail_fast, .. } => self.branches(branches, *fail_fast, attempt, address, ended, place),
            Doing::Poll { until, interval, timeout, steps } => {
                let poll = Poll { until: *until, interval: *interval, timeout: *timeout, steps };
                self.poll(poll, attempt, address, began, ended, place)
            }
            Doing::Call(flow) => {
                let part = self.flow(flow, &format!("{address}/flow/"), &place.ends, &place.iterations);
                let around = |status: Status| if is_bad(status) { vec![status] } else { attempt.around(None, ended, place) };
                Part { statuses: part.statuses.iter().flat_map(|status| around(*status)).collect(), ..part }
            }
        }
    }

    fn left_out(&self, steps: &[Step], address: &str) {
        for index in 0..steps.len() {
            let node = self.take(&format!("{address}/{index}"));
            assert_eq!(node.skipped.map(|(skip, _)| skip), Some(Skip::Condition), "{address} is the branch that is not taken");
        }
    }

    #[expect(clippy::too_many_arguments, reason = "they are what is known of the loop")]
    fn iterations(&self, steps: &[Step], count: usize, parallel: bool, attempt: Attempt, address: &str, ended: u64, place: &Place) -> Part {
        let mut all = List::default();
        let (mut stopped, mut lacking) = (false, false);
        for index in 0..count {
            let below = format!("{address}/iteration/{index}");
            if !self.is_seen(&below) {
                lacking = true;
                continue;
            }
            assert!(parallel || !lacking, "{below} comes after one that did not");
            assert!(parallel || !stopped, "{below} runs after the loop has stopped");
            let mut place = place.clone();
            place.iterations = format!("{} {index}", place.iterations);
            let list = self.list(steps, &below, &place, false, &mut Values::new());
            stopped |= list.halted || list.bounded;
            add(&mut all, &list);
        }
        assert!(!lacking || stopped || !place.ends_by(ended).is_empty(), "{address} leaves out iterations, and nothing stopped it");
        part(&all, attempt.around(all.worst, ended, place))
    }

    fn branches(&self, branches: &[Vec<Step>], fail_fast: bool, attempt: Attempt, address: &str, ended: u64, place: &Place) -> Part {
        let below = |index: usize| format!("{address}/branch/{index}");
        let bad = (0..branches.len()).filter(|index| fail_fast && self.is_bad(&branches[*index], &below(*index)));
        let sibling = bad.filter_map(|index| Some(self.span(&below(index))?.1)).min();
        let place_in = sibling.map(|at| place.and(at, Status::Cancelled));
        let mut all = List::default();
        for (index, steps) in branches.iter().enumerate() {
            let list = self.list(steps, &below(index), place_in.as_ref().unwrap_or(place), false, &mut Values::new());
            add(&mut all, &list);
        }
        let mut statuses = attempt.around(all.worst, ended, place);
        if sibling.is_some() && all.worst == Some(Status::Cancelled) {
            // What one branch did to the others is no verdict of its own, unless the whole was interrupted.
            let others: Vec<_> = (0..branches.len()).filter_map(|index| self.worst_of_its_own(&branches[index], &below(index))).collect();
            let own = others.into_iter().max();
            let whole = place.ends_by(ended);
            statuses = attempt.around(own, ended, place);
            if whole.contains(&Status::Cancelled) {
                statuses.push(Status::Cancelled);
            }
        }
        part(&all, statuses)
    }

    /// Whether the events of a list have a step that makes it bad.
    fn is_bad(&self, steps: &[Step], address: &str) -> bool {
        self.worst_seen(steps, address).is_some_and(is_bad)
    }

    fn worst_of_its_own(&self, steps: &[Step], address: &str) -> Option<Status> {
        let statuses = self.statuses_seen(steps, address);
        statuses.into_iter().filter(|status| *status != Status::Cancelled).max()
    }

    fn worst_seen(&self, steps: &[Step], address: &str) -> Option<Status> {
        self.statuses_seen(steps, address).into_iter().max()
    }

    fn statuses_seen(&self, steps: &[Step], address: &str) -> Vec<Status> {
        let ends = (0..steps.len()).filter_map(|index| self.seen.nodes.get(&format!("{address}/{index}"))?.ended);
        ends.filter(|ended| !ended.tolerated).filter_map(|ended| ended.status.verdict()).collect()
    }

    fn poll(&self, poll: Poll, attempt: Attempt, address: &str, began: u64, ended: u64, place: &Place) -> Part {
        let until = began + poll.timeout * 1000;
        let place_in = place.and(until, Status::Errored);
        let mut all = List::default();
        let mut held = false;
        let mut last: Option<Status> = None;
        for number in 1_u32.. {
            let below = format!("{address}/round/{number}");
            let observed = attempt.observed.get(number as usize - 1);
            if !self.is_seen(&below) {
                assert!(observed.is_none(), "{below} is told, and never was");
                break;
            }
            assert!(!held, "{below} runs when it has held already");
            let mut values = Values::new();
            let list = self.list(poll.steps, &below, &place_in, false, &mut values);
            let over = self.span(&below).map_or(began, |(_, over)| over);
            add(&mut all, &list);
            let Some((observation, at)) = observed else {
                assert!(list.bounded || !place_in.ends_by(over.max(ended)).is_empty(), "{below} was whole, and is not told");
                continue;
            };
            let expected = poll.seen(&list, &values);
            assert!(expected.contains(&observation.status), "{below} {}, and should have been {expected:?}", observation.status);
            assert_eq!(observation.number, number);
            assert!(number == 1 || *at <= until.max(over), "{below} comes late");
            held = observation.status == Status::Passed;
            last = Some(observation.status);
        }
        let statuses = if held {
            vec![asserted(attempt.step)]
        } else {
            let left = until.saturating_sub(ended);
            let no_other = left <= poll.interval * 100 || all.hopeless || !place.ends_by(ended).is_empty();
            assert!(no_other, "{address} ends with {left} µs left, and has not held");
            std::iter::once(last.unwrap_or(Status::Errored)).chain(place.ends_by(ended)).collect()
        };
        Part { statuses, ran: all.ran, hopeless: all.hopeless }
    }
}

/// A poll, as the flow says.
#[derive(Clone, Copy)]
struct Poll<'a> {
    until: Until,
    /// Milliseconds, as the next.
    interval: u64,
    timeout: u64,
    steps: &'a [Step],
}

impl Poll<'_> {
    /// What a round may have been seen as.
    fn seen(&self, list: &List, values: &Values) -> Vec<Status> {
        if let Some(worst) = list.worst.filter(|status| is_bad(*status)) {
            return vec![worst];
        }
        let holds = |holds: bool| vec![if holds { Status::Passed } else { Status::Failed }];
        match self.until {
            Until::Always | Until::Captured(None) => holds(true),
            Until::Never => holds(false),
            Until::Captured(Some(step)) => match values.get(&step) {
                Some(value) => holds(*value == Some(1)),
                None => vec![Status::Passed, Status::Failed],
            },
        }
    }
}

fn add(all: &mut List, list: &List) {
    all.worst = all.worst.max(list.worst);
    all.ran |= list.ran;
    all.hopeless |= list.hopeless;
    all.bounded |= list.bounded;
}

fn part(list: &List, statuses: Vec<Status>) -> Part {
    Part { statuses, ran: list.ran, hopeless: list.hopeless }
}
