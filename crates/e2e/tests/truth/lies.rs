//! Flows that would pass if anything in them were ignored, guessed or coerced: none does, and each says why, and where.
//!
//! Each is a file of `fixtures/flows/lies`; beside them stand controls, which are as close to a lie as truth gets, and pass.

use crate::support::{ERRORED, FAILED, INVALID, OpenShop, PASSED, call, each, judge, root};
use serde_json::Value as Json;
use std::{collections::BTreeSet, fs, path::PathBuf};

/// A flow that must not pass.
struct Lie {
    /// The stem of its file.
    flow: &'static str,
    code: i32,
    /// `line:column` of the problem; empty when it has no one place.
    at: &'static str,
    says: &'static [&'static str],
    args: &'static [&'static str],
}

const fn lie(flow: &'static str, code: i32, at: &'static str, says: &'static [&'static str]) -> Lie {
    Lie { flow, code, at, says, args: &[] }
}

const fn lie_with(args: &'static [&'static str], flow: &'static str, code: i32, at: &'static str, says: &'static [&'static str]) -> Lie {
    Lie { flow, code, at, says, args }
}

/// A key that nobody reads would be a promise that nobody keeps.
const KEYS: &[Lie] = &[
    lie("assert_typo", INVALID, "8:5", &["TM0105", "no key `asert`", "did you mean `assert`?"]),
    lie("config_key_typo", INVALID, "8:7", &["TM0203", "no key `folow_redirects`", "did you mean `follow_redirects`?"]),
    lie("teardown_typo", INVALID, "5:1", &["TM0105", "did you mean `teardown`?"]),
    lie("eventually_key_typo", INVALID, "6:18", &["TM0105", "no key `timout`", "did you mean `timeout`?"]),
    lie("on_error_typo", INVALID, "5:15", &["TM0115", "did you mean `ignore`?"]),
    lie("action_typo", INVALID, "3:13", &["TM0201", "did you mean `http_request`?"]),
    lie("steps_missing", INVALID, "2:1", &["TM0105", "did you mean `steps`?"]),
    lie("steps_empty", INVALID, "2:1", &["TM0114", "the flow would test nothing"]),
    lie("assert_twice", INVALID, "6:5", &["TM0103", "`assert` stands twice"]),
    lie("assert_as_map", INVALID, "7:7", &["TM0107", "did you mean `status == 200`?"]),
    lie("assert_item_empty", INVALID, "6:9", &["TM0301", "the expression of `assert` is empty"]),
    lie("no_attempts", INVALID, "5:27", &["TM0107", "`retry.max_attempts`: 0 is below 1"]),
    lie("duration_misread", INVALID, "4:14", &["TM0111", "`parsecs`"]),
    lie("second_document_broken", INVALID, "10:5", &["TM0105", "no key `asert`", "0 executions"]),
    lie("alias_bomb", INVALID, "8:38", &["TM0104"]),
    lie("not_in_this_build", INVALID, "3:13", &["TM0202", "`database_query` is part of the language, but not in this build"]),
    lie("tracked", INVALID, "6:5", &["TM0202", "`track`"]),
];

