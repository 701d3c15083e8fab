//! Selections in temporary folders. A tree is a list of paths: `x/` a folder, `x -> y` a symbolic link, anything else a file.

use super::*;
use crate::project::{self, FILE};
use std::fs;
use tempfile::TempDir;

fn tree(paths: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in paths {
        let (path, link) = path.split_once(" -> ").map_or((*path, None), |(path, target)| (path, Some(target)));
        let full = folder.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        match link {
            #[cfg(unix)]
            Some(target) => std::os::unix::fs::symlink(target, full).unwrap(),
            #[cfg(not(unix))]
            Some(_) => {}
            None if path.ends_with('/') => fs::create_dir_all(full).unwrap(),
            None => fs::write(full, "").unwrap(),
        }
    }
    folder
}

/// The selection in words: names, those by hand with `!`, those left out with `-`; or what is wrong.
fn said(root: &Path, project: &str, below: &str, arguments: &[&str]) -> Vec<String> {
    if !project.is_empty() {
        fs::write(root.join(FILE), project).unwrap();
    }
    let cwd = root.join(below);
    let project = project::find(&cwd).unwrap();
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    match files(&arguments, project.as_ref(), &cwd) {
        Ok(selected) => {
            assert!(selected.files.iter().all(|file| file.is_stdin() || file.path.symlink_metadata().is_ok()), "{selected:?}");
            let files = selected.files.iter().map(|file| format!("{}{}", file.name, if file.by_hand { "!" } else { "" }));
            files.chain(selected.left_out.iter().map(|left| format!("-{}", left.name))).collect()
        }
        Err(error) => error.to_string().lines().map(|line| line.trim_start().to_owned()).collect(),
    }
}

fn check(paths: &[&str], arguments: &[&str], expected: &[&str]) {
    let folder = tree(paths);
    assert_eq!(said(folder.path(), "", "", arguments), expected, "{paths:?} {arguments:?}");
}

const SHOP: [&str; 9] = [
    "flows/login.yaml",
    "flows/order.yml",
    "flows/notes.md",
    "flows/.hidden.yaml",
    "flows/.git/x.yaml",
    "flows/a/deep.yaml",
    "flows/a-b.yaml",
    "top.yaml",
    "empty/",
];

#[test]
fn files_and_folders() {
    check(&SHOP, &[], &["flows/a-b.yaml", "flows/a/deep.yaml", "flows/login.yaml", "flows/order.yml", "top.yaml"]);
    check(&SHOP, &["."], &["flows/a-b.yaml", "flows/a/deep.yaml", "flows/login.yaml", "flows/order.yml", "top.yaml"]);
    check(&SHOP, &["./flows/a/"], &["./flows/a/deep.yaml"]);
    check(&SHOP, &["top.yaml", "flows/a"], &["top.yaml!", "flows/a/deep.yaml"]);
    check(&SHOP, &["flows/notes.md", "flows/.hidden.yaml"], &["flows/notes.md!", "flows/.hidden.yaml!"]);
    check(&SHOP, &["flows/.git"], &["flows/.git/x.yaml"]);
    check(&SHOP, &["flows/a", "flows/a", "./flows/a/deep.yaml"], &["flows/a/deep.yaml!"]);
    check(&SHOP, &["-", "top.yaml", "-"], &["<stdin>!", "top.yaml!"]);
    check(&["-", "é/ü.yaml"], &["./-", "é"], &["./-!", "é/ü.yaml"]);
}

#[test]
fn patterns() {
    check(&SHOP, &["flows/*.yaml"], &["flows/a-b.yaml", "flows/login.yaml"]);
    check(&SHOP, &["**/*.yaml"], &["flows/a-b.yaml", "flows/a/deep.yaml", "flows/login.yaml", "top.yaml"]);
    check(&SHOP, &["flows/**"], &["flows/a-b.yaml", "flows/a/deep.yaml", "flows/login.yaml", "flows/order.yml"]);
    check(&SHOP, &["**/**/d*.yaml"], &["flows/a/deep.yaml"]);
    check(&SHOP, &["fl*s/[ao]*"], &["flows/a-b.yaml", "flows/a/deep.yaml", "flows/order.yml"]);
    check(
        &SHOP,
        &["flows/n*", "flows/l*"],
        &[
            "nothing matches the pattern `flows/n*`",
            "help: one file or folder was left out; `flows/notes.md`: it does not end in .yaml or .yml",
        ],
    );
    check(&SHOP, &["flows/[nl]*"], &["flows/login.yaml", "-flows/notes.md"]);
    check(&SHOP, &["flows/.h*"], &["flows/.hidden.yaml"]);
    check(&["[a].yaml", "a.yaml"], &["[a].yaml"], &["[a].yaml!"]);
    check(
        &SHOP,
        &["x*/[", "t*{p,q}.yaml"],
        &[
            "the pattern `x*/[` cannot be read: invalid range pattern at character 4",
            "the pattern `t*{p,q}.yaml` cannot be read: `{` and `}` are not part of a pattern",
            "help: write one pattern for each choice, or `[{]` for a brace",
        ],
    );
}

