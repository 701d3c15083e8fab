//! Names and paths.

use super::{
    Evaluator, Outcome, Stop,
    missing::{Missing, Why},
    step::{Broken, simple},
};
use crate::{
    Value,
    expr::{
        Fault, Lookup, Space,
        ast::{Kind, NodeId, Step, StepKind},
    },
};

/// Where a path stands: at a value, or still at a namespace.
enum Place {
    Value(Value),
    Space(Space),
}

impl<'a> Evaluator<'a> {
    /// The value at the end of a path; `id` is the path's node, or the name's that stands alone.
    pub(super) fn path(&mut self, id: NodeId, base: NodeId, steps: &'a [Step]) -> Outcome {
        let place = match self.base(id, base, steps)? {
            Place::Value(value) => return self.walk(id, base, steps, 0, value),
            Place::Space(space) => space,
        };
        let (mut space, mut index) = (place, 0);
        loop {
            let optional = steps.get(index).is_some_and(|step| step.optional);
            let Some(name) = self.space_step(steps.get(index))? else {
                let value = self.context.scope.space_value(space);
                let value = value.map_err(|fault| self.elsewhere(fault, base))?;
                return self.walk(id, base, steps, index, value);
            };
            let why = match self.context.scope.member(space, &name) {
                Lookup::Value(value) => return self.walk(id, base, steps, index + 1, value),
                Lookup::Space(inner) => {
                    space = inner;
                    index += 1;
                    continue;
                }
                Lookup::NoValue(why) => Why::NoValue(why),
                Lookup::Missing => Why::AnswerMember(space),
                Lookup::Unknown => Why::SpaceMember(space),
                Lookup::Fault(fault) => return Err(self.elsewhere(fault, base)),
            };
            let missing = Missing::new(id, Some(index), steps.len(), why);
            let after = steps.get(index + 1).is_some_and(|step| step.optional);
            if missing.is_absence() && (optional || after) {
                let next = if after { steps.len() } else { index + 1 };
                return self.walk(id, base, steps, next, Value::Null);
            }
            return Err(Stop::Missing(Box::new(missing)));
        }
    }

    /// The name that a step asks a namespace for; `None` when it asks for something else.
    fn space_step(&mut self, step: Option<&'a Step>) -> Result<Option<std::sync::Arc<str>>, Stop> {
        match step.map(|step| &step.kind) {
            Some(StepKind::Member(name)) => Ok(Some(name.clone())),
            Some(StepKind::Index(index)) => match self.value(*index)? {
                Value::Text(name) => Ok(Some(name)),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn base(&mut self, id: NodeId, base: NodeId, steps: &'a [Step]) -> Result<Place, Stop> {
        let Kind::Name { name, .. } = &self.node(base).kind else {
            return match self.eval(base) {
                Ok(value) => Ok(Place::Value(value)),
                Err(Stop::Missing(missing)) => missing_base(*missing, steps),
                Err(stop) => Err(stop),
            };
        };
        let why = match self.context.scope.lookup(name) {
            Lookup::Value(value) => return Ok(Place::Value(value)),
            Lookup::Space(space) => return Ok(Place::Space(space)),
            Lookup::NoValue(why) => Why::NoValue(why),
            Lookup::Unknown | Lookup::Missing => Why::Unknown,
            Lookup::Fault(fault) => return Err(self.elsewhere(fault, base)),
        };
        Err(Stop::Missing(Box::new(Missing::new(id, None, steps.len(), why))))
    }

    /// A fault of another text: it is told where the name stands that leads there.
    fn elsewhere(&self, fault: Fault, base: NodeId) -> Stop {
        Fault { range: self.node(base).range(), ..fault }.into()
    }

    /// Goes on from a value at step `index`: by reference as long as steps only look something up.
    fn walk(&mut self, id: NodeId, base: NodeId, steps: &'a [Step], mut index: usize, mut value: Value) -> Outcome {
        loop {
            let mut at = &value;
            let mut in_headers = false;
            while let Some(next) = steps.get(index).and_then(|step| simple(at, step)) {
                in_headers = matches!(at, Value::Map(map) if map.folds_case());
                at = next;
                index += 1;
            }
            let Some(step) = steps.get(index) else {
                return Ok(at.clone());
            };
            if step.optional && at.is_null() {
                return Ok(Value::Null);
            }
            let at = at.clone();
            value = match self.step(id, step, at, in_headers) {
                Ok(next) => next,
                Err(Broken::Stop(stop)) => return Err(stop),
                Err(Broken::Why(why)) => {
                    let is_absent = matches!(self.node(base).kind, Kind::Item) && self.some_item_has(id, steps)?;
                    if is_absent {
                        return Ok(Value::Null);
                    }
                    let missing = Missing::new(id, Some(index), steps.len(), why);
                    if missing.is_absence() && steps.get(index + 1).is_some_and(|next| next.optional) {
                        return Ok(Value::Null);
                    }
                    if !(missing.is_absence() && step.optional) {
                        return Err(Stop::Missing(Box::new(missing)));
                    }
                    Value::Null
                }
            };
            index += 1;
        }
    }
}

/// The base itself is a path that broke, in parentheses or in a branch.
fn missing_base(missing: Missing, steps: &[Step]) -> Result<Place, Stop> {
    if missing.is_soft() && steps.first().is_some_and(|step| step.optional) {
        return Ok(Place::Value(Value::Null));
    }
    Err(Stop::Missing(Box::new(missing.followed())))
}
