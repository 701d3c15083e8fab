//! Control flow: the steps inside a step, and what decides about them.

use super::{Compiler, step::Around};
use crate::{
    Code, Diagnostic, Value, ast,
    ast::{Inner, InnerList},
    catalog::{ControlKind, control_kind},
    expr::NameUse,
    plan::{
        Branch, Condition, Control, Repeated, Step, Tree,
        check::{At, Inside, StepInfo},
        tree::TreeKey,
    },
    schema::{Key as SchemaKey, KeyKind, Object, Shape},
    yaml::{Entry, Node},
};
use std::sync::Arc;

/// How many steps may be around a step, called flows counted. An engine runs each inside the one around it, on one stack.
const DEEPEST: usize = 64;

impl Compiler<'_> {
    /// Reads what makes a step one of control flow, and the steps inside it.
    pub(super) fn control(&mut self, step: &ast::Step, around: Around, ordinal: usize, compiled: &mut Step, infos: &mut Vec<StepInfo>) {
        let Some(kind) = control_kind(&compiled.action.name) else { return };
        let depth = around.depth + 1;
        if depth > DEEPEST {
            let message =
                format!("steps stand inside steps here, deeper than {DEEPEST}; those of the flows that call each other count too");
            let deep = Diagnostic::error(Code::TooLarge, step.action.span, message);
            return self.push(deep.help("put some of them one after another"));
        }
        let inside = self.inside(kind, step);
        if let Some(info) = infos.get_mut(ordinal) {
            info.inside = inside.clone();
        }
        let (control, output) = match kind {
            ControlKind::Condition => (self.either(step, around, ordinal, infos), None),
            ControlKind::ForEach => (self.for_each(step, around, ordinal, inside, &mut compiled.config, infos), None),
            ControlKind::Parallel => self.parallel(step, around, ordinal, infos),
            ControlKind::WaitUntil => (self.wait_until(step, around, ordinal, infos), None),
            ControlKind::RunFlow => self
                .run_flow(step, depth, &compiled.config)
                .map_or((None, None), |(call, shape)| (Some(Control::RunFlow(call)), Some(shape))),
        };
        compiled.control = control.map(Box::new);
        if let Some(output) = output {
            compiled.output = output.clone();
            if let Some(info) = infos.get_mut(ordinal) {
                info.output = output;
            }
        }
    }

    /// The steps inside a step, list by list.
    pub(super) fn steps_inside(&mut self, step: &ast::Step, around: Around, ordinal: usize, infos: &mut Vec<StepInfo>) -> Vec<Vec<Step>> {
        let mut lists = Vec::new();
        for (index, inner) in step.inner.iter().enumerate() {
            // Of a condition the second list is always `else`, also when it stands first.
            let list = match inner.list {
                InnerList::Then => 0,
                InnerList::Else => 1,
                _ => index,
            };
            let around = Around { parent: Some((ordinal, list)), depth: around.depth + 1, ..around };
            let mut steps: Vec<_> = inner.steps.iter().filter_map(|step| self.step(step, around, infos)).collect();
            steps.shrink_to_fit();
            lists.push(steps);
        }
        let end = infos.len();
        if let Some(info) = infos.get_mut(ordinal) {
            info.end = end;
        }
        lists
    }

    fn inside(&mut self, kind: ControlKind, step: &ast::Step) -> Inside {
        let config = step.config.as_ref();
        let is = |key: &str, value: &str| config.and_then(|it| it.get(key)).and_then(Node::as_scalar).is_some_and(|it| *it.text == *value);
        let given = |key: &str| config.and_then(|it| it.get(key)).is_some_and(|node| !node.is_null());
        match kind {
            ControlKind::Condition => Inside::Either { both: step.inner.iter().any(|inner| inner.list == InnerList::Else) },
            ControlKind::ForEach => Inside::Loop {
                item: self.loop_name(config, "item_name", "item"),
                index: self.loop_name(config, "index_name", "index"),
                parallel: given("parallel") && !is("parallel", "false"),
                may_be_empty: given("allow_empty") && !is("allow_empty", "false"),
            },
            ControlKind::Parallel => Inside::Branches,
            ControlKind::WaitUntil => Inside::Rounds,
            ControlKind::RunFlow => Inside::Call,
        }
    }

    /// The name of an item or its index, which must be known before anything runs.
    fn loop_name(&mut self, config: Option<&Node>, key: &str, default: &str) -> Arc<str> {
        let Some(node) = config.and_then(|config| config.get(key)).filter(|node| !node.is_null()) else { return default.into() };
        let name = node.as_str().unwrap_or_default();
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.chars().next().is_some_and(|first| legal(first) && !first.is_ascii_digit()) && name.chars().all(legal) {
            return name.into();
        }
        let message = format!("`{key}` must be a name, and this is {}", node.describe());
        let bad = Diagnostic::error(Code::BadValue, node.head(), message);
        self.push(bad.help("write letters, digits and `_`, for example `user`; it cannot be a template"));
        default.into()
    }

    /// The expression under `condition:`. What it looks at as something that may be absent is no doubt in the steps inside.
    fn decision(&mut self, step: &ast::Step, at: At, ordinal: usize, infos: &mut [StepInfo]) -> Option<Condition> {
        let node = step.config.as_ref()?.get("condition").filter(|node| !node.is_null())?;
        let condition = self.condition(node, "condition", at, None)?;
        if let Some(info) = infos.get_mut(ordinal) {
            info.guards.extend(looked_at(&condition));
        }
        Some(condition)
    }

    fn either(&mut self, step: &ast::Step, around: Around, ordinal: usize, infos: &mut Vec<StepInfo>) -> Option<Control> {
        let condition = self.decision(step, At::Step(ordinal), ordinal, infos);
        let lists = self.steps_inside(step, around, ordinal, infos);
        let (mut then, mut otherwise) = (Vec::new(), Vec::new());
        for (inner, steps) in step.inner.iter().zip(lists) {
            if inner.list == InnerList::Else { otherwise = steps } else { then = steps }
        }
        Some(Control::Condition { condition: condition?, then, otherwise })
    }

    fn wait_until(&mut self, step: &ast::Step, around: Around, ordinal: usize, infos: &mut Vec<StepInfo>) -> Option<Control> {
        let lists = self.steps_inside(step, around, ordinal, infos);
        // Its names are those that the steps inside have given.
        let node = step.config.as_ref()?.get("condition").filter(|node| !node.is_null())?;
        let condition = self.condition(node, "condition", At::After(ordinal), None)?;
        Some(Control::WaitUntil { condition, steps: lists.into_iter().next().unwrap_or_default() })
    }

    fn for_each(
        &mut self,
        step: &ast::Step,
        around: Around,
        ordinal: usize,
        inside: Inside,
        config: &mut Tree,
        infos: &mut Vec<StepInfo>,
    ) -> Option<Control> {
        self.items(step, config);
        let steps = self.steps_inside(step, around, ordinal, infos).into_iter().next().unwrap_or_default();
        let Inside::Loop { item, index, .. } = inside else { return None };
        if item == index {
            let same = Diagnostic::error(Code::TwiceGiven, step.action.span, format!("the item and its index are both called `{item}`"));
            self.push(same.help("give one of them another name"));
        }
        Some(Control::ForEach(Repeated { item, index, steps }))
    }

    /// What a loop goes through: exactly one of three keys. A glob is looked up here, so that it is a list when the flow runs.
    fn items(&mut self, step: &ast::Step, config: &mut Tree) {
        const KEYS: [&str; 3] = ["items", "range", "items_from_glob"];
        let Some(node) = &step.config else { return };
        let given: Vec<_> = KEYS.iter().filter_map(|key| node.entry(key)).filter(|entry| !entry.value.is_null()).collect();
        match given.as_slice() {
            [] => {
                let missing =
                    Diagnostic::error(Code::MissingConfigKey, step.action.span, "`items` is missing: there is nothing to go through");
                self.push(missing.help("write `items:` with a list or `${…}`, `range: {start: 1, end: 3}`, or `items_from_glob:`"));
            }
            [only] => {
                self.range_step(only);
                let is_glob = &*only.key.text == "items_from_glob";
                let text = only.value.as_str().filter(|_| &*only.key.text == "items");
                let pattern = text.filter(|text| !ast::has_template(text));
                if let Some(text) = pattern.filter(|text| !is_pattern(text)) {
                    let wrong = Diagnostic::error(
                        Code::WrongConfigType,
                        only.value.place(),
                        format!("`items` is the text \"{text}\", and no list"),
                    );
                    self.push(wrong.help(format!("for the value of a name write `\"${{{text}}}\"`; a glob has a `*`")));
                } else if is_glob || pattern.is_some() {
                    self.glob(&only.value, config);
                }
            }
            [first, second, ..] => {
                let message = format!("`{}` and `{}` both say what the loop goes through", first.key.text, second.key.text);
                let twice = Diagnostic::error(Code::TwiceGiven, second.key.span, message).with(first.key.span, "given here already");
                self.push(twice.help("keep one of them"));
            }
        }
    }

    /// A range that steps by nothing never ends.
    fn range_step(&mut self, range: &Entry) {
        let step = range.value.get("step").filter(|_| &*range.key.text == "range");
        let is_zero = |step: &&Node| step.to_value().as_i64() == Some(0);
        if let Some(step) = step.filter(is_zero) {
            let never = Diagnostic::error(Code::WrongConfigType, step.place(), "the `step` of the range is 0: it would never end");
            self.push(never.help("write the distance from one number to the next, for example `step: 10` or `step: -1`"));
        }
    }

    fn glob(&mut self, node: &Node, config: &mut Tree) {
        let Some(pattern) = self.known_text(node, "items_from_glob") else { return };
        match self.files.glob(&self.file, &pattern) {
            Ok(paths) => {
                let items = Tree::Fixed(Value::list(paths.into_iter().map(Value::from).collect()));
                set_member(config, "items", items);
            }
            Err(why) => {
                let bad = Diagnostic::error(Code::NoSuchFile, node.place(), format!("the glob `{pattern}` cannot be looked up: {why}"));
                self.push(bad.help("the path is relative to the flow file"));
            }
        }
    }

    fn parallel(
        &mut self,
        step: &ast::Step,
        around: Around,
        ordinal: usize,
        infos: &mut Vec<StepInfo>,
    ) -> (Option<Control>, Option<Shape>) {
        let lists = self.steps_inside(step, around, ordinal, infos);
        let named = |(inner, steps): (&Inner, Vec<Step>)| match &inner.list {
            InnerList::Branch(name) => Some(Branch { name: name.clone(), steps }),
            _ => None,
        };
        let branches: Vec<Branch> = step.inner.iter().zip(lists).filter_map(named).collect();
        let keys = branches.iter().enumerate().map(|(list, branch)| {
            let of_branch = infos.iter().enumerate().skip(ordinal + 1).filter(|(inside, _)| list_of(infos, *inside, ordinal) == Some(list));
            let captured = of_branch.flat_map(|(_, info)| info.captures.iter().map(|(name, _)| (name.clone(), key(Shape::Any))));
            let output = Shape::Object(Arc::new(Object { keys: captured.collect(), open: false }));
            let status = Shape::Text(["passed", "failed", "errored", "cancelled"].into_iter().map(Arc::from).collect());
            let members = [("status".into(), key(status)), ("output".into(), key(output))].into_iter().collect();
            (branch.name.clone(), key(Shape::Object(Arc::new(Object { keys: members, open: false }))))
        });
        let shape = Shape::Object(Arc::new(Object { keys: keys.collect(), open: false }));
        self.captured_twice(ordinal, infos);
        (Some(Control::Parallel { branches }), Some(shape))
    }

    /// Two branches that capture one name: which of them wins would be chance.
    fn captured_twice(&mut self, ordinal: usize, infos: &[StepInfo]) {
        let mut seen: Vec<(&Arc<str>, usize, crate::Span)> = Vec::new();
        let mut twice = Vec::new();
        for (inside, info) in infos.iter().enumerate().skip(ordinal + 1) {
            let Some(list) = list_of(infos, inside, ordinal) else { continue };
            for (name, span) in &info.captures {
                match seen.iter().find(|(earlier, ..)| *earlier == name) {
                    Some((_, other, first)) if *other != list => twice.push((name.clone(), *span, *first)),
                    Some(_) => {}
                    None => seen.push((name, list, *span)),
                }
            }
        }
        for (name, span, first) in twice {
            let message = format!("two branches capture `{name}`: which value is meant after them?");
            let diagnostic = Diagnostic::error(Code::BranchesCapture, span, message).with(first, "another branch captures it here");
            self.push(diagnostic.help("give each its own name"));
        }
    }
}

