//! "Did you mean": the nearest of some names.

/// The nearest of the `known` names when it is near enough to be what was meant: by edits, a transposition counting as one, without regard
/// to case, up to a third of the length and at least one. Ties go to the first.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bound = (found.chars().count() / 3).max(1);
    let lower = found.to_lowercase();
    let distances = known.into_iter().map(|name| (strsim::osa_distance(&lower, &name.to_lowercase()), name));
    distances.filter(|(distance, _)| *distance <= bound).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        let known = ["paths", "parallel", "exclude"];
        for (found, near) in
            [("path", Some("paths")), ("paralell", Some("parallel")), ("EXCLUDE", Some("exclude")), ("banana", None), ("", None)]
        {
            assert_eq!(nearest(found, known), near, "{found}");
        }
    }
}
