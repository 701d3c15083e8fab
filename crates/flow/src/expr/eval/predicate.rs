//! Functions that go through a list with a predicate.

use super::{Evaluator, Frame, Outcome, Stop, arithmetic};
use crate::{
    Map, Value,
    expr::{
        Fault,
        ast::{Binary, Each, Kind, NodeId},
        builtins::{descending, sort_by},
        fault::{Problem, describe},
    },
};
use indexmap::IndexMap;
use std::{ops::Range, sync::Arc};

/// Groups of items by the text of what they were grouped by, which is beside them.
type Groups = IndexMap<Arc<str>, (Value, Vec<Value>)>;

fn groups_as_members(groups: Groups) -> Value {
    let members = groups.into_iter().map(|(name, (_, items))| (name, Value::list(items)));
    Value::map(members.collect::<Map>())
}

impl Evaluator<'_> {
    pub(super) fn each(
        &mut self,
        each: Each,
        list: NodeId,
        predicate: Option<NodeId>,
        extra: Option<NodeId>,
        range: &Range<usize>,
    ) -> Outcome {
        let items = self.items_of(each, list)?;
        let length = items.len();
        self.limited(range, |meter| meter.steps(length))?;
        let extra = match extra {
            Some(extra) => Some((extra, self.value(extra)?)),
            None => None,
        };
        let known = Vec::new();
        self.frames.push(Frame { items, index: 0, accumulator: Value::Null, known });
        let result = match each {
            Each::All | Each::Any | Each::None | Each::One | Each::Count => self.quantify(each, predicate, length, range),
            Each::Find | Each::FindIndex | Each::FindLast | Each::FindLastIndex => self.find(each, predicate, length),
            Each::Filter => self.filter(predicate, length, range),
            Each::Map => self.mapped(predicate, length, range),
            Each::Sum => {
                let is_literal = matches!(&self.node(list).kind, Kind::List(items) if items.len() > 1);
                self.sum(predicate, length, is_literal, range)
            }
            Each::GroupBy => self.group(predicate, length, range).map(groups_as_members),
            Each::GroupKeys => {
                self.group(predicate, length, range).map(|groups| Value::list(groups.into_values().map(|(key, _)| key).collect()))
            }
            Each::SortBy => self.sorted(predicate, extra.as_ref(), length, range),
            Each::Reduce => self.reduce(predicate, extra.map(|(_, start)| start), length, range),
        };
        self.frames.pop();
        result
    }

    /// The items to go through: those of a list, or the bytes of a text, as in Go.
    fn items_of(&mut self, each: Each, list: NodeId) -> Result<Arc<Vec<Value>>, Stop> {
        match self.value(list)? {
            Value::List(items) => Ok(items),
            Value::Text(text) => {
                let range = &self.node(list).range();
                self.limited(range, |meter| meter.items(text.len()))?;
                Ok(Arc::new(text.bytes().map(|byte| Value::Int(byte.into())).collect()))
            }
            other => {
                let range = self.node(list).range();
                let written = self.text_of(&range);
                let message = format!("`{}` goes through a list, not {}", each.name(), describe(&other));
                let fault = Fault::mismatch(range, message);
                Err(match other {
                    Value::Map(_) => fault.help(format!("its values are `values({written})`, its names `keys({written})`")),
                    Value::Null => fault.help(format!("for when it may be null write `{written} ?? []`")),
                    _ => fault,
                }
                .into())
            }
        }
    }

    /// What the predicate says of the item at `index`; without a predicate, the item itself.
    fn of_item(&mut self, predicate: Option<NodeId>, index: usize) -> Outcome {
        if let Some(frame) = self.frames.last_mut() {
            frame.index = index;
        }
        match predicate {
            Some(predicate) => self.value(predicate),
            None => Ok(self.item()),
        }
    }

    fn holds(&mut self, each: Each, predicate: Option<NodeId>, index: usize) -> Result<bool, Stop> {
        match self.of_item(predicate, index)? {
            Value::Bool(value) => Ok(value),
            other => {
                let name = each.name();
                let Some(predicate) = predicate else {
                    let message = format!("`{name}` counts booleans; item {index} is {}", describe(&other));
                    return Err(Problem::new(message)
                        .help(format!("say which items count: `{name}(list, predicate)`"))
                        .fault(self.tree.range())
                        .into());
                };
                let range = self.node(predicate).range();
                let written = self.text_of(&range);
                Err(super::operate::not_boolean(&other, written, range, &format!("`{name}`")).into())
            }
        }
    }

    fn quantify(&mut self, each: Each, predicate: Option<NodeId>, length: usize, range: &Range<usize>) -> Outcome {
        let mut count = 0_usize;
        for index in 0..length {
            let mark = self.mark(index);
            let held = self.holds(each, predicate, index)?;
            count += usize::from(held);
            let decides = match each {
                Each::All => !held,
                Each::Any | Each::None => held,
                _ => false,
            };
            // For the record, of all items only the one that decides counts, or the first that does not hold.
            let told = decides || (!held && each != Each::None);
            self.release(mark, told);
            if decides {
                return Ok(Value::Bool(each == Each::Any));
            }
        }
        self.note_whole(range);
        Ok(match each {
            Each::Count => Value::unsigned(count as u64),
            Each::One => Value::Bool(count == 1),
            _ => Value::Bool(each != Each::Any),
        })
    }

    fn find(&mut self, each: Each, predicate: Option<NodeId>, length: usize) -> Outcome {
        let is_last = matches!(each, Each::FindLast | Each::FindLastIndex);
        for step in 0..length {
            let index = if is_last { length - 1 - step } else { step };
            let mark = self.mark(index);
            let held = self.holds(each, predicate, index)?;
            self.release(mark, !held);
            if held {
                return Ok(match each {
                    Each::Find | Each::FindLast => self.item(),
                    _ => Value::unsigned(index as u64),
                });
            }
        }
        Ok(Value::Null)
    }

    fn filter(&mut self, predicate: Option<NodeId>, length: usize, range: &Range<usize>) -> Outcome {
        let mut kept = Vec::new();
        for index in 0..length {
            let mark = self.mark(index);
            let held = self.holds(Each::Filter, predicate, index)?;
            self.release(mark, !held);
            if held {
                kept.push(self.item());
            }
        }
        self.limited(range, |meter| meter.items(kept.len()))?;
        Ok(Value::list(kept))
    }

    fn mapped(&mut self, predicate: Option<NodeId>, length: usize, range: &Range<usize>) -> Outcome {
        self.limited(range, |meter| meter.items(length))?;
        let mut values = Vec::with_capacity(length);
        for index in 0..length {
            values.push(self.quiet(predicate, index)?);
        }
        Ok(Value::list(values))
    }

    /// The predicate's value, of which only a fault leaves a record.
    fn quiet(&mut self, predicate: Option<NodeId>, index: usize) -> Outcome {
        let mark = self.mark(index);
        let value = self.of_item(predicate, index)?;
        self.release(mark, false);
        Ok(value)
    }

    /// The sum, from zero on; that of a list written out is `a + b + …`, which texts have too.
    fn sum(&mut self, predicate: Option<NodeId>, length: usize, written_out: bool, range: &Range<usize>) -> Outcome {
        let mut sum = Value::Int(0);
        for index in 0..length {
            let value = self.quiet(predicate, index)?;
            if index == 0 && written_out && predicate.is_none() {
                sum = value;
                continue;
            }
            sum = arithmetic::calculate(&mut self.context.meter, Binary::Add, &sum, &value).map_err(|problem| {
                let at = predicate.map_or(range.clone(), |id| self.node(id).range());
                Stop::from(problem.fault(at))
            })?;
        }
        Ok(sum)
    }

    /// Lists of items by what the predicate says of them.
    fn group(&mut self, predicate: Option<NodeId>, length: usize, range: &Range<usize>) -> Result<Groups, Stop> {
        let mut groups = Groups::new();
        self.limited(range, |meter| meter.items(length))?;
        for index in 0..length {
            let key = self.quiet(predicate, index)?;
            let name: Arc<str> = match &key {
                Value::Text(name) => name.clone(),
                Value::Null | Value::List(_) | Value::Map(_) => {
                    let message = format!("`groupBy` groups by texts, numbers and booleans, not by {}", describe(&key));
                    let at = predicate.map_or(range.clone(), |id| self.node(id).range());
                    return Err(Fault::mismatch(at, message).into());
                }
                other => other.to_text().unwrap_or_default().into(),
            };
            let item = self.item();
            groups.entry(name).or_insert_with(|| (key, Vec::new())).1.push(item);
        }
        Ok(groups)
    }

    fn sorted(&mut self, predicate: Option<NodeId>, order: Option<&(NodeId, Value)>, length: usize, range: &Range<usize>) -> Outcome {
        let is_descending = match order {
            Some((id, order)) => descending(Some(order)).map_err(|problem| self.fault_at(problem, *id))?,
            None => false,
        };
        self.limited(range, |meter| meter.items(length))?;
        let mut items = Vec::with_capacity(length);
        for index in 0..length {
            let key = self.quiet(predicate, index)?;
            items.push((key, self.item()));
        }
        sort_by(&mut items, is_descending, |(key, _)| key).map_err(|problem| {
            let at = predicate.map_or(range.clone(), |id| self.node(id).range());
            Stop::from(problem.fault(at))
        })?;
        Ok(Value::list(items.into_iter().map(|(_, item)| item).collect()))
    }

    fn reduce(&mut self, predicate: Option<NodeId>, start: Option<Value>, length: usize, range: &Range<usize>) -> Outcome {
        let (first, start) = match start {
            Some(start) => (0, start),
            None if length == 0 => {
                let problem = Problem::new("`reduce` of an empty list needs a start")
                    .help("give it as the third argument: `reduce(list, #acc + #, 0)`");
                return Err(problem.fault(range.clone()).into());
            }
            None => (1, self.item()),
        };
        self.accumulate(start);
        for index in first..length {
            let value = self.quiet(predicate, index)?;
            // Each round may double what it was given: the size is watched while it grows.
            self.limited(range, |meter| meter.visit(&value))?;
            self.accumulate(value);
        }
        Ok(self.frames.last().map_or(Value::Null, |frame| frame.accumulator.clone()))
    }

    fn accumulate(&mut self, value: Value) {
        if let Some(frame) = self.frames.last_mut() {
            frame.accumulator = value;
        }
    }
}
