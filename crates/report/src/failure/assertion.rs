//! One assertion that does not hold: where, what the parts were, what the two sides differ in.

use super::{excerpted, labels};
use crate::{
    diff::{self, Sides, changes},
    page::{Page, plain, quiet},
    snippet::Excerpt,
    style::Sign,
    text::{pad, width},
    texts::Texts,
    units::counted,
    value::{Member, Path, chain, one_line, typed},
};
use testmesh_events::{AssertionRecord, Comparison, Explanation, Part};
use testmesh_flow::{Code, Value};

pub(super) fn write(page: &mut Page, assertion: &AssertionRecord, texts: &Texts) {
    let explanation = assertion.explanation.as_ref();
    let failure = assertion.failure.as_ref();
    // What decided is the nearest place; a failure to evaluate knows its own.
    let span = explanation.map(|it| it.decided).or(failure.and_then(|failure| failure.span)).unwrap_or(assertion.span);
    let label = explanation.and_then(|it| it.comparison.as_ref()).and_then(|comparison| in_values(comparison, page));
    let labels = labels(Some(span), label.as_deref().unwrap_or(""));
    let excerpt = Excerpt {
        kind: assertion.status.into(),
        code: Some(failure.map_or(Code::AssertionFailed, |failure| failure.code).id()),
        message: failure.map_or("the assertion is false", |failure| &failure.message),
        help: failure.and_then(|failure| failure.help.as_deref()),
        author: assertion.message.as_deref(),
        labels: &labels,
    };
    excerpted(page, &excerpt, texts);
    if let Some(explanation) = explanation {
        if let Some(comparison) = &explanation.comparison {
            page.gap();
            compared(page, comparison, explanation);
        }
        values(page, explanation);
    }
}

/// `500 == 201`, when both sides are short enough to stand beside the caret.
fn in_values(comparison: &Comparison, page: &Page) -> Option<String> {
    let Comparison { operator, left, right } = comparison;
    let text = format!("{} {operator} {}", one_line(left, None, 30, "..."), one_line(right, None, 30, "..."));
    (width(&text) <= page.room() / 2 && !text.contains("...")).then_some(text)
}

/// The two sides, and for an equality what they differ in.
fn compared(page: &mut Page, comparison: &Comparison, explanation: &Explanation) {
    let Comparison { operator, left, right } = comparison;
    let (left_name, right_name) = (format!("left of {operator}"), format!("right of {operator}"));
    match operator.as_str() {
        "==" if literal_on_the_left(operator, explanation) => {
            diff::show(page, &Sides { expected: left, expected_name: &left_name, actual: right, actual_name: &right_name });
        }
        "==" => diff::show(page, &Sides { expected: right, expected_name: &right_name, actual: left, actual_name: &left_name }),
        _ => {
            let ellipsis = page.sign(Sign::Ellipsis);
            for (name, value) in [(&left_name, left), (&right_name, right)] {
                let room = page.room().saturating_sub(30);
                page.line([quiet(pad(name, right_name.len())), plain(format!("  {}", typed(value, None, room, ellipsis)))]);
            }
        }
    }
}

/// Whether it was written as `200 == status`: what is expected stands on the left. Literals have no part of their own, so the first part inside
/// the comparison then begins after the operator.
fn literal_on_the_left(operator: &str, explanation: &Explanation) -> bool {
    let decided = explanation.decided;
    let inside =
        |part: &&Part| part.span != decided && part.span.source == decided.source && decided.range().contains(&part.span.range().start);
    let Some(whole) = explanation.parts.iter().find(|part| part.span == decided) else { return false };
    let Some(first) = explanation.parts.iter().filter(inside).map(|part| part.span.start).min() else { return false };
    whole.text.get(..first.saturating_sub(decided.start) as usize).is_some_and(|before| before.contains(operator))
}

/// Parts shown at most.
const SHOWN: usize = 40;

/// Every sub-expression with its value.
fn values(page: &mut Page, explanation: &Explanation) {
    let Explanation { parts, comparison, .. } = explanation;
    if parts.is_empty() {
        return;
    }
    page.section("values", |page| {
        let indented = |part: &Part| format!("{}{}", " ".repeat(part.depth.min(20) as usize * 2), part.text.replace('\n', " "));
        let columns = parts.iter().map(|part| width(&indented(part))).max().unwrap_or(0).min(page.room() / 2);
        for part in parts.iter().take(SHOWN) {
            let room = page.room().saturating_sub(columns + 20);
            let text = pad(&page.cut(&indented(part), columns), columns);
            let item = part.item.map(|item| format!("  item {item}")).unwrap_or_default();
            page.line([plain(text), plain(format!("  {}", value_of(part, comparison.as_ref(), room, page))), quiet(item)]);
        }
        if parts.len() > SHOWN {
            page.line([quiet(format!("{} {}", page.sign(Sign::Ellipsis), counted(parts.len() - SHOWN, "more part")))]);
        }
    });
}

fn value_of(part: &Part, comparison: Option<&Comparison>, room: usize, page: &Page) -> String {
    let Some(value) = &part.value else {
        return format!("({})", part.note.as_deref().unwrap_or("not evaluated"));
    };
    let other = comparison.and_then(|Comparison { left, right, .. }| match value {
        value if value == left => Some(right),
        value if value == right => Some(left),
        _ => None,
    });
    let note = part.note.as_deref().map(|note| format!("  ({note})")).unwrap_or_default();
    typed(value, other, room, page.sign(Sign::Ellipsis)) + &note
}

/// Where in the step's output the assertion decided: what its deciding part reaches into, and the first path that differs there.
pub(super) fn focus(explanation: &Explanation) -> Option<Path> {
    let near = |part: &&Part| {
        part.span.source == explanation.decided.source
            && part.span.start < explanation.decided.end
            && part.span.end > explanation.decided.start
    };
    let chains = || explanation.parts.iter().filter(near).filter_map(|part| Some((part, chain(&part.text)?)));
    let relative = |part: &Part| part.text.trim_start().starts_with(['.', '#']);
    let mut path =
        chains().filter(|(part, _)| !relative(part)).map(|(_, path)| path).max_by_key(Vec::len).or_else(|| collection(explanation))?;
    if let Some((part, inner)) = chains().filter(|(part, _)| relative(part)).max_by_key(|(_, path)| path.len())
        && let Some(item) = part.item
    {
        path.push(Member::Index(item as usize));
        path.extend(inner);
    }
    if let Some(Comparison { operator, left, right }) = &explanation.comparison
        && operator == "=="
        && matches!((left, right), (Value::List(_) | Value::Map(_), Value::List(_) | Value::Map(_)))
        && let Some(change) = changes(right, left).first()
    {
        path.extend(change.path.iter().cloned());
    }
    Some(path)
}

/// What a predicate goes through: the longest chain anywhere in the expression.
fn collection(explanation: &Explanation) -> Option<Path> {
    explanation
        .parts
        .iter()
        .filter(|part| !part.text.trim_start().starts_with(['.', '#']))
        .filter_map(|part| chain(&part.text))
        .max_by_key(Vec::len)
}
