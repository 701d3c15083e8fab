//! What is generated: flows as data, and when they are stopped. Times are milliseconds.

use std::fmt;

#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    /// Given by [`number`]: which document it is.
    pub(crate) number: usize,
    pub(crate) timeout: Option<u64>,
    pub(crate) teardown_timeout: Option<u64>,
    pub(crate) fail_fast: Option<bool>,
    pub(crate) retry: Option<Retry>,
    pub(crate) setup: Vec<Step>,
    pub(crate) steps: Vec<Step>,
    pub(crate) teardown: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Given by [`number`]; unique in the whole text.
    pub(crate) id: usize,
    pub(crate) disabled: bool,
    pub(crate) when: Option<bool>,
    pub(crate) on_error: Option<OnError>,
    pub(crate) retry: Option<Retry>,
    pub(crate) eventually: Option<Eventually>,
    pub(crate) timeout: Option<u64>,
    pub(crate) asserts: Asserts,
    pub(crate) doing: Doing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnError {
    Fail,
    Continue,
    Ignore,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Retry {
    pub(crate) attempts: u32,
    pub(crate) delay: u64,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) on: Option<RetryOn>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Backoff {
    Linear,
    Exponential,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum RetryOn {
    Failed,
    Errored,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Eventually {
    pub(crate) timeout: u64,
    pub(crate) interval: u64,
}

/// Whether a step asserts, and whether that can hold. What an action answers decides for itself when it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asserts {
    Nothing,
    WhatHolds,
    WhatDoesNot,
}

#[derive(Clone, Debug)]
pub(crate) enum Doing {
    Act(Act),
    Either { condition: bool, then: Vec<Step>, otherwise: Vec<Step> },
    Each { count: usize, at_once: Option<usize>, allow_empty: bool, steps: Vec<Step> },
    Branches { branches: Vec<Vec<Step>>, fail_fast: bool, at_once: Option<usize> },
    Poll { until: Until, interval: u64, timeout: u64, steps: Vec<Step> },
    Call(Box<Flow>),
}

#[derive(Clone, Debug)]
pub(crate) struct Act {
    /// What it does on its first calls; the last entry holds for all later ones.
    pub(crate) script: Vec<Deed>,
    pub(crate) captures: bool,
    /// Which of the captures that are known where it stands it uses: the index counts from the latest.
    pub(crate) needs: Option<usize>,
    /// The step whose capture that is, given by [`number`].
    pub(crate) needed: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed {
    pub(crate) wait: u64,
    pub(crate) answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// What is asserted holds, and there is something to capture, which is this.
    Holds(i64),
    Denies,
    /// There is nothing to capture.
    Gap,
    SaysNo,
    Errs,
    /// No other try can help.
    BadConfig,
    RefusedLogin,
    Hangs,
}

/// What a poll waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    Always,
    Never,
    /// The step inside of this id has captured 1; given by [`number`], `Always` when none captures.
    Captured(Option<usize>),
}

/// A flow, and what happens to its run.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) flow: Flow,
    pub(crate) interrupt: Option<u64>,
    /// How long after the first the second interrupt comes.
    pub(crate) again: Option<u64>,
    pub(crate) timeout: Option<u64>,
}

impl fmt::Debug for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let times = [("interrupted", self.interrupt), ("again, later", self.again), ("time of the run", self.timeout)];
        for (what, at) in times.into_iter().filter_map(|(what, at)| Some((what, at?))) {
            writeln!(formatter, "# {what}: {at}ms")?;
        }
        formatter.write_str(&crate::text::of(&self.flow))
    }
}

/// The steps that capture and stand in sight: of the list itself and those before it.
#[derive(Clone, Debug, Default)]
struct Sight(Vec<usize>);

/// Gives ids, documents and what is meant by an index.
pub(crate) fn number(flow: &mut Flow) {
    let (mut steps, mut flows) = (0, 0);
    number_flow(flow, &mut steps, &mut flows);
}

fn number_flow(flow: &mut Flow, steps: &mut usize, flows: &mut usize) {
    flow.number = *flows;
    *flows += 1;
    let mut sight = Sight::default();
    for list in [&mut flow.setup, &mut flow.steps, &mut flow.teardown] {
        number_list(list, &mut sight, steps, flows);
    }
}

fn number_list(list: &mut [Step], sight: &mut Sight, steps: &mut usize, flows: &mut usize) {
    for step in list {
        step.id = *steps;
        *steps += 1;
        let mut inside = |list: &mut Vec<Step>| {
            let mut own = Sight::default();
            number_list(list, &mut own, steps, flows);
            own
        };
        match &mut step.doing {
            Doing::Act(act) => {
                act.needed = act.needs.and_then(|back| sight.0.iter().rev().nth(back).copied());
                if act.captures {
                    sight.0.push(step.id);
                }
            }
            Doing::Either { then, otherwise, .. } => {
                inside(then);
                inside(otherwise);
            }
            Doing::Each { steps, .. } => {
                inside(steps);
            }
            Doing::Branches { branches, .. } => branches.iter_mut().for_each(|branch| {
                inside(branch);
            }),
            Doing::Poll { until, steps, .. } => {
                let own = inside(steps);
                if let Until::Captured(step) = until {
                    *step = own.0.first().copied();
                }
            }
            Doing::Call(flow) => number_flow(flow, steps, flows),
        }
    }
}

impl Step {
    pub(crate) fn name(&self) -> String {
        format!("s{}", self.id)
    }

    /// The retry that counts: that of the flow is for actions outside the teardown.
    pub(crate) fn retry<'a>(&'a self, flow: &'a Flow, in_teardown: bool) -> Option<&'a Retry> {
        let of_flow = flow.retry.as_ref().filter(|_| matches!(self.doing, Doing::Act(_)) && !in_teardown);
        self.retry.as_ref().or(of_flow)
    }
}

impl Retry {
    /// The pause after an attempt, counted from 1.
    pub(crate) fn pause(&self, attempt: u32) -> u64 {
        let factor = match self.backoff {
            None => 1,
            Some(Backoff::Linear) => u64::from(attempt),
            Some(Backoff::Exponential) => 1 << (attempt - 1).min(20),
        };
        (self.delay * factor).min(30_000)
    }
}
