//! Comments: what stands behind a `#` that begins a word outside of every text.

use super::text;
use std::ops::Range;

/// The comments of a text. `texts` are the places of those scalars that hold a `#`, in order.
pub(super) fn comments<'a>(text: &'a str, texts: &'a [Range<usize>]) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let mark = at + text.get(at..)?.find('#')?;
            let before = texts.partition_point(|range| range.end <= mark);
            match texts.get(before).filter(|range| range.start <= mark) {
                Some(inside) => at = inside.end,
                None if text::at_word(text.get(..mark)?) => {
                    at = text::line_end(text, mark);
                    return Some(mark..at);
                }
                None => at = mark + 1,
            }
        }
    })
}
