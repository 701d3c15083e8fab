//! What a test of an action needs: a step to run it for, and what it said.

use crate::{
    action::ActionError,
    context::{Evaluate, ExecutionContext, Note, StepContext, lock},
    registry::Actions,
};
use std::{sync::Arc, time::Duration};
use testmesh_events::Level;
use testmesh_flow::{Code, Map, Value, schema::Shape};

/// A step that belongs to no flow.
pub struct Probe {
    pub execution: ExecutionContext,
    /// The output fields that are asserted.
    pub asserted: Vec<Arc<str>>,
    pub time_left: Option<Duration>,
    /// How expressions are evaluated; by default none can be.
    pub evaluate: Box<Evaluate<'static>>,
}

/// What an action said beside its output.
#[derive(Debug, Default)]
pub struct Said {
    pub logs: Vec<(Level, String, Value)>,
    pub warnings: Vec<(Code, String)>,
    /// The code and the words of the last phase.
    pub waiting: Option<(Code, String)>,
}

impl Default for Probe {
    fn default() -> Self {
        let evaluate =
            |text: &str, _: &Map| Err(ActionError::errored(Code::ExpressionSyntax, format!("`{text}` cannot be evaluated here")));
        Self { execution: ExecutionContext::default(), asserted: Vec::new(), time_left: None, evaluate: Box::new(evaluate) }
    }
}

impl Probe {
    /// The context of a step; each call begins another one of the same execution.
    pub fn context(&self) -> StepContext<'_> {
        StepContext {
            execution: &self.execution,
            cancel: tokio_util::sync::CancellationToken::new(),
            time_left: self.time_left,
            waiting: None.into(),
            notes: Vec::new().into(),
            asserted: &self.asserted,
            evaluate: &*self.evaluate,
            random: &|salt| salt.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)),
        }
    }
}

impl StepContext<'_> {
    /// What the action said until now.
    pub fn said(&self) -> Said {
        let mut said = Said { waiting: lock(&self.waiting).clone().map(|waiting| (waiting.code, waiting.doing)), ..Said::default() };
        for note in lock(&self.notes).iter() {
            match note {
                Note::Log { level, message, data } => said.logs.push((*level, message.clone(), data.clone())),
                Note::Warning { code, message, .. } => said.warnings.push((*code, message.clone())),
            }
        }
        said
    }
}

impl Actions {
    /// Runs an action as the engine does, with a config that is rendered already. `None` when there is no such action.
    ///
    /// # Panics
    ///
    /// When an output is not what the action's schema says: flows are checked against that.
    pub async fn call(&self, name: &str, config: Value, cx: &StepContext<'_>) -> Option<Result<Map, ActionError>> {
        let run = self.get(name)?;
        let answer = run(config, cx).await;
        if let Ok(output) = &answer {
            let wrong = self.misdescribed(name, output);
            assert!(wrong.is_empty(), "the output of `{name}` is not as its schema says: {}", wrong.join(", "));
        }
        Some(answer)
    }

    /// Fields that the schema lacks, and those that it promises and are not there.
    fn misdescribed(&self, name: &str, output: &Map) -> Vec<String> {
        let catalog = self.catalog();
        let Some(Shape::Object(object)) = catalog.find(name).map(|spec| &spec.output) else { return Vec::new() };
        let unknown =
            output.keys().filter(|field| !object.open && object.find(field).is_none()).map(|field| format!("`{field}` is unknown"));
        let absent = object.keys.keys().filter(|field| !output.contains(field)).map(|field| format!("`{field}` is absent"));
        unknown.chain(absent).collect()
    }
}
