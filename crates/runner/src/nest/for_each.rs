//! `for_each`: the steps inside run for each item, one after another or at the same time.

use super::{Inside, Nest, Stopped, failed, items::Items, not_passed};
use crate::walk::ListEnd;
use futures_util::{StreamExt, stream};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use testmesh_events::Status;
use testmesh_flow::{Map, Value, plan::Repeated, scope::Scope};

/// How many iterations run at the same time when `parallel: true` says no number.
const AT_ONCE: usize = 100;

/// What an iteration came to.
struct Round {
    end: ListEnd,
    captured: Map,
}

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
        Ok(loop_end(rounds, items.len()))
    }

    async fn one_by_one(&self, repeated: &Repeated, items: &Items, scope: &mut Scope) -> Vec<Round> {
        let mut rounds = Vec::new();
        for index in 0..items.len() {
            let Some(item) = items.get(index) else { break };
            let moment = scope.moment();
            let end = self.round(repeated, item, index, scope).await;
            let over = end.bound.is_some() || end.halted.is_some();
            rounds.push(Round { end, captured: scope.captured_since(moment) });
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
    async fn at_the_same_time(&self, repeated: &Repeated, items: &Items, at_once: usize, scope: &mut Scope) -> Vec<Round> {
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
        let mut rounds = Vec::new();
        for (_, end, branch) in ended {
            let captured = branch.captured_since(moment);
            scope.join(branch, moment);
            rounds.push(Round { end, captured });
        }
        rounds
    }
}

/// What a loop came to, from all its iterations.
fn loop_end(rounds: Vec<Round>, count: usize) -> Inside {
    let ran = rounds.len();
    let mut inside = Inside::new(Map::new());
    let (mut passed, mut first, mut results) = (0, None, Vec::new());
    // Iterations that passed and captured nothing are all alike.
    let plain = result(Status::Passed, &Map::new());
    for (index, Round { mut end, captured }) in rounds.into_iter().enumerate() {
        inside.add(&mut end);
        let status = end.worst.unwrap_or(Status::Passed);
        results.push(if status == Status::Passed && captured.is_empty() { plain.clone() } else { result(status, &captured) });
        match end.culprit.filter(not_passed) {
            None => passed += 1,
            Some(culprit) => first = first.or(Some((index, culprit))),
        }
    }
    let failed_count = ran - passed;
    if let Some((index, culprit)) = first {
        let rest = if ran < count { format!("; {} of {count} were not run", count - ran) } else { String::new() };
        let others = if failed_count > 1 { format!("{failed_count} iterations did not pass, the first was") } else { String::new() };
        let lead = if others.is_empty() { String::new() } else { format!("{others} ") };
        let message = format!("{lead}iteration {} of {count}: step `{}` {}{rest}", index + 1, culprit.id, culprit.status);
        inside.failure = Some(failed(&culprit, message));
    }
    let number = |count: usize| Value::from(count as i64);
    inside.output = Map::from_iter([
        ("results", Value::list(results)),
        ("count", number(count)),
        ("passed", number(passed)),
        ("failed", number(failed_count)),
    ]);
    inside
}

/// What an iteration or a branch gives: its status, and what it captured.
pub(super) fn result(status: Status, captured: &Map) -> Value {
    let output: Arc<Map> = Arc::new(captured.clone());
    Value::map(Map::from_iter([("status", Value::text(status.name())), ("output", Value::Map(output))]))
}
