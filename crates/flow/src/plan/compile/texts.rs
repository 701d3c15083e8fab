//! Texts that are read: templates, expressions, durations, paths, and the schema files that they name.

use super::{At, Compiler, Use, call::Known, config::Key};
use crate::{
    Code, Diagnostic, Span, Value, ast, duration,
    expr::{self, Expr, ParseError, Unwritten},
    jsonpath,
    plan::{BUILT_INS, Condition, Text, Tree, Variables, check::TextKind, written::Written},
    schema::Shape,
    template::Template,
    yaml::Node,
};
use std::{ops::Range, sync::Arc};

impl Compiler<'_> {
    pub(super) fn span_at(&self, node: &Node, range: Range<usize>) -> Span {
        self.sources.get(node.span.source).map_or(node.span, |source| node.span_at(source, range))
    }

    fn parse_error(&mut self, error: ParseError, node: &Node) {
        let span = self.span_at(node, error.range.clone());
        let foreign = other_templates(&error, node);
        let cut = self.is_cut_by_comment(node).then(|| "in YAML ` #` begins a comment: put the text in quotes".to_owned());
        let help = cut.or(foreign).or(error.help).unwrap_or_else(|| explained(error.code));
        self.push(Diagnostic::error(error.code, span, error.message).help(help));
    }

    /// Whether a plain text ends where a comment begins, which is seldom meant in an expression.
    fn is_cut_by_comment(&self, node: &Node) -> bool {
        let plain = node.as_scalar().is_some_and(|scalar| scalar.style == crate::yaml::Style::Plain);
        let rest = self.sources.get(node.span.source).and_then(|source| source.text().get(node.span.end as usize..));
        let comment = rest.map(|rest| rest.trim_start_matches([' ', '\t'])).filter(|rest| rest.starts_with('#'));
        plain && comment.is_some_and(|comment| !comment.trim_start_matches(['#', ' ']).starts_with("testmesh:"))
    }

    pub(super) fn bad_json_path(&mut self, error: jsonpath::ParseError, node: &Node) {
        let span = self.span_at(node, error.range);
        let help = error.help.unwrap_or_else(|| explained(Code::BadJsonPath));
        self.push(Diagnostic::error(Code::BadJsonPath, span, error.message).help(help));
    }

    /// A text with its templates, or the fixed value when it has none.
    pub(super) fn text(&mut self, node: &Node, at: At) -> Tree {
        let Some(scalar) = node.as_scalar() else { return Tree::Fixed(node.to_value()) };
        if !scalar.is_text() || !ast::has_template(&scalar.text) {
            return Tree::Fixed(scalar.value());
        }
        match self.template(node, &scalar.text, at) {
            Some(text) if text.template.is_plain() => Tree::Fixed(plain_text(&text)),
            Some(text) => Tree::Text(text),
            None => Tree::Fixed(scalar.value()),
        }
    }

    pub(super) fn template(&mut self, node: &Node, text: &Arc<str>, at: At) -> Option<Box<Text>> {
        let options = expr::Options { dashed: &self.dashed, templates: false };
        let template = Template::parse(text.clone(), options).map_err(|error| self.parse_error(error, node)).ok()?;
        let used = Use {
            names: template.names(),
            lets: template.lets().to_vec(),
            node: node.clone(),
            at,
            kind: TextKind::Template,
            first: self.first.clone(),
        };
        self.uses(used, template.unknown_methods(), template.schemas(), template.unwritten_schemas())?;
        Some(Box::new(Text::new(template, node)))
    }

    /// An expression key: its text, or a plain `true` or `200` as text.
    pub(super) fn expression(&mut self, node: &Node, key: &str, at: At) -> Option<Condition> {
        let Some(scalar) = node.as_scalar().filter(|scalar| !scalar.is_null()) else {
            let message = format!("`{key}` must be an expression, and this is {}", node.describe());
            let wrong = Diagnostic::error(Code::WrongType, node.head(), message);
            self.push(wrong.help("write the expression as text, for example `status == 200`"));
            return None;
        };
        if scalar.text.trim().is_empty() {
            let empty = Diagnostic::error(Code::ExpressionSyntax, node.place(), format!("the expression of `{key}` is empty"));
            self.push(empty.help("write one such as `status == 200`, or take the key away"));
            return None;
        }
        let options = expr::Options { dashed: &self.dashed, templates: true };
        let expr = expr::parse(scalar.text.clone(), options).map_err(|error| self.parse_error(error, node)).ok()?;
        let used = Use {
            names: expr.names(),
            lets: expr.lets().to_vec(),
            node: node.clone(),
            at,
            kind: TextKind::Expression,
            first: self.first.clone(),
        };
        self.uses(used, expr.unknown_methods(), expr.schemas(), expr.unwritten_schemas())?;
        Some(Condition { expr, written: Written::of(node) })
    }

    /// As [`Compiler::expression`], and it must be able to be true or false. `output` is the shape of what its bare names mean.
    pub(super) fn condition(&mut self, node: &Node, key: &str, at: At, output: Option<&Shape>) -> Option<Condition> {
        let condition = self.expression(node, key, at)?;
        let field = || {
            let (_, key) = output?.object()?.find(condition.expr.only_name()?)?;
            (!matches!(key.shape, Shape::Any | Shape::Bool | Shape::OneOf(_))).then(|| key.shape.words())
        };
        let Some(words) = condition.expr.no_boolean().map(str::to_owned).or_else(field) else {
            self.conditions.push((condition.clone(), at));
            return Some(condition);
        };
        let message = format!("`{key}` needs true or false, and this is {words}");
        let help = help_to_compare(&condition.expr);
        let span = self.span_at(node, condition.expr.range());
        self.push(Diagnostic::error(Code::WrongType, span, message).help(help));
        None
    }

    /// Keeps what a text uses, unless it calls methods that nothing has.
    fn uses(&mut self, used: Use, unknown: Vec<ParseError>, schemas: &[(Arc<str>, Range<usize>)], unwritten: Vec<Unwritten>) -> Option<()> {
        if !unknown.is_empty() {
            for error in unknown {
                self.parse_error(error, &used.node);
            }
            return None;
        }
        self.read_schemas(schemas, &used.node);
        self.check_schema_names(unwritten, &used.node);
        self.uses.push(used);
        Some(())
    }

    /// A duration under `key`, which may be a template.
    pub(super) fn duration(&mut self, node: &Node, key: &str, at: At) -> Option<Box<Text>> {
        let tree = self.text(node, at);
        if let Tree::Fixed(value) = &tree
            && let Err(bad) = duration::from_value(value)
        {
            let message = format!("`{key}`: {}", bad.message);
            self.push(Diagnostic::error(Code::BadDuration, node.head(), message).help(bad.help));
            return None;
        }
        if let Tree::Fixed(value) = &tree
            && duration::from_value(value).is_ok_and(|time| time.is_zero())
        {
            let nothing = Diagnostic::error(Code::BadDuration, node.head(), format!("`{key}`: nothing can be done in no time"));
            self.push(nothing.help("write a longer time, or leave the key out"));
            return None;
        }
        match tree {
            Tree::Text(text) => Some(text),
            // A fixed one is kept as a template without holes: its text is what was written.
            _ => Template::parse(node.as_scalar()?.text.clone(), expr::Options::default())
                .ok()
                .map(|template| Box::new(Text::new(template, node))),
        }
    }

    /// A key of the language whose value has a shape of its own.
    pub(super) fn policy(&mut self, node: &Node, key: &str, shape: &Shape, at: At) -> Tree {
        self.tree(node, shape, &Key::language(key), at)
    }

    /// Files of schemas are read with the flow, so that their names must be written where they are used.
    fn check_schema_names(&mut self, unwritten: Vec<Unwritten>, node: &Node) {
        for Unwritten { name, range } in unwritten {
            let is_text = |name: &Arc<str>| {
                self.variables.get(name).and_then(|variable| variable.known()).is_some_and(|value| value.as_str().is_some())
            };
            if name.as_ref().is_some_and(|name| !is_text(name)) {
                continue;
            }
            let what = name.map_or_else(
                || "the path of the schema file is put together".to_owned(),
                |name| format!("`{name}` is a variable that holds a text"),
            );
            let span = self.span_at(node, range);
            let message = format!("{what}, and a schema file is read before the run: it must be named in the expression itself");
            let wrong = Diagnostic::error(Code::WrongArguments, span, message);
            self.push(wrong.help("write the path as a text: `matches_schema(body, \"user.schema.json\")`"));
        }
    }

    fn read_schemas(&mut self, named: &[(Arc<str>, Range<usize>)], node: &Node) {
        for (path, range) in named {
            if self.schemas.contains_key(path) {
                continue;
            }
            let read = self.files.read(&self.file, path);
            let read =
                read.map_err(|why| (format!("the schema file `{path}` cannot be read: {why}"), "the path is relative to the flow file"));
            let parsed = read.and_then(|file| {
                serde_json::from_str(file.source.text())
                    .map_err(|error| (format!("the schema file `{path}` is no JSON: {error}"), "a schema file holds a JSON Schema"))
            });
            match parsed {
                Ok(schema) => {
                    self.schemas.insert(path.clone(), Arc::new(schema));
                }
                Err((message, help)) => {
                    let span = self.span_at(node, range.clone());
                    self.push(Diagnostic::error(Code::NoSuchFile, span, message).help(help));
                }
            }
        }
    }
}

