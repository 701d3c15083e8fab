//! The evaluator: walks the tree once, borrowing from the values it meets.
//!
//! *Missing* travels as a [`Stop`], never as a value: `exists`, `??` and comparisons with nil catch it, everything else turns it into a fault.

mod access;
mod arithmetic;
pub(super) mod compare;
mod comparison;
mod contain;
pub(super) mod index;
mod missing;
mod operate;
mod power;
mod predicate;
mod record;
mod step;
mod text;

use super::{
    Fault, Scope, Trace, Tree,
    ast::{Kind, Node, NodeId},
    builtins::Context,
    fault::{Problem, describe},
    meter::Meter,
};
use crate::{Map, Value};
use missing::Missing;
pub(super) use operate::not_boolean;
use record::Recorder;
use std::{ops::Range, sync::Arc};

/// Why a node has no value.
#[derive(Debug)]
enum Stop {
    Missing(Box<Missing>),
    Fault(Box<Fault>),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

type Outcome = Result<Value, Stop>;

/// A predicate at work on a list.
struct Frame {
    items: Arc<Vec<Value>>,
    index: usize,
    accumulator: Value,
    /// For paths from the item that broke: whether any item has the whole path.
    known: Vec<(NodeId, bool)>,
}

struct Evaluator<'a> {
    tree: &'a Tree,
    context: Context<'a>,
    /// The variables of `let` that can be seen.
    locals: Vec<Value>,
    frames: Vec<Frame>,
    /// The arguments of the calls at work, so that a call allocates nothing.
    stack: Vec<Value>,
    /// The regular expression that was used last, when it is no constant.
    pattern: Option<(Arc<str>, regex::Regex)>,
    recorder: Option<Box<Recorder>>,
}

/// Evaluates a tree from its root.
pub(super) fn run(tree: &Tree, scope: &dyn Scope) -> Result<Value, Fault> {
    Evaluator::new(tree, scope, None).root()
}

/// The value of one node that depends on nothing; `None` when it has none.
pub(super) fn constant(tree: &Tree, id: NodeId, scope: &dyn Scope) -> Option<Value> {
    Evaluator::new(tree, scope, None).value(id).ok()
}

/// Evaluates and keeps what each part was.
pub(super) fn run_recorded(tree: &Tree, scope: &dyn Scope) -> (Result<Value, Fault>, Trace) {
    let mut evaluator = Evaluator::new(tree, scope, Some(Box::default()));
    let result = evaluator.root();
    let recorder = evaluator.recorder.take().unwrap_or_default();
    let fallback = tree.range();
    let trace = recorder.finish(result.as_ref().err().map(|fault| &fault.range), fallback);
    (result, trace)
}

/// Renders the tree of a template as text.
pub(super) fn run_text(tree: &Tree, scope: &dyn Scope) -> Result<String, Fault> {
    let mut evaluator = Evaluator::new(tree, scope, None);
    let rendered = match &tree.root {
        super::Root::Expression(id) => evaluator.value(*id).and_then(|value| {
            let range = evaluator.node(*id).range();
            evaluator.as_text(&value, &range)
        }),
        super::Root::Template(pieces) => evaluator.pieces(pieces),
    };
    rendered.map_err(|stop| evaluator.settle(stop))
}

impl<'a> Evaluator<'a> {
    fn new(tree: &'a Tree, scope: &'a dyn Scope, recorder: Option<Box<Recorder>>) -> Self {
        let place = tree.range().start;
        let context = Context { scope, meter: Meter::default(), place, draws: 0, note: None, query: None, validator: None };
        Self { tree, context, locals: Vec::new(), frames: Vec::new(), stack: Vec::new(), pattern: None, recorder }
    }

    fn root(&mut self) -> Result<Value, Fault> {
        let result = match &self.tree.root {
            super::Root::Expression(id) => self.value(*id),
            super::Root::Template(pieces) => self.template(pieces),
        };
        let value = result.map_err(|stop| self.settle(stop))?;
        if self.tree.only_reads {
            return Ok(value);
        }
        // What was built here may be huge when it is written out, and may hold dates.
        self.context.meter.visit(&value).map_err(|problem| problem.fault(self.tree.range()))?;
        Ok(value.leave())
    }

