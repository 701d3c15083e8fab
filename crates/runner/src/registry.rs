//! All actions of a build, erased: the engine knows them by name.

use crate::{
    action::{Action, ActionError, Output, Spec},
    config,
    context::StepContext,
};
use futures_util::{FutureExt, future::BoxFuture};
use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc};
use testmesh_flow::{
    Code, Map, Value,
    catalog::{ActionSpec, Catalog},
    schema::Shape,
};

type Run = dyn for<'a> Fn(Value, &'a StepContext<'a>) -> BoxFuture<'a, Result<Map, ActionError>> + Send + Sync;

/// The actions that this build contains.
#[derive(Clone, Default)]
pub struct Actions {
    runs: HashMap<&'static str, Arc<Run>>,
    specs: Vec<ActionSpec>,
}

impl Actions {
    #[must_use]
    pub fn with<A: Action>(mut self, action: A) -> Self {
        let action = Arc::new(action);
        let run: Arc<Run> = Arc::new(move |value, cx| {
            let action = action.clone();
            Box::pin(async move {
                let config = config::read::<A::Config>(value).map_err(|error| ActionError::errored(Code::ConfigRejected, error))?;
                // A panic is a bug of the action. It must not keep the teardown of the flow from running.
                match AssertUnwindSafe(action.run(config, cx)).catch_unwind().await {
                    Ok(output) => Ok(output?.into_map()),
                    Err(_) => {
                        Err(ActionError::errored(Code::Internal, format!("the action `{}` panicked: this is a bug in it", A::SPEC.name))
                            .help("what it said stands on standard error; please report it with the flow"))
                    }
                }
            })
        });
        self.runs.insert(A::SPEC.name, run);
        self.specs.push(spec::<A>(&A::SPEC));
        self
    }

    /// What the planner checks flows against.
    pub fn catalog(&self) -> Catalog {
        Catalog::new(self.specs.clone())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Run>> {
        self.runs.get(name)
    }
}

fn spec<A: Action>(spec: &Spec) -> ActionSpec {
    let config = schemars::schema_for!(A::Config).to_value();
    let output = schemars::schema_for!(A::Output).to_value();
    ActionSpec {
        name: spec.name.into(),
        aliases: spec.aliases.iter().map(|alias| Arc::from(*alias)).collect(),
        about: spec.about.into(),
        config: Shape::from_json_schema(&config),
        output: Shape::from_json_schema(&output),
        config_schema: Arc::new(config),
        output_schema: Arc::new(output),
        subject: spec.subject.map(Arc::from),
        timeout: spec.timeout,
        in_build: true,
    }
}
