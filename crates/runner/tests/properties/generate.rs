//! Any flow, in any run.

use crate::model::{Act, Answer, Asserts, Backoff, Case, Deed, Doing, Eventually, Flow, OnError, Retry, RetryOn, Step, Until, number};
use proptest::{option::weighted, prelude::*, sample::select};

/// Even, so that nothing but an interrupt happens at an odd millisecond.
fn time() -> impl Strategy<Value = u64> + Clone {
    select(vec![10_u64, 20, 100, 200, 500, 1_000, 2_000, 5_000, 40_000])
}

fn moment() -> impl Strategy<Value = u64> {
    (0_u64..2_000, select(vec![1_u64, 1, 2, 10])).prop_map(|(at, times)| at * times * 2 + 1)
}

fn deed() -> impl Strategy<Value = Deed> {
    let answer = prop_oneof![
        8 => (0_i64..2).prop_map(Answer::Holds),
        2 => Just(Answer::Denies),
        1 => Just(Answer::Gap),
        1 => Just(Answer::SaysNo),
        2 => Just(Answer::Errs),
        1 => Just(Answer::BadConfig),
        1 => Just(Answer::RefusedLogin),
        1 => Just(Answer::Hangs),
    ];
    (prop_oneof![2 => Just(0), 1 => time()], answer).prop_map(|(wait, answer)| Deed { wait, answer })
}

fn retry() -> impl Strategy<Value = Retry> {
    let backoff = select(vec![None, None, Some(Backoff::Linear), Some(Backoff::Exponential)]);
    let on = select(vec![None, None, Some(RetryOn::Failed), Some(RetryOn::Errored)]);
    (1_u32..4, time(), backoff, on).prop_map(|(attempts, delay, backoff, on)| Retry { attempts, delay, backoff, on })
}

/// A timeout and an interval of at most some ten looks.
fn looks() -> impl Strategy<Value = (u64, u64)> {
    (time(), time()).prop_map(|(timeout, interval)| (timeout, interval.max(timeout / 8 / 2 * 2)))
}

fn eventually() -> impl Strategy<Value = Eventually> {
    looks().prop_map(|(timeout, interval)| Eventually { timeout, interval })
}

/// A step that does something, with whatever else may be said of it.
fn step(doing: impl Strategy<Value = Doing>) -> impl Strategy<Value = Step> {
    let on_error = select(vec![OnError::Fail, OnError::Continue, OnError::Ignore]);
    let asserts = prop_oneof![4 => Just(Asserts::WhatHolds), 3 => Just(Asserts::Nothing), 1 => Just(Asserts::WhatDoesNot)];
    let policies = (weighted(0.15, retry()), weighted(0.1, eventually()), weighted(0.15, time()));
    (weighted(0.05, Just(())), weighted(0.1, any::<bool>()), weighted(0.25, on_error), policies, asserts, doing).prop_map(
        |(disabled, when, on_error, (retry, eventually, timeout), asserts, doing)| {
            // Both count their looks in the same way.
            let eventually = eventually.filter(|_| !matches!(doing, Doing::Poll { .. }) && asserts != Asserts::Nothing);
            Step { id: 0, disabled: disabled.is_some(), when, on_error, retry, eventually, timeout, asserts, doing }
        },
    )
}

fn act() -> impl Strategy<Value = Doing> {
    (prop::collection::vec(deed(), 1..4), any::<bool>(), weighted(0.2, 0_usize..3))
        .prop_map(|(script, captures, needs)| Doing::Act(Act { script, captures, needs, needed: None }))
}

fn control(inner: &BoxedStrategy<Step>) -> impl Strategy<Value = Doing> + use<> {
    let list = prop::collection::vec(inner.clone(), 1..4);
    let else_list = prop::collection::vec(inner.clone(), 0..2);
    let some = || weighted(0.4, 1_usize..4);
    let until = select(vec![Until::Always, Until::Never, Until::Captured(None), Until::Captured(None)]);
    prop_oneof![
        (any::<bool>(), list.clone(), else_list).prop_map(|(condition, then, otherwise)| Doing::Either { condition, then, otherwise }),
        (prop_oneof![1 => Just(0), 6 => 1_usize..4], some(), any::<bool>(), list.clone())
            .prop_map(|(count, at_once, allow_empty, steps)| Doing::Each { count, at_once, allow_empty, steps }),
        (prop::collection::vec(list.clone(), 1..4), any::<bool>(), some()).prop_map(|(branches, fail_fast, at_once)| Doing::Branches {
            branches,
            fail_fast,
            at_once
        }),
        (until, looks(), list).prop_map(|(until, (timeout, interval), steps)| Doing::Poll { until, interval, timeout, steps }),
        flow(inner, 3).prop_map(|flow| Doing::Call(Box::new(flow))),
    ]
}

fn flow(steps: &BoxedStrategy<Step>, longest: usize) -> impl Strategy<Value = Flow> + use<> {
    let list = |least: usize, most: usize| prop::collection::vec(steps.clone(), least..most);
    let config = (weighted(0.15, time()), weighted(0.15, time()), weighted(0.3, any::<bool>()), weighted(0.15, retry()));
    let lists = (list(0, longest), list(1, longest + 1), list(0, longest));
    (config, lists).prop_map(|((timeout, teardown_timeout, fail_fast, retry), (setup, steps, teardown))| Flow {
        number: 0,
        timeout,
        teardown_timeout,
        fail_fast,
        retry,
        setup,
        steps,
        teardown,
    })
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let steps = step(act()).boxed().prop_recursive(3, 16, 3, |inner| step(control(&inner)).boxed()).boxed();
    let mixed = prop_oneof![1 => step(act()), 1 => steps].boxed();
    let run = (weighted(0.3, moment()), weighted(0.4, moment()), weighted(0.1, moment()));
    (flow(&mixed, 4), run).prop_map(|(mut flow, (interrupt, again, timeout))| {
        number(&mut flow);
        Case { flow, interrupt, again: again.filter(|_| interrupt.is_some()).map(|after| after - 1), timeout }
    })
}
