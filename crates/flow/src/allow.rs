//! `# testmesh: allow CODE reason`: a comment with which an author silences a warning, for a reason that stands beside it.
//!
//! At the end of a line it speaks of that line, alone on a line of the next one that is neither empty nor a comment. It silences warnings
//! whose first place is on that line, those too that come when the flow runs. Errors cannot be silenced.

use crate::{Code, Diagnostic, Severity, Source, Span, nearest};

/// A warning that the author does not want to hear, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub code: Code,
    /// Where the comment names the code.
    span: Span,
    /// The line that it speaks of.
    line: Span,
    /// It has silenced something.
    used: bool,
}

impl Allowance {
    fn silences(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.severity == Severity::Warning && diagnostic.code == self.code && self.line.contains(diagnostic.span())
    }

    /// Whether its line is one of those from `from` on.
    pub(crate) fn is_behind(&self, from: u32) -> bool {
        self.line.end >= from
    }
}

/// Whether a warning is silenced.
pub fn silences(allowances: &[Allowance], diagnostic: &Diagnostic) -> bool {
    allowances.iter().any(|allowance| allowance.silences(diagnostic))
}

/// Takes out what is silenced, and notes which comments did it.
pub(crate) fn silence(allowances: &mut [Allowance], diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.retain(|diagnostic| {
        let mut is_silenced = false;
        for allowance in allowances.iter_mut().filter(|allowance| allowance.silences(diagnostic)) {
            allowance.used = true;
            is_silenced = true;
        }
        !is_silenced
    });
}

/// What comments were to silence and is not there. Of what comes only when the flow runs nothing can be said before.
pub(crate) fn stale(allowances: &[Allowance], diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let is_error = |allowance: &Allowance| {
        let there = |it: &&Diagnostic| it.is_error() && allowance.silences(&Diagnostic { severity: Severity::Warning, ..(*it).clone() });
        diagnostics.iter().any(|diagnostic| there(&diagnostic))
    };
    let has_error = diagnostics.iter().any(Diagnostic::is_error);
    let one = |allowance: &Allowance| {
        let code = allowance.code;
        if is_error(allowance) {
            return Some(error(allowance.span, &format!("`{code}` is an error here"), code));
        }
        // What else is wrong may have kept the warning from being found.
        if allowance.used || comes_when_run(code) || has_error {
            return None;
        }
        let message = format!("`allow {code}` silences nothing: there is no such warning on its line");
        Some(
            Diagnostic::warning(Code::StaleAllowance, allowance.span, message)
                .help("take the comment away, or move it to the line of the warning"),
        )
    };
    allowances.iter().filter_map(one).collect()
}

/// Warnings that a run can give.
fn comes_when_run(code: Code) -> bool {
    use Code::{
        Ambiguous, AssertsNothing, BadDuration, BrokenJson, ConditionFailed, EmptySecret, LostDigits, RenderFailed, StatusUnasserted,
        TypeMismatch,
    };
    let codes = [
        Ambiguous,
        AssertsNothing,
        BadDuration,
        BrokenJson,
        ConditionFailed,
        EmptySecret,
        LostDigits,
        RenderFailed,
        StatusUnasserted,
        TypeMismatch,
    ];
    codes.contains(&code)
}

/// Codes beside the doubts that a warning can have.
fn can_be_warning(code: Code) -> bool {
    use Code::{HiddenName, MisplacedName, MissingMember, NotInThisBuild, UnknownConfigKey, UnknownKey, UnknownName, UnusedUnresolvable};
    let is_doubt = code.id().starts_with("TM07") && !matches!(code, Code::StaleAllowance | Code::BadAllowance | Code::SinkFailed);
    let also = [HiddenName, MisplacedName, MissingMember, NotInThisBuild, UnknownConfigKey, UnknownKey, UnknownName, UnusedUnresolvable];
    is_doubt || comes_when_run(code) || also.contains(&code)
}

