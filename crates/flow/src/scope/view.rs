//! A scope as it is seen from one place.

use super::{FlowFacts, Scope, built_in, lock};
use crate::{
    Map, Value,
    expr::{self, Fault, Lookup, Space},
    plan::{Origin, is_env_name},
    random::Seed,
    schema::Shape,
};
use jiff::Zoned;
use std::sync::Arc;

/// A step's own output and captures, which its captures and assertions see by their bare names.
#[derive(Clone, Copy)]
pub struct Own<'a> {
    pub id: &'a Arc<str>,
    pub phase: &'static str,
    pub output: &'a Map,
    /// What the output is declared to be: a field that it lacks all the same has no value, and is no unknown name.
    pub declared: &'a Shape,
    /// Those that were evaluated so far, in order; one that found nothing has no value, and not that of an earlier step either.
    pub captures: &'a [(Arc<str>, Option<Value>)],
}

impl<'a> Own<'a> {
    /// The captures that have a value.
    fn found(&self) -> impl Iterator<Item = (&'a Arc<str>, &'a Value)> {
        self.captures.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)))
    }
}

/// One place's look at a scope.
#[derive(Clone, Copy)]
pub struct View<'a> {
    scope: &'a Scope,
    now: &'a Zoned,
    place: Seed,
    own: Option<Own<'a>>,
    /// Names that come before all others.
    first: Option<&'a Map>,
    /// The variable that is being defined: its own name means what is outside.
    defining: Option<&'a str>,
}

const ENV: u32 = 0;
const VARS: u32 = 1;
const STEPS: u32 = 2;
const SETUP: u32 = 3;
const TEARDOWN: u32 = 4;
const INPUT: u32 = 5;
const FLOW: u32 = 6;
const FAKER: u32 = 7;
const RANDOM: u32 = 8;
const OWN: u32 = 9;
/// Finished steps by their index, and below them the halves of fake kinds.
const DONE: u32 = 1 << 8;
const FAKES: u32 = 1 << 30;

impl<'a> View<'a> {
    /// A look from the place that `place` names: the step, the attempt, the key.
    pub fn new(scope: &'a Scope, now: &'a Zoned, place: &str) -> Self {
        Self { scope, now, place: scope.ground.seed.derive(place), own: None, first: None, defining: None }
    }

    pub(super) fn of_env(scope: &'a Scope, name: &'a str, now: &'a Zoned) -> Self {
        Self { defining: Some(name), ..Self::new(scope, now, "env").at(name) }
    }

    /// The same look from a place below.
    #[must_use]
    pub fn at(&self, part: &str) -> Self {
        Self { place: self.place.derive(part), ..*self }
    }

    #[must_use]
    pub(crate) fn at_index(&self, index: usize) -> Self {
        self.at(&index.to_string())
    }

