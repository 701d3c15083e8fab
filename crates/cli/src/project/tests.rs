//! Project files and environments in temporary folders.

use super::*;
use std::fs;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let full = folder.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }
    folder
}

/// Each diagnostic on two lines, the second its help.
fn said(problem: &Problem) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| {
        let place = if diagnostic.labels.is_empty() { String::new() } else { format!("{}: ", problem.sources.place(diagnostic.span())) };
        let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{place}{} {}{help}", diagnostic.code, diagnostic.message)
    };
    problem.diagnostics.iter().map(line).collect()
}

/// The values of the environment, secrets with `!`, or what is wrong with it or the project.
fn check(files: &[(&str, &str)], environment: &str, expected: &[&str]) {
    let folder = folder(files);
    let env = |name: &str| (name == "TESTMESH_SECRET_TOKEN").then(|| "from outside".to_owned());
    let found = find(folder.path()).and_then(|project| project.unwrap().environment(environment, &env));
    let found = found.map_or_else(|problem| said(&problem), |inputs| inputs.iter().map(shown).collect());
    assert_eq!(found, expected, "{files:?}");
}

fn shown(input: &Input) -> String {
    assert!(input.origin.starts_with("environment "), "{input:?}");
    let value = input.value.to_json();
    if input.secret { format!("{}!{value}", input.name) } else { format!("{}={value}", input.name) }
}

#[test]
fn the_nearest_file_counts() {
    let text = "paths = ['flows']\nenvironment = 'dev'\nparallel = 4\nexclude = ['drafts/']\n";
    let folder = folder(&[("testmesh.toml", text), ("a/b/c.yaml", ""), ("inner/testmesh.toml", "")]);
    let project = find(&folder.path().join("a/b")).unwrap().unwrap();
    assert_eq!(project.root, folder.path());
    assert_eq!(project.paths, ["flows"]);
    assert_eq!((project.environment.as_deref(), project.parallel), (Some("dev"), Some(4)));
    assert_eq!(project.exclude.iter().map(Exclude::text).collect::<Vec<_>>(), ["drafts/"]);
    assert_eq!(project.way(), "../../");
    let inner = find(&folder.path().join("inner")).unwrap().unwrap();
    assert_eq!((inner.root, inner.paths.len()), (folder.path().join("inner"), 0));
    let outside = tempfile::tempdir().unwrap();
    assert!(find(outside.path()).unwrap().is_none());
}

#[test]
fn a_wrong_file_is_said_all_at_once() {
    let text = "pahts = []\npaths = []\nparallel = 0\nexclude = ['a{b}', 5]\nbefore = 'x.yaml'\n[[exclusive]]\nname = 'x'\npath = 'y'\n\
        [environments.dev]\nvariable = {}\n[environments.dev.hosts]\n[environments]\nstaging = 5\n";
    check(
        &[("testmesh.toml", text)],
        "dev",
        &[
            "testmesh.toml:1:1: TM0105 the project file has no key `pahts` (did you mean `paths`?)",
            "testmesh.toml:2:9: TM0115 `paths` names nothing (leave it out to run the working folder)",
            "testmesh.toml:3:12: TM0115 `parallel` must be from 1 to 4294967295, and this is 0",
            "testmesh.toml:4:12: TM0115 the pattern `a{b}` cannot be read: `{` and `}` are not part of a pattern (write one pattern for each choice, or `[{]` for a brace)",
            "testmesh.toml:4:20: TM0107 an item of `exclude` must be text, and this is the number 5",
            "testmesh.toml:5:10: TM0107 `before` must be a list of texts, and this is the text \"x.yaml\" (put it in brackets: `[\"…\"]`)",
            "testmesh.toml:6:1: TM0106 the entry of `exclusive` has no `paths` (write for example `paths = [\"flows/print-*.yaml\"]`)",
            "testmesh.toml:8:1: TM0105 an entry of `exclusive` has no key `path` (did you mean `paths`?)",
            "testmesh.toml:10:1: TM0105 an environment has no key `variable` (did you mean `variables`?)",
            "testmesh.toml:11:19: TM0202 `hosts` is part of the language, but not in this build (use a build that contains it, or leave it out)",
            "testmesh.toml:13:11: TM0107 an environment must be an object, and this is the number 5",
        ],
    );
    check(&[("testmesh.toml", "paths = [\n")], "dev", &["testmesh.toml:1:10: TM0404 this is not TOML: unclosed array, expected `]`"]);
}

