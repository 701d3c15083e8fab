//! Steps inside steps: which run, what they see, and what their ends mean for the step around them.

use crate::support::check;

#[test]
fn a_condition_runs_one_of_two_lists() {
    check(
        r#"
name: f
env: {PLAN: free}
steps:
  - id: pick
    action: condition
    config:
      condition: PLAN == "free"
      then: [{id: free, action: p, config: {value: 1}, output: {price: body}, assert: body == 1}]
      else: [{id: paid, action: p, config: {value: 2}, output: {price: body}}]
    assert: result
  - {id: after, action: p, config: {value: "${price}"}, assert: body == 1 && free.body == 1}
"#,
        "
        paid skipped: the condition of `pick` was true
        steps/0/then/0#1 passed
        price <- 1
        steps/0/then/0 passed
        steps/0#1 passed
        steps/0 passed
        steps/1#1 passed
        steps/1 passed
        = passed
        ",
    );
}

#[test]
fn a_failure_inside_fails_the_step_around_and_ends_the_list() {
    check(
        r#"
name: f
steps:
  - id: outer
    action: condition
    config:
      condition: "true"
      then:
        - {id: bad, action: p, config: {value: 1}, assert: body == 2}
        - {id: next, action: p}
  - {id: after, action: p}
"#,
        "
        steps/0/then/0#1 failed
        failed body == 2
        steps/0/then/0 failed
        next skipped: not reached: step `bad` failed
        steps/0#1 failed
        TM0506: step `bad` failed
        steps/0 failed
        after skipped: not reached: step `outer` failed
        = failed
        ",
    );
}

#[test]
fn a_condition_that_runs_nothing_is_nothing_that_ran() {
    check(
        r#"
name: f
steps:
  - {id: c, action: if, config: {condition: "false", then: [{id: a, action: p, assert: body == null}]}}
"#,
        "
        a skipped: the condition of `c` was false
        steps/0#1 passed
        steps/0 passed
        = errored TM0606: no step of `steps` was executed: all were skipped, disabled, or could not begin
        ",
    );
}

#[test]
fn a_loop_goes_through_its_items_and_leaves_the_captures_of_the_last() {
    check(
        r#"
name: f
steps:
  - id: each
    action: for_each
    config:
      items: [a, b]
      item_name: letter
      steps: [{id: say, action: p, config: {value: "${letter}${index}"}, output: {said: body}, assert: body == letter + string(index)}]
    assert: ["count == 2 && passed == 2 && failed == 0", 'results[0].output.said == "a0"']
  - {id: after, action: p, config: {value: "${said}"}, assert: body == "b1"}
"#,
        r#"
        steps/0/iteration/0/0#1 passed
        said <- "a0"
        steps/0/iteration/0/0 passed
        steps/0/iteration/1/0#1 passed
        said <- "b1"
        steps/0/iteration/1/0 passed
        steps/0#1 passed
        steps/0 passed
        steps/1#1 passed
        steps/1 passed
        = passed
        "#,
    );
}

#[test]
fn one_iteration_that_fails_fails_the_loop() {
    let flow = |config: &str| {
        format!(
            r#"
name: f
{config}
steps:
  - id: each
    action: loop
    config:
      range: {{start: 1, end: 3}}
      steps: [{{id: odd, action: p, config: {{value: "${{item}}"}}, assert: body != 2}}]
"#
        )
    };
    check(
        &flow(""),
        "
        steps/0/iteration/0/0#1 passed
        steps/0/iteration/0/0 passed
        steps/0/iteration/1/0#1 failed
        failed body != 2
        steps/0/iteration/1/0 failed
        steps/0#1 failed
        TM0506: iteration 2 of 3: step `odd` failed; 1 of 3 were not run
        steps/0 failed
        = failed
        ",
    );
    check(
        &flow("config: {fail_fast: false}"),
        "
        steps/0/iteration/0/0#1 passed
        steps/0/iteration/0/0 passed
        steps/0/iteration/1/0#1 failed
        failed body != 2
        steps/0/iteration/1/0 failed
        steps/0/iteration/2/0#1 passed
        steps/0/iteration/2/0 passed
        steps/0#1 failed
        TM0506: iteration 2 of 3: step `odd` failed
        steps/0 failed
        = failed
        ",
    );
}