/// Each row of data is an execution, and nothing in a table is guessed.
const ROWS: &[Lie] = &[
    lie("one_row_failed", FAILED, "8:26", &["One row of many [row 2: alan]", "row 2 of 3", "3 executions", "2 passed, 1 failed"]),
    lie("rows_none", INVALID, "2:25", &["TM0131", "the file is empty"]),
    lie("rows_header_only", INVALID, "2:14", &["TM0131", "the file holds nothing but its header"]),
    lie("rows_commented_out", INVALID, "2:1", &["TM0131", "nothing stands under it"]),
    lie("rows_ragged", INVALID, "2:14", &["TM0133", "the row has 3 cells, and the header has 2 columns", "ragged.csv:4:26"]),
    lie("column_twice", INVALID, "2:14", &["TM0134", "two columns are called `email`"]),
    lie("column_typo", INVALID, "5:26", &["TM0302", "did you mean `user`?"]),
    lie("column_of_default", INVALID, "4:16", &["TM0136", "did you mean `expected`?"]),
    lie("row_lacks_column", ERRORED, "7:26", &["TM0601", "the row of the data has no such column", "1 passed, 1 errored"]),
    lie("row_is_text", FAILED, "5:26", &["TM0503", "`age` is the text \"36\"", "write `int(age)`"]),
    lie("library_input", INVALID, "10:26", &["TM0302", "nothing is called `verdict`", "pass it: `input: {verdict: …}`"]),
    lie_with(&["--deny", "warnings"], "column_unused", INVALID, "3:16", &["TM0136", "no expression uses the column `answer`"]),
];

/// What stands inside a step decides about it.
const INSIDE: &[Lie] = &[
    lie("child_failed", FAILED, "", &["TM0506", "the flow `The one that fails` failed: step `wrong` failed"]),
    lie("one_iteration_failed", FAILED, "", &["TM0506", "iteration 3 of 4: step `not_three` failed"]),
    lie("no_item", FAILED, "", &["TM0507", "there is no item"]),
    lie("branch_failed", FAILED, "", &["TM0506", "branch `bad`: step `wrong` failed"]),
    lie("poll_never_held", FAILED, "", &["TM0505", "it did not hold within 100ms"]),
    lie("skipped_producer", ERRORED, "", &["TM0601", "step `buy` was skipped: `when` was false"]),
    lie("only_the_other_branch", ERRORED, "", &["TM0606", "no step of `steps` was executed"]),
    lie("input_typo", INVALID, "7:57", &["TM0302", "nothing is called `who`"]),
    lie(
        "grandchild_failed",
        FAILED,
        "12:56",
        &["the flow `The middle` failed: step `deeper` failed", "inside deeper (steps/1/flow/steps/0)"],
    ),
    lie("child_teardown_failed", FAILED, "9:56", &["TM0607", "failed: step `clean` failed"]),
    lie("child_runs_nothing", ERRORED, "4:49", &["TM0506", "errored: no step of `steps` was executed"]),
    lie("child_status_taken", FAILED, "7:9", &["TM0501", "\"passed\" == \"failed\""]),
    lie("child_status_beside", FAILED, "12:56", &["TM0506", "the flow `The one that fails late` failed"]),
    lie("child_output_typo", INVALID, "4:73", &["TM0502", "did you mean `total`?"]),
    lie("child_output_skipped", ERRORED, "9:17", &["TM0601", "step `count` was skipped: `when` was false"]),
    lie("child_sees_captures", INVALID, "8:55", &["TM0302", "nothing is called `n`"]),
    lie("child_inherits_nothing", INVALID, "8:56", &["TM0302", "nothing is called `colour`"]),
    lie("parallel_iteration_failed", FAILED, "9:65", &["TM0506", "iteration 3 of 4: step `not_three` failed"]),
    lie("glob_empty", FAILED, "3:9", &["TM0507", "there is no item"]),
    lie("range_backwards", FAILED, "3:9", &["TM0507", "there is no item"]),
    lie("items_no_list", ERRORED, "7:14", &["TM0603", "`items` is text, and no list"]),
    lie("poll_condition_typo", INVALID, "7:18", &["TM0302", "did you mean `state`?"]),
    lie("poll_condition_number", FAILED, "4:9", &["TM0505", "a condition needs a boolean; `left` is the integer 1"]),
    lie("poll_step_refused", ERRORED, "10:58", &["TM0505", "TM0612", "×"]),
    lie("branches_cancelled", FAILED, "12:9", &["TM0501", "\"cancelled\" == \"passed\"", "since branch `bad` failed"]),
    lie("branch_name_typo", INVALID, "10:9", &["TM0302", "did you mean `stock`?"]),
    lie("else_captures", ERRORED, "9:55", &["TM0601", "the condition of `pick` was false"]),
    lie("hidden_by_a_loop", FAILED, "9:71", &["TM0501", "7 == 1"]),
    lie("inner_key_typo", INVALID, "11:11", &["TM0105", "did you mean `assert`?"]),
];

