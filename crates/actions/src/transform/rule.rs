//! One rule of a transform.

use testmesh_flow::{
    Code, Map, Value,
    jsonpath::{self, Query},
    nearest::nearest,
};
use testmesh_runner::{ActionError, StepContext};

/// Where rules are applied.
pub(super) struct Rule<'a> {
    pub(super) input: &'a Value,
    pub(super) cx: &'a StepContext<'a>,
    /// The config key, for messages.
    pub(super) key: &'a str,
}

impl Rule<'_> {
    pub(super) fn apply(&self, rule: &Value) -> Result<Value, ActionError> {
        match rule {
            Value::Text(text) if text.starts_with("$.") || text.starts_with("$[") || text.as_ref() == "$" => self.path(text, None),
            Value::Text(text) => match text.strip_prefix('$').filter(|name| is_name(name)) {
                Some(name) => self.member(name),
                None => Ok(rule.clone()),
            },
            Value::Map(map) => self.object(map),
            Value::List(items) => items.iter().map(|item| self.apply(item)).collect::<Result<_, _>>().map(Value::list),
            constant => Ok(constant.clone()),
        }
    }

    fn object(&self, map: &Map) -> Result<Value, ActionError> {
        let only = |names: &[&str]| map.keys().all(|key| names.contains(&key.as_ref()));
        if let (true, Some(text)) = (only(&["expr"]), map.get("expr").and_then(Value::as_str)) {
            return self.expression(text);
        }
        if let (true, Some(text)) = (only(&["path", "default"]), map.get("path").and_then(Value::as_str)) {
            return self.path(text, map.get("default"));
        }
        let members = map.iter().map(|(name, rule)| Ok((name.clone(), self.apply(rule)?)));
        members.collect::<Result<Map, ActionError>>().map(Value::map)
    }

    /// One value for a path of names and indices, a list for any other; nothing found is a failure unless there is a default.
    fn path(&self, text: &str, default: Option<&Value>) -> Result<Value, ActionError> {
        let query = jsonpath::parse(text).map_err(|error| {
            let failure = self.error(ActionError::errored(Code::BadJsonPath, format!("`{text}` is no JSONPath: {}", error.message)));
            ActionError { help: error.help, ..failure }
        })?;
        let mut found = query.select(self.input).map_err(|dear| {
            let message = format!("`{text}`: {dear}");
            self.error(ActionError::errored(Code::TooDeep, message).help(dear.help()))
        })?;
        match default {
            _ if !found.is_empty() => Ok(if query.is_singular() { found.swap_remove(0) } else { Value::list(found) }),
            Some(default) => Ok(default.clone()),
            None => Err(self.nothing(&query)),
        }
    }

    fn nothing(&self, query: &Query) -> ActionError {
        let at = query.first_break(self.input);
        let where_to = at.as_ref().map(|at| format!(": {at}")).unwrap_or_default();
        let help = at.and_then(|at| at.help());
        let help = help.unwrap_or_else(|| format!("write `{{path: \"{}\", default: …}}` when it may be absent", query.text()));
        self.error(ActionError::failed(Code::CaptureFailed, format!("`{}` finds nothing in the input{where_to}", query.text())).help(help))
    }

    fn member(&self, name: &str) -> Result<Value, ActionError> {
        let missing = || {
            let names = self.input.as_map().into_iter().flat_map(Map::keys).map(AsRef::as_ref);
            let help = match nearest(name, names) {
                Some(near) => format!("did you mean `${near}`?"),
                None => format!("the input is {}", crate::scalar::named(self.input)),
            };
            self.error(ActionError::failed(Code::MissingMember, format!("the input has no member `{name}`")).help(help))
        };
        self.input.get(name).cloned().ok_or_else(missing)
    }

    fn expression(&self, text: &str) -> Result<Value, ActionError> {
        let mut names = self.input.as_map().cloned().unwrap_or_default();
        names.insert("input", self.input.clone());
        self.cx.evaluate(text, &names).map_err(|error| self.error(error))
    }

    fn error(&self, error: ActionError) -> ActionError {
        error.key(self.key.to_owned())
    }
}

/// A name as expressions have it; `$1.50` is a price.
fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