#[test]
fn a_loop_without_an_item() {
    check(
        "
name: f
setup: [{id: none, action: for_each, config: {items: [], steps: [{action: p}]}}]
steps:
  - {id: may, action: for_each, config: {items: [], allow_empty: true, steps: [{action: p}]}}
  - {id: must, action: for_each, config: {items: [], steps: [{action: p, assert: body == null}]}}
teardown: [{id: none, action: for_each, config: {items: [], steps: [{action: p}]}}]
",
        "
        none skipped: there is no item
        steps/0#1 passed
        steps/0 passed
        steps/1#1 failed
        TM0507: there is no item: nothing in the loop ran
        steps/1 failed
        none skipped: there is no item
        = failed
        ",
    );
}

#[test]
fn parallel_iterations_see_the_fork_and_join_in_written_order() {
    check(
        r#"
name: f
steps:
  - {id: first, action: p, config: {value: 10}, output: {base: body}}
  - id: each
    action: for_each
    config:
      items: [3, 1, 2]
      parallel: true
      steps:
        - {id: s, action: p, config: {value: "${base + item}", wait: "${item}s"}, output: {sum: body}, assert: body > 10}
    assert: "map(results, .output.sum) == [13, 11, 12]"
  - {id: after, action: p, config: {value: "${sum}"}, assert: body == 12}
"#,
        "
        steps/0#1 passed
        base <- 10
        steps/0 passed
        steps/1/iteration/1/0#1 passed
        sum <- 11
        steps/1/iteration/1/0 passed
        steps/1/iteration/2/0#1 passed
        sum <- 12
        steps/1/iteration/2/0 passed
        steps/1/iteration/0/0#1 passed
        sum <- 13
        steps/1/iteration/0/0 passed
        steps/1#1 passed
        steps/1 passed
        steps/2#1 passed
        steps/2 passed
        = passed
        ",
    );
}

const BRANCHES: &str = r#"
name: f
steps:
  - id: both
    action: parallel
    config:
      FAIL_FAST
      branches:
        - {name: quick, steps: [{id: q, action: p, config: {value: 1, wait: 1s}, output: {quick: body}, assert: body == WANTED}]}
        - {steps: [{id: s, action: p, config: {value: 2, wait: 3s}, output: {slow: body}, assert: body == 2}, {id: t, action: p}]}
  - {id: after, action: p, config: {value: "${quick + slow}"}, assert: body == 3 && both.branch_1.output.slow == 2}
"#;

#[test]
fn branches_run_at_the_same_time_and_join() {
    check(
        &BRANCHES.replace("FAIL_FAST", "max_concurrent: 2").replace("WANTED", "1"),
        "
        steps/0/branch/0/0#1 passed
        quick <- 1
        steps/0/branch/0/0 passed
        steps/0/branch/1/0#1 passed
        slow <- 2
        steps/0/branch/1/0 passed
        steps/0/branch/1/1#1 passed
        steps/0/branch/1/1 passed
        steps/0#1 passed
        steps/0 passed
        steps/1#1 passed
        steps/1 passed
        = passed
        ",
    );
}

#[test]
fn a_branch_that_fails_fails_the_step_and_the_others_run_on() {
    check(
        &BRANCHES.replace("FAIL_FAST", "fail_fast: false").replace("WANTED", "5"),
        "
        steps/0/branch/0/0#1 failed
        quick <- 1
        failed body == 5
        steps/0/branch/0/0 failed
        steps/0/branch/1/0#1 passed
        slow <- 2
        steps/0/branch/1/0 passed
        steps/0/branch/1/1#1 passed
        steps/0/branch/1/1 passed
        steps/0#1 failed
        TM0506: branch `quick`: step `q` failed
        steps/0 failed
        after skipped: not reached: step `both` failed
        = failed
        ",
    );
}

#[test]
fn with_fail_fast_a_branch_ends_the_others() {
    check(
        &BRANCHES.replace("FAIL_FAST", "fail_fast: true").replace("WANTED", "5"),
        "
        steps/0/branch/0/0#1 failed
        quick <- 1
        failed body == 5
        steps/0/branch/0/0 failed
        steps/0/branch/1/0#1 cancelled
        TM0605: ended by `fail_fast`, since branch `quick` failed while waiting for the probe
        steps/0/branch/1/0 cancelled
        t skipped: ended by `fail_fast`, since branch `quick` failed
        steps/0#1 failed
        TM0506: branch `quick`: step `q` failed
        steps/0 failed
        after skipped: not reached: step `both` failed
        = failed
        ",
    );
}