/// A name that means nothing must not become the empty text, or itself.
const NAMES: &[Lie] = &[
    lie("undefined_in_url", INVALID, "6:14", &["TM0302", "nothing is called `USER_URLL`", "did you mean `USER_URL`?"]),
    lie("undefined_in_header", INVALID, "11:28", &["TM0302", "did you mean `USER_NAME`?"]),
    lie("undefined_in_body_value", INVALID, "11:23", &["TM0302", "did you mean `USER_NAME`?"]),
    lie("undefined_in_body_key", INVALID, "11:17", &["TM0302", "did you mean `USER_NAME`?"]),
    lie("undefined_in_query", INVALID, "11:29", &["TM0302", "did you mean `USER_NAME`?"]),
    lie("undefined_in_when", INVALID, "11:11", &["TM0302", "did you mean `USER_NAME`?"]),
    lie("undefined_in_capture", INVALID, "11:20", &["TM0302", "did you mean `USER_NAME`?"]),
    lie("undefined_in_assert", INVALID, "5:36", &["TM0302", "nothing is called `CODE_ON_TUESDAYS`"]),
    lie("undefined_in_env", INVALID, "3:16", &["TM0302", "nothing is called `HOSTNAM_OF_THE_SHOP`"]),
    lie("undefined_step", INVALID, "7:26", &["TM0302", "did you mean `create`?"]),
    lie("output_typo", INVALID, "6:13", &["TM0302", "did you mean `status`?"]),
    lie("before_its_time", INVALID, "4:27", &["TM0305", "`user_id` has no value yet"]),
    lie("function_typo", INVALID, "4:27", &["TM0303", "no function `lenght`"]),
    lie("env_cycle", INVALID, "3:9", &["TM0308", "`HERE` → `THERE` → `HERE`"]),
    lie("env_file_missing", INVALID, "2:11", &["TM0401", "nobody-wrote-this.env"]),
    lie("half_an_expression", INVALID, "5:28", &["TM0301", "after `and`"]),
    lie("path_unreadable", INVALID, "6:29", &["TM0307", "never closed"]),
    lie("regex_unreadable", INVALID, "4:41", &["TM0310"]),
    lie("secret_too_short", INVALID, "2:12", &["TM0120", "under 4 characters"]),
    lie_with(&["--deny", "warnings"], "unknown_under_default", INVALID, "4:27", &["warning[TM0302]", "nothing is called `bdy`"]),
];