/// What to do about a value that is called, and about the templates of other tools.
fn other_templates(error: &ParseError, node: &Node) -> Option<String> {
    let text = node.as_scalar()?.text.as_ref();
    let found = text.get(error.range.clone()).unwrap_or_default();
    if error.code == Code::UnknownFunction && BUILT_INS.contains(&found) {
        return Some(format!("`{found}` is a value: write it without parentheses"));
    }
    if text.contains("${{") {
        return Some("write `${…}` or `{{…}}`, not both".to_owned());
    }
    let block = ["{{#", "{{/", "{{^", "{%"].iter().find(|open| text.contains(**open))?;
    Some(format!("there is no `{block}`: write `{{{{x ? \"this\" : \"that\"}}}}`, or `when:` for a whole step"))
}

/// The next step where a message has none of its own.
fn explained(code: Code) -> String {
    format!("`testmesh explain {code}` shows how it is written")
}

fn help_to_compare(expr: &Expr) -> String {
    let written = expr.text().get(expr.range()).unwrap_or_default();
    match written.parse::<f64>() {
        Ok(_) => format!("compare it with something: `status == {written}`"),
        Err(_) => format!("compare it with something: `{written} == …`"),
    }
}

/// What a template without holes says: its escapes undone.
fn plain_text(text: &Text) -> Value {
    let nothing = Variables::default();
    text.template.render_text(&Known::new(&nothing)).map_or_else(|_| Value::text(text.template.text()), Value::from)
}
