//! Variables: reading them from where they come from, and checking that they can have a value.

use super::{Compiler, Use, config::Key, rows::ReadRows};
use crate::{
    Code, Diagnostic, Severity, Sources, Span, Value,
    ast::{Flow, Name},
    nearest,
    plan::{
        Inputs, Origin, Variable, VariableValue, Variables,
        check::{At, Names, Place},
        inputs::Input,
    },
    schema::Shape,
    scope::SHORTEST_SECRET,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

impl Compiler<'_> {
    /// Merges the variables, weakest first, and reads the rows whose columns are among them.
    pub(super) fn variables(&mut self, flow: &Flow, inputs: &Inputs) -> Variables {
        let weak = self.weak_variables(flow, inputs);
        let mut known = weak.clone();
        strong_variables(flow, inputs, &mut known);
        // What the rows stand in may be named by a variable.
        self.variables = Arc::new(known);
        self.rows = flow.data.as_ref().and_then(|data| self.read_rows(data));
        // Which columns rows have that cannot be read nobody knows.
        self.incomplete |= flow.data.is_some() && self.rows.is_none();
        let mut variables = weak;
        let marked = |name: &str| inputs.environment.iter().any(|input| input.secret && *input.name == *name);
        for (column, always) in self.rows.iter().flat_map(ReadRows::columns) {
            let secret = is_listed_secret(flow, &column.name) || marked(&column.name);
            let value = VariableValue::Later { always };
            variables.set(column.name.clone(), Variable::new(value, Origin::Row, Some(column.span), secret));
        }
        strong_variables(flow, inputs, &mut variables);
        self.check_secrets(flow, &variables);
        variables
    }

    /// Those that a row of data is stronger than.
    fn weak_variables(&mut self, flow: &Flow, inputs: &Inputs) -> Variables {
        let secrets = flow.secrets.iter().map(|name| name.text.clone()).collect();
        let mut variables = Variables { process: inputs.process.clone(), secret_process: secrets, ..Variables::default() };
        let secret = |name: &str| is_listed_secret(flow, name);
        if let Some(path) = &flow.env_file {
            for (name, value, span, origin) in self.env_file(path) {
                let variable = Variable::new(VariableValue::Given(value), origin, Some(span), secret(&name));
                variables.set(name, variable);
            }
        }
        for (name, node) in &flow.env {
            let tree = self.tree_of_env(node);
            let secret = secret(&name.text);
            variables.set(name.text.clone(), Variable::new(VariableValue::Template(tree), Origin::FlowEnv, Some(node.span), secret));
        }
        for (name, marked) in inputs.passed.iter().flat_map(|passed| &passed.env) {
            let secret = *marked || secret(name);
            variables.set(name.clone(), Variable::new(VariableValue::Later { always: true }, Origin::Inherited, None, secret));
        }
        inputs.environment.iter().for_each(|input| variables.set(input.name.clone(), from_outside(flow, input)));
        for export in &inputs.exports {
            let value = VariableValue::Later { always: true };
            let variable = Variable::new(value, Origin::Before(export.flow.clone()), None, secret(&export.name));
            variables.set(export.name.clone(), variable);
        }
        variables
    }

    fn tree_of_env(&mut self, node: &crate::yaml::Node) -> super::Tree {
        // The names in it are checked by `check`, not as uses of a step.
        let before = self.uses.len();
        let tree = self.tree(node, &Shape::Any, &Key::language("env"), At::Flow);
        self.uses.truncate(before);
        tree
    }

    fn env_file(&mut self, path: &Name) -> Vec<(Arc<str>, Value, Span, Origin)> {
        let file = match self.files.read(&self.file, &path.text) {
            Ok(file) => file,
            Err(why) => {
                let message = format!("the env file `{}` cannot be read: {why}", path.text);
                self.push(Diagnostic::error(Code::NoSuchFile, path.span, message).help("the path is relative to the flow file"));
                self.incomplete = true;
                return Vec::new();
            }
        };
        let origin = Origin::EnvFile(file.source.name().clone());
        let id = self.sources.add(file.source.clone());
        let (entries, problems) = crate::env_file::parse(file.source.text(), id);
        self.incomplete |= !problems.is_empty();
        self.diagnostics.extend(problems);
        entries.into_iter().map(|entry| (entry.name, Value::text(entry.value), entry.span, origin.clone())).collect()
    }

    /// Given secrets must be long enough to be masked.
    fn check_secrets(&mut self, flow: &Flow, variables: &Variables) {
        let listed = |name: &Arc<str>| flow.secrets.iter().find(|secret| secret.text == *name).map(|secret| secret.span);
        let of_variables = variables
            .by_name
            .iter()
            .filter(|(_, variable)| variable.secret)
            .filter_map(|(name, variable)| Some((name, variable.known()?.to_text().ok()?, variable.span.or_else(|| listed(name)))));
        let outside = |name: &&Arc<str>| variables.get(name).is_none();
        let of_process = variables
            .secret_process
            .iter()
            .filter(outside)
            .filter_map(|name| Some((name, variables.process.get(&**name)?.clone(), listed(name))));
        // A column of such cells is told once for each thing that is wrong with it.
        let mut told = HashSet::new();
        let mut of_rows: Vec<_> = self.rows.iter().flat_map(|rows| rows.secret_cells(variables)).collect();
        of_rows.retain(|(name, text, _)| text.chars().count() < SHORTEST_SECRET && told.insert((name.clone(), text.is_empty())));
        let of_rows = of_rows.iter().map(|(name, text, place)| (name, text.clone(), *place));
        for (name, text, span) in of_variables.chain(of_process).chain(of_rows).collect::<Vec<_>>() {
            let span = span.unwrap_or(flow.name.span);
            match text.chars().count() {
                0 => self.push(
                    Diagnostic::warning(Code::EmptySecret, span, format!("the secret `{name}` is empty: nothing is masked"))
                        .help("give it a value, or take it out of `secrets`"),
                ),
                1..SHORTEST_SECRET => {
                    let message =
                        format!("the secret `{name}` is under 4 characters: it cannot be masked without masking half of everything");
                    self.push(Diagnostic::error(Code::SecretTooShort, span, message).help("use a longer value"));
                }
                _ => {}
            }
        }
    }
}

