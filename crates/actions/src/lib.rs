//! The protocols: what a step can do.
//!
//! Each action is a module with its config, its output and its tests. [`all`] gives them as the engine wants them.
//!
//! Invariants: the network is reached through [`StepContext::dial`](testmesh_runner::StepContext::dial) alone; what an action opens is held by the
//! future that runs it or by the execution, so that dropping either closes it; nothing is kept in the process beyond the [`Actions`].

pub mod assert;
pub mod delay;
pub mod exec;
pub mod http;
pub mod log;
mod scalar;
#[cfg(test)]
mod testing;
pub mod transform;
pub mod wait_for;

use std::sync::Arc;
use testmesh_runner::Actions;

/// Every action that this build contains.
pub fn all() -> Actions {
    with_roots(Arc::default())
}

/// Every action, trusting these certificate authorities.
fn with_roots(roots: Arc<http::Roots>) -> Actions {
    Actions::default()
        .with(http::HttpRequest::new(roots.clone()))
        .with(wait_for::WaitFor::new(roots))
        .with(assert::Assert)
        .with(transform::Transform)
        .with(log::Log)
        .with(delay::Delay)
        .with(exec::Exec)
}

#[cfg(test)]
mod tests {
    use testmesh_flow::schema::{KeyKind, Shape};

    #[test]
    fn the_catalog_says_what_an_author_may_write() {
        let catalog = crate::all().catalog();
        let http = catalog.find("http").unwrap();
        assert_eq!((&*http.name, http.subject.as_deref()), ("http_request", Some("body")));
        let config = http.config.object().unwrap();
        assert!(!config.open && config.keys["url"].required);
        let required = config.keys.values().filter(|key| key.required).count();
        let lacking: Vec<_> = config.keys.iter().filter(|(_, key)| !key.in_build).map(|(name, _)| name.as_ref()).collect();
        assert_eq!(required, 1);
        assert_eq!(lacking.len(), 13, "{lacking:?}");
        for (alias, name) in [("params", "query"), ("query_params", "query"), ("form_data", "form")] {
            assert_eq!(config.find(alias).unwrap().0.as_ref(), name);
        }
        for (key, shape) in [
            ("method", "text"),
            ("body", "any value"),
            ("headers", "an object"),
            ("cookies", "an object or `off`"),
            ("follow_redirects", "true or false"),
            ("timeout", "a duration such as `10s`"),
            ("max_body", "an integer or text"),
        ] {
            assert_eq!(config.keys[key].shape.words(), shape, "{key}");
        }
        for action in catalog.actions().iter().filter(|action| action.in_build) {
            let undocumented = |shape: &Shape| {
                shape.object().map(|object| object.keys.iter().find(|(_, key)| key.about.is_empty()).map(|(name, _)| name.clone()))
            };
            assert_eq!(undocumented(&action.config).flatten(), None, "{}", action.name);
            assert_eq!(undocumented(&action.output).flatten(), None, "{}", action.name);
        }
        let wait = catalog.find("wait_for").unwrap().config.object().unwrap().clone();
        assert_eq!(wait.keys["json_path"].kind, KeyKind::JsonPath);
        assert_eq!(catalog.find("assert").unwrap().config.object().unwrap().keys["assertions"].kind, KeyKind::Expression);
    }
}
