//! Which step can have run before which: what a name can see (contract §5, "Visibility").
//!
//! Steps are numbered in written order, each before those inside it. What stands earlier has run earlier, but for the steps around the place
//! and those in another branch; what stands later has run when both stand in the same loop, in an earlier round of it.

use super::{At, Inside, Names, StepInfo};

impl Names<'_> {
    /// Whether step `from` can have ended where `at` is.
    pub(super) fn reaches(&self, from: usize, at: At) -> bool {
        match at {
            At::Flow => false,
            At::Output(before) => from < before,
            At::Step(step) => self.is_before(from, step) || self.in_earlier_round(from, step),
            At::Captures(step, _) | At::Asserts(step) => {
                self.is_before(from, step) || self.is_inside(from, step) || self.in_earlier_round(from, step)
            }
            At::After(step) => self.is_before(from, step) || self.is_inside(from, step) || self.in_earlier_round(from, step),
        }
    }

    /// Whether it has ended there the first time, too.
    pub(super) fn is_before(&self, from: usize, step: usize) -> bool {
        from < step && !self.is_inside(step, from) && !self.is_apart(from, step)
    }

    /// Whether `step` stands inside `around`, at any depth.
    pub(super) fn is_inside(&self, step: usize, around: usize) -> bool {
        step > around && self.steps.get(around).is_some_and(|info| step < info.end)
    }

    /// Whether both stand in lists of one step of which one runs at most, or that run at the same time.
    fn is_apart(&self, from: usize, step: usize) -> bool {
        let Some((_, meeting, lists)) = self.meeting(from, step) else { return false };
        lists.0 != lists.1 && matches!(meeting.inside, Inside::Either { .. } | Inside::Branches)
    }

    /// The innermost step around both, and the ordinals of the lists that they stand in there.
    pub(super) fn meeting(&self, a: usize, b: usize) -> Option<(usize, &StepInfo, (usize, usize))> {
        let (around, of_a) = self.around(a).find(|(around, _)| self.is_inside(b, *around))?;
        let (_, of_b) = self.around(b).find(|(other, _)| *other == around)?;
        Some((around, self.steps.get(around)?, (of_a, of_b)))
    }

    /// The steps around a step, the innermost first, each with the ordinal of the list in it.
    pub(super) fn around(&self, step: usize) -> impl Iterator<Item = (usize, usize)> {
        std::iter::successors(self.parent(step), |(around, _)| self.parent(*around))
    }

    fn parent(&self, step: usize) -> Option<(usize, usize)> {
        self.steps.get(step)?.parent
    }

    /// Whether both stand in one loop whose rounds come one after another.
    fn in_earlier_round(&self, from: usize, step: usize) -> bool {
        let goes_round = |info: &StepInfo| matches!(info.inside, Inside::Rounds | Inside::Loop { parallel: false, .. });
        let mut around = self.around(step);
        around.any(|(around, _)| self.is_inside(from, around) && self.steps.get(around).is_some_and(goes_round))
            && !self.is_inside(step, from)
    }

    /// Whether the name is that of an item or its index where `at` is.
    pub(super) fn loop_name(&self, name: &str, at: At) -> bool {
        let Some(step) = at.step() else { return false };
        let names = |info: &StepInfo| matches!(&info.inside, Inside::Loop { item, index, .. } if **item == *name || **index == *name);
        self.around(step).any(|(around, _)| self.steps.get(around).is_some_and(names))
    }

    /// The captures of this name that can have a value here, in order.
    pub(super) fn captures_before(&self, name: &str, at: At) -> impl Iterator<Item = usize> {
        let steps = self.captures.get(name).map(Vec::as_slice).unwrap_or_default();
        steps.iter().copied().filter(move |from| self.reaches(*from, at))
    }

    /// Whether a capture of this name can have a value here, those of the step itself included.
    pub(super) fn captured_before(&self, name: &str, at: At) -> bool {
        let own = match at {
            At::Asserts(step) => self.steps.get(step).is_some_and(|info| info.captures(name)),
            At::Captures(step, done) => {
                self.steps.get(step).is_some_and(|info| info.captures.iter().take(done).any(|(capture, _)| **capture == *name))
            }
            _ => false,
        };
        own || self.captures_before(name, at).next().is_some()
    }

    /// The latest step of this id that can have run; the step itself, where its output is there.
    pub(super) fn step_before(&self, id: &str, at: At) -> Option<&StepInfo> {
        self.ordinal_before(id, at, |_| true).and_then(|ordinal| self.steps.get(ordinal))
    }

    pub(super) fn ordinal_before(&self, id: &str, at: At, is_meant: impl Fn(&StepInfo) -> bool) -> Option<usize> {
        let own = self.own(at).and(at.step());
        let there = |ordinal: usize| Some(ordinal) == own || self.reaches(ordinal, at);
        let steps = self.ids.get(id).map(Vec::as_slice).unwrap_or_default();
        let meant = |ordinal: &usize| there(*ordinal) && self.steps.get(*ordinal).is_some_and(&is_meant);
        // A step of the same round is later than one of the round before.
        let of_this_round = |ordinal: &usize| Some(*ordinal) == own || at.step().is_none_or(|step| self.is_before(*ordinal, step));
        let found: Vec<usize> = steps.iter().copied().filter(meant).collect();
        found.iter().rev().copied().find(of_this_round).or(found.last().copied())
    }
}
