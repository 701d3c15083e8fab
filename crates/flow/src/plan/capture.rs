//! Captures: names that a step gives to parts of its output.

use super::{RenderFault, Tree, tree::Text, written::Written};
use crate::{
    Code, Map, Span, Value,
    expr::{self, Expr, Fault, FaultKind},
    jsonpath::{self, Query},
    scope::View,
    yaml::Node,
};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Capture {
    pub name: Arc<str>,
    pub path: CapturePath,
    /// The path as it is written.
    pub text: Arc<str>,
    written: Written,
    pub default: Option<Tree>,
    pub secret: bool,
}

#[derive(Clone, Debug)]
pub enum CapturePath {
    /// `$`: the whole output.
    Whole,
    JsonPath(Query),
    /// A JSONPath with templates in it.
    Rendered(Box<Text>),
    Expression(Expr),
    Template(Box<Text>),
}

/// What a capture found.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    pub value: Value,
    /// The default stood in.
    pub defaulted: bool,
    /// The path means something in the subject and in the whole output; the subject's was taken.
    pub ambiguous: bool,
}

impl Capture {
    pub(super) fn new(name: Arc<str>, path: CapturePath, node: &Node, default: Option<Tree>, secret: bool) -> Self {
        let text = node.as_scalar().map_or_else(|| "".into(), |scalar| scalar.text.clone());
        Self { name, path, text, written: Written::of(node), default, secret }
    }

    pub fn span(&self) -> Span {
        self.written.span
    }

    /// Finds the value in an output. `view` sees the output's names too.
    pub fn evaluate(&self, view: &View, output: &Map, subject: Option<&str>) -> Result<Captured, RenderFault> {
        let found = match &self.path {
            CapturePath::Whole => Ok(plain(whole(output, subject))),
            CapturePath::JsonPath(query) => self.query(query, output, subject),
            CapturePath::Rendered(text) => self.rendered(text, view, output, subject),
            CapturePath::Expression(expr) => expr::evaluate(expr, view).map(plain).map_err(|fault| self.fault(fault)),
            CapturePath::Template(text) => text.render(view).map(plain),
        };
        match (found, &self.default) {
            (Err(fault), Some(default)) if fault.fault.kind == FaultKind::Mismatch => {
                let value = default.render(&view.at("default"))?;
                Ok(Captured { value, defaulted: true, ambiguous: false })
            }
            (found, _) => found,
        }
    }

    fn rendered(&self, text: &Text, view: &View, output: &Map, subject: Option<&str>) -> Result<Captured, RenderFault> {
        let path = text.render_text(view)?;
        let range = 0..text.template.text().len();
        let query = jsonpath::parse(path.as_str()).map_err(|error| {
            let message = format!("the path comes out as `{path}`, which is no JSONPath: {}", error.message);
            self.fault(Fault::new(FaultKind::Unresolved, Code::BadJsonPath, range, message))
        })?;
        self.query(&query, output, subject)
    }

    /// The subject is searched first, then the whole output.
    fn query(&self, query: &Query, output: &Map, subject: Option<&str>) -> Result<Captured, RenderFault> {
        let all = Value::map(output.clone());
        let subject = subject.and_then(|name| output.get(name));
        let select = |value: &Value| {
            query.select(value).map_err(|dear| {
                let fault = Fault::new(FaultKind::Unresolved, Code::TooDeep, 0..query.text().len(), dear.to_string());
                self.fault(fault.help(dear.help()))
            })
        };
        let in_subject = subject.map(select).transpose()?.unwrap_or_default();
        let in_all = select(&all)?;
        if in_subject.is_empty() && in_all.is_empty() {
            return Err(self.fault(nothing(query, subject, &all)));
        }
        let ambiguous = !in_subject.is_empty() && !in_all.is_empty() && in_subject != in_all;
        let mut found = if in_subject.is_empty() { in_all } else { in_subject };
        let value = if query.is_singular() { found.swap_remove(0) } else { Value::list(found) };
        Ok(Captured { value, defaulted: false, ambiguous })
    }

    fn fault(&self, fault: Fault) -> RenderFault {
        self.written.fault(&self.text, fault)
    }
}

fn plain(value: Value) -> Captured {
    Captured { value, defaulted: false, ambiguous: false }
}

/// The whole output, in which a name that it lacks is looked up in the subject.
fn whole(output: &Map, subject: Option<&str>) -> Value {
    let mut all = output.clone();
    if let Some(inner) = subject.and_then(|name| output.get(name)).and_then(Value::as_map) {
        for (name, value) in inner.iter() {
            if !all.contains(name) {
                all.insert(name.clone(), value.clone());
            }
        }
    }
    Value::map(all)
}

/// Where the path broke: in the subject, which is what an author means, or in the whole output when the path got farther there.
fn nothing(query: &Query, subject: Option<&Value>, all: &Value) -> Fault {
    let in_all = query.first_break(all);
    let in_subject = subject.and_then(|subject| query.first_break(subject));
    let farther = match (in_subject, in_all) {
        (Some(a), Some(b)) => Some(if b.range.start > a.range.start { b } else { a }),
        (a, b) => a.or(b),
    };
    let fault = |range, message: String| Fault::new(FaultKind::Mismatch, Code::CaptureFailed, range, message);
    let Some(at) = farther else { return fault(0..query.text().len(), format!("`{}` finds nothing", query.text())) };
    let found = fault(at.range.clone(), format!("`{}` finds nothing: {at}", query.text()));
    match at.help() {
        Some(help) => found.help(help),
        None => found,
    }
}
