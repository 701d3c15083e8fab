//! Data with templates in it: what stands in a config, in `env`, as a default.

use super::written::Written;
use crate::{
    Code, Map, Sources, Span, Value, duration,
    expr::{Fault, FaultKind},
    nearest::nearest,
    schema::{Key, Object, Shape},
    scope::View,
    template::Template,
    yaml::Node,
};
use std::sync::Arc;

/// A template and the scalar that it stands in.
#[derive(Clone, Debug)]
pub struct Text {
    pub template: Template,
    written: Written,
}

/// A value, some of whose texts and keys are templates.
#[derive(Clone, Debug)]
pub enum Tree {
    Fixed(Value),
    Text(Box<Text>),
    List(Box<[Tree]>),
    Map(Box<[(TreeKey, Tree)]>),
}

#[derive(Clone, Debug)]
pub enum TreeKey {
    Fixed(Arc<str>),
    Text(Box<Text>),
}

/// A fault, and the scalar whose text its range is in.
#[derive(Clone, Debug)]
pub struct RenderFault {
    pub fault: Fault,
    pub node: Node,
}

impl RenderFault {
    /// Where in the sources it happened.
    pub fn span(&self, sources: &Sources) -> Span {
        sources.get(self.node.span.source).map_or(self.node.span, |source| self.node.span_at(source, self.fault.range.clone()))
    }
}

impl Text {
    pub(super) fn new(template: Template, node: &Node) -> Self {
        Self { template, written: Written::of(node) }
    }

    pub fn span(&self) -> Span {
        self.written.span
    }

    /// The scalar that it stands in.
    pub(super) fn node(&self) -> Node {
        self.written.node(self.template.shared_text())
    }

    pub fn render(&self, view: &View) -> Result<Value, RenderFault> {
        self.template.render(view).map_err(|fault| self.fault(fault))
    }

    pub fn render_text(&self, view: &View) -> Result<String, RenderFault> {
        self.template.render_text(view).map_err(|fault| self.fault(fault))
    }

    fn fault(&self, fault: Fault) -> RenderFault {
        self.written.fault(self.template.shared_text(), fault)
    }
}

impl Tree {
    /// Whether nothing in it depends on the run.
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// Renders every template in it, each at a place of its own: the path of keys and indices down to it.
    pub fn render(&self, view: &View) -> Result<Value, RenderFault> {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Text(text) => text.render(view),
            Self::List(items) => {
                let rendered = items.iter().enumerate().map(|(index, item)| item.render(&view.at_index(index)));
                Ok(Value::list(rendered.collect::<Result<_, _>>()?))
            }
            Self::Map(members) => {
                let mut map = Map::with_capacity(members.len());
                for (key, member) in members {
                    let name = match key {
                        TreeKey::Fixed(name) => name.clone(),
                        TreeKey::Text(text) => text.render_text(&view.at("key"))?.into(),
                    };
                    let value = member.render(&view.at(&name))?;
                    if let (Some(_), Some(text)) = (map.insert(name.clone(), value), blamed(key, members)) {
                        let message = format!("the key `{name}` comes out twice");
                        let range = 0..text.template.text().len();
                        return Err(text.fault(Fault::new(FaultKind::Unresolved, Code::RenderFailed, range, message)));
                    }
                }
                Ok(Value::map(map))
            }
        }
    }

    /// The member of this name, when it is an object whose keys are known.
    pub fn member(&self, name: &str) -> Option<&Tree> {
        match self {
            Self::Map(members) => members.iter().find_map(|(key, tree)| match key {
                TreeKey::Fixed(key) if **key == *name => Some(tree),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Calls `seen` with each template below it.
    pub(crate) fn each_text<'a>(&'a self, seen: &mut dyn FnMut(&'a Text)) {
        match self {
            Self::Fixed(_) => {}
            Self::Text(text) => seen(text),
            Self::List(items) => items.iter().for_each(|item| item.each_text(seen)),
            Self::Map(members) => {
                for (key, member) in members {
                    if let TreeKey::Text(text) = key {
                        seen(text);
                    }
                    member.each_text(seen);
                }
            }
        }
    }
}

/// The template to blame for a key that comes out a second time: one of the two is one, since written keys are unique.
fn blamed<'a>(key: &'a TreeKey, members: &'a [(TreeKey, Tree)]) -> Option<&'a Text> {
    let template = |key: &'a TreeKey| if let TreeKey::Text(text) = key { Some(&**text) } else { None };
    template(key).or_else(|| members.iter().find_map(|(key, _)| template(key)))
}

/// Why a rendered value does not fit a shape: the path to it, and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Keys and indices down to what does not fit, `headers.accept`; empty for the whole.
    pub path: String,
    pub message: String,
}

/// Makes a value fit a shape: numbers and booleans may have come as text, and the reverse. Null under a known key means that it is absent.
pub fn fit(value: Value, shape: &Shape) -> Result<Value, Misfit> {
    let here = |message: String| Misfit { path: String::new(), message };
    match (shape, value) {
        (Shape::Any, value) => Ok(value),
        (Shape::Object(object), Value::Map(map)) => {
            let mut fitted = Map::with_capacity(map.len());
            for (name, value) in map.iter() {
                let Some((name, key)) = object.find(name) else {
                    if !object.open {
                        return Err(here(unknown_key(name, object)));
                    }
                    fitted.insert(name.clone(), value.clone());
                    continue;
                };
                if !(value.is_null() && absent_when_null(key)) {
                    fitted.insert(name.clone(), fit(value.clone(), &key.shape).map_err(|misfit| misfit.under(name))?);
                }
            }
            Ok(Value::map(fitted))
        }
        (Shape::Map(shape), Value::Map(map)) => {
            let fitted =
                map.iter().map(|(name, value)| Ok((name.clone(), fit(value.clone(), shape).map_err(|misfit| misfit.under(name))?)));
            Ok(Value::map(fitted.collect::<Result<Map, _>>()?))
        }
        (Shape::List(shape), Value::List(items)) => {
            let fitted =
                items.iter().enumerate().map(|(index, item)| fit(item.clone(), shape).map_err(|misfit| misfit.under(&index.to_string())));
            Ok(Value::list(fitted.collect::<Result<_, _>>()?))
        }
        (Shape::OneOf(shapes), value) => {
            let exact = shapes.iter().find(|shape| is_exactly(&value, shape));
            let fitted = exact.and_then(|shape| fit(value.clone(), shape).ok());
            let fitted = fitted.or_else(|| shapes.iter().find_map(|shape| fit(value.clone(), shape).ok()));
            fitted.ok_or_else(|| here(format!("expected {}, found {}", shape.words(), describe(&value))))
        }
        (shape, value) => fit_scalar(value, shape).map_err(here),
    }
}

fn unknown_key(name: &str, object: &Object) -> String {
    match nearest(name, object.names()) {
        Some(near) => format!("there is no key `{name}`; did you mean `{near}`?"),
        None => format!("there is no key `{name}`"),
    }
}

/// Whether null under the key is as good as leaving it out: everywhere but where any value is data.
pub(crate) fn absent_when_null(key: &Key) -> bool {
    key.shape != Shape::Any || key.kind.is_of_language()
}

fn is_exactly(value: &Value, shape: &Shape) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Bool => value.as_bool().is_some(),
        Shape::Integer { .. } => matches!(value, Value::Int(_) | Value::UInt(_)),
        Shape::Number => value.is_number(),
        Shape::Text(_) | Shape::Duration => value.as_str().is_some(),
        Shape::List(_) => value.as_list().is_some(),
        Shape::Map(_) | Shape::Object(_) => value.as_map().is_some(),
        Shape::OneOf(shapes) => shapes.iter().any(|shape| is_exactly(value, shape)),
    }
}

