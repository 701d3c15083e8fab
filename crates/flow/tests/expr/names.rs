//! The names that an expression uses, as a planner sees them.

use crate::support::{World, check};
use testmesh_flow::{
    expr::{self, NameUse, Options, name_help},
    template::Template,
};

/// `name.path` with `?` after what may be missing and `??` after what may be unknown.
fn told(names: &[NameUse], text: &str) -> String {
    let one = |name: &NameUse| {
        assert!(text.get(name.range.clone()).is_some_and(|found| found.contains(name.name.trim_start_matches('$'))), "{name:?}");
        let path: String = name.path.iter().map(|(member, _)| format!(".{member}")).collect();
        let mark = match (name.guarded, name.path_guarded) {
            (true, _) => "??",
            (false, true) => "?",
            (false, false) => "",
        };
        format!("{}{path}{mark}", name.name)
    };
    names.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn of_expressions() {
    let world = World::new();
    let options = Options { templates: true, ..world.options() };
    let names = |text: &str| told(&expr::parse(text, options).unwrap().names(), text);
    check(
        &[
            ("status == 200", "status"),
            ("body.items[0].id", "body.items"),
            ("body[\"a\"].b[i].c", "body.a.b i"),
            ("headers[\"Content-Type\"]", "headers.Content-Type"),
            ("rows.length", "rows"),
            ("vars.x + steps.create.body.id", "vars.x steps.create.body.id"),
            ("create-user.body.id", "create-user.body.id"),
            ("steps.create-user.status", "steps.create-user.status"),
            ("a-b", "a b"),
            ("create-user-a", "create user a"),
            ("$env.x.y", "x.y"),
            ("$env[\"x\"]", "x"),
            ("$env?.x", "x??"),
            ("\"x\" in $env", "$env"),
            ("a.b ?? c.d", "a.b?? c.d"),
            ("a.b ?? c ?? d", "a.b?? c?? d"),
            ("(ok ? a : b.c) exists", "ok a?? b.c??"),
            ("a.b exists", "a.b??"),
            ("a.b == nil", "a.b?"),
            ("nil != a.b", "a.b?"),
            ("a?.b", "a.b?"),
            ("(a + b) ?? c", "a b c"),
            ("let x = y; x + z", "y z"),
            ("filter(items, .price > limit && # != item)", "items limit item"),
            ("len(name) + uuid()", "name"),
            ("items | map(.x + y)", "items y"),
            ("random.uuid", "random.uuid"),
            ("random.int(a, b)", "a b"),
            ("now().Format(layout)", "layout"),
            ("a.foo(b)", "a b"),
            ("1 < x < 3", "x"),
            ("{{a.b}} == \"{{c}} ${d:-{{e}}}\"", "a.b c d?? e"),
            ("{(a): b, c: d}", "a b d"),
            ("a[b:c]", "a b c"),
            ("true and nil == null", ""),
        ],
        names,
    );
}

#[test]
fn of_templates() {
    let world = World::new();
    let names = |text: &str| told(&Template::parse(text, world.options()).unwrap().names(), text);
    check(
        &[
            ("no name", ""),
            ("${a}/{{b.c}}", "a b.c"),
            ("${A:-${B}}", "A?? B"),
            ("$${a}", ""),
            ("${create-user.body.id}", "create-user.body.id"),
        ],
        names,
    );
}

#[test]
fn variables_and_schemas_are_known() {
    let expr = expr::parse("let x = 1; matches_schema(body, \"a.json\") && x == 1", Options::default()).unwrap();
    let names = |list: &[(std::sync::Arc<str>, std::ops::Range<usize>)]| {
        list.iter().map(|(name, range)| format!("{name}@{}", range.start)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(expr.lets()), "x@4");
    assert_eq!(names(expr.schemas()), "a.json@32");
}

#[test]
fn unknown_names_are_helped() {
    let known = ["status", "body", "user_id"];
    let help = |name: &str| name_help(name, known).unwrap_or_default();
    check(
        &[
            ("stauts", "did you mean `status`?"),
            ("True", "did you mean `true`?"),
            ("None", "did you mean `nil`?"),
            ("undefined", "did you mean `nil`?"),
            ("len", "`len` is a function: write `len(…)`"),
            ("zebra", ""),
        ],
        help,
    );
}

#[test]
fn a_prefix_ends_where_the_grammar_says() {
    let world = World::new();
    let rest = |text: &str| {
        let (expr, end) = expr::parse_prefix(text, 2, world.options()).unwrap();
        format!("{}|{}", &text[expr.range()], &text[end..])
    };
    check(
        &[
            ("${a}b", "a|}b"),
            ("{{ a.b }} c", "a.b| }} c"),
            ("${ {a: {b: 1}} } x", "{a: {b: 1}}| } x"),
            ("${\"}\"} don't", "\"}\"|} don't"),
            ("${a ? b : c}:d", "a ? b : c|}:d"),
            ("${a:-b}", "a|:-b}"),
        ],
        rest,
    );
}

#[test]
fn a_condition_is_a_boolean() {
    let world = World::new();
    let expr = expr::parse("status", Options::default()).unwrap();
    let value = expr::evaluate(&expr, &world).unwrap();
    let fault = expr.verdict(&value).unwrap_err();
    assert_eq!(fault.message, "a condition needs a boolean; `status` is the integer 200");
    assert_eq!(fault.help.as_deref(), Some("compare it: `status == 200`"));
}
