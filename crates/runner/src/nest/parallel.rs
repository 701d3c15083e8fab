//! `parallel`: branches that run at the same time, each in a scope of its own.

use super::{Inside, Nest, Stopped, failed, for_each::result, not_passed};
use crate::{
    control::{Bound, Siblings},
    phases::Culprit,
    walk::ListEnd,
};
use futures_util::{StreamExt, stream};
use testmesh_events::Status;
use testmesh_flow::{Map, Value, plan::Branch, scope::Scope};

impl Nest<'_> {
    pub(super) async fn parallel(&self, branches: &[Branch], config: &Value, scope: &mut Scope) -> Result<Inside, Stopped> {
        let moment = scope.moment();
        let siblings = (config.get("fail_fast").and_then(Value::as_bool) == Some(true)).then(|| Siblings::of(self.bounds));
        let at_once = config.get("max_concurrent").and_then(Value::as_i64).and_then(|count| usize::try_from(count).ok());
        let before = &*scope;
        let run = |index: usize| {
            let siblings = siblings.as_ref();
            async move {
                let mut own = before.fork();
                let end = match branches.get(index) {
                    Some(branch) => self.branch(branch, index, &mut own, siblings).await,
                    None => ListEnd::default(),
                };
                (index, end, own)
            }
        };
        let all = stream::iter(0..branches.len()).map(run).buffer_unordered(at_once.unwrap_or(branches.len()).max(1));
        let mut ended: Vec<_> = all.collect().await;
        ended.sort_by_key(|(index, ..)| *index);
        let mut inside = Inside::new(Map::new());
        let mut culprits: Vec<(usize, Culprit)> = Vec::new();
        let ended_early = siblings.as_ref().is_some_and(Siblings::has_ended);
        for (index, mut end, own) in ended {
            if ended_early {
                // What ended it is another branch, not the whole.
                end.bound = end.bound.filter(|bound| *bound != Bound::Cancelled).or_else(|| self.bounds.met());
            }
            inside.add(&mut end);
            let status = end.worst.unwrap_or(Status::Passed);
            let name = branches.get(index).map_or("", |branch| &branch.name);
            inside.output.insert(name, result(status, own.captured_since(moment)));
            scope.join(own, moment);
            // What another branch ended is no reason of its own.
            let culprit = if ended_early { end.uncancelled } else { end.culprit };
            culprits.extend(culprit.filter(not_passed).map(|culprit| (index, culprit)));
        }
        if let Some((index, culprit)) = culprits.iter().max_by(|a, b| a.1.status.cmp(&b.1.status).then(b.0.cmp(&a.0))) {
            let name = branches.get(*index).map_or("", |branch| &branch.name);
            inside.failure = Some(failed(culprit, format!("branch `{name}`: step `{}` {}", culprit.id, culprit.status)));
        }
        Ok(inside)
    }

    async fn branch(&self, branch: &Branch, index: usize, scope: &mut Scope, siblings: Option<&Siblings>) -> ListEnd {
        let bounds = siblings.map_or_else(|| self.bounds.clone(), |siblings| self.bounds.among(siblings));
        let address = format!("{}/branch/{index}", self.address);
        let mut end = self.new_end();
        self.at.flow.walk(&branch.steps, &address, &bounds, scope, &mut end).await;
        // Where the whole has come to its end there is nothing left to end.
        let culprit = end.culprit.as_ref().filter(|culprit| not_passed(culprit) && self.bounds.met().is_none());
        if let (Some(siblings), Some(culprit)) = (siblings, culprit) {
            siblings.end(&format!("branch `{}` {}", branch.name, culprit.status));
        }
        end
    }
}