    #[must_use]
    pub fn with_own<'b>(&self, own: Own<'b>) -> View<'b>
    where
        'a: 'b,
    {
        View { own: Some(own), ..*self }
    }

    #[must_use]
    pub fn with_first<'b>(&self, first: &'b Map) -> View<'b>
    where
        'a: 'b,
    {
        View { first: Some(first), ..*self }
    }

    /// The output that is seen by bare names.
    pub fn own_output(&self) -> Option<&'a Map> {
        self.own.map(|own| own.output)
    }

    pub fn seed(&self) -> Seed {
        self.place
    }

    fn own_name(&self, name: &str) -> Option<Lookup> {
        let own = self.own?;
        if let Some(value) = own.output.get(name) {
            return Some(Lookup::Value(value.clone()));
        }
        match name {
            "response" | "result" => Some(Lookup::Value(Value::map(own.output.clone()))),
            _ => {
                let captured = own.captures.iter().rev().find(|(capture, _)| **capture == *name).map(|(_, value)| match value {
                    Some(value) => Lookup::Value(value.clone()),
                    None => Lookup::NoValue("its capture found none".to_owned()),
                });
                let is_field = own.declared.object().is_some_and(|object| object.find(name).is_some());
                captured.or_else(|| is_field.then(|| Lookup::NoValue("the action ended before there was one".to_owned())))
            }
        }
    }

    /// The item or index of the nearest loop that calls it so.
    fn of_loop(&self, name: &str) -> Option<Lookup> {
        self.scope.loops.iter().rev().find(|(known, _)| **known == *name).map(|(_, value)| Lookup::Value(value.clone()))
    }

    fn captured(&self, name: &str) -> Option<Lookup> {
        if let Some(held) = self.scope.captures.get(name) {
            return Some(Lookup::Value(held.value.clone()));
        }
        self.scope.ground.live.has_capture(name).then(|| Lookup::NoValue(self.scope.why_without(name)))
    }

    /// `vars.NAME`: a capture of the step itself, an earlier one, a variable.
    fn hidden(&self, name: &str) -> Lookup {
        let own = self.own.and_then(|own| own.captures.iter().rev().find(|(capture, _)| **capture == *name));
        match (own, self.captured(name)) {
            (Some((_, Some(value))), _) => Lookup::Value(value.clone()),
            (Some((_, None)), _) => Lookup::NoValue("its capture found none".to_owned()),
            (None, Some(Lookup::Value(value))) => Lookup::Value(value),
            // What a loop goes through hides; only where nothing is hidden it is meant itself.
            (None, declared) => self.variable(name).or(declared).or_else(|| self.of_loop(name)).unwrap_or(Lookup::Unknown),
        }
    }

    fn variable(&self, name: &str) -> Option<Lookup> {
        if self.defining == Some(name) {
            return Some(self.scope.ground.variables.outside(name).map_or(Lookup::Unknown, Lookup::Value));
        }
        let variable = self.scope.ground.variables.get(name)?;
        if variable.origin == Origin::Row && self.scope.holder(name, variable).is_none() {
            return Some(Lookup::NoValue("the row of the data has no such column".to_owned()));
        }
        Some(match self.scope.variable(name, variable, self.now) {
            Ok(value) => Lookup::Value(value),
            Err(fault) => Lookup::Fault(fault),
        })
    }

    fn step(&self, id: &str, phase: Option<&str>) -> Option<Lookup> {
        // One id may stand in several phases: `setup.ID` in a step of that id is the other one.
        if self.own.is_some_and(|own| **own.id == *id && phase.is_none_or(|phase| phase == own.phase)) {
            return Some(Lookup::Space(Space(OWN)));
        }
        if let Some(index) = self.scope.latest(id, phase) {
            return Some(Lookup::Space(Space(DONE + u32::try_from(index).unwrap_or(0))));
        }
        self.scope.ground.live.has_step(id).then(|| Lookup::NoValue(self.scope.why_without(id)))
    }

    fn namespace(name: &str) -> Option<Lookup> {
        let space = match name {
            "env" => ENV,
            "vars" => VARS,
            "steps" => STEPS,
            "setup" => SETUP,
            "teardown" => TEARDOWN,
            "input" => INPUT,
            "flow" => FLOW,
            "FAKER" => FAKER,
            "random" => RANDOM,
            _ => return None,
        };
        Some(Lookup::Space(Space(space)))
    }

    /// `data`: all rows, where the flow takes them at once.
    fn rows(&self, name: &str) -> Option<Lookup> {
        self.scope.ground.rows.clone().filter(|_| name == "data").map(Lookup::Value)
    }

    fn process(&self, name: &str) -> Option<Lookup> {
        let text = is_env_name(name).then(|| self.scope.ground.variables.process.get(name)).flatten()?;
        Some(Lookup::Value(Value::text(text.as_str())))
    }

    fn of_step(&self, space: u32, name: &str) -> Lookup {
        if space == OWN {
            let captured = self.own.and_then(|own| own.found().filter(|(capture, _)| ***capture == *name).last());
            return captured.map(|(_, value)| Lookup::Value(value.clone())).or_else(|| self.own_name(name)).unwrap_or(Lookup::Missing);
        }
        let Some(done) = self.scope.done.get((space - DONE) as usize) else { return Lookup::Unknown };
        let captured = done.captures.iter().rev().find(|(capture, _)| **capture == *name).map(|(_, value)| value);
        captured.or_else(|| done.output.get(name)).map_or(Lookup::Missing, |value| Lookup::Value(value.clone()))
    }

    /// `FAKER.internet` is half a kind, `FAKER.internet.email` a value; `FAKER.name` is both, and what follows decides.
    fn fake(&self, kind: String) -> Lookup {
        if !crate::fake::is_half(&kind) {
            return crate::fake::fake(&kind, self.place.derive(&kind)).map_or(Lookup::Missing, |text| Lookup::Value(Value::from(text)));
        }
        let mut fakes = lock(&self.scope.ground.fakes);
        let index = fakes.iter().position(|known| *known == kind).unwrap_or_else(|| {
            fakes.push(kind);
            fakes.len() - 1
        });
        Lookup::Space(Space(FAKES + u32::try_from(index).unwrap_or(0)))
    }

    fn half(&self, space: u32) -> String {
        lock(&self.scope.ground.fakes).get((space - FAKES) as usize).cloned().unwrap_or_default()
    }

    fn of_flow(&self, name: &str) -> Lookup {
        let FlowFacts { flow_name, flow_id, .. } = &self.scope.ground.facts;
        match name {
            "name" => Lookup::Value(Value::Text(flow_name.clone())),
            "id" => Lookup::Value(Value::Text(flow_id.clone())),
            "status" => match self.scope.called.as_ref().and_then(|(_, called)| called.get("status")) {
                Some(status) => Lookup::Value(status.clone()),
                None => Lookup::Value(Value::text(self.scope.status)),
            },
            "output" => match &self.scope.called {
                Some((_, called)) => called.get("output").map_or(Lookup::Missing, |output| Lookup::Value(output.clone())),
                None => Lookup::NoValue("no flow was called so far".to_owned()),
            },
            _ => Lookup::Unknown,
        }
    }

    fn variables_map(&self) -> Result<Map, Fault> {
        let mut names: Vec<_> = self.scope.ground.variables.names().collect();
        names.sort();
        names
            .into_iter()
            .filter_map(|name| Some((name, self.scope.ground.variables.get(name)?)))
            .filter(|(name, variable)| variable.origin != Origin::Row || self.scope.holder(name, variable).is_some())
            .map(|(name, variable)| Ok((name.clone(), self.scope.variable(name, variable, self.now)?)))
            .collect()
    }
}

