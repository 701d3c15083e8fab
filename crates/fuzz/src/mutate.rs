//! What is done to a text.

use crate::rng::Rng;

/// Larger texts say nothing more.
const LARGEST: usize = 32 << 10;
/// How often something is repeated or put into itself.
const MOST: usize = 400;

/// The texts that others are made from.
pub(crate) struct Material<'a> {
    pub(crate) seeds: &'a [String],
    /// Pieces that mean something to the target.
    pub(crate) pieces: &'a [&'a str],
    /// Brackets and what else can be nested.
    pub(crate) nests: &'a [(&'a str, &'a str)],
    /// Lines are units of their own.
    pub(crate) lines: bool,
}

impl Material<'_> {
    pub(crate) fn text(&self, rng: &mut Rng) -> String {
        let mut text = if rng.once_in(6) { self.soup(rng) } else { self.seed(rng).to_owned() };
        for _ in 0..=rng.below(5) {
            text = self.mutated(&text, rng);
            cut(&mut text, LARGEST);
        }
        text
    }

    fn seed(&self, rng: &mut Rng) -> &str {
        self.seeds.get(rng.below(self.seeds.len())).map_or("", String::as_str)
    }

    fn piece(&self, rng: &mut Rng) -> &str {
        rng.pick(self.pieces).unwrap_or_default()
    }

    fn soup(&self, rng: &mut Rng) -> String {
        let between = if rng.once_in(2) { " " } else { "" };
        (0..rng.below(30)).map(|_| self.piece(rng)).collect::<Vec<_>>().join(between)
    }

    fn mutated(&self, text: &str, rng: &mut Rng) -> String {
        if self.lines && rng.once_in(2) {
            return self.of_lines(text, rng);
        }
        let (from, to) = range(text, rng);
        let (before, part, after) = (&text[..from], &text[from..to], &text[to..]);
        match rng.below(10) {
            0 => [before, after].concat(),
            1 => [before, part, part, after].concat(),
            2 => [before, &part.repeat(1 + rng.below(MOST)), after].concat(),
            3 => [before, self.piece(rng), after].concat(),
            4 | 5 => [before, self.piece(rng), part, after].concat(),
            6 => self.nested(before, part, after, rng),
            7 => {
                let other = self.seed(rng);
                let (from, to) = range(other, rng);
                [before, &other[from..to], after].concat()
            }
            8 => [before, self.seed(rng), after].concat(),
            _ => [before, &odd(rng), after].concat(),
        }
    }

    fn nested(&self, before: &str, part: &str, after: &str, rng: &mut Rng) -> String {
        let Some((open, close)) = self.nests.get(rng.below(self.nests.len())) else { return before.to_owned() };
        let times = if rng.once_in(4) { rng.below(MOST) } else { rng.below(6) };
        let closed = if rng.once_in(8) { rng.below(times + 1) } else { times };
        [before, &open.repeat(times), part, &close.repeat(closed), after].concat()
    }

    /// Lines go, come twice, move, are of other texts, and stand deeper or less deep.
    fn of_lines(&self, text: &str, rng: &mut Rng) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (from, count) = (rng.below(lines.len()), 1 + rng.below(6));
        let to = (from + count).min(lines.len());
        match rng.below(6) {
            0 => drop(lines.drain(from..to)),
            1 => {
                let times = if rng.once_in(4) { MOST } else { 3 };
                let part = lines.get(from..to).unwrap_or_default().to_vec();
                for _ in 0..rng.below(times) {
                    lines.splice(from..from, part.iter().cloned());
                }
            }
            2 => {
                let part: Vec<_> = lines.drain(from..to).collect();
                let at = rng.below(lines.len() + 1);
                lines.splice(at..at, part);
            }
            3 => {
                let other: Vec<_> = self.seed(rng).lines().map(str::to_owned).collect();
                let at = rng.below(other.len());
                lines.splice(from..from, other.into_iter().skip(at).take(count * 2));
            }
            4 => {
                for line in lines.iter_mut().skip(from).take(count * 3) {
                    line.insert_str(0, "  ");
                }
            }
            _ => {
                for line in lines.iter_mut().skip(from).take(count * 3) {
                    *line = line.strip_prefix("  ").unwrap_or(line).to_owned();
                }
            }
        }
        lines.join("\n") + "\n"
    }
}

/// Two places between characters, seldom far from each other.
fn range(text: &str, rng: &mut Rng) -> (usize, usize) {
    let from = text.floor_char_boundary(rng.below(text.len() + 1));
    let length = if rng.once_in(3) { rng.below(text.len() - from + 1) } else { rng.below(12) };
    let to = text.ceil_char_boundary((from + length).min(text.len()));
    (from, to)
}

fn cut(text: &mut String, most: usize) {
    text.truncate(text.floor_char_boundary(most));
}

/// Numbers at borders, and characters that are seldom seen.
fn odd(rng: &mut Rng) -> String {
    const NUMBERS: &[&str] = &[
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1e308",
        "-1e-320",
        "99999999999999999999",
        "0.1",
        "00",
        "0x10",
        "1_000",
        ".5",
        "5.",
    ];
    const TEXTS: &[&str] = &["é", "😀", "\u{feff}", "\u{0}", "\u{200d}", "\u{202e}", "\t", "\r", "\u{85}", "\u{2028}", "ß", "İ", "\u{301}"];
    match rng.below(3) {
        0 => rng.pick(NUMBERS).unwrap_or_default().to_owned(),
        1 => rng.pick(TEXTS).unwrap_or_default().to_owned(),
        _ => char::from_u32((rng.next() % 0x11_0000) as u32).map(String::from).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_always_the_same_text() {
        let seeds = ["steps:\n- a: é\n".to_owned(), "x\n".to_owned()];
        let material = Material { seeds: &seeds, pieces: &["p"], nests: &[("(", ")")], lines: true };
        let texts = |seed: u64| (0..200).map(|number| material.text(&mut Rng::new(seed, number))).collect::<Vec<_>>();
        assert_eq!(texts(1), texts(1));
        assert_ne!(texts(1), texts(2));
        assert!(texts(1).iter().collect::<std::collections::HashSet<_>>().len() > 150);
    }
}
