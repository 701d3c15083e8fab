//! What a flow gives to its caller.

use super::{At, Compiler, config::Key};
use crate::{
    ast::{self, Name},
    plan::{Exported, ExportedValue},
    schema::Shape,
    yaml::Node,
};

impl Compiler<'_> {
    /// A text is an expression, as in a capture, or a template; anything else is data.
    pub(super) fn output(&mut self, pairs: &[(Name, Node)], at: At) -> Vec<Exported> {
        let mut exported = Vec::new();
        for (name, node) in pairs {
            let is_expression = node.as_str().is_some_and(|text| !ast::has_template(text));
            let value = if is_expression {
                self.expression(node, &name.text, at).map(ExportedValue::Expression)
            } else {
                Some(ExportedValue::Data(self.tree(node, &Shape::Any, &Key::language("output"), at)))
            };
            exported.extend(value.map(|value| Exported { name: name.text.clone(), span: name.span, value }));
        }
        exported
    }
}