/// A member that is not there is not null, not false, and not different from anything.
const MEMBERS: &[Lie] = &[
    lie("member_unequal", FAILED, "10:14", &["TM0502", "`body` has no member `statsu`"]),
    lie("member_not", FAILED, "10:19", &["TM0502", "`body` has no member `methd`", "did you mean `method`?"]),
    lie("member_less", FAILED, "10:14", &["TM0502", "did you mean `query`?"]),
    lie("member_or", FAILED, "10:31", &["TM0502", "did you mean `method`?"]),
    lie("member_all", FAILED, "10:18", &["TM0502", "`body` has no member `items`"]),
    lie("member_none", FAILED, "10:31", &["TM0502", "it has no `nmae`"]),
    lie("member_any", FAILED, "10:22", &["TM0502", "no item has `.methd`"]),
    lie("member_in", FAILED, "10:19", &["TM0502", "`body` has no member `methd`"]),
    lie("member_contains", FAILED, "10:19", &["TM0502", "did you mean `path`?"]),
    lie("member_length", FAILED, "10:18", &["TM0502", "`body` has no member `itms`"]),
    lie("member_count", FAILED, "10:20", &["TM0502", "`body` has no member `itms`"]),
    lie("member_filter", FAILED, "10:25", &["TM0502", "no item has `.methd`"]),
    lie("member_default", FAILED, "10:56", &["TM0502", "`body` has no member `mthod`"]),
    lie("member_default_text", FAILED, "10:9", &["TM0503", "is the text \"0\": `<` cannot compare it with the integer 10"]),
    lie("member_compared", FAILED, "10:14", &["TM0502", "did you mean `method`?"]),
    lie("member_header", FAILED, "10:16", &["TM0502", "`headers` has no member `x-frame-optoins`"]),
    lie("member_index", FAILED, "10:23", &["TM0502", "`body.query.tag` has 1 item: there is no index 1"]),
    lie("member_optional", FAILED, "10:23", &["TM0502", "has no member `colour`"]),
    lie("status_404", FAILED, "8:14", &["TM0502", "`body` has no member `email`", "✓ status < 500"]),
    lie("json_of_html", FAILED, "8:14", &["TM0502", "so it has no `error`"]),
    lie("broken_json", FAILED, "8:14", &["TM0502", "so it has no `status`", "warning[TM0704]"]),
    lie("template_member", ERRORED, "10:46", &["TM0502", "`send.body` has no member `idd`"]),
    lie("template_null", ERRORED, "10:32", &["TM0602", "`${user.name}` is null, which has no text"]),
    lie("capture_nothing", FAILED, "6:22", &["TM0504", "`$.token` finds nothing"]),
    lie("capture_index", FAILED, "6:37", &["there is no index 1"]),
    lie("capture_in_html", FAILED, "6:19", &["TM0504", "`$.id` finds nothing"]),
    lie("capture_of_before", FAILED, "8:22", &["TM0504", "`token` has no value: its capture found none"]),
    lie("default_taken", FAILED, "8:13", &["TM0501", "colour == \"blue\""]),
    lie("step_uses_failed_capture", FAILED, "8:22", &["`$.token` finds nothing", "TM0601", "`token` has no value"]),
    lie("uncaptured", ERRORED, "11:39", &["TM0601", "step `login` was skipped: `when` was false"]),
    lie("body_too_large", ERRORED, "5:54", &["TM0622", "more than `max_body` allows"]),
    lie("body_not_kept", ERRORED, "5:54", &["TM0622", "more than `max_body` allows"]),
];

/// Nothing is bent until it fits.
const TYPES: &[Lie] = &[
    lie("type_number_text", FAILED, "14:9", &["TM0503", "`number` is the integer 201: `!=` cannot compare it with the text \"202\""]),
    lie("type_text_number", FAILED, "14:9", &["TM0503", "`text` is the text \"201\": `!=` cannot compare it", "write `int(text)`"]),
    lie("type_text_order", FAILED, "14:9", &["TM0503", "`>` cannot compare it with the integer 9"]),
    lie("type_boolean_text", FAILED, "14:9", &["TM0503", "`yes` is the boolean true"]),
    lie("type_text_in_numbers", FAILED, "14:14", &["TM0503", "the text \"201\" cannot be in a list that holds only numbers"]),
    lie("type_number_in_texts", FAILED, "14:14", &["TM0503", "the integer 201 cannot be in a list that holds only texts"]),
    lie("number_as_body_text", FAILED, "6:13", &["TM0503", "the text \"3\" cannot be in a list"]),
    lie("type_number", FAILED, "14:9", &["TM0503", "a condition needs a boolean; `number` is the integer 201"]),
    lie("type_text", FAILED, "14:9", &["TM0503", "a condition needs a boolean; `text` is the text \"201\""]),
    lie("type_list", INVALID, "14:10", &["TM0107", "and this is a list"]),
    lie("type_null", FAILED, "14:9", &["TM0503", "`nothing` is null"]),
    lie("type_zero", FAILED, "14:9", &["TM0503", "divided by zero"]),
    lie("type_zero_rest", FAILED, "14:9", &["TM0503", "divided by zero"]),
    lie("type_overflow", FAILED, "14:9", &["TM0503", "beyond the integers of 64 bits"]),
    lie("type_negated", FAILED, "14:13", &["TM0503", "`!` needs a boolean"]),
    lie("type_and", FAILED, "14:17", &["TM0503", "`&&` needs a boolean"]),
    lie("type_choice", FAILED, "14:10", &["TM0503", "the condition needs a boolean"]),
    lie("type_half_index", FAILED, "14:15", &["TM0503", "not the float 0.5"]),
    lie("type_null_order", FAILED, "14:9", &["TM0503", "`nothing` is null"]),
    lie("type_sum", FAILED, "14:9", &["TM0503", "`+` does not go with the text \"201\" and the integer 201"]),
    lie("condition_broken", ERRORED, "6:11", &["TM0608", "`first.role` is the integer 1: `==` cannot compare it"]),
];

