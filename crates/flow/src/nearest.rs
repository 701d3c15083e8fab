//! "Did you mean": the nearest of some names, or our name for a word of elsewhere.

mod other_words;

/// The nearest of the `known` names when it is near enough to be what was meant.
///
/// The distance is the restricted Damerau–Levenshtein one (a transposition counts as one), without regard to ASCII case;
/// the bound is a third of the length, at least one, and less than either length. Ties go to the first.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = found.chars().count();
    let bound = (length / 3).max(1);
    // With as many changes as letters any name becomes any other.
    let is_near = |distance: usize, name: &str| distance == 0 || (distance <= bound && distance < length.min(name.chars().count()));
    known
        .into_iter()
        .map(|name| (distance(found, name, bound), name))
        .filter(|(distance, name)| is_near(*distance, name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Which of the `known` names was meant: the nearest, or what we say for a word of other tools.
pub fn meant<'a>(found: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    nearest(found, known.clone()).or_else(|| other_words::ours(found, known))
}

/// The edit distance of two names, or something above `bound` when it is above that.
pub fn distance(a: &str, b: &str, bound: usize) -> usize {
    let letters = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let (a, b) = (letters(a), letters(b));
    if a.len().abs_diff(b.len()) > bound {
        return bound + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let cost = usize::from(left != right);
            let mut best = (last[j] + cost).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        let known = ["assert", "action", "id", "config"];
        for (found, near) in [
            ("asert", Some("assert")),
            ("asesrt", Some("assert")),
            ("ID", Some("id")),
            ("confgi", Some("config")),
            ("banana", None),
            ("x", None),
        ] {
            assert_eq!(nearest(found, known), near, "{found}");
        }
    }
}
