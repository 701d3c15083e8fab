//! What a condition says whatever the answer is: parts that are always true or never, and sides that can never be equal.
//!
//! Whether a part can be true and whether it can be false is worked out from below. A part that can be neither always ends in an error.

mod bounds;
mod types;

use super::{
    Root, Tree,
    ast::{Binary, Kind, NodeId, Unary},
    eval,
};
use crate::{Code, Value, schema::Shape};
use bounds::Bound;
use std::ops::Range;
use types::{Known, Types};

/// What is known of a name of the scope, given the member behind it.
pub(crate) type ShapeOf<'a> = dyn Fn(&str, Option<&str>) -> Option<Shape> + 'a;

/// Something that the author of a condition cannot have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) code: Code,
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: String,
}

pub(super) fn doubts(tree: &Tree, shape_of: &ShapeOf) -> Vec<Doubt> {
    let Root::Expression(root) = tree.root else { return Vec::new() };
    let mut judge = Judge { tree, shape_of, chain: None, doubts: Vec::new() };
    let can = judge.can_be(root);
    // A part that explains it is enough.
    if judge.doubts.is_empty() {
        judge.doubts.extend(judge.decided(root, can));
    }
    judge.doubts
}

/// What a part can be; neither when it always ends in an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Can {
    true_: bool,
    false_: bool,
}

const EITHER: Can = Can { true_: true, false_: true };
const NEITHER: Can = Can { true_: false, false_: false };

impl Can {
    fn only(value: bool) -> Self {
        Self { true_: value, false_: !value }
    }
}

struct Judge<'a> {
    tree: &'a Tree,
    shape_of: &'a ShapeOf<'a>,
    /// The operator of the chain that is being judged: its bounds are looked at once, for all of it.
    chain: Option<Binary>,
    doubts: Vec<Doubt>,
}

