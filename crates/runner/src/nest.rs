//! Control flow: the steps inside a step (contract §7). Each is a step like any other, with events, attempts and captures of its own.
//!
//! What stands here decides which lists run, how often and in what scope; [`walk`](crate::walk) runs a list. A step of control flow has its
//! verdict from what is inside it, before its own assertions are looked at.

mod call;
mod for_each;
mod items;
mod parallel;
mod wait_until;

use crate::{
    attempt::{Attempting, Ended, Look, Tried},
    control::{Bound, Bounds},
    phases::Culprit,
    verdict,
    walk::ListEnd,
};
use testmesh_events::{Failure, NodePath, Skip, Status};
use testmesh_flow::{
    Code, Map, Value,
    expr::{self, Fault, FaultKind},
    plan::{Condition, Control, Step},
    scope::{Scope, View},
};
use tokio::time::Instant;

/// What the steps inside came to.
pub(super) struct Inside {
    /// `None` when nothing inside says no.
    failure: Option<Failure>,
    output: Map,
    ran: bool,
    asserted: bool,
    left_behind: Vec<String>,
    /// The bound that ended it.
    bound: Option<Bound>,
    hopeless: bool,
}

impl Inside {
    fn new(output: Map) -> Self {
        Self { failure: None, output, ran: false, asserted: false, left_behind: Vec::new(), bound: None, hopeless: false }
    }

    /// Adds what a list came to, but for its verdict.
    fn add(&mut self, end: &mut ListEnd) {
        self.ran |= end.ran;
        self.asserted |= end.asserted;
        self.hopeless |= end.hopeless;
        self.bound = self.bound.or(end.bound);
        self.left_behind.append(&mut end.left_behind);
    }
}

/// A step of control flow at work.
#[derive(Clone, Copy)]
pub(super) struct Nest<'a> {
    at: Attempting<'a>,
    bounds: &'a Bounds,
    /// What the addresses of the lists inside begin with.
    address: &'a str,
    /// What does not pass inside is looked at again.
    observing: bool,
}

impl Attempting<'_> {
    /// Runs the steps inside, under the step's own time, and notes what came of them.
    pub(crate) async fn nest(&self, control: &Control, config: &Value, scope: &mut Scope, look: Look, tried: &mut Tried) {
        let began = Instant::now();
        let timed = {
            let now = self.now();
            self.deadline(config, &View::new(scope, &now, self.place()), began)
        };
        let (deadline, whose) = match timed {
            Ok(timed) => timed,
            Err((failure, ended)) => {
                tried.record.failure = Some(failure);
                tried.ended = ended;
                return;
            }
        };
        let bounds = self.bounds.until(deadline, &whose).until(look.until, "the time of `eventually`");
        let address = address(self.path, look);
        let nest = Nest { at: *self, bounds: &bounds, address: &address, observing: self.observing || look.repeats };
        let inside = match control {
            Control::Condition { condition, then, otherwise } => Box::pin(nest.either(condition, then, otherwise, scope)).await,
            Control::ForEach(repeated) => Box::pin(nest.for_each(repeated, config, scope)).await,
            Control::Parallel { branches } => Box::pin(nest.parallel(branches, config, scope)).await,
            Control::WaitUntil { condition, steps } => Box::pin(nest.wait_until(condition, steps, config, scope, look)).await,
            Control::RunFlow(call) => Box::pin(nest.call(call, config, scope)).await,
        };
        let inside = match inside {
            Ok(inside) => inside,
            Err((failure, ended)) => {
                tried.record.failure = Some(failure);
                tried.ended = ended;
                return;
            }
        };
        tried.asked = inside.ran;
        tried.asserted |= inside.asserted;
        tried.left_behind = inside.left_behind;
        tried.ended = self.ended(inside.bound, inside.hopeless, look, deadline);
        tried.record.failure = inside.failure;
        if let (Some(bound), None) = (inside.bound, &tried.record.failure) {
            tried.record.failure = Some(Failure { span: Some(self.step.span), ..bounds.failure(bound, None) });
        }
        tried.answer(inside.output, began);
    }

    /// Whose time it was that ended the steps inside.
    fn ended(&self, bound: Option<Bound>, hopeless: bool, look: Look, deadline: Option<Instant>) -> Ended {
        let passed = |end: Option<Instant>| end.is_some_and(|end| end <= Instant::now());
        match bound {
            Some(_) if self.bounds.met().is_some() => Ended::CutByBound(self.bounds.met().unwrap_or(Bound::Cancelled)),
            Some(_) if passed(look.until) => Ended::CutByEventually,
            Some(_) if passed(deadline) => Ended::TimedOut,
            Some(bound) => Ended::CutByBound(bound),
            None if hopeless => Ended::Hopeless,
            None => Ended::Complete,
        }
    }
}

