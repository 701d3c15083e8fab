//! The names that are always there.

/// Built-in values and namespaces, but for those below `FAKER`.
pub const BUILT_INS: &[&str] = &[
    "RANDOM_ID",
    "UUID",
    "RANDOM_INT",
    "RANDOM_STRING",
    "TIMESTAMP",
    "TIMESTAMP_MS",
    "ISO_TIMESTAMP",
    "DATE",
    "TIME",
    "DATETIME",
    "TODAY",
    "DAY_OF_WEEK",
    "YEAR",
    "MONTH",
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "FLOW_NAME",
    "FLOW_ID",
    "EXECUTION_ID",
    "FAKER",
    "timestamp",
    "timestamp_unix",
    "random",
    "env",
    "vars",
    "steps",
    "setup",
    "teardown",
    "input",
    "flow",
    "$env",
];

/// Whether a name looks like one of the process environment: letters in capitals, digits, underscores.
pub(crate) fn is_env_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase() || byte == b'_') && name.bytes().all(legal)
}
