//! A comparison in words: which side is which, and what they differ in.

use super::{Change, changes, lines::show_lines};
use crate::{
    page::{Page, plain, quiet, strong, word},
    style::{Role, Sign},
    text::first_difference,
    units::counted,
    value::{jsonpath, kind, typed},
};
use testmesh_flow::Value;

/// The two sides of a comparison with what each is called: `right of ==`.
pub(crate) struct Sides<'v> {
    pub(crate) expected: &'v Value,
    pub(crate) expected_name: &'v str,
    pub(crate) actual: &'v Value,
    pub(crate) actual_name: &'v str,
}

/// Changed paths shown at most.
const SHOWN: usize = 20;

/// Writes what two values that should be equal differ in.
pub(crate) fn show(page: &mut Page, sides: &Sides) {
    match (sides.expected, sides.actual) {
        (Value::Map(_), Value::Map(_)) | (Value::List(_), Value::List(_)) => show_structure(page, sides),
        (Value::Text(expected), Value::Text(actual)) if expected.contains('\n') || actual.contains('\n') => {
            legend(page, sides);
            page.deeper(|page| show_lines(page, expected, actual));
        }
        _ => show_scalars(page, sides),
    }
}

/// What the signs of a diff mean.
fn legend(page: &mut Page, sides: &Sides) {
    let Sides { expected, expected_name, actual, actual_name } = sides;
    page.line([
        word(Role::Expected, "- expected"),
        quiet(format!(" ({expected_name}, {})   ", kind(expected))),
        word(Role::Actual, "+ actual"),
        quiet(format!(" ({actual_name}, {})", kind(actual))),
    ]);
}

fn show_scalars(page: &mut Page, sides: &Sides) {
    let Sides { expected, expected_name, actual, actual_name } = sides;
    let ellipsis = page.sign(Sign::Ellipsis);
    let room = page.room().saturating_sub(32);
    let [left, right] = [typed(expected, Some(actual), room, ellipsis), typed(actual, Some(expected), room, ellipsis)];
    page.line([word(Role::Expected, "- expected  "), plain(left), quiet(format!("  {expected_name}"))]);
    page.line([word(Role::Actual, "+ actual    "), plain(right), quiet(format!("  {actual_name}"))]);
    if let (Value::Text(expected), Value::Text(actual)) = (expected, actual) {
        say_where_texts_part(page, expected, actual);
    }
}

/// Two texts that look alike on the screen are told apart in words.
fn say_where_texts_part(page: &mut Page, expected: &str, actual: &str) {
    let at = first_difference(expected, actual);
    let count = expected.get(..at).map_or(0, |same| same.chars().count());
    let same_but_spaces = expected.split_whitespace().eq(actual.split_whitespace());
    if same_but_spaces && expected != actual {
        page.line([quiet("the texts differ in white space only")]);
    } else if count > 20 {
        page.line([quiet(format!("the texts part after {}", counted(count, "character")))]);
    }
}

fn show_structure(page: &mut Page, sides: &Sides) {
    let found = changes(sides.expected, sides.actual);
    legend(page, sides);
    page.deeper(|page| {
        for change in found.iter().take(SHOWN) {
            show_change(page, change);
        }
        if found.len() > SHOWN {
            let sign = page.sign(Sign::Ellipsis);
            page.line([quiet(format!("{sign} {}", counted(found.len() - SHOWN, "more changed path")))]);
        }
        if found.is_empty() {
            page.line([quiet("no path differs")]);
        }
    });
}

fn show_change(page: &mut Page, change: &Change) {
    page.line([strong(jsonpath(&change.path))]);
    page.deeper(|page| {
        if let (Some(Value::Text(expected)), Some(Value::Text(actual))) = (change.expected, change.actual)
            && (expected.contains('\n') || actual.contains('\n'))
        {
            return show_lines(page, expected, actual);
        }
        side(page, (Role::Expected, "- "), change.expected, change.actual);
        side(page, (Role::Actual, "+ "), change.actual, change.expected);
    });
}

fn side(page: &mut Page, (role, sign): (Role, &str), value: Option<&Value>, other: Option<&Value>) {
    let text = value.map_or_else(
        || "(no such member)".to_owned(),
        |value| typed(value, other, page.room().saturating_sub(20), page.sign(Sign::Ellipsis)),
    );
    page.line([word(role, sign), word(role, text)]);
}