/// Those that are stronger than a row of data: what the caller passes.
fn strong_variables(flow: &Flow, inputs: &Inputs, variables: &mut Variables) {
    inputs.caller.iter().for_each(|input| variables.set(input.name.clone(), from_outside(flow, input)));
    for name in inputs.passed.iter().flat_map(|passed| &passed.input) {
        let origin = Origin::Outside("input of the calling flow".into());
        let secret = is_listed_secret(flow, name);
        variables.set(name.clone(), Variable::new(VariableValue::Later { always: true }, origin, None, secret));
    }
}

fn from_outside(flow: &Flow, Input { name, value, origin, secret }: &Input) -> Variable {
    let secret = *secret || is_listed_secret(flow, name);
    Variable::new(VariableValue::Given(value.clone()), Origin::Outside(origin.clone()), None, secret)
}

fn is_listed_secret(flow: &Flow, name: &str) -> bool {
    flow.secrets.iter().any(|secret| *secret.text == *name)
}

/// A listed secret that is the name of nothing masks nothing, which is a doubt: the caller may still give it.
pub(super) fn check_secret_names(flow: &Flow, names: &Names, variables: &Variables, out: &mut Vec<Diagnostic>) {
    let is_known = |name: &str| names.is_declared(name) || variables.process.contains_key(name) || names.is_input(name);
    for secret in flow.secrets.iter().filter(|secret| !names.is_incomplete() && !is_known(&secret.text)) {
        let message = format!("`secrets` lists `{}`, and no variable or capture is called that", secret.text);
        let near = nearest::nearest(&secret.text, names.declared()).map(|near| format!("did you mean `{near}`?"));
        let help = near.unwrap_or_else(|| "take it out, or give it a value".to_owned());
        // A name one letter away is a value that goes unmasked.
        let misspelt = help.starts_with("did you mean");
        let diagnostic = if misspelt { Diagnostic::error } else { Diagnostic::warning };
        out.push(diagnostic(Code::UnknownName, secret.span, message).help(help));
    }
}

/// The variables that steps use, directly or through others.
pub(super) fn used_variables(variables: &Variables, uses: &[Use]) -> HashSet<Arc<str>> {
    let direct = uses.iter().flat_map(|used| &used.names);
    let named = direct.flat_map(|name| {
        let through = ["vars", "env", "input"].contains(&name.name.as_ref()).then(|| name.path.first()).flatten();
        std::iter::once(name.name.clone()).chain(through.map(|(member, _)| member.clone()))
    });
    let mut open: Vec<Arc<str>> = named.filter(|name| variables.get(name).is_some()).collect();
    let mut used = HashSet::new();
    let needs = dependencies(variables);
    while let Some(name) = open.pop() {
        if used.insert(name.clone()) {
            open.extend(needs.get(&name).into_iter().flatten().cloned());
        }
    }
    used
}