/// What the addresses of the steps inside begin with: `steps/3`, when it is tried again `steps/3/attempt/2`.
fn address(path: &NodePath, look: Look) -> String {
    let mut address = path.to_string();
    if look.attempt > 1 {
        address.push_str(&format!("/attempt/{}", look.attempt));
    }
    if look.observation > 1 {
        address.push_str(&format!("/look/{}", look.observation));
    }
    address
}

type Stopped = (Failure, Ended);

impl Nest<'_> {
    fn step(&self) -> &Step {
        self.at.step
    }

    fn new_end(&self) -> ListEnd {
        ListEnd { observing: self.observing, ..ListEnd::default() }
    }

    async fn walk(&self, steps: &[Step], list: &str, scope: &mut Scope) -> ListEnd {
        let mut end = self.new_end();
        self.at.flow.walk(steps, &format!("{}/{list}", self.address), self.bounds, scope, &mut end).await;
        end
    }

    async fn either(&self, condition: &Condition, then: &[Step], otherwise: &[Step], scope: &mut Scope) -> Result<Inside, Stopped> {
        let decided = {
            let now = self.at.now();
            evaluate(condition, &View::new(scope, &now, self.address).at("condition"))
        };
        let result = decided.map_err(|fault| self.undecided(condition, fault))?;
        let (taken, list, other, of_other) = if result { (then, "then", otherwise, "else") } else { (otherwise, "else", then, "then") };
        for (index, step) in other.iter().enumerate() {
            let path = NodePath::of(&format!("{}/{of_other}", self.address), index);
            let reason = format!("the condition of `{}` was {result}", self.step().id);
            self.at.flow.skip(step, path, Skip::Condition, reason, scope).await;
        }
        let mut end = self.walk(taken, list, scope).await;
        let mut inside = Inside::new(Map::from_iter([("result", Value::Bool(result))]));
        inside.add(&mut end);
        inside.failure =
            end.culprit.filter(not_passed).map(|culprit| failed(&culprit, format!("step `{}` {}", culprit.id, culprit.status)));
        Ok(inside)
    }

    /// A condition that could not be evaluated.
    fn undecided(&self, condition: &Condition, fault: Fault) -> Stopped {
        let absent = fault.kind == FaultKind::NoValue;
        let failure = verdict::unaskable(&condition.fault(fault), self.at.sources());
        if absent { (failure, Ended::WithoutValue) } else { (Failure { code: Code::ConditionFailed, ..failure }, Ended::Hopeless) }
    }
}

pub(super) fn evaluate(condition: &Condition, view: &View) -> Result<bool, Fault> {
    expr::evaluate(&condition.expr, view).and_then(|value| condition.expr.verdict(&value))
}

/// The failure of a step for what is inside it.
fn failed(culprit: &Culprit, message: String) -> Failure {
    Failure { code: Code::InnerFailed, status: culprit.status, message, help: None, span: Some(culprit.span) }
}

fn not_passed(culprit: &Culprit) -> bool {
    culprit.status != Status::Passed
}
