//! Control flow: steps that hold steps, and calls of other flows.

use super::{Condition, Plan, Step, Tree};
use crate::{Map, Span};
use std::sync::Arc;

/// What a step of control flow does. What its config says beside the steps is rendered as any config is.
#[derive(Clone, Debug)]
pub enum Control {
    Condition { condition: Condition, then: Vec<Step>, otherwise: Vec<Step> },
    ForEach(Repeated),
    Parallel { branches: Vec<Branch> },
    WaitUntil { condition: Condition, steps: Vec<Step> },
    RunFlow(Call),
}

/// The steps of a loop, and how they call what they are repeated for.
#[derive(Clone, Debug)]
pub struct Repeated {
    pub item: Arc<str>,
    pub index: Arc<str>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub struct Branch {
    pub name: Arc<str>,
    pub steps: Vec<Step>,
}

/// Another flow, planned for this call.
#[derive(Clone, Debug)]
pub struct Call {
    pub plan: Arc<Plan>,
    /// Where the flow is named.
    pub span: Span,
    /// Variables of the caller's `env` that the flow sees.
    pub inherits: Vec<Arc<str>>,
    /// What `input_file` holds.
    pub from_file: Option<Arc<Map>>,
}

/// A value that a flow gives to its caller.
#[derive(Clone, Debug)]
pub struct Exported {
    pub name: Arc<str>,
    pub span: Span,
    pub value: ExportedValue,
}

#[derive(Clone, Debug)]
pub enum ExportedValue {
    Expression(Condition),
    Data(Tree),
}

impl Control {
    /// The lists of steps inside, in written order.
    pub fn lists(&self) -> impl DoubleEndedIterator<Item = &[Step]> {
        let lists: Vec<&[Step]> = match self {
            Self::Condition { then, otherwise, .. } => vec![then, otherwise],
            Self::ForEach(Repeated { steps, .. }) | Self::WaitUntil { steps, .. } => vec![steps],
            Self::Parallel { branches } => branches.iter().map(|branch| &*branch.steps).collect(),
            Self::RunFlow(_) => Vec::new(),
        };
        lists.into_iter()
    }

    pub(super) fn lists_mut(&mut self) -> Vec<&mut Vec<Step>> {
        match self {
            Self::Condition { then, otherwise, .. } => vec![then, otherwise],
            Self::ForEach(Repeated { steps, .. }) | Self::WaitUntil { steps, .. } => vec![steps],
            Self::Parallel { branches } => branches.iter_mut().map(|branch| &mut branch.steps).collect(),
            Self::RunFlow(_) => Vec::new(),
        }
    }

    /// Whether something inside can say no.
    pub(super) fn can_say_no(&self) -> bool {
        match self {
            Self::WaitUntil { .. } => true,
            Self::RunFlow(call) => call.plan.steps.iter().any(|step| !step.disabled && step.can_say_no()),
            _ => self.lists().flatten().any(|step| !step.disabled && step.can_say_no()),
        }
    }
}