impl expr::Scope for View<'_> {
    fn lookup(&self, name: &str) -> Lookup {
        if let Some(value) = self.first.and_then(|first| first.get(name)) {
            return Lookup::Value(value.clone());
        }
        if let Some(own) = self.own_name(name) {
            return own;
        }
        if let Some(item) = self.of_loop(name) {
            return item;
        }
        // What a capture or a step will be called hides nothing until it has a value.
        let (captured, step) = (self.captured(name), self.step(name, None));
        let known = |found: &Option<Lookup>| !matches!(found, None | Some(Lookup::NoValue(_)));
        if known(&captured) {
            return captured.unwrap_or(Lookup::Unknown);
        }
        self.variable(name)
            .or_else(|| if known(&step) { step } else { None })
            .or_else(|| Self::namespace(name))
            .or_else(|| built_in::value(name, self.place, self.now, &self.scope.ground.facts).map(Lookup::Value))
            .or_else(|| self.rows(name))
            .or_else(|| self.process(name))
            .or(captured)
            .or_else(|| self.step(name, None))
            .unwrap_or(Lookup::Unknown)
    }

    fn member(&self, space: Space, name: &str) -> Lookup {
        match space.0 {
            ENV => self.variable(name).or_else(|| self.process(name)).unwrap_or(Lookup::Unknown),
            VARS => self.hidden(name),
            STEPS => match self.step(name, Some("steps")) {
                Some(found @ Lookup::Space(_)) => found,
                _ => self.step(name, None).unwrap_or(Lookup::Unknown),
            },
            SETUP => self.step(name, Some("setup")).unwrap_or(Lookup::Unknown),
            TEARDOWN => self.step(name, Some("teardown")).unwrap_or(Lookup::Unknown),
            INPUT => self.scope.ground.given.input.get(name).map_or(Lookup::Unknown, |value| Lookup::Value(value.clone())),
            FLOW => self.of_flow(name),
            FAKER => self.fake(name.to_owned()),
            RANDOM if name == "uuid" => Lookup::Value(Value::text(self.place.derive("random.uuid").uuid().to_string())),
            RANDOM => Lookup::Missing,
            fakes if fakes >= FAKES => self.fake(format!("{}.{name}", self.half(fakes))),
            step => self.of_step(step, name),
        }
    }

    fn space_value(&self, space: Space) -> Result<Value, Fault> {
        if space.0 >= FAKES {
            let kind = self.half(space.0);
            let text = crate::fake::fake(&kind, self.place.derive(&kind));
            return text.map(Value::from).ok_or_else(|| {
                Fault::unresolved(0..0, format!("`FAKER.{kind}` is half a name; write for example `FAKER.internet.email`"))
            });
        }
        let map = match space.0 {
            ENV => self.variables_map()?,
            VARS => {
                let mut all = self.variables_map()?;
                let captures = self.scope.captures.iter().map(|(name, held)| (name, &held.value));
                for (name, value) in captures.chain(self.own.iter().flat_map(Own::found)) {
                    all.insert(name.clone(), value.clone());
                }
                for (name, value) in &self.scope.loops {
                    if !all.contains(name) {
                        all.insert(name.clone(), value.clone());
                    }
                }
                all
            }
            STEPS | SETUP | TEARDOWN => {
                let phase = if space.0 == STEPS { None } else { Some(if space.0 == SETUP { "setup" } else { "teardown" }) };
                let done = self.scope.done.iter().filter(|done| phase.is_none_or(|phase| done.phase == phase));
                let own = self.own.filter(|own| phase.is_none_or(|phase| own.phase == phase));
                let own = own.map(|own| (own.id.clone(), Value::map(with_captures(own.output, own.found()))));
                done.map(|done| (done.id.clone(), Value::map(with_captures(&done.output, done.named())))).chain(own).collect()
            }
            FLOW => ["name", "id", "status"]
                .into_iter()
                .filter_map(|name| if let Lookup::Value(value) = self.of_flow(name) { Some((name, value)) } else { None })
                .collect(),
            INPUT => self.scope.ground.given.input.clone(),
            FAKER | RANDOM => Map::new(),
            OWN => self.own.map(|own| with_captures(own.output, own.found())).unwrap_or_default(),
            step => self
                .scope
                .done
                .get(step.wrapping_sub(DONE) as usize)
                .map(|done| with_captures(&done.output, done.named()))
                .unwrap_or_default(),
        };
        Ok(Value::map(map))
    }

    fn known_names(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self.own.map(|own| own.output.keys().cloned().collect()).unwrap_or_default();
        names.extend(self.scope.loops.iter().map(|(name, _)| name.clone()));
        names.extend(self.scope.captures.keys().cloned());
        names.extend(self.scope.ground.variables.names().cloned());
        names.extend(self.scope.done.iter().map(|done| done.id.clone()));
        names.extend(crate::plan::BUILT_INS.iter().map(|name| Arc::from(*name)));
        names.sort();
        names.dedup();
        names
    }

    fn known_members(&self, space: Space) -> Vec<Arc<str>> {
        match space.0 {
            FAKER => crate::fake::kinds().iter().map(|kind| Arc::from(*kind)).collect(),
            _ => self.space_value(space).ok().and_then(|value| value.as_map().map(|map| map.keys().cloned().collect())).unwrap_or_default(),
        }
    }

    fn now(&self) -> Zoned {
        self.now.clone()
    }

    fn random(&self, salt: &str) -> [u8; 16] {
        self.place.derive(salt).bytes()
    }

    fn schema(&self, path: &str) -> Option<Arc<serde_json::Value>> {
        self.scope.ground.schemas.get(path).cloned()
    }
}

/// An output with the captures of its step beside it; a capture wins.
fn with_captures<'c>(output: &Map, captures: impl IntoIterator<Item = (&'c Arc<str>, &'c Value)>) -> Map {
    let mut all = output.clone();
    for (name, value) in captures {
        all.insert(name.clone(), value.clone());
    }
    all
}