impl Judge<'_> {
    fn kind(&self, id: NodeId) -> &Kind {
        &self.tree.ast.get(id).kind
    }

    fn written(&self, id: NodeId) -> &str {
        self.tree.text.get(self.tree.ast.get(id).range()).unwrap_or_default()
    }

    fn can_be(&mut self, id: NodeId) -> Can {
        if self.is_constant(id) {
            return match eval::constant(self.tree, id, &types::Nothing).as_ref().and_then(Value::as_bool) {
                Some(value) => Can::only(value),
                None => self.compared(id).unwrap_or(NEITHER),
            };
        }
        if !matches!(self.kind(id), Kind::Binary { operator: Binary::And | Binary::Or, .. }) {
            self.chain = None;
        }
        match *self.kind(id) {
            Kind::Unary { operator: Unary::Not, operand } => {
                let can = self.operand("!", operand, id);
                Can { true_: can.false_, false_: can.true_ }
            }
            Kind::Binary { operator: operator @ (Binary::And | Binary::Or), left, right } => {
                let chain = self.chain.replace(operator);
                let can = self.both(operator, left, right, id, chain != Some(operator));
                self.chain = chain;
                can
            }
            Kind::Conditional { condition, yes, no } => {
                let (which, yes, no) = (self.can_be(condition), self.can_be(yes), self.can_be(no));
                let can = |yes: bool, no: bool| which.true_ && yes || which.false_ && no;
                Can { true_: can(yes.true_, no.true_), false_: can(yes.false_, no.false_) }
            }
            Kind::Let { body, .. } => self.can_be(body),
            _ => self.compared(id).unwrap_or(EITHER),
        }
    }

    /// `&&` and `||`.
    fn both(&mut self, operator: Binary, left: NodeId, right: NodeId, id: NodeId, is_whole: bool) -> Can {
        let a = self.operand(operator.symbol(), left, id);
        self.chain = Some(operator);
        let b = self.operand(operator.symbol(), right, id);
        // Several bounds of one thing may leave nothing over.
        let leaves_nothing = is_whole && bounds::leave_nothing(&self.bounds(operator, id));
        if operator == Binary::And {
            Can { true_: a.true_ && b.true_ && !leaves_nothing, false_: a.false_ || a.true_ && b.false_ }
        } else {
            Can { true_: a.true_ || a.false_ && b.true_, false_: a.false_ && b.false_ && !leaves_nothing }
        }
    }

    /// An operand that must be true or false.
    fn operand(&mut self, symbol: &str, id: NodeId, whole: NodeId) -> Can {
        let Some(words) = self.known(id).and_then(|known| known.types.no_boolean()) else { return self.can_be(id) };
        // Two conditions with `or` between them are repeated in full; in speech what is compared is said once.
        let compared = match *self.kind(whole) {
            Kind::Binary { operator: Binary::Or, left, .. } if left != id => self.last_compared(left),
            _ => None,
        };
        let written = self.written(id).to_owned();
        self.doubts.push(Doubt {
            code: if symbol == "||" { Code::NeverFalse } else { Code::NeverTrue },
            range: self.tree.ast.get(id).range(),
            message: format!("`{symbol}` needs true or false, and `{written}` is {words}: it is never {}", symbol != "||"),
            help: match compared {
                Some(compared) => format!("repeat what is compared: `{compared} == {written}`"),
                None => format!("compare it with something: `{written} == …`"),
            },
        });
        NEITHER
    }

    /// What the last of several conditions compares.
    fn last_compared(&self, id: NodeId) -> Option<String> {
        match *self.kind(id) {
            Kind::Binary { operator: Binary::Or, right, .. } => self.last_compared(right),
            Kind::Binary { operator: Binary::Equal, left, .. } => Some(self.written(left).to_owned()),
            _ => None,
        }
    }

    /// A comparison, as far as its sides are known.
    fn compared(&mut self, id: NodeId) -> Option<Can> {
        let Kind::Binary { operator, left, right } = *self.kind(id) else { return None };
        if operator == Binary::In {
            return self.sought(left, right, id);
        }
        let is_equality = matches!(operator, Binary::Equal | Binary::NotEqual);
        if !is_equality && !operator.is_ordering() {
            return None;
        }
        if self.is_same(left, right) {
            return Some(Can::only(matches!(operator, Binary::Equal | Binary::LessEqual | Binary::GreaterEqual)));
        }
        if let Some(bound) = self.bound(id).filter(|bound| self.is_count(bound.of)) {
            let none = |bound: Bound| bounds::leave_nothing(&[Bound::at_least(bound.of, 0.0), bound]);
            if none(bound.clone()) || none(bound.opposite()) {
                return Some(Can::only(!none(bound)));
            }
        }
        let (a, b) = (self.known(left)?, self.known(right)?);
        if a.types.meets(b.types) {
            return self.chosen(operator, &a, &b, id);
        }
        let errs = operator.is_ordering() || a.types.is_mixed_with(b.types);
        let always = if errs {
            "fails whatever comes"
        } else if operator == Binary::Equal {
            "is never true"
        } else {
            "is always true"
        };
        let message = format!(
            "`{}` is {}, and `{}` is {}: `{}` between them {always}",
            self.written(left),
            a.types.words(),
            self.written(right),
            b.types.words(),
            operator.symbol(),
        );
        self.never_equal(id, message, a.cure(self.written(left), &b, self.written(right)));
        Some(if errs { NEITHER } else { Can::only(operator == Binary::NotEqual) })
    }

    /// A text that can be one of a few, compared with another.
    fn chosen(&mut self, operator: Binary, a: &Known, b: &Known, id: NodeId) -> Option<Can> {
        let (Known { choices, .. }, Some(text)) = (if a.text.is_some() { b } else { a }, a.text.as_deref().or(b.text.as_deref())) else {
            return None;
        };
        let is_equality = matches!(operator, Binary::Equal | Binary::NotEqual);
        if !is_equality || choices.is_empty() || choices.iter().any(|choice| **choice == *text) {
            return None;
        }
        let known: Vec<&str> = choices.iter().map(AsRef::as_ref).collect();
        let help = crate::nearest::nearest(text, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let message = format!("it can never be \"{text}\"");
        self.never_equal(id, message, help.unwrap_or_else(|| format!("it is one of {}", known.join(", "))));
        Some(Can::only(operator == Binary::NotEqual))
    }

    /// `in` a list that is written out.
    fn sought(&mut self, left: NodeId, right: NodeId, id: NodeId) -> Option<Can> {
        let Kind::List(items) = self.kind(right) else { return None };
        let items = items.clone();
        if items.is_empty() {
            return Some(Can::only(false));
        }
        let a = self.known(left)?;
        let all = items.iter().map(|item| self.known(*item).map(|known| known.types)).collect::<Option<Vec<_>>>()?;
        let together = all.into_iter().fold(Types::NONE, Types::or);
        if a.types.meets(together) {
            return None;
        }
        let message = format!("`{}` is {}, and the list holds {} only", self.written(left), a.types.words(), together.plural());
        let first = items.first().and_then(|item| self.known(*item)).unwrap_or_default();
        let help = items.first().map(|item| a.cure(self.written(left), &first, self.written(*item)));
        self.never_equal(id, message, help.unwrap_or_default());
        Some(if a.types.is_mixed_with(together) { NEITHER } else { Can::only(false) })
    }

    fn never_equal(&mut self, id: NodeId, message: String, help: String) {
        self.doubts.push(Doubt { code: Code::NeverEqual, range: self.tree.ast.get(id).range(), message, help });
    }

    /// What there is to say about an assertion that is decided.
    fn decided(&self, root: NodeId, can: Can) -> Option<Doubt> {
        let (code, message, help) = match can {
            Can { true_: true, false_: true } => return None,
            Can { true_: true, false_: false } => {
                (Code::NeverFalse, "the assertion is true whatever comes back", "assert something of the answer, or take it away")
            }
            Can { true_: false, .. } => (Code::NeverTrue, "the assertion is true of nothing that can come back", "say what must hold"),
        };
        let range = self.tree.ast.get(root).range();
        Some(Doubt { code, range, message: message.to_owned(), help: help.to_owned() })
    }
}