/// Which variables a variable's template names; itself is left out.
fn dependencies(variables: &Variables) -> HashMap<Arc<str>, Vec<Arc<str>>> {
    let mut needs: HashMap<Arc<str>, Vec<Arc<str>>> = HashMap::new();
    variables.each_text(&mut |owner, text| {
        let names = text.template.names().into_iter().map(|used| used.name);
        let others = names.filter(|name| name != owner && variables.get(name).is_some());
        needs.entry(owner.clone()).or_default().extend(others);
    });
    needs
}

/// Checks the names in `env`: unknown ones are errors when the variable is used, else warnings; cycles are errors.
pub(super) fn check(variables: &Variables, names: &Names, used: &HashSet<Arc<str>>, sources: &Sources, out: &mut Vec<Diagnostic>) {
    variables.each_text(&mut |owner, text| {
        let mut found = Vec::new();
        let own = |name: &crate::expr::NameUse| name.name == *owner;
        let (selves, others): (Vec<_>, Vec<_>) = text.template.names().into_iter().partition(own);
        let node = text.node();
        let place = Place::of_variable(owner, &node, sources);
        let before = names.seen_of_process();
        names.check(&others, &place, &mut found);
        if !selves.is_empty() && variables.is_from_process(owner) {
            names.of_process(owner);
        }
        let is_outside = |name: &str| variables.outside(name).is_some() || names.takes_as_input(name);
        for self_use in selves.iter().filter(|used| !used.guarded && !is_outside(owner)) {
            let span = place.span(&self_use.range);
            let message = format!("`{owner}` comes from outside, and nothing there has that name");
            let help = format!("set it in the environment, pass `--var {owner}=…`, or write a default: `${{{owner}:-…}}`");
            found.push(Diagnostic::error(Code::UnknownName, span, message).help(help));
        }
        if !used.contains(owner) {
            names.back_to(before);
            for diagnostic in &mut found {
                diagnostic.severity = Severity::Warning;
                diagnostic.code = Code::UnusedUnresolvable;
            }
        }
        // Through an anchor the same text may stand in a step, which says the same as an error.
        found.retain(|doubt| !out.iter().any(|said| (said.span(), &said.message) == (doubt.span(), &doubt.message)));
        out.append(&mut found);
    });
    cycles(variables, out);
}

fn cycles(variables: &Variables, out: &mut Vec<Diagnostic>) {
    let needs = dependencies(variables);
    let mut done: HashSet<&Arc<str>> = HashSet::new();
    let mut depths: HashMap<&Arc<str>, usize> = HashMap::new();
    let mut names: Vec<_> = needs.keys().collect();
    names.sort();
    for start in names {
        let mut path: Vec<&Arc<str>> = Vec::new();
        let mut at = Some(start);
        // Walks the first unfinished dependency; what was walked to its end is never walked again.
        while let Some(name) = at {
            if let Some(position) = path.iter().position(|seen| *seen == name) {
                out.push(cycle(&path[position..], variables));
                done.extend(path.drain(..));
                break;
            }
            if done.contains(name) {
                at = path.pop();
                continue;
            }
            let next = needs.get(name).and_then(|needs| needs.iter().find(|need| !done.contains(need)));
            if next.is_some() {
                path.push(name);
                at = next;
            } else {
                done.insert(name);
                let below = needs.get(name).into_iter().flatten().filter_map(|need| depths.get(need)).max();
                let depth = below.map_or(1, |below| below + 1);
                depths.insert(name, depth);
                if depth == DEEPEST + 1 {
                    out.push(too_deep(name, variables));
                }
                at = path.pop();
            }
        }
    }
}

/// How many variables may be defined by one another in a row: evaluating one goes through all below it.
const DEEPEST: usize = 64;

fn too_deep(name: &str, variables: &Variables) -> Diagnostic {
    let span = variables.get(name).and_then(|variable| variable.span).unwrap_or_default();
    let message = format!("the definition of `{name}` goes through other variables, deeper than {DEEPEST}");
    Diagnostic::error(Code::TooDeep, span, message).help("give one of them a value of its own")
}

fn cycle(path: &[&Arc<str>], variables: &Variables) -> Diagnostic {
    let chain: Vec<_> = path.iter().chain(path.first()).map(|name| format!("`{name}`")).collect();
    let span = |name: &str| variables.get(name).and_then(|variable| variable.span).unwrap_or_default();
    let first = path.first().map(|name| span(name)).unwrap_or_default();
    let message = format!("these variables are defined by each other: {}", chain.join(" → "));
    let diagnostic = Diagnostic::error(Code::EnvCycle, first, message).help("give one of them a value of its own");
    path.iter().skip(1).fold(diagnostic, |diagnostic, name| diagnostic.with(span(name), format!("`{name}` is defined here")))
}
