//! Where the texts of a plan are written. A plan holds many: what can be had from the text is not kept beside it.

use super::RenderFault;
use crate::{
    Span,
    expr::Fault,
    yaml::{Kind, Node, Scalar, Style, Tag},
};
use std::sync::Arc;

/// Where and how a scalar is written. With its text it is the node again, which tells the place of each part of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) span: Span,
    style: Style,
    tag: Option<Tag>,
}

impl Written {
    pub(super) fn of(node: &Node) -> Self {
        let (style, tag) = node.as_scalar().map_or((Style::Plain, None), |scalar| (scalar.style, scalar.tag));
        Self { span: node.span, style, tag }
    }

    pub(super) fn node(self, text: &Arc<str>) -> Node {
        let scalar = Scalar { text: text.clone(), style: self.style, tag: self.tag };
        Node { span: self.span, kind: Kind::Scalar(scalar), alias: None }
    }

    pub(super) fn fault(self, text: &Arc<str>, fault: Fault) -> RenderFault {
        RenderFault { fault, node: self.node(text) }
    }
}
