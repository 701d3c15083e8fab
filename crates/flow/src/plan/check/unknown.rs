//! Names that mean nothing where they stand, and what their author may have meant.

use super::{At, Inside, Names, Place, StepInfo, TextKind, guarded};
use crate::{
    Code, Diagnostic,
    expr::{self, NameUse},
    nearest,
    plan::known,
};
use std::ops::Range;

impl Names<'_> {
    pub(super) fn without_meaning(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let name = used.name.as_ref();
        if ["response", "result"].contains(&name) {
            let message = format!("`{name}` is the output of the step, which only its own `assert` and `output` see");
            let diagnostic = Diagnostic::error(Code::MisplacedName, place.span(&used.range), message);
            return Some(diagnostic.help("write the id of an earlier step for its output: `STEP.body`"));
        }
        if let Some(field) = self.own_field(used, place) {
            return Some(guarded(field, used.guarded));
        }
        if let Some(early) = self.too_early(used, place) {
            return (!used.guarded).then_some(early);
        }
        if self.strays.contains(&used.name) {
            return None;
        }
        if let Some(dashed) = self.dashed(used, place) {
            return Some(dashed);
        }
        if self.note_input(name) {
            return None;
        }
        // Beside an output `data` is what other tools call the body; anywhere else it is what the language means by it.
        if name == "data" && self.own(place.at).is_none() && !self.incomplete {
            let none =
                Diagnostic::error(Code::UnknownName, place.span(&used.range), "`data` is the list of all rows, and the flow has none");
            let help = "write the rows under `data:`, or a file: `data: {type: csv, file: users.csv}`";
            return Some(guarded(none.help(help), used.guarded));
        }
        if ["item", "index"].contains(&name) {
            let outside = format!("`{name}` is what a loop goes through, and no `for_each` around this place calls it so");
            let diagnostic = Diagnostic::error(Code::MisplacedName, place.span(&used.range), outside);
            let help = "use it in the steps of a `for_each`; `item_name` and `index_name` give other names";
            return Some(guarded(diagnostic.help(help), used.guarded));
        }
        let help = match self.meant(used, place) {
            Some(help) => help,
            None if self.incomplete => return None,
            None => self.remedy(used, place),
        };
        let unknown = Diagnostic::error(Code::UnknownName, place.span(&used.range), format!("nothing is called `{name}` here"));
        Some(guarded(unknown.help(help), used.guarded))
    }

    /// A field of the output that the step is going to have, before it has it: that of an earlier step was probably meant.
    fn own_field(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let At::Step(index) = place.at else { return None };
        let name = used.name.as_ref();
        let has = |step: &&StepInfo| step.output.object().is_some_and(|object| object.find(name).is_some());
        self.steps.get(index).filter(has)?;
        let earlier = self.steps.iter().take(index).rev().find(has).map_or("STEP", |step| &step.id);
        let message = format!("`{name}` is in the output of the step, which only its own `assert` and `output` see");
        let misplaced = Diagnostic::error(Code::MisplacedName, place.span(&used.range), message);
        Some(misplaced.help(format!("for the output of an earlier step write its id: `{earlier}.{name}`")))
    }

    /// A name with a dash is a subtraction but for the ids of steps: one message for the whole of it.
    fn dashed(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let range = dashed_word(place.text(), &used.range);
        let word = place.text().get(range.clone()).filter(|word| word.contains('-'))?;
        let unknown = Diagnostic::error(Code::UnknownName, place.span(&range), format!("nothing is called `{word}` here"));
        if self.is_declared(word) {
            return Some(
                unknown.help(format!("a name with a dash is written `vars[\"{word}\"]`; or call it `{}`", word.replace('-', "_"))),
            );
        }
        let ids = self.steps.iter().map(|step| step.id.as_ref()).filter(|id| id.contains('-'));
        Some(unknown.help(format!("did you mean `{}`?", nearest::nearest(word, ids)?)))
    }

    /// The help that names what was meant, when something is near.
    fn meant(&self, used: &NameUse, place: &Place) -> Option<String> {
        let name = used.name.as_ref();
        if name == "$" {
            let path = used.path.iter().map(|(member, _)| member.as_ref()).collect::<Vec<_>>().join(".");
            return Some(format!("JSONPath stands in `output`; here write `body.{path}`, or `jsonpath(body, \"$.{path}\")`"));
        }
        if place.kind == TextKind::Expression && in_predicate(place.text(), used.range.start) {
            let member = used.path.first().map_or(name, |(member, _)| member.as_ref());
            return Some(format!("in a predicate the item is `#`, and a member of it `.{member}`"));
        }
        let declared = self.seen(place);
        let help = expr::name_help(name, declared.iter().copied());
        let output = || self.own_output(place.at).map(|object| object.names().collect::<Vec<_>>()).unwrap_or_default();
        let elsewhere = || {
            let names = output().into_iter().chain(["response"].into_iter().filter(|_| self.own(place.at).is_some()));
            nearest::meant(name, names.collect::<Vec<_>>()).map(|ours| format!("did you mean `{ours}`?"))
        };
        let built_in = || nearest::nearest(name, known::BUILT_INS.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        help.or_else(elsewhere).or_else(built_in)
    }

    /// What to do about an unknown name that is near to nothing.
    fn remedy(&self, used: &NameUse, place: &Place) -> String {
        let name = used.name.as_ref();
        if self.passed.is_some() {
            return format!("pass it: `input: {{{name}: …}}` in the `run_flow` that calls this flow");
        }
        let before = place.text().get(..used.range.start).unwrap_or_default().trim_end();
        let is_operand = !before.is_empty() && !before.ends_with('{');
        let is_text = place.kind == TextKind::Expression && used.path.is_empty() && is_operand;
        let quotes = if is_text { format!("a text needs quotes: `\"{name}\"`; ") } else { String::new() };
        match self.own_output(place.at).filter(|_| place.kind == TextKind::Expression) {
            Some(object) if !object.keys.is_empty() => {
                let fields: Vec<_> = object.keys.keys().map(AsRef::as_ref).collect();
                format!("{quotes}the output has {}", fields.join(", "))
            }
            _ => quotes + &advice(name, place.at),
        }
    }

    /// The names that are seen here but for those that are built in, the nearest first.
    fn seen(&self, place: &Place) -> Vec<&str> {
        let at = place.at;
        let output = self.own_output(at).into_iter().flat_map(|object| object.names());
        let around = at.step().into_iter().flat_map(|step| self.around(step)).filter_map(|(around, _)| self.steps.get(around));
        let loops = around.flat_map(|info| match &info.inside {
            Inside::Loop { item, index, .. } => vec![item.as_ref(), index.as_ref()],
            _ => Vec::new(),
        });
        let mut captures: Vec<_> = self.captures.keys().map(AsRef::as_ref).filter(|name| self.captured_before(name, at)).collect();
        let mut variables: Vec<_> = self.variables.names().map(AsRef::as_ref).filter(|name| Some(*name) != place.owner).collect();
        captures.sort_unstable();
        variables.sort_unstable();
        let ended = self
            .steps
            .iter()
            .enumerate()
            .filter(|(ordinal, _)| self.reaches(*ordinal, at) || self.own(at).and(at.step()) == Some(*ordinal));
        let steps = ended.map(|(_, step)| step.id.as_ref());
        output.chain(loops).chain(captures).chain(variables).chain(steps).collect()
    }
}

