//! A value over several lines, of which those around one path are kept.

use super::{Member, one_line};
use crate::{
    page::{Page, plain, quiet},
    style::Sign,
    text::{clean, width},
    units::counted,
};
use testmesh_flow::{Map, Value};

/// How much of a value is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// Lines that are shown whole, without anything left out.
    pub(crate) whole: usize,
    /// Lines kept before and after the one that matters.
    pub(crate) around: usize,
}

struct Row {
    depth: usize,
    text: String,
    /// It belongs to the value that the path leads to, or opens something that holds it.
    matters: bool,
}

/// Writes a value as indented JSON. When it has more lines than the budget, only the lines around what `focus` leads to are kept
/// (as far as it leads: the path may name what is missing), or the first lines without a focus; the rest is counted.
pub(crate) fn layout(page: &mut Page, value: &Value, focus: Option<&[Member]>, budget: Budget) {
    let mut laid = Rows { list: Vec::new(), columns: page.room(), ellipsis: page.sign(Sign::Ellipsis) };
    laid.add(value, "", "", 0, focus);
    let rows = laid.list;
    let keep = kept(&rows, budget);
    let mut left_out = 0;
    for (row, keep) in rows.iter().zip(keep) {
        if !keep {
            left_out += 1;
            continue;
        }
        say_left_out(page, &mut left_out, row.depth);
        page.line([plain(" ".repeat(row.depth * 2)), plain(row.text.as_str())]);
    }
    say_left_out(page, &mut left_out, 0);
}

fn say_left_out(page: &mut Page, count: &mut usize, depth: usize) {
    if *count > 0 {
        let (indent, sign) = (" ".repeat(depth * 2), page.sign(Sign::Ellipsis));
        page.line([quiet(format!("{indent}{sign} {}", counted(*count, "more line")))]);
    }
    *count = 0;
}

fn kept(rows: &[Row], budget: Budget) -> Vec<bool> {
    if rows.len() <= budget.whole {
        return vec![true; rows.len()];
    }
    // The first row opens the whole value: a focus that leads no further is none.
    let Some(first) = rows.iter().rposition(|row| row.matters).filter(|first| *first > 0) else {
        return (0..rows.len()).map(|index| index < budget.whole).collect();
    };
    let near = first.saturating_sub(budget.around)..=first.saturating_add(budget.around);
    rows.iter().enumerate().map(|(index, row)| row.matters || near.contains(&index)).collect()
}

struct Rows {
    list: Vec<Row>,
    columns: usize,
    ellipsis: &'static str,
}

impl Rows {
    /// `name` stands before the value and `comma` after it.
    fn add(&mut self, value: &Value, name: &str, comma: &str, depth: usize, focus: Option<&[Member]>) {
        let room = self.columns.saturating_sub(depth * 2 + name.len() + comma.len());
        match value {
            Value::List(_) | Value::Map(_) if focus.is_none() && fits(value, room) => {
                self.row(format!("{name}{}{comma}", clean(&value.to_json())), depth, false);
            }
            Value::List(items) if !items.is_empty() => {
                self.row(format!("{name}["), depth, focus.is_some());
                for (index, item) in items.iter().enumerate() {
                    let inner = narrowed(focus, |member| *member == Member::Index(index));
                    self.add(item, "", separator(index, items.len()), depth + 1, inner);
                }
                self.row(format!("]{comma}"), depth, false);
            }
            Value::Map(map) if !map.is_empty() => {
                self.row(format!("{name}{{"), depth, focus.is_some());
                for (index, (key, member)) in map.iter().enumerate() {
                    let inner = narrowed(focus, |wanted| matches!(wanted, Member::Name(wanted) if wanted.as_str() == key.as_ref()));
                    let label = format!("{}: ", Value::text(key.clone()).to_json());
                    self.add(member, &label, separator(index, map.len()), depth + 1, inner);
                }
                self.row(format!("}}{comma}"), depth, false);
            }
            other => {
                let text = format!("{name}{}{comma}", one_line(other, None, room.max(20), self.ellipsis));
                self.row(text, depth, focus.is_some());
            }
        }
    }

    fn row(&mut self, text: String, depth: usize, matters: bool) {
        self.list.push(Row { depth, text, matters });
    }
}

/// Containers up to this many columns stand in one line.
const FLAT: usize = 72;

pub(crate) fn fits(value: &Value, room: usize) -> bool {
    // One that is long is not worth being written out just to be measured.
    let members = value.as_list().map_or_else(|| value.as_map().map_or(0, Map::len), <[Value]>::len);
    members < FLAT / 2 && width(&value.to_json()) <= room.min(FLAT)
}

/// The rest of the path inside a member, when the path goes through it.
fn narrowed(focus: Option<&[Member]>, is_this: impl Fn(&Member) -> bool) -> Option<&[Member]> {
    let (first, rest) = focus?.split_first()?;
    is_this(first).then_some(rest)
}

fn separator(index: usize, count: usize) -> &'static str {
    if index + 1 < count { "," } else { "" }
}
