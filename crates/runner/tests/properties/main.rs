//! Whatever the flow, whatever its actions answer, whenever it is stopped: the events tell a legal story, and its verdict is the worst of it.
//!
//! A flow is generated as data and run on paused time with an action that follows a script and keeps a journal. The oracle goes through the flow
//! again, with the events and the journal in hand, and works out what each step and the whole may have come to (contract §2, §3, §7).
//!
//! `PROPTEST_CASES` says how many cases (256), `PROPTEST_RNG_SEED` which.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod act;
mod drive;
mod generate;
mod model;
mod oracle;
mod seen;
mod text;

use proptest::test_runner::{Config, RngSeed, TestRunner};

#[test]
fn every_run_is_legal() {
    let given = Config::default();
    // The same cases each time, unless another seed is asked for.
    let rng_seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { given.rng_seed };
    let config = Config { rng_seed, failure_persistence: None, max_shrink_iters: 20_000, ..given };
    let result = TestRunner::new(config).run(&generate::case(), |case| {
        let ran = drive::run(&case);
        oracle::check(&case, &ran);
        Ok(())
    });
    if let Err(broken) = result {
        panic!("{broken}");
    }
}