const POLL: &str = r#"
name: f
steps:
  - id: wait
    action: wait_until
    config:
      condition: state == "done"
      interval: 2s
      timeout: 5s
      steps:
        - {id: look, action: p, config: {first: [new, open], value: VALUE, key: k, errs: ERRS}, output: {state: body}}
  - {id: after, action: p, config: {value: "${state}"}, assert: body == "done" && wait.attempts == 3}
"#;

#[test]
fn wait_until_repeats_until_it_holds() {
    check(
        &POLL.replace("VALUE", "done").replace("ERRS", "1"),
        r#"
        steps/0/round/1/0#1 errored
        TM0612: the probe was told to err
        steps/0/round/1/0 errored
        0ms errored: step `look` errored
        steps/0/round/2/0#1 passed
        state <- "open"
        steps/0/round/2/0 passed
        2000ms failed: false (state == "done")
        steps/0/round/3/0#1 passed
        state <- "done"
        steps/0/round/3/0 passed
        4000ms passed: it holds
        steps/0#1 passed
        steps/0 passed
        steps/1#1 passed
        steps/1 passed
        = passed
        "#,
    );
}

#[test]
fn what_a_poll_saw_last_decides() {
    check(
        &POLL.replace("VALUE", "open").replace("ERRS", "0"),
        r#"
        steps/0/round/1/0#1 passed
        state <- "new"
        steps/0/round/1/0 passed
        0ms failed: false (state == "done")
        steps/0/round/2/0#1 passed
        state <- "open"
        steps/0/round/2/0 passed
        2000ms failed: false (state == "done")
        steps/0/round/3/0#1 passed
        state <- "open"
        steps/0/round/3/0 passed
        4000ms failed: false (state == "done")
        steps/0/round/4/0#1 passed
        state <- "open"
        steps/0/round/4/0 passed
        4900ms failed: false (state == "done")
        steps/0#1 failed
        TM0505: it did not hold within 5s: 4 rounds, the last: false (state == "done")
        steps/0 failed
        after skipped: not reached: step `wait` failed
        = failed
        "#,
    );
}

#[test]
fn a_retry_of_a_step_around_repeats_what_is_inside() {
    check(
        r#"
name: f
steps:
  - id: outer
    retry: {max_attempts: 2, delay: 1s}
    action: condition
    config:
      condition: "true"
      then: [{id: flaky, action: p, config: {first: [1], value: 2, key: k}, assert: body == 2}]
"#,
        "
        steps/0/then/0#1 failed
        failed body == 2
        steps/0/then/0 failed
        steps/0#1 failed
        TM0506: step `flaky` failed
        steps/0/attempt/2/then/0#1 passed
        steps/0/attempt/2/then/0 passed
        steps/0#2 passed
        steps/0 passed
        = passed
        ",
    );
}

#[test]
fn the_timeout_of_a_step_around_cuts_what_is_inside() {
    check(
        "
name: f
steps:
  - id: outer
    timeout: 2s
    action: for_each
    config:
      items: [1, 2, 3]
      steps: [{id: slow, action: p, config: {wait: 1500ms}, assert: body == null}]
teardown: [{id: t, action: p}]
",
        "
        steps/0/iteration/0/0#1 passed
        steps/0/iteration/0/0 passed
        steps/0/iteration/1/0#1 errored
        TM0604: the step's `timeout` of 2s ran out while waiting for the probe
        steps/0/iteration/1/0 errored
        steps/0#1 errored
        TM0506: iteration 2 of 3: step `slow` errored; 1 of 3 were not run
        steps/0 errored
        teardown/0#1 passed
        teardown/0 passed
        = errored
        ",
    );
}

#[test]
fn loops_and_branches_give_what_nothing_else_names() {
    check(
        "
name: f
steps:
  - id: each
    action: for_each
    config: {items: [1, 2], steps: [{id: s, action: p, config: {value: \"${item}\"}, output: {got: body}}]}
    assert: results[1].output.got == 2
  - id: both
    action: parallel
    config: {branches: [{name: l, steps: [{id: t, action: p, config: {value: 5}, output: {left: body}}]}]}
    assert: l.output.left == 5
",
        "
        steps/0/iteration/0/0#1 passed
        got <- 1
        steps/0/iteration/0/0 passed
        steps/0/iteration/1/0#1 passed
        got <- 2
        steps/0/iteration/1/0 passed
        steps/0#1 passed
        steps/0 passed
        steps/1/branch/0/0#1 passed
        left <- 5
        steps/1/branch/0/0 passed
        steps/1#1 passed
        steps/1 passed
        = passed
        ",
    );
}