#[test]
fn nothing_found_is_an_error() {
    let help = "help: flows are files that end in .yaml or .yml; names that begin with a dot are left out";
    check(&SHOP, &["empty"], &["there is no flow file in the folder `empty`", help]);
    check(&["a.md"], &[], &["there is no flow file in the folder `.`", help]);
    check(&SHOP, &["flow/logn.yaml"], &["there is no file or folder `flow/logn.yaml`", "help: did you mean `flows/login.yaml`?"]);
    check(&SHOP, &["flows/login"], &["there is no file or folder `flows/login`", "help: did you mean `flows/login.yaml`?"]);
    check(
        &SHOP,
        &["top.yaml/x", "banana", ""],
        &["there is no file or folder `top.yaml/x`", "there is no file or folder `banana`", "a path is empty"],
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    check(&["a/x.yaml", "a/up -> ..", "a/self -> self"], &["a"], &["a/x.yaml"]);
    check(&["a/x.yaml", "0 -> a"], &["."], &["a/x.yaml"]);
    check(&["real/x.yaml", "a/link -> ../real"], &["a"], &["a/link/x.yaml"]);
    check(
        &["real/x.yaml", "a/link -> ../real"],
        &["a/**/*.yaml", "real"],
        &[
            "nothing matches the pattern `a/**/*.yaml`",
            "help: flows are files that end in .yaml or .yml; names that begin with a dot are left out",
        ],
    );
    check(&["x.yaml", "y.yaml -> x.yaml"], &["x.yaml", "y.yaml"], &["x.yaml!"]);
    // That it cannot be read is said when it is read.
    check(&["x.yaml", "y.yaml -> gone", "z -> gone"], &["."], &["x.yaml", "y.yaml"]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tree(&["a.yaml"]);
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"\xff.yaml")), "").unwrap();
    assert_eq!(said(folder.path(), "", "", &[]), ["a.yaml", "\u{fffd}.yaml"]);
    assert_eq!(said(folder.path(), "", "", &["?.yaml"]), ["a.yaml", "\u{fffd}.yaml"]);
}

#[test]
fn a_project_says_what_and_what_not() {
    let check = |project: &str, below: &str, arguments: &[&str], expected: &[&str]| {
        let folder = tree(&SHOP);
        assert_eq!(said(folder.path(), project, below, arguments), expected, "{project} {below} {arguments:?}");
    };
    check("paths = ['flows/a', 'top.yaml']", "", &[], &["flows/a/deep.yaml", "top.yaml!"]);
    check("paths = ['flows/a', './top.yaml']", "flows/a", &[], &["../../flows/a/deep.yaml", "../../top.yaml!"]);
    check("paths = ['fl*/*.yml']", "empty", &[], &["../flows/order.yml"]);
    check("paths = ['top.yaml']", "flows", &["a"], &["a/deep.yaml"]);
    check(
        "paths = ['-', 'tpo.yaml']",
        "flows",
        &[],
        &[
            "there is no file or folder `-` (in `paths` of testmesh.toml)",
            "there is no file or folder `tpo.yaml` (in `paths` of testmesh.toml)",
            "help: did you mean `../top.yaml`?",
        ],
    );
    check("exclude = ['a', '**/l*']", "", &["flows"], &["flows/a-b.yaml", "flows/order.yml", "-flows/a", "-flows/login.yaml"]);
    check(
        "exclude = ['a', 'order.yml', '*.md']",
        "flows/a",
        &["../../flows"],
        &["../../flows/a-b.yaml", "../../flows/login.yaml", "-../../flows/a", "-../../flows/order.yml"],
    );
    check(
        "exclude = ['login.yaml']",
        "",
        &["flows/a", "flows/l*", "flows/login.yaml"],
        &[
            "nothing matches the pattern `flows/l*`",
            "help: one file or folder was left out; `flows/login.yaml`: the project excludes `login.yaml`",
        ],
    );
    check("exclude = ['login.yaml']", "", &["flows/[lo]*", "flows/login.yaml"], &["flows/order.yml", "flows/login.yaml!"]);
}
