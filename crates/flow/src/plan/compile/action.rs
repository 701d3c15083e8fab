//! The action of a step: which it is, its config, and what it gives back.

use super::{
    At, Compiler,
    config::Key,
    control::{key, set_member},
    rules::First,
};
use crate::{
    Code, Diagnostic, Span, Value,
    ast::{self, Name},
    catalog::ActionSpec,
    nearest,
    plan::Tree,
    schema::{Object, Shape},
    yaml::{Kind, Node},
};
use std::sync::Arc;

impl Compiler<'_> {
    /// The action of a step; for a misspelt one that is reported, the one that was probably meant.
    pub(super) fn action(&mut self, name: &Name) -> Option<Arc<ActionSpec>> {
        if let Some(spec) = self.catalog.find(&name.text) {
            if !spec.in_build {
                self.incomplete = true;
                let message = format!("the action `{}` is part of the language, but not in this build", name.text);
                let absent = Diagnostic::error(Code::NotInThisBuild, name.span, message);
                self.push(absent.help("use a build that contains it; `testmesh actions` lists what this one has"));
            }
            return Some(spec.clone());
        }
        // An empty one is reported; a step of an unknown kind may give names of its own.
        if name.text.is_empty() {
            self.incomplete = true;
            return None;
        }
        let meant = nearest::meant(&name.text, self.catalog.names().collect::<Vec<_>>());
        if meant.is_none()
            && let Some(family) = crate::catalog::family(&name.text)
        {
            self.incomplete = true;
            let message = format!("`{}` would be an action of {family}, which this build does not contain", name.text);
            let absent = Diagnostic::error(Code::NotInThisBuild, name.span, message);
            self.push(absent.help("use a build that contains it; `testmesh actions` lists what this one has"));
            return None;
        }
        let spec = meant.and_then(|meant| self.catalog.find(meant)).cloned();
        self.incomplete |= spec.as_ref().is_none_or(|spec| !spec.in_build);
        let help = match (meant, &spec) {
            (Some(meant), Some(spec)) if !spec.in_build => format!("did you mean `{meant}`? (which is not in this build)"),
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, _) => "`testmesh actions` lists those there are".to_owned(),
        };
        self.push(Diagnostic::error(Code::UnknownAction, name.span, format!("there is no action `{}`", name.text)).help(help));
        spec
    }

    pub(super) fn config(&mut self, step: &ast::Step, spec: &ActionSpec, at: At) -> Tree {
        if !spec.in_build {
            step.config.iter().for_each(|node| self.keep_unread("", node));
            return Tree::Fixed(Value::Null);
        }
        let Some(object) = spec.config.object() else {
            return step.config.as_ref().map_or(Tree::Fixed(Value::Null), |node| self.tree(node, &spec.config, &Key::config(), at));
        };
        self.of_rules = First::of_input(step.config.as_ref());
        let assert = &*spec.name == "assert";
        let given = |key: &str| step.config.as_ref().is_none_or(|config| config.as_map().is_none() || config.get(key).is_some());
        let transform = &*spec.name == "transform";
        if transform && (step.config.is_none() || !(given("input") || given("input_file") || given("transforms"))) {
            let nothing = Diagnostic::error(Code::MissingConfigKey, step.action.span, "there is nothing to transform");
            self.push(nothing.help("write `input:` with a value, and `transforms:` with what to make of it"));
        }
        match &step.config {
            None => self.object(step.action.span, &[], object, &Key::config(), at),
            Some(Node { kind: Kind::Map(entries), .. }) => {
                // The expressions of `assert` are assertions of the step: they are compiled as such.
                let kept: Vec<_> = entries.iter().filter(|entry| !(assert && is_assertion_key(&entry.key.text))).cloned().collect();
                let mut config = self.object(step.action.span, &kept, object, &Key::config(), at);
                if transform {
                    self.input_of_file(step, &mut config);
                }
                config
            }
            Some(node) => self.tree(node, &spec.config, &Key::config(), at),
        }
    }
}

impl Compiler<'_> {
    /// What a file holds is the input of a `transform`, as if it stood there.
    fn input_of_file(&mut self, step: &ast::Step, config: &mut Tree) {
        let entry = |key| step.config.as_ref().and_then(|config| config.entry(key)).filter(|entry| !entry.value.is_null());
        if let (Some(input), Some(file)) = (entry("input"), entry("input_file")) {
            let twice = Diagnostic::error(Code::TwiceGiven, file.key.span, "`input` and `input_file` both say what to transform");
            self.push(twice.with(input.key.span, "given here already").help("keep one of them"));
        } else if let Some((value, ..)) = self.input_value(step) {
            set_member(config, "input", Tree::Fixed(value));
        }
    }
}

/// Where the values of the config's keys stand, under the keys' proper names.
pub(super) fn places(step: &ast::Step, spec: &ActionSpec) -> Box<[(Arc<str>, Span)]> {
    let entries = step.config.as_ref().and_then(Node::as_map).unwrap_or_default();
    let proper =
        |name: &Arc<str>| spec.config.object().and_then(|object| object.find(name)).map_or_else(|| name.clone(), |(name, _)| name.clone());
    entries.iter().map(|entry| (proper(&entry.key.text), entry.value.place())).collect()
}

fn is_assertion_key(key: &str) -> bool {
    ["assertions", "expression"].contains(&key)
}

/// What a step gives back: of `assert` and `transform` the config says it.
pub(super) fn output_shape(spec: &ActionSpec, config: Option<&Node>) -> Shape {
    let of = match spec.name.as_ref() {
        "assert" => "data",
        "transform" => "transforms",
        _ => return spec.output.clone(),
    };
    let Some(entries) = config.and_then(|node| node.get(of)).and_then(Node::as_map) else {
        return if of == "data" && config.is_none_or(|node| node.get(of).is_none()) { Shape::Object(Arc::default()) } else { Shape::Any };
    };
    // What a template makes of a key is known when it runs.
    if entries.iter().any(|entry| ast::has_template(&entry.key.text)) {
        return Shape::Any;
    }
    Shape::Object(Arc::new(Object { keys: entries.iter().map(|entry| (entry.key.text.clone(), key(Shape::Any))).collect(), open: false }))
}