/// What did not run, did not end or did not succeed is not passed.
const RUNS: &[Lie] = &[
    lie("all_skipped", ERRORED, "", &["TM0606", "no step of `steps` was executed"]),
    lie("all_disabled", ERRORED, "", &["TM0606", "no step of `steps` was executed"]),
    lie("status_500", FAILED, "6:13", &["TM0501", "500 == 200", "Internal Server Error"]),
    lie("never_held", FAILED, "4:13", &["TM0505", "it did not hold within 400ms", "PENDING"]),
    lie("only_refused", ERRORED, "3:13", &["TM0612", "127.0.0.1:1 refused the connection"]),
    lie("retry_exhausted", FAILED, "7:13", &["TM0501", "3 attempts"]),
    lie("retried_and_continued", FAILED, "3:13", &["TM0631", "2 attempts"]),
    lie("setup_failed", FAILED, "5:26", &["TM0501", "not reached: judge"]),
    lie("setup_errored", ERRORED, "3:9", &["TM0612", "not reached: judge"]),
    lie("teardown_failed", FAILED, "8:26", &["TM0607", "the steps passed, and the teardown did not"]),
    lie("teardown_errored", ERRORED, "6:9", &["TM0607", "TM0612"]),
    lie("teardown_variable", ERRORED, "9:32", &["TM0607", "`M` has no member `b`"]),
    lie("ignored_flow_timeout", ERRORED, "6:13", &["TM0604", "the flow's `config.timeout` ran out"]),
    lie("ignored_condition", ERRORED, "", &["TM0606", "could not begin"]),
    lie("continued", FAILED, "5:26", &["TM0501", "2 steps (1 failed)"]),
    lie("not_fail_fast", FAILED, "6:26", &["TM0501", "2 steps (1 failed)"]),
    lie("step_timeout", ERRORED, "4:13", &["TM0614", "the step's `timeout` of 100ms ran out while waiting for the first byte"]),
    lie("flow_timeout", ERRORED, "4:13", &["TM0604", "the flow's `config.timeout` ran out while waiting for 30s"]),
    lie_with(&["--timeout", "300ms"], "slow", ERRORED, "3:9", &["TM0604", "the time of the run (`--timeout`) ran out"]),
    lie("process_failed", FAILED, "3:13", &["TM0631", "`sh` ended with exit code 3", "disk full"]),
    lie("process_missing", ERRORED, "4:23", &["TM0631", "`no-such-program-anywhere` is not found in PATH"]),
    lie("never_ready", ERRORED, "3:13", &["TM0612", "was not ready after"]),
    lie("never_ready_status", FAILED, "4:13", &["TM0505", "the status is 500"]),
    lie("redirect_loop", ERRORED, "4:13", &["TM0619", "more than 10 redirects"]),
    lie_with(
        &["--repeat", "3", "--seed", "3"],
        "now_and_then",
        FAILED,
        "3:55",
        &["repetition 3 of 3", "the first that did not: repetition 2"],
    ),
    lie_with(
        &["--deny", "warnings"],
        "warned",
        INVALID,
        "1:7",
        &["TM0701", "the steps of the flow assert nothing", "(1 warning, by `--deny warnings`)"],
    ),
    lie_with(&["--deny", "warnings"], "only_disabled_asserts", INVALID, "1:7", &["TM0701", "the steps of the flow assert nothing"]),
    lie_with(
        &["--deny", "warnings"],
        "nothing_asserted",
        INVALID,
        "4:9",
        &["TM0701", "step `judge` was not executed", "by `--deny warnings` a warning counts"],
    ),
    lie_with(
        &["--deny", "warnings"],
        "tolerated",
        INVALID,
        "4:13",
        &["tolerated by `on_error: ignore`", "by `--deny warnings` a warning counts"],
    ),
];

