//! Texts of many lines side by side: changed lines with a little around them, the rest folded.

use crate::{
    page::{Page, plain, quiet, word},
    style::{Role, Sign},
    units::counted,
};
use similar::{ChangeTag, TextDiff};

/// Equal lines kept around a changed one.
const AROUND: usize = 2;
/// Lines shown at most.
const SHOWN: usize = 60;

/// Lines compared at most, from where the texts part: the time to compare grows with the square.
const COMPARED: usize = 2_000;

/// Writes the difference of two texts: `-` before what was expected, `+` before what is there.
pub(crate) fn show_lines(page: &mut Page, expected: &str, actual: &str) {
    let (left, right) = (expected.split('\n').collect::<Vec<_>>(), actual.split('\n').collect::<Vec<_>>());
    let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count().saturating_sub(AROUND);
    let part = |lines: &[&str]| lines.len().min(same + COMPARED);
    let diff = TextDiff::from_slices(&left[same..part(&left)], &right[same..part(&right)]);
    let changes = diff.iter_all_changes().map(|change| (change.tag(), change.value())).collect::<Vec<_>>();
    let kept = near_changes(&changes);
    let (mut equal, mut shown, mut left_out) = (same, 0, 0);
    for ((tag, line), keep) in changes.iter().zip(kept) {
        match (keep, shown < SHOWN) {
            (false, _) => equal += 1,
            (true, false) => left_out += 1,
            (true, true) => {
                fold(page, &mut equal, "equal line");
                show_line(page, *tag, line);
                shown += 1;
            }
        }
    }
    fold(page, &mut equal, "equal line");
    left_out += left.len().max(right.len()).saturating_sub(same + COMPARED);
    fold(page, &mut left_out, "more line");
}

fn near_changes(changes: &[(ChangeTag, &str)]) -> Vec<bool> {
    let mut kept = vec![false; changes.len()];
    for (index, (tag, _)) in changes.iter().enumerate() {
        if *tag != ChangeTag::Equal {
            let near = index.saturating_sub(AROUND)..=(index + AROUND).min(changes.len() - 1);
            kept[near].fill(true);
        }
    }
    kept
}

fn fold(page: &mut Page, count: &mut usize, noun: &str) {
    if *count > 0 {
        let sign = page.sign(Sign::Ellipsis);
        page.line([quiet(format!("  {sign} {}", counted(*count, noun)))]);
    }
    *count = 0;
}

fn show_line(page: &mut Page, tag: ChangeTag, line: &str) {
    let (sign, role) = match tag {
        ChangeTag::Equal => ("  ", Role::Plain),
        ChangeTag::Delete => ("- ", Role::Expected),
        ChangeTag::Insert => ("+ ", Role::Actual),
    };
    let spaces = line.len() - line.trim_end_matches(' ').len();
    let invisible = if spaces > 0 && tag != ChangeTag::Equal { format!("  (ends in {})", counted(spaces, "space")) } else { String::new() };
    let line = page.cut(line, page.room().saturating_sub(2 + invisible.len()));
    page.line([word(role, sign), word(role, line), plain(invisible)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Style;

    fn check(expected: &str, actual: &str, shown: &[&str]) {
        let style = Style::plain();
        let mut page = Page::new(&style);
        show_lines(&mut page, expected, actual);
        assert_eq!(page.into_string().lines().collect::<Vec<_>>(), shown);
    }

    #[test]
    fn changed_lines_stand_among_their_neighbours() {
        check("a\nb\nc\nd\ne\nf", "a\nb\nc\nX\ne\nf", &["  ... 1 equal line", "  b", "  c", "- d", "+ X", "  e", "  f"]);
        check("a\r\nb", "a\nb ", &["- a\\r", "- b", "+ a", "+ b   (ends in 1 space)"]);
        check("", "a", &["-", "+ a"]);
    }

    #[test]
    fn texts_of_any_length_take_a_bounded_time() {
        let long = |name: &str| (0..20_000).map(|line| format!("{name}{line}")).collect::<Vec<_>>().join("\n");
        let style = Style::plain();
        let mut page = Page::new(&style);
        show_lines(&mut page, &format!("same\n{}", long("a")), &format!("same\n{}", long("b")));
        let text = page.into_string();
        assert_eq!(text.lines().next(), Some("  same"));
        assert!(text.ends_with("more lines\n"), "{text}");
    }
}
