//! What the binary says about itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Output};

fn testmesh(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_testmesh")).args(args).env_remove("CLICOLOR_FORCE").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The subcommands, as the help lists them.
fn subcommands() -> Vec<String> {
    let help = text(&testmesh(&["--help"]).stdout);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| !line.starts_with("    ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_subcommand_shows_examples() {
    let subcommands = subcommands();
    assert!(subcommands.len() >= 7, "{subcommands:?}");
    for name in subcommands {
        let ran = testmesh(&[&name, "--help"]);
        let help = text(&ran.stdout);
        let call = format!("  testmesh {name}");
        assert!(ran.status.success() && ran.stderr.is_empty(), "{name}: {ran:?}");
        assert!(help.contains("Examples:\n") && help.contains(&call), "`{name} --help` shows no example:\n{help}");
    }
}

#[test]
fn the_help_tells_the_exit_codes() {
    let ran = testmesh(&["--help"]);
    let help = text(&ran.stdout);
    assert_eq!(ran.status.code(), Some(0));
    for code in ["0 passed", "1 a flow failed", "2 a flow is invalid", "3 bad usage", "4 errored", "5 internal", "130 interrupted"] {
        assert!(help.contains(code), "`{code}` is missing:\n{help}");
    }
}

#[test]
fn the_version_is_told() {
    let ran = testmesh(&["--version"]);
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!(text(&ran.stdout), format!("testmesh {}\n", env!("CARGO_PKG_VERSION")));
}

/// Bad usage is exit code 3, and words on standard error only.
#[test]
fn bad_usage() {
    for args in [
        &["--colour"][..],
        &["run", "--paralel", "3", "flow.yaml"],
        &["run", "--parallel", "none", "flow.yaml"],
        &["run", "no/such/flow.yaml"],
        &["validate", "--format", "xml"],
        &["explain", "TM9999"],
        &["actions", "no_such_action"],
        &["rnu"],
        &[],
    ] {
        let ran = testmesh(args);
        assert_eq!(ran.status.code(), Some(3), "{args:?}: {ran:?}");
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{args:?}: {ran:?}");
    }
}