/// The list of `around` that the step stands in, at any depth.
fn list_of(infos: &[StepInfo], step: usize, around: usize) -> Option<usize> {
    let mut at = infos.get(step)?.parent;
    while let Some((parent, list)) = at {
        if parent == around {
            return Some(list);
        }
        at = infos.get(parent)?.parent;
    }
    None
}

/// Names that a condition looks at as something that may be absent.
pub(super) fn looked_at(condition: &Condition) -> impl Iterator<Item = Arc<str>> {
    let absent = |used: &NameUse| used.guarded || (used.path_guarded && used.path.is_empty());
    condition.expr.names().into_iter().filter(move |used| absent(used)).map(|used| used.name)
}

pub(super) fn key(shape: Shape) -> SchemaKey {
    SchemaKey {
        shape,
        required: false,
        aliases: Vec::new(),
        kind: KeyKind::Value,
        secret: false,
        format: None,
        in_build: true,
        decides: false,
        about: "".into(),
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Sets a member of a config, in whichever form it is.
pub(super) fn set_member(config: &mut Tree, name: &str, value: Tree) {
    let mut members = match std::mem::replace(config, Tree::Fixed(Value::Null)) {
        Tree::Map(members) => members.into_vec(),
        Tree::Fixed(Value::Map(map)) => map.iter().map(|(key, value)| (TreeKey::Fixed(key.clone()), Tree::Fixed(value.clone()))).collect(),
        _ => Vec::new(),
    };
    members.retain(|(key, _)| !matches!(key, TreeKey::Fixed(key) if **key == *name || &**key == "items_from_glob"));
    members.push((TreeKey::Fixed(name.into()), value));
    *config = super::config::folded_map(members);
}
