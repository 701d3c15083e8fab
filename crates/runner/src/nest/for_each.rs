//! `for_each`: the steps inside run for each item, one after another or at the same time.

use super::{Inside, Nest, Stopped, failed, items::Items, not_passed};
use crate::{phases::Culprit, walk::ListEnd};
use futures_util::{StreamExt, stream};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use testmesh_events::Status;
use testmesh_flow::{Map, Value, plan::Repeated, scope::Scope};

/// How many iterations run at the same time when `parallel: true` says no number.
const AT_ONCE: usize = 100;

impl Nest<'_> {
    pub(super) async fn for_each(&self, repeated: &Repeated, config: &Value, scope: &mut Scope) -> Result<Inside, Stopped> {
        let items = self.at.items(config)?;
        let at_once = match config.get("parallel") {
            Some(Value::Bool(true)) => Some(AT_ONCE),
            Some(number) => number.as_i64().and_then(|count| usize::try_from(count).ok()),
            None => None,
        };
        let rounds = match at_once {
            Some(at_once) => self.at_the_same_time(repeated, &items, at_once, scope).await,
            None => self.one_by_one(repeated, &items, scope).await,
        };
        Ok(rounds.end(items.len()))
    }

    async fn one_by_one(&self, repeated: &Repeated, items: &Items, scope: &mut Scope) -> Rounds {
        let mut rounds = Rounds::new();
        for index in 0..items.len() {
            let Some(item) = items.get(index) else { break };
            let moment = scope.moment();
            let end = self.round(repeated, item, index, scope).await;
            let over = end.bound.is_some() || end.halted.is_some();
            rounds.add(end, scope.captured_since(moment));
            if over {
                break;
            }
        }
        rounds
    }

    async fn round(&self, repeated: &Repeated, item: Value, index: usize, scope: &mut Scope) -> ListEnd {
        scope.enter([(repeated.item.clone(), item), (repeated.index.clone(), Value::from(index as i64))]);
        let end = self.walk(&repeated.steps, &format!("iteration/{index}"), scope).await;
        scope.leave();
        end
    }

    /// Each iteration sees what was known when the loop began; what they learn is joined in the order of the items.
    async fn at_the_same_time(&self, repeated: &Repeated, items: &Items, at_once: usize, scope: &mut Scope) -> Rounds {
        let moment = scope.moment();
        let before = &*scope;
        // Where a failure ends the list, it ends the loop too: no further iteration begins.
        let over = AtomicBool::new(false);
        let iteration = |index: usize| {
            let over = &over;
            async move {
                let item = items.get(index).filter(|_| !over.load(Ordering::Relaxed))?;
                let mut branch = before.fork();
                let end = self.round(repeated, item, index, &mut branch).await;
                if end.bound.is_some() || end.halted.is_some() {
                    over.store(true, Ordering::Relaxed);
                }
                Some((index, end, branch))
            }
        };
        let mut ended: Vec<_> =
            stream::iter(0..items.len()).map(iteration).buffer_unordered(at_once.max(1)).filter_map(std::future::ready).collect().await;
        ended.sort_by_key(|(index, ..)| *index);
        let mut rounds = Rounds::new();
        for (_, end, branch) in ended {
            let captured = branch.captured_since(moment);
            scope.join(branch, moment);
            rounds.add(end, captured);
        }
        rounds
    }
}

/// What a loop comes to, from its iterations in their order. Of each, what it gives is kept and nothing else.
struct Rounds {
    inside: Inside,
    passed: usize,
    /// The first iteration that did not pass.
    first: Option<usize>,
    /// The first that ended as badly as the loop.
    worst: Option<(usize, Culprit)>,
    results: Vec<Value>,
    /// What an iteration gives that passed and captured nothing.
    plain: Arc<Map>,
}

impl Rounds {
    fn new() -> Self {
        let plain = Arc::new(result(Status::Passed, Map::new()));
        Self { inside: Inside::new(Map::new()), passed: 0, first: None, worst: None, results: Vec::new(), plain }
    }

    fn add(&mut self, mut end: ListEnd, captured: Map) {
        self.inside.add(&mut end);
        let given = match end.worst.unwrap_or(Status::Passed) {
            Status::Passed if captured.is_empty() => self.plain.clone(),
            Status::Passed => {
                // The names and the status of all that passed are the same texts.
                let mut given = self.plain.as_ref().clone();
                given.insert("output", captured);
                Arc::new(given)
            }
            status => Arc::new(result(status, captured)),
        };
        match end.culprit.filter(not_passed) {
            None => self.passed += 1,
            Some(culprit) => {
                let index = self.results.len();
                self.first.get_or_insert(index);
                if self.worst.as_ref().is_none_or(|(_, worst)| worst.status < culprit.status) {
                    self.worst = Some((index, culprit));
                }
            }
        }
        self.results.push(Value::Map(given));
    }

    fn end(self, count: usize) -> Inside {
        let Self { mut inside, passed, first, worst, results, .. } = self;
        let ran = results.len();
        let failed_count = ran - passed;
        if let Some((index, culprit)) = worst {
            let rest = if ran < count { format!("; {} of {count} were not run", count - ran) } else { String::new() };
            let which = if first == Some(index) { "first" } else { "worst" };
            let others = if failed_count > 1 { format!("{failed_count} iterations did not pass, the {which} was ") } else { String::new() };
            let message = format!("{others}iteration {} of {count}: step `{}` {}{rest}", index + 1, culprit.id, culprit.status);
            inside.failure = Some(failed(&culprit, message));
        }
        // A loop that may be empty, and is, has done what it is for.
        inside.ran |= count == 0;
        let number = |count: usize| Value::from(count as i64);
        inside.output = Map::from_iter([
            ("results", Value::list(results)),
            ("count", number(count)),
            ("passed", number(passed)),
            ("failed", number(failed_count)),
        ]);
        inside
    }
}

/// What an iteration or a branch gives: its status, and what it captured.
pub(super) fn result(status: Status, captured: Map) -> Map {
    Map::from_iter([("status", Value::text(status.name())), ("output", Value::map(captured))])
}