fn lies() -> Vec<&'static Lie> {
    [KEYS, ROWS, INSIDE, NAMES, MEMBERS, TYPES, RUNS].into_iter().flatten().collect()
}

fn fixtures(name: &str) -> PathBuf {
    root().join("fixtures/flows").join(name)
}

/// The stems of the flows in a folder of fixtures.
fn stems(name: &str) -> BTreeSet<String> {
    let names = fs::read_dir(fixtures(name)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.map(|name| name.strip_suffix(".yaml").unwrap().to_owned()).collect()
}

/// The arguments that run a lie. `env` of a flow is what is tried only when nobody overrides it.
fn arguments(lie: &Lie, shop: &OpenShop) -> Vec<String> {
    let vars = if lie.flow == "undefined_in_env" { Vec::new() } else { shop.vars() };
    let flow = format!("{}.yaml", lie.flow);
    ["run".to_owned(), flow].into_iter().chain(vars).chain(lie.args.iter().map(ToString::to_string)).collect()
}

#[test]
fn no_lie_passes() {
    let shop = OpenShop::open();
    each(&lies(), |lie| {
        let place = if lie.at.is_empty() { String::new() } else { format!("{}.yaml:{}", lie.flow, lie.at) };
        let says: Vec<&str> = lie.says.iter().copied().chain([place.as_str()]).collect();
        judge(lie.flow, &call(&arguments(lie, &shop), &fixtures("lies")), lie.code, &says)
    });
}

#[test]
fn no_report_says_that_a_lie_passed() {
    let shop = OpenShop::open();
    each(&lies(), |lie| {
        let args: Vec<String> = arguments(lie, &shop).into_iter().chain(["--format".into(), "json".into()]).collect();
        let ran = call(&args, &fixtures("lies"));
        let report: Json = serde_json::from_str(&ran.out).map_err(|error| format!("{}: no JSON report: {error}\n{}", lie.flow, ran.err))?;
        let (verdict, code) = (report["verdict"].as_str(), report["end"]["exit_code"].as_i64());
        let told = ran.code == lie.code && code == Some(lie.code.into()) && verdict.is_some_and(|verdict| verdict != "passed");
        if told { Ok(()) } else { Err(format!("{}: exit code {}, reported {code:?} and {verdict:?}", lie.flow, ran.code)) }
    });
}

#[test]
fn truth_passes() {
    let shop = OpenShop::open();
    let flows: Vec<String> = stems("truths").into_iter().collect();
    each(&flows, |flow| {
        let args: Vec<String> = ["run".to_owned(), format!("{flow}.yaml")].into_iter().chain(shop.vars()).collect();
        judge(flow, &call(&args, &fixtures("truths")), PASSED, &["1 passed"])
    });
}

#[test]
fn every_lie_is_told_once() {
    let told: BTreeSet<String> = lies().iter().map(|lie| lie.flow.to_owned()).collect();
    assert_eq!(told.len(), lies().len());
    assert_eq!(told, stems("lies"));
}
