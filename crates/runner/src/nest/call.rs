//! `run_flow`: another flow, with variables of its own, inside this execution.

use super::{Inside, Nest, Stopped};
use crate::{
    attempt::Ended,
    execution::scope_of,
    phases::{FlowEnd, FlowRun},
};
use std::sync::Arc;
use testmesh_events::{Failure, Status};
use testmesh_flow::{
    Code, Map, Value,
    expr::FaultKind,
    plan::Call,
    scope::{Given, Scope},
};

impl Nest<'_> {
    pub(super) async fn call(&self, call: &Call, config: &Value, scope: &mut Scope) -> Result<Inside, Stopped> {
        let given = self.given(call, config, scope)?;
        let address = format!("{}/flow/", self.address);
        let (id, seed) = (scope.execution_id(), scope.seed().derive(&address));
        let inner = scope_of(&call.plan, id, seed, given);
        let flow = FlowRun { execution: self.at.flow.execution, plan: &call.plan, above: &address };
        let end = flow.phases(inner, self.bounds).await;
        let output = output(call, &end);
        if let Value::Map(called) = &output {
            scope.set_called(called.clone());
        }
        let members = output.as_map().cloned().unwrap_or_default();
        let with_flow = [("status", members.get("status")), ("output", members.get("output"))];
        let mut all: Map = with_flow.into_iter().filter_map(|(name, value)| Some((name, value?.clone()))).collect();
        all.insert("flow", output);
        Ok(Inside {
            failure: self.failure(call, &end),
            output: all,
            ran: end.ran,
            asserted: end.asserted,
            left_behind: end.left_behind,
            bound: end.bound,
            hopeless: end.hopeless,
        })
    }

    /// The values that the called flow begins with. Of the caller's `env` those that it uses, evaluated once for both.
    fn given(&self, call: &Call, config: &Value, scope: &Scope) -> Result<Given, Stopped> {
        let now = self.at.now();
        let mut values = Map::new();
        for name in &call.inherits {
            match scope.variable_value(name, &now) {
                Some(Ok(value)) => {
                    values.insert(name.clone(), value);
                }
                Some(Err(fault)) => {
                    let ended = if fault.kind == FaultKind::NoValue { Ended::WithoutValue } else { Ended::Hopeless };
                    let failure = Failure {
                        code: fault.code,
                        status: Status::Errored,
                        message: fault.message,
                        help: fault.help,
                        span: Some(call.span),
                    };
                    return Err((failure, ended));
                }
                None => {}
            }
        }
        let mut input = call.from_file.as_deref().cloned().unwrap_or_default();
        for (name, value) in config.get("input").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
            input.insert(name.clone(), value.clone());
        }
        for (name, value) in input.iter() {
            values.insert(name.clone(), value.clone());
        }
        let exports = scope.exports().clone();
        Ok(Given { values: Arc::new(values), exports, row: None, input, secrets: scope.secrets().clone() })
    }

    /// A called flow that does not pass fails the step, unless the step asserts on its status.
    fn failure(&self, call: &Call, end: &FlowEnd) -> Option<Failure> {
        // A bound speaks for itself, unless the flow came to something worse.
        let of_bound = end.bound.map_or(Status::Passed, |bound| self.bounds.failure(bound, None).status);
        if end.status <= of_bound {
            return None;
        }
        let names = self.step().asserts.iter().flat_map(|assertion| assertion.condition.expr.names());
        let is_status = |name: &testmesh_flow::expr::NameUse| match &*name.name {
            "status" => true,
            "flow" | "response" | "result" => name.path.iter().any(|(member, _)| &**member == "status"),
            _ => false,
        };
        if end.status != Status::Cancelled && names.into_iter().any(|name| is_status(&name)) {
            return None;
        }
        let why = match (&end.failure, &end.culprit) {
            (_, Some(culprit)) => format!("step `{}` {}", culprit.id, culprit.status),
            (Some(failure), None) => failure.message.clone(),
            (None, None) => String::new(),
        };
        let colon = if why.is_empty() { "" } else { ": " };
        let message = format!("the flow `{}` {}{colon}{why}", call.plan.name, end.status);
        let span = end.culprit.as_ref().map(|culprit| culprit.span).or(Some(call.span));
        Some(Failure { code: Code::InnerFailed, status: end.status, message, help: None, span })
    }
}

/// What the caller sees under `flow`.
fn output(call: &Call, end: &FlowEnd) -> Value {
    Value::map(Map::from_iter([
        ("status", Value::text(end.status.name())),
        ("output", Value::map(end.output.clone())),
        ("name", Value::Text(call.plan.name.clone())),
    ]))
}