/// Reads the comments of a text. What is wrong with one is a warning.
pub(crate) fn read(source: &Source, comments: &[Span], diagnostics: &mut Vec<Diagnostic>) -> Vec<Allowance> {
    let one = |comment: &Span| {
        let words = Words::of(source, *comment)?;
        match words.allowance(source, comments) {
            Ok(allowance) => Some(allowance),
            Err(problem) => {
                diagnostics.push(problem);
                None
            }
        }
    };
    comments.iter().filter_map(one).collect()
}

const FORM: &str = "write `# testmesh: allow TM0710 why it is meant`";

/// The words of a comment that speaks to us, each with its place.
struct Words<'a> {
    comment: Span,
    words: Vec<(&'a str, Span)>,
}

impl<'a> Words<'a> {
    /// `None` when the comment is for people only.
    fn of(source: &'a Source, comment: Span) -> Option<Self> {
        let text = source.slice(comment.range());
        let body = text.trim_start_matches('#').trim_start();
        let rest = body.strip_prefix("testmesh").map(str::trim_start)?.strip_prefix(':')?;
        let start = comment.start as usize + text.len() - rest.len();
        let place = |word: &str| {
            let at = start + (word.as_ptr() as usize - rest.as_ptr() as usize);
            Span::new(comment.source, at..at + word.len())
        };
        Some(Self { comment, words: rest.split_whitespace().map(|word| (word, place(word))).collect() })
    }

    fn allowance(&self, source: &Source, comments: &[Span]) -> Result<Allowance, Diagnostic> {
        let bad = |span: Span, message: String| Diagnostic::warning(Code::BadAllowance, span, message);
        let [(verb, at_verb), rest @ ..] = self.words.as_slice() else {
            return Err(bad(self.comment, "the comment asks for nothing".to_owned()).help(FORM));
        };
        if *verb != "allow" {
            let help = nearest::nearest(verb, ["allow"]).map_or_else(|| FORM.to_owned(), |near| format!("did you mean `{near}`?"));
            return Err(bad(*at_verb, format!("`{verb}` is nothing that a comment can ask for")).help(help));
        }
        let [(name, span), reason @ ..] = rest else {
            return Err(bad(*at_verb, "`allow` names no code".to_owned()).help(FORM));
        };
        let name = name.trim_end_matches([':', ',']);
        let Ok(code) = name.parse::<Code>() else {
            let unknown = bad(*span, format!("there is no code `{name}`"));
            return Err(unknown.help("the code of a warning stands in its brackets: `warning[TM0710]`"));
        };
        if !can_be_warning(code) {
            return Err(error(*span, &format!("`{code}` is never a warning"), code));
        }
        if !reason.iter().any(|(word, _)| word.contains(char::is_alphanumeric)) {
            return Err(
                bad(*span, format!("`allow {code}` gives no reason")).help(format!("say why it is meant: `# testmesh: allow {code} …`"))
            );
        }
        let line = self.line(source, comments);
        Ok(Allowance { code, span: *span, line, used: false })
    }

    /// The line that the comment speaks of.
    fn line(&self, source: &Source, comments: &[Span]) -> Span {
        let text = source.text().as_ref();
        let mut at = self.comment;
        loop {
            let start = text.get(..at.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |line_break| line_break + 1);
            let is_alone = text.get(start..at.start as usize).is_some_and(|before| before.trim().is_empty());
            if !is_alone {
                return Span::new(at.source, start..at.end as usize);
            }
            let rest = text.get(at.end as usize..).unwrap_or_default();
            let next = text.len() - rest.trim_start().len();
            let Some(comment) = comments.iter().find(|comment| comment.start as usize == next) else {
                let start = text.get(..next).and_then(|before| before.rfind('\n')).map_or(0, |line_break| line_break + 1);
                let end = text.get(next..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| next + length);
                return Span::new(at.source, start..end);
            };
            at = *comment;
        }
    }
}

fn error(span: Span, message: &str, code: Code) -> Diagnostic {
    Diagnostic::warning(Code::BadAllowance, span, format!("{message}, and errors cannot be silenced"))
        .help(format!("`testmesh explain {code}` says how to put it right"))
}