fn fit_scalar(value: Value, shape: &Shape) -> Result<Value, String> {
    let text = value.as_str().map(str::trim);
    let misfit = || format!("expected {}, found {}", shape.words(), describe(&value));
    match shape {
        Shape::Bool => match (&value, text) {
            (Value::Bool(_), _) => Ok(value),
            (_, Some("true")) => Ok(Value::Bool(true)),
            (_, Some("false")) => Ok(Value::Bool(false)),
            _ => Err(misfit()),
        },
        Shape::Integer { min, max } => {
            let number = text.and_then(Value::number).unwrap_or_else(|| value.clone());
            let integer = number.as_i64().map(Value::Int).or_else(|| matches!(number, Value::UInt(_)).then(|| number.clone()));
            let integer = integer.ok_or_else(misfit)?;
            let below = min.is_some_and(|min| integer.as_f64() < Some(min as f64));
            let above = max.is_some_and(|max| integer.as_f64() > Some(max as f64));
            match (below, above) {
                (true, _) => Err(format!("{} is below {}, the least that is allowed", integer.to_json(), min.unwrap_or_default())),
                (_, true) => Err(format!("{} is above {}, the most that is allowed", integer.to_json(), max.unwrap_or_default())),
                _ => Ok(integer),
            }
        }
        Shape::Number => text.and_then(Value::number).or_else(|| value.is_number().then(|| value.clone())).ok_or_else(misfit),
        Shape::Text(choices) => {
            let text = match &value {
                Value::Text(_) => value.clone(),
                Value::Bool(_) | Value::Int(_) | Value::UInt(_) | Value::Float(_) | Value::Spelled(_) => Value::text(value.to_json()),
                _ => return Err(misfit()),
            };
            let allowed = choices.is_empty() || choices.iter().any(|choice| Some(&**choice) == text.as_str());
            if allowed { Ok(text) } else { Err(misfit()) }
        }
        Shape::Duration => duration::from_value(&value).map(|_| value.clone()).map_err(|bad| bad.message),
        _ => Err(misfit()),
    }
}

impl Misfit {
    fn under(mut self, name: &str) -> Self {
        self.path = if self.path.is_empty() { name.to_owned() } else { format!("{name}.{}", self.path) };
        self
    }
}

/// A value in the words of a message.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing (null)".into(),
        // A long text is never quoted in part: part of a secret is masked nowhere.
        Value::Text(text) if text.chars().nth(60).is_some() => format!("a text of {} characters", text.chars().count()),
        Value::Text(text) => format!("the text \"{text}\""),
        Value::List(_) => "a list".into(),
        Value::Map(_) => "an object".into(),
        Value::Bool(boolean) => format!("the boolean {boolean}"),
        number if number.is_number() => format!("the number {}", number.to_json()),
        other => format!("the {}", other.type_name()),
    }
}
