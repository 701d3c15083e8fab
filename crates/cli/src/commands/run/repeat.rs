//! `--repeat` and `--until-fail`: the same flows again, each time with another seed.

use super::Call;
use crate::{args::Run, exit::Exit};
use testmesh_events::Repetition;
use testmesh_flow::random::Seed;
use testmesh_runner::Control;

/// What the runs of a call came to.
pub(super) struct Repeated {
    /// The worst of all.
    pub(super) exit: Exit,
    /// The call asked for repetitions.
    asked: bool,
    runs: u64,
    passed: u64,
    /// Cut by Ctrl-C: nobody knows whether it would have passed.
    interrupted: u64,
    /// The first that did not pass.
    first: Option<(u64, Seed)>,
}

/// Makes the runs, one after another.
pub(super) async fn all(call: &Call<'_>, control: &Control) -> Repeated {
    let asked = call.args.repeat.is_some() || call.args.until_fail;
    let most = most(call.args);
    let mut repeated = Repeated { exit: Exit::Passed, asked, runs: 0, passed: 0, interrupted: 0, first: None };
    while most.is_none_or(|most| repeated.runs < most) {
        let number = repeated.runs + 1;
        let seed = seed_of(call.settings.seed, number);
        let repetition = asked.then_some(Repetition { number, of: most });
        let exit = call.run(seed, repetition, &control.part()).await;
        repeated.count(exit, seed);
        if control.is_stopped() || (call.args.until_fail && exit != Exit::Passed) {
            break;
        }
    }
    // It may have come between two runs: what was not done is not passed.
    if control.is_stopped() {
        repeated.exit = repeated.exit.worse(Exit::Interrupted);
    }
    repeated
}

/// How many runs there are at most.
fn most(args: &Run) -> Option<u64> {
    match (args.repeat, args.until_fail) {
        (Some(count), _) => Some(count.into()),
        (None, true) => None,
        (None, false) => Some(1),
    }
}

/// The first has the seed that was given, so that `--seed` with what a later one printed repeats that one.
fn seed_of(seed: Seed, number: u64) -> Seed {
    if number == 1 { seed } else { seed.derive(&format!("repetition {number}")) }
}

impl Repeated {
    fn count(&mut self, exit: Exit, seed: Seed) {
        self.exit = if self.runs == 0 { exit } else { self.exit.worse(exit) };
        self.runs += 1;
        match exit {
            Exit::Passed => self.passed += 1,
            Exit::Interrupted => self.interrupted += 1,
            _ => {
                self.first.get_or_insert((self.runs, seed));
            }
        }
    }

    /// The summary for people; empty when nothing was repeated.
    pub(super) fn words(&self) -> String {
        if !self.asked {
            return String::new();
        }
        let runs = if self.runs == 1 { "run" } else { "runs" };
        let failed = self.runs - self.passed - self.interrupted;
        let cut = if self.interrupted > 0 { format!(", {} interrupted", self.interrupted) } else { String::new() };
        let counts = format!("\n{} {runs}: {} passed, {failed} did not{cut}\n", self.runs, self.passed);
        match self.first {
            Some((number, seed)) => format!("{counts}  the first that did not: repetition {number}; run it again with --seed {seed}\n"),
            None => counts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_interrupted_did_not_fail() {
        let said = |exits: &[Exit]| {
            let mut repeated = Repeated { exit: Exit::Passed, asked: true, runs: 0, passed: 0, interrupted: 0, first: None };
            for exit in exits {
                repeated.count(*exit, Seed::new(7));
            }
            (repeated.exit, repeated.words())
        };
        assert_eq!(
            said(&[Exit::Passed, Exit::Interrupted]),
            (Exit::Interrupted, "\n2 runs: 1 passed, 0 did not, 1 interrupted\n".to_owned())
        );
        let first = "\n2 runs: 0 passed, 1 did not, 1 interrupted\n  the first that did not: repetition 1; run it again with --seed 7\n";
        assert_eq!(said(&[Exit::Failed, Exit::Interrupted]), (Exit::Interrupted, first.to_owned()));
    }
}
