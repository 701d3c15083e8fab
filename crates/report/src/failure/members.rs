//! The members of a config or an output, one below the other: short ones beside their name, others laid out.

use crate::{
    page::{Page, plain, quiet, strong},
    style::Sign,
    units::counted,
    value::{Budget, Member, fits, layout, one_line},
};
use testmesh_flow::{Map, Value};

/// Lines of one value that are shown without a cut.
const BUDGET: Budget = Budget { whole: 16, around: 4 };

/// Writes each member. `focus` leads to the value that matters, as far as it leads.
pub(super) fn write(page: &mut Page, value: &Value, focus: Option<&[Member]>) {
    let Some(map) = value.as_map() else {
        return body(page, value, focus);
    };
    for (name, value) in map.iter() {
        let inner = focus.and_then(|focus| focus.split_first()).filter(|(first, _)| **first == Member::Name(name.to_string()));
        member(page, name, value, inner.map(|(_, rest)| rest));
    }
}

fn member(page: &mut Page, name: &str, value: &Value, focus: Option<&[Member]>) {
    if is_tall(value, page.room().saturating_sub(name.len() + 2)) {
        page.line([strong(name), plain(":")]);
        page.deeper(|page| body(page, value, focus));
    } else {
        let room = page.room().saturating_sub(name.len() + 2);
        let text = one_line(value, None, room, page.sign(Sign::Ellipsis));
        page.line([strong(name), plain(format!(": {text}"))]);
    }
}

fn is_tall(value: &Value, room: usize) -> bool {
    match value {
        Value::Text(text) => text.contains('\n'),
        Value::List(_) | Value::Map(_) => !fits(value, room),
        _ => false,
    }
}

/// Headers: their values are texts, and stand without quotes.
pub(super) fn headers(page: &mut Page, map: &Map) {
    for (name, value) in map.iter() {
        let text = value.as_str().map_or_else(|| value.to_json(), str::to_owned);
        let text = page.cut(&text, page.room().saturating_sub(name.len() + 2));
        page.line([strong(name.as_ref()), plain(format!(": {text}"))]);
    }
}

/// One value laid out: JSON indented, a text of several lines as it is.
pub(super) fn body(page: &mut Page, value: &Value, focus: Option<&[Member]>) {
    let Value::Text(text) = value else {
        return layout(page, value, focus, BUDGET);
    };
    let mut lines = text.lines();
    for line in lines.by_ref().take(BUDGET.whole) {
        let line = page.cut(line, page.room());
        page.line([plain(line)]);
    }
    let rest = lines.count();
    if rest > 0 {
        page.line([quiet(format!("{} {}", page.sign(Sign::Ellipsis), counted(rest, "more line")))]);
    }
}
