//! Documents of a made-up configuration, and what is said about them.

use super::*;

#[derive(Debug, Default, PartialEq)]
struct Server {
    name: Option<String>,
    hosts: Vec<String>,
    port: Option<i64>,
    tls: Option<bool>,
    labels: Vec<String>,
}

fn server(text: &str) -> (Server, Vec<Problem>) {
    read(text, "the file", |table| Server {
        name: table.text("name").map(|name| name.value),
        hosts: table.texts("hosts").into_iter().flat_map(|hosts| hosts.value).map(|host| host.value).collect(),
        port: table.integer("port", 1..=65535).map(|port| port.value),
        tls: table.boolean("tls").map(|tls| tls.value),
        labels: table.named("labels").iter().map(|entry| entry.key.value.clone()).collect(),
    })
}

/// Each problem as `what it is at: message (help)`.
fn check(text: &str, expected: &[&str]) {
    let line = |problem: &Problem| {
        let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}: {}{help}", &text[problem.range.clone()], problem.message)
    };
    assert_eq!(server(text).1.iter().map(line).collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn a_good_document_is_read() {
    let text = "name = 'é'\nhosts = ['a', \"b\"]\nport = 0x50\ntls = true\n[labels]\nz = 1\na.b = 2\n";
    let expected = Server {
        name: Some("é".into()),
        hosts: vec!["a".into(), "b".into()],
        port: Some(80),
        tls: Some(true),
        labels: vec!["z".into(), "a".into()],
    };
    assert_eq!(server(text), (expected, Vec::new()));
    assert_eq!(server(""), (Server::default(), Vec::new()));
}

#[test]
fn what_is_wrong_is_said_all_at_once() {
    check("nmae = 'a'", &["nmae: the file has no key `nmae` (did you mean `name`?)"]);
    check("[banana]\nx = 1", &["banana: the file has no key `banana` (the keys are name, hosts, port, tls, labels)"]);
    check(
        "name = 5\nhosts = 'a'\nport = 1.50\ntls = 'yes'\nlabels = [1]",
        &[
            "5: `name` must be text, and this is the number 5",
            "'a': `hosts` must be a list of texts, and this is the text \"a\" (put it in brackets: `[\"…\"]`)",
            "1.50: `port` must be a whole number, and this is the number 1.50",
            "'yes': `tls` must be true or false, and this is the text \"yes\"",
            "[1]: `labels` must be a table, and this is a list",
        ],
    );
    check("hosts = ['a', 1979-05-27]", &["1979-05-27: an item of `hosts` must be text, and this is the date or time 1979-05-27"]);
    check("port = 0", &["0: `port` must be from 1 to 65535, and this is 0"]);
    let too_large = "99999999999999999999999999999999999999999";
    check(
        &format!("x.y = {too_large}"),
        &["x: the file has no key `x` (the keys are name, hosts, port, tls, labels)", &format!("{too_large}: the number is too large")],
    );
}

#[test]
fn broken_syntax_leaves_the_rest_readable() {
    check("name = \nnmae = 1\n", &[": a value is missing", "nmae: the file has no key `nmae` (did you mean `name`?)"]);
    check(
        "tls = \nport = \nhosts = 5",
        &[": a value is missing", ": a value is missing", "5: `hosts` must be a list of texts, and this is the number 5"],
    );
    check("name = 'a'\nname = 'b'", &["name: this is not TOML: duplicate key"]);
}

#[test]
fn nothing_makes_it_panic() {
    let deep = |open: &str, close: &str| format!("x = {}{}", open.repeat(50_000), close.repeat(50_000));
    let dotted = |count: usize| format!("{} = 1", vec!["a"; count].join("."));
    let texts = [
        deep("[", "]"),
        deep("{a=", "}"),
        dotted(4000),
        dotted(200_000),
        format!("[{}]", dotted(200_000)),
        "\u{feff}name = 'a'".into(),
        "name = \"\\u{d800}\"".into(),
        "name = 'é".into(),
        "\0".into(),
        "[[a]]\n[a]\n[a.b]\na = {".into(),
    ];
    for text in texts {
        let (_, problems) = server(&text);
        assert!(problems.iter().all(|problem| text.get(problem.range.clone()).is_some()), "{}", text.chars().take(20).collect::<String>());
    }
}