#[test]
fn flows_around_all_others_and_flows_apart() {
    let text = "before = ['a', 'b', 'a']\nafter = []\nexclusive = 5\n";
    let folder_of = |text: &str| folder(&[("testmesh.toml", text)]);
    let said_of = |text: &str| said(&find(folder_of(text).path()).unwrap_err());
    assert_eq!(
        said_of(text),
        [
            "testmesh.toml:1:21: TM0115 `a` stands twice in `before` (a flow runs there once: take one away)",
            "testmesh.toml:3:1: TM0107 `exclusive` must be a list of tables, and this is the number 5 (write `[[exclusive]]` above each)",
        ]
    );
    assert_eq!(
        said_of("[[exclusive]]\nname = ' '\npaths = []\n"),
        [
            "testmesh.toml:2:8: TM0115 the name is empty (write what cannot be shared)",
            "testmesh.toml:3:9: TM0115 `paths` names nothing (write the flows that cannot run at the same time, or take the entry away)",
        ]
    );
    let good = "before = ['login.yaml']\nafter = ['Clean up']\n[[exclusive]]\nname = 'printer'\npaths = ['print/*.yaml']\n";
    let project = find(folder_of(good).path()).unwrap().unwrap();
    let texts = |list: &[Written]| list.iter().map(|written| written.text.clone()).collect::<Vec<_>>();
    assert_eq!((texts(&project.before), texts(&project.after)), (vec!["login.yaml".to_owned()], vec!["Clean up".to_owned()]));
    assert_eq!((&*project.exclusive[0].name, texts(&project.exclusive[0].paths)), ("printer", vec!["print/*.yaml".to_owned()]));
}

#[test]
fn bytes_and_folders_are_no_project_file() {
    let folder = folder(&[("testmesh.toml/x", "")]);
    let problem = find(folder.path()).unwrap_err();
    assert_eq!(said(&problem), ["TM0401 the file `testmesh.toml` cannot be read: Is a directory (os error 21)"]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), b"\xef\xbb\xbfpaths = ['\xff']").unwrap();
    let problem = find(folder.path()).unwrap_err();
    assert_eq!(problem.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), [Code::NotUtf8]);
}

#[test]
fn variables_keep_their_types() {
    let toml = "[environments.dev.variables]\nURL = 'http://x'\nPORT = 0x50\nRATE = 1.50\nON = true\nLIST = [1, 'a']\nDAY = 2026-01-02\nBIG = 1_000\n[environments.dev.variables.MAP]\nz = 1\na = '0123'\n";
    let values = [
        "URL=\"http://x\"",
        "PORT=80",
        "RATE=1.50",
        "ON=true",
        "LIST=[1,\"a\"]",
        "DAY=\"2026-01-02\"",
        "BIG=1000",
        "MAP={\"z\":1,\"a\":\"0123\"}",
    ];
    check(&[("testmesh.toml", toml)], "dev", &values);
    check(
        &[("testmesh.toml", "environments.dev.variables = {A = [1, -inf]}")],
        "dev",
        &["testmesh.toml:1:39: TM0115 a value cannot be the number -inf"],
    );
    let yaml = "variables:\n  PORT: 80\n  CODE: 0123\n  NONE: null\n  LIST: [1, a]\nsecrets:\n";
    check(&[("testmesh.toml", ""), ("environments/dev.yaml", yaml)], "dev", &["PORT=80", "CODE=\"0123\"", "NONE=null", "LIST=[1,\"a\"]"]);
    check(&[("testmesh.toml", "[environments.dev]"), ("environments/x.yaml", "nonsense")], "dev", &[]);
    check(&[("testmesh.toml", ""), ("environments/dev.yml", "# nothing\n")], "dev", &[]);
    check(&[("testmesh.toml", ""), ("environments/dev.yml", "")], "dev", &[]);
}

#[test]
fn an_unknown_environment_lists_those_there_are() {
    let files = [("testmesh.toml", "[environments.staging]\n"), ("environments/prod.yaml", ""), ("environments/.x.yaml", "")];
    check(&files, "stagng", &["TM0404 there is no environment `stagng` (did you mean `staging`? there are: prod, staging)"]);
    check(&files, "../environments/prod", &["TM0404 there is no environment `../environments/prod` (there are: prod, staging)"]);
    let alone = [("testmesh.toml", "environment = 'dev'")];
    let help = "add `[environments.dev]` to testmesh.toml, or the file environments/dev.yaml";
    check(&alone, "dev", &[&format!("testmesh.toml:1:15: TM0404 there is no environment `dev` ({help})")]);
    let both = [("testmesh.toml", "[environments.dev]"), ("environments/dev.yaml", "")];
    check(
        &both,
        "dev",
        &["testmesh.toml:1:15: TM0118 the environment `dev` is defined here and in environments/dev.yaml (keep one of them)"],
    );
}

