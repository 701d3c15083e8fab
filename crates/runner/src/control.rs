//! Stopping: once is asked for, twice is insisted on.

use std::sync::{Arc, OnceLock};
use testmesh_events::{Failure, Status};
use testmesh_flow::Code;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Why a run stops early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Somebody asked for it.
    Interrupt,
    /// The run's own time is over.
    Timeout,
}

/// How a run is stopped from outside. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Control {
    stop: CancellationToken,
    abandon: CancellationToken,
    cause: Arc<OnceLock<Cause>>,
    /// Of the control that this is a part of.
    above: Option<Arc<OnceLock<Cause>>>,
}

impl Control {
    /// Interrupts what runs; teardowns follow. The first cause counts.
    pub fn stop(&self, cause: Cause) {
        let _ = self.cause.set(cause);
        self.stop.cancel();
    }

    /// Skips what teardowns are left, too.
    pub fn abandon(&self) {
        self.stop(Cause::Interrupt);
        self.abandon.cancel();
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    pub fn cause(&self) -> Option<Cause> {
        self.cause.get().or_else(|| self.above.as_ref()?.get()).copied()
    }

    /// One that is stopped with this one, and can be stopped alone: of one run among several.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { stop: self.stop.child_token(), abandon: self.abandon.child_token(), cause: Arc::default(), above: Some(self.cause.clone()) }
    }

    /// Resolves when the run is to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// One for what runs in any case when this one is stopped, and ends when it is abandoned.
    pub(crate) fn after(&self) -> Self {
        let ends = || self.abandon.child_token();
        Self { stop: ends(), abandon: ends(), cause: Arc::default(), above: Some(self.cause.clone()) }
    }

    /// What bounds setup and steps.
    pub(crate) fn bounds(&self, deadline: Option<(Instant, String)>) -> Bounds {
        Bounds { cancel: self.stop.clone(), deadline, sibling: None, control: self.clone() }
    }

    /// What bounds a teardown.
    pub(crate) fn teardown_bounds(&self, deadline: (Instant, String)) -> Bounds {
        Bounds { cancel: self.abandon.clone(), deadline: Some(deadline), sibling: None, control: self.clone() }
    }
}

/// What ends the steps of a list from outside.
#[derive(Clone)]
pub(crate) struct Bounds {
    pub(crate) cancel: CancellationToken,
    /// When the time is over, and whose time it is, in words.
    pub(crate) deadline: Option<(Instant, String)>,
    /// Of a branch: which other one ended it by not passing.
    sibling: Option<Siblings>,
    control: Control,
}

/// Branches of which the first that does not pass ends the others.
#[derive(Clone)]
pub(crate) struct Siblings {
    cancel: CancellationToken,
    culprit: Arc<OnceLock<String>>,
    /// Those of the branch that they stand in.
    around: Option<Arc<Siblings>>,
}

impl Siblings {
    pub(crate) fn of(bounds: &Bounds) -> Self {
        Self { cancel: bounds.cancel.child_token(), culprit: Arc::default(), around: bounds.sibling.clone().map(Arc::new) }
    }

    /// Ends the others. The first counts.
    pub(crate) fn end(&self, culprit: &str) {
        if self.culprit.set(culprit.to_owned()).is_ok() {
            self.cancel.cancel();
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.culprit.get().is_some()
    }

    /// The branch that ended the others, these or those around.
    fn culprit(&self) -> Option<&str> {
        self.culprit.get().map(String::as_str).or_else(|| self.around.as_ref()?.culprit())
    }
}

/// Which bound was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Cancelled,
    OutOfTime,
}

impl Bounds {
    /// The same, ended at another time if that is earlier.
    pub(crate) fn until(&self, end: Option<Instant>, whose: &str) -> Self {
        let earlier = end.filter(|end| self.deadline.as_ref().is_none_or(|(deadline, _)| end < deadline));
        Self { deadline: earlier.map(|end| (end, whose.to_owned())).or_else(|| self.deadline.clone()), ..self.clone() }
    }

    /// The same for one of several branches.
    pub(crate) fn among(&self, siblings: &Siblings) -> Self {
        Self { cancel: siblings.cancel.clone(), sibling: Some(siblings.clone()), ..self.clone() }
    }

    /// The bound that is met by now.
    pub(crate) fn met(&self) -> Option<Bound> {
        if self.cancel.is_cancelled() {
            return Some(Bound::Cancelled);
        }
        self.deadline.as_ref().is_some_and(|(deadline, _)| *deadline <= Instant::now()).then_some(Bound::OutOfTime)
    }

    /// Resolves when a bound is met.
    pub(crate) async fn wait(&self) -> Bound {
        let deadline = self.deadline.as_ref().map(|(deadline, _)| *deadline);
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Bound::Cancelled,
            () = sleep_until(deadline) => Bound::OutOfTime,
        }
    }

    /// What a bound that was met says of what it cut; `doing` is what was going on.
    pub(crate) fn failure(&self, bound: Bound, doing: Option<&str>) -> Failure {
        let during = doing.map_or(String::new(), |doing| format!(" while {doing}"));
        let of = |code, status, message| Failure { code, status, message, help: None, span: None };
        match bound {
            Bound::Cancelled => match self.sibling.as_ref().and_then(Siblings::culprit) {
                Some(culprit) => of(Code::Cancelled, Status::Cancelled, format!("ended by `fail_fast`, since {culprit}{during}")),
                None if self.control.cause() == Some(Cause::Timeout) && !self.cancel_is_teardown() => {
                    of(Code::Timeout, Status::Errored, format!("the time of the run (`--timeout`) ran out{during}"))
                }
                None => of(Code::Cancelled, Status::Cancelled, format!("interrupted{during}")),
            },
            Bound::OutOfTime => {
                let whose = self.deadline.as_ref().map_or("the time", |(_, whose)| whose);
                of(Code::Timeout, Status::Errored, format!("{whose} ran out{during}"))
            }
        }
    }

    fn cancel_is_teardown(&self) -> bool {
        self.control.abandon.is_cancelled()
    }
}

/// Never resolves without a deadline.
pub(crate) async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