    fn node(&self, id: NodeId) -> &'a Node {
        self.tree.ast.get(id)
    }

    /// The text of a range, for messages.
    fn text_of(&self, range: &Range<usize>) -> &'a str {
        self.tree.text.get(range.clone()).unwrap_or("…")
    }

    /// A node's value; what is missing is a fault.
    fn value(&mut self, id: NodeId) -> Outcome {
        match self.eval(id) {
            Err(stop @ Stop::Missing(_)) => Err(self.settle(stop).into()),
            other => other,
        }
    }

    /// A node's value; what is missing stays so.
    fn eval(&mut self, id: NodeId) -> Outcome {
        let node = self.node(id);
        self.limited(&node.range(), |meter| meter.steps(1))?;
        if self.recorder.is_some() { self.recorded(id, node) } else { self.plain(id, node) }
    }

    fn plain(&mut self, id: NodeId, node: &'a Node) -> Outcome {
        match &node.kind {
            Kind::Literal(value) => Ok(value.clone()),
            Kind::Name { .. } => self.path(id, id, &[]),
            Kind::Path { base, steps, .. } => self.path(id, *base, steps),
            Kind::Local(slot) => Ok(self.locals.get(*slot).cloned().unwrap_or(Value::Null)),
            Kind::Item => Ok(self.item()),
            Kind::Index => Ok(self.frames.last().map_or(Value::Null, |frame| Value::unsigned(frame.index as u64))),
            Kind::Accumulator => Ok(self.frames.last().map_or(Value::Null, |frame| frame.accumulator.clone())),
            Kind::Unary { operator, operand } => self.unary(*operator, *operand, &node.range()),
            Kind::Binary { operator, left, right } => self.binary(*operator, *left, *right, &node.range()),
            Kind::Matches { operand, pattern } => self.matches(*operand, pattern, id, &node.range()),
            Kind::Exists(operand) => self.exists(*operand),
            Kind::Conditional { condition, yes, no } => self.conditional(*condition, *yes, *no),
            Kind::Let { value, body } => self.with_local(*value, *body),
            Kind::Sequence(items) => self.sequence(items),
            Kind::List(items) => self.list(items, &node.range()),
            Kind::Map(members) => self.map(members, &node.range()),
            Kind::Call(call) => {
                let super::ast::Call { function, arguments } = &**call;
                let result = self.with_arguments(arguments, |context, values| function.call(context, values))?;
                result.map_err(|problem| self.call_failed(problem, id, arguments))
            }
            Kind::Each { each, list, predicate, extra } => self.each(*each, *list, *predicate, *extra, &node.range()),
            Kind::Hole(hole) => self.hole(hole).map(text::typed),
            Kind::Text(pieces) => self.pieces(pieces).map(Value::from),
        }
    }

    /// The current item of the innermost predicate.
    fn item(&self) -> Value {
        let frame = self.frames.last();
        frame.and_then(|frame| frame.items.get(frame.index)).cloned().unwrap_or(Value::Null)
    }

    fn with_local(&mut self, value: NodeId, body: NodeId) -> Outcome {
        let value = self.value(value)?;
        self.locals.push(value);
        let result = self.eval(body);
        self.locals.pop();
        result
    }

    fn sequence(&mut self, items: &'a [NodeId]) -> Outcome {
        let Some((last, before)) = items.split_last() else {
            return Ok(Value::Null);
        };
        for item in before {
            self.value(*item)?;
        }
        self.eval(*last)
    }

    fn list(&mut self, items: &'a [NodeId], range: &Range<usize>) -> Outcome {
        self.limited(range, |meter| meter.items(items.len()))?;
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            list.push(self.value(*item)?);
        }
        Ok(Value::list(list))
    }

    /// An object; of members with one name the first counts, as in Go.
    fn map(&mut self, members: &'a [(NodeId, NodeId)], range: &Range<usize>) -> Outcome {
        self.limited(range, |meter| meter.items(members.len()))?;
        let mut map = Map::new();
        for (key, value) in members {
            let name = match self.value(*key)? {
                Value::Text(name) => name,
                other => {
                    let message = format!("the name of a member is a text, not {}", describe(&other));
                    return Err(Fault::mismatch(self.node(*key).range(), message).into());
                }
            };
            let value = self.value(*value)?;
            if !map.contains(&name) {
                map.insert(name, value);
            }
        }
        Ok(Value::map(map))
    }

    /// Evaluates arguments onto the stack and hands them over.
    fn with_arguments<T>(&mut self, arguments: &'a [NodeId], call: impl FnOnce(&mut Context<'a>, &[Value]) -> T) -> Result<T, Stop> {
        let start = self.stack.len();
        for argument in arguments {
            let value = self.value(*argument)?;
            self.stack.push(value);
        }
        let result = call(&mut self.context, self.stack.get(start..).unwrap_or_default());
        self.stack.truncate(start);
        Ok(result)
    }

    fn call_failed(&self, problem: Problem, id: NodeId, arguments: &[NodeId]) -> Stop {
        if problem.is_missing() {
            return Stop::Missing(Box::new(Missing::nothing(id, problem)));
        }
        let about = problem.argument.and_then(|index| arguments.get(index));
        self.fault_at(problem, about.copied().unwrap_or(id))
    }

    fn fault_at(&self, problem: Problem, id: NodeId) -> Stop {
        problem.fault(self.node(id).range()).into()
    }

    fn limited(&mut self, range: &Range<usize>, spend: impl FnOnce(&mut Meter) -> Result<(), Problem>) -> Result<(), Stop> {
        spend(&mut self.context.meter).map_err(|problem| problem.fault(range.clone()).into())
    }
}