#[test]
fn a_wrong_environment_file_carries_places() {
    let check = |yaml: &str, expected: &[&str]| check(&[("testmesh.toml", ""), ("environments/dev.yaml", yaml)], "dev", expected);
    check(
        "variables: [a]\nsecret: [b]\nhosts: {}\n",
        &[
            "environments/dev.yaml:1:12: TM0107 `variables` must be an object, and this is a list",
            "environments/dev.yaml:2:1: TM0105 an environment has no key `secret` (did you mean `secrets`?)",
            "environments/dev.yaml:3:1: TM0202 `hosts` is part of the language, but not in this build (use a build that contains it, or leave it out)",
        ],
    );
    check(
        "variables: {A: 1}\n---\nvariables: {B: 1}\n",
        &[
            "environments/dev.yaml:3:1: TM0404 an environment file holds one document, and here another begins (remove the `---` and what follows)",
        ],
    );
    check(
        "variables: {A: 1}\nsecrets: [A, B, B, 5]\n",
        &[
            "environments/dev.yaml:2:11: TM0118 `A` is a variable and a secret (keep one of them)",
            "environments/dev.yaml:2:17: TM0103 the secret `B` is listed twice (remove one)",
            "environments/dev.yaml:2:20: TM0107 an item of `secrets` must be a name, and this is the number 5 (to take secrets from files or commands, make `secrets` an object: `NAME: {file: …}`)",
        ],
    );
    check(
        "secrets:\n  A: hunter22\n  B: {flie: x}\n  C: {file: a, command: b}\n  D: {file: 5}\n",
        &[
            "environments/dev.yaml:2:3: TM0107 the secret `A` must be an object that says where it comes from (write `{file: …}` or `{command: …}`, or `{}` for the variable TESTMESH_SECRET_A)",
            "environments/dev.yaml:3:7: TM0105 the secret `B` has no key `flie` (did you mean `file`?)",
            "environments/dev.yaml:4:3: TM0118 the secret `C` comes from a file and from a command (keep one of them)",
            "environments/dev.yaml:5:13: TM0107 `file` must be text, and this is the number 5",
        ],
    );
}

#[test]
fn secrets_come_from_three_places() {
    let toml = "[environments.dev]\nsecrets = ['TOKEN']\n[environments.ci.secrets]\nTOKEN = {}\nKEY = {file = 'keys/key'}\n";
    let files = [("testmesh.toml", toml), ("keys/key", "sésame\r\n")];
    check(&files, "dev", &["TOKEN!\"from outside\""]);
    check(&files, "ci", &["TOKEN!\"from outside\"", "KEY!\"sésame\""]);
    check(
        &[("testmesh.toml", "[environments.dev.secrets]\nA = {}\nB = {file = 'gone'}")],
        "dev",
        &[
            "testmesh.toml:2:1: TM0601 the secret `A` has no value (set TESTMESH_SECRET_A in the environment of the call)",
            "testmesh.toml:3:1: TM0401 the secret `B` cannot be read from the file `gone`: No such file or directory (os error 2) (the path is relative to the folder of testmesh.toml)",
        ],
    );
}

#[cfg(unix)]
#[test]
fn a_command_gives_a_secret() {
    let check = |command: &str, expected: &str| {
        let toml = format!("[environments.dev.secrets]\nA = {{command = '''{command}'''}}");
        check(&[("testmesh.toml", &toml), ("key", "hunter22\n\n")], "dev", &[expected]);
    };
    check("cat key", "A!\"hunter22\\n\"");
    check(
        "cat key; echo locked >&2; exit 2",
        "testmesh.toml:2:1: TM0631 the secret `A` cannot be had: the command did not succeed (exit status: 2): locked (the command is `cat key; echo locked >&2; exit 2`, run in the folder of testmesh.toml)",
    );
    check("printf '\\377'", "testmesh.toml:2:1: TM0102 the secret `A` cannot be used: what the command printed is not UTF-8 text");
}

#[test]
fn a_variable_of_an_environment_is_no_template() {
    let text = "[environments.dev.variables]\nA = 'x'\nB = '${A}/y'\nC = [1, {d = '{{A}}'}]\n";
    let refused = |at: &str, name: &str| {
        format!(
            "testmesh.toml:{at}: TM0119 `{name}` holds a template, and nobody fills it in: a variable of an environment is taken as it stands \
             (write it out, or make it a variable in the `env` of the flows)"
        )
    };
    let (b, c) = (refused("3:5", "B"), refused("4:14", "C"));
    check(&[("testmesh.toml", text)], "dev", &[&b, &c]);
}