/// Where a name can come from.
pub(super) fn advice(name: &str, at: At) -> String {
    let captured = if matches!(at, At::Flow) { "" } else { ", capture it in an earlier step" };
    let process = if known::is_env_name(name) { " or in the environment" } else { "" };
    format!("set it under `env:`{process}{captured}, or pass `--var {name}=…`")
}

/// The word of letters, digits, `_` and `-` around a name.
fn dashed_word(text: &str, name: &Range<usize>) -> Range<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let before = text.get(..name.start).unwrap_or_default();
    let after = text.get(name.end..).unwrap_or_default();
    let start = before.trim_end_matches(is_part).len();
    let end = name.end + (after.len() - after.trim_start_matches(is_part).len());
    start..end
}

/// Whether a place is in the predicate of a function such as `all(items, …)`. Brackets inside quotes may mislead it: it serves for help only.
fn in_predicate(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let mut depth = 0_usize;
    let mut comma = false;
    for (index, byte) in before.bytes().enumerate().rev() {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'[' | b'{' | b'(' if depth > 0 => depth -= 1,
            b'(' => {
                let head = before.get(..index).unwrap_or_default();
                let name = head.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                if comma && expr::takes_predicate(name) {
                    return true;
                }
                comma = false;
            }
            b',' if depth == 0 => comma = true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_are_seen() {
        for (text, wanted) in [
            ("all(body.items, ", true),
            ("all(filter(body.items, .ok), ", true),
            ("all(body.items, len(", true),
            ("all(body.items, {", true),
            ("all(", false),
            ("len(body.items), ", false),
            ("all(body.items, .ok) && ", false),
            ("max(1, ", false),
        ] {
            assert_eq!(in_predicate(text, text.len()), wanted, "{text}");
        }
    }

    #[test]
    fn dashed_words() {
        for (text, range, wanted) in
            [("${my-host}", 2..4, "my-host"), ("${my-host}", 5..9, "my-host"), ("a - b", 0..1, "a"), ("a", 0..1, "a")]
        {
            assert_eq!(&text[dashed_word(text, &range)], wanted);
        }
    }
}
