//! A flow: its phases, and the execution around it.

use super::{
    End, Oracle, Part, Place, is_bad,
    list::{List, Values},
};
use crate::model::{Doing, Flow, Step};
use testmesh_events::{Phase, Status};

const TEARDOWN: u64 = 60_000;

impl Oracle<'_> {
    pub(super) fn execution(&self) {
        let (case, seen) = (self.case, self.seen);
        let ends = self.stops();
        let part = self.flow(&case.flow, "", &ends, "");
        assert!(part.statuses.contains(&seen.status), "the execution {}, and should have been {:?}", seen.status, part.statuses);
        assert!(part.ran || seen.status != Status::Passed, "it is green, and nothing ran");
        if let (Some(interrupt), Some(again)) = (case.interrupt, case.again) {
            assert!(seen.ended <= (interrupt + again) * 1000, "it goes on after the second interrupt");
        }
        let stop = ends.iter().map(|end| end.at).min();
        let longest = after(&case.flow.setup).max(after(&case.flow.steps)) + teardown(&case.flow);
        if let Some(stop) = stop {
            assert!(seen.ended <= stop + longest * 1000, "it ends {} ms after it was stopped", (seen.ended - stop) / 1000);
        }
    }

    /// When the run is stopped from outside.
    fn stops(&self) -> Vec<End> {
        let case = self.case;
        let mut ends = Vec::new();
        ends.extend(case.interrupt.map(|at| End { at: at * 1000, status: Status::Cancelled }));
        ends.extend(case.timeout.map(|at| End { at: at * 1000, status: Status::Errored }));
        ends.extend(self.abandoned());
        ends
    }

    fn abandoned(&self) -> Option<End> {
        let (first, again) = (self.case.interrupt?, self.case.again?);
        Some(End { at: (first + again) * 1000, status: Status::Cancelled })
    }

    /// `above` is what the addresses of its phases begin with.
    pub(super) fn flow(&self, flow: &Flow, above: &str, outer: &[End], iterations: &str) -> Part {
        let below = |phase: Phase| format!("{above}{phase}");
        let spans = [Phase::Setup, Phase::Steps].map(|phase| self.span(&below(phase)));
        let began = spans.iter().flatten().map(|(first, _)| *first).min().unwrap_or(0);
        let over = spans.iter().flatten().map(|(_, last)| *last).max().unwrap_or(0);
        let mut ends = outer.to_vec();
        ends.extend(flow.timeout.map(|time| End { at: began + time * 1000, status: Status::Errored }));
        if let Some(first) = ends.iter().map(|end| end.at).min() {
            let longest = after(&flow.setup).max(after(&flow.steps)) * 1000;
            assert!(over <= first.max(began) + longest, "{above}steps goes on after its time");
        }
        let place = |phase| Place { flow, phase, iterations: iterations.to_owned(), ends: ends.clone() };
        let mut values = Values::new();
        let setup = self.list(&flow.setup, &below(Phase::Setup), &place(Phase::Setup), false, &mut values);
        let steps = self.list(&flow.steps, &below(Phase::Steps), &place(Phase::Steps), setup.halted, &mut values);
        let mut worst = setup.worst.max(steps.worst).unwrap_or(Status::Passed);
        let reached = !setup.halted && !setup.bounded;
        if reached && !steps.ran && !steps.bounded && !steps.worst.is_some_and(is_bad) && place(Phase::Steps).ends_by(over).is_empty() {
            worst = worst.max(Status::Errored);
        }
        let mut statuses = vec![worst];
        statuses.extend(place(Phase::Steps).ends_by(over).into_iter().map(|status| status.max(worst)));
        if !steps.ran && reached {
            statuses.push(worst.max(Status::Errored));
        }
        let teardown = self.teardown(flow, above, iterations, &mut values).unwrap_or_default();
        if above.is_empty() {
            let mut phases = Vec::new();
            phases.extend((!flow.setup.is_empty()).then_some(Phase::Setup));
            phases.extend((!setup.halted).then_some(Phase::Steps));
            phases.extend((!flow.teardown.is_empty()).then_some(Phase::Teardown));
            assert_eq!(self.seen.phases, phases);
            assert!(over <= self.span("teardown").map_or(u64::MAX, |(first, _)| first), "the teardown comes last");
        }
        let statuses = statuses.into_iter().map(|status| status.max(teardown.worst.unwrap_or(Status::Passed))).collect();
        Part { statuses, ran: setup.ran || steps.ran || teardown.ran, hopeless: setup.hopeless || steps.hopeless }
    }

    fn teardown(&self, flow: &Flow, above: &str, iterations: &str, values: &mut Values) -> Option<List> {
        let address = format!("{above}{}", Phase::Teardown);
        let (first, last) = self.span(&address)?;
        let own = End { at: first + flow.teardown_timeout.unwrap_or(TEARDOWN) * 1000, status: Status::Errored };
        let longest = flow.teardown_timeout.unwrap_or(TEARDOWN) + after(&flow.teardown);
        assert!(last <= first + longest * 1000, "{address} goes on after its time");
        let ends = self.abandoned().into_iter().chain([own]).collect();
        let place = Place { flow, phase: Phase::Teardown, iterations: iterations.to_owned(), ends };
        Some(self.list(&flow.teardown, &address, &place, false, values))
    }
}

/// How long a list may go on after its time is over, in milliseconds: the flows that it has called are torn down.
fn after(steps: &[Step]) -> u64 {
    steps
        .iter()
        .map(|step| match &step.doing {
            Doing::Act(_) => 0,
            Doing::Either { then, otherwise, .. } => after(then).max(after(otherwise)),
            Doing::Each { steps, .. } | Doing::Poll { steps, .. } => after(steps),
            Doing::Branches { branches, .. } => branches.iter().map(|branch| after(branch)).max().unwrap_or(0),
            Doing::Call(flow) => after(&flow.setup).max(after(&flow.steps)) + teardown(flow),
        })
        .max()
        .unwrap_or(0)
}

fn teardown(flow: &Flow) -> u64 {
    if flow.teardown.is_empty() { 0 } else { flow.teardown_timeout.unwrap_or(TEARDOWN) + after(&flow.teardown) }
}
