//! Templates: whole texts, and those inside assertions.

use crate::support::{World, check, outcome, rendered};
use testmesh_flow::expr::Options;

#[test]
fn templates_in_assertions() {
    let world = World::new();
    check(ASSERTIONS, |text| outcome(text, Options { templates: true, ..world.options() }, &world));
}

#[test]
fn templates_of_whole_texts() {
    let world = World::new();
    check(TEMPLATES, |text| rendered(text, world.options(), &world));
}

#[rustfmt::skip]
const ASSERTIONS: &[(&str, &str)] = &[
    ("{{status}} == 200", "true"),
    ("{{ code }} == 201", "true"),
    ("${code} == 201", "true"),
    (r#""${code}" == "201""#, "true"),
    (r#""{{name}}-{{status}}" == "ada-200""#, "true"),
    (r#"body.email == "{{name}}@example.test""#, "true"),
    (r#""{{ body["status"] }}" == "paid""#, "true"),
    (r#""{{ body[\"status\"] }}" == "paid""#, "true"),
    ("'{{name}}' == name", "true"),
    ("`{{name}}` == name", "true"),
    (r#""${name:-bob}" == "ada""#, "true"),
    ("${missing_one:-5} == 5", "true"),
    (r#""$${name}" == "$" + "{name}""#, "true"),
    (r#""{{{{name" == "{" + "{name""#, "true"),
    ("{{status == 200", "TM0306 at «{{»: the template that opens here with `{{` does not end (close it with `}}`; for a literal `{{` write `{{{{`)"),
    (r#""{{status" == 200"#, "TM0306 at «{{»: the template that opens here with `{{` does not end (close it with `}}`; for a literal `{{` write `{{{{`)"),
    ("{{status} == 200", "TM0306 at «{{»: the template that opens here with `{{` does not end (close it with `}}`; for a literal `{{` write `{{{{`)"),
    ("{{}} == 1", "TM0306 at «{{}»: the template is empty (put a name or an expression between the braces)"),
    ("{{status}} {{name}}", "TM0301 at «{{»: expected an operator after `}`, found `{{` (a template is a value: an operator must stand between two values)"),
    ("{{flag}} && yes", "true"),
    ("{{ {a: 1}.a }} == 1", "true"),
    ("{{{a: 1}.a}} == 1", "true"),
    ("{{nothing}} == nil", "true"),
    (r#""{{nothing}}" == """#, r#"failed at «{{nothing}}»: `{{nothing}}` is null, which has no text (give a value for when there is none: `x ?? ""`)"#),
    ("{{body.items}}[0].sku", r#""A-1""#),
    ("{{token}} == 1", "errored at «token»: `token` has no value: step `login` was skipped"),
    ("body.{{name}} == 1", "TM0301 at «{{»: expected the name of a member after `.`, found `{{` (a template is a value: an operator must stand between two values)"),
    (r#"filter(body.items, .sku == "{{name}}")"#, "[]"),
    (r#"filter(body.items, "{{.sku}}" == "A-1") | len()"#, "1"),
    (r#"name matches "^{{name}}$""#, "true"),
    (r#""it's {{name}}\n" == "it's ada\n""#, "true"),
    ("{{name:-x}", "TM0306 at «{{»: the template that opens here with `{{` does not end (close it with `}}`; for a literal `{{` write `{{{{`)"),
    ("${status ? 1}", "TM0301 at «}»: expected `:` after `1`, found `}` (write `:` before `}`)"),
    ("{{create-user.body.id}} == 7", "true"),
    (r#""a { b } $ c" == "a { b } $ c""#, "true"),
];

#[rustfmt::skip]
const TEMPLATES: &[(&str, &str)] = &[
    ("plain", r#""plain""#),
    ("${name}", r#""ada""#),
    ("{{ name }}", r#""ada""#),
    ("${status}", "200"),
    ("x${status}y", r#""x200y""#),
    ("${price}", "12.50"),
    ("p=${price}", r#""p=12.50""#),
    ("${body.tags}", r#"["x","y"]"#),
    ("tags: ${body.tags}", r#""tags: [\"x\",\"y\"]""#),
    ("${nothing}", "null"),
    ("x${nothing}", r#"failed at «${nothing}»: `${nothing}` is null, which has no text (give a value for when there is none: `x ?? ""`)"#),
    ("${body.zzz}", "failed at «zzz»: `body` has no member `zzz` (it has `id`, `status`, `email`, `deleted_at`, `active`, `raw`, `items`, `tags`, `length`)"),
    (r#"${body.zzz ?? "d"}"#, r#""d""#),
    ("${zzz}", "unknown name zzz"),
    ("${zzz:-d}", r#""d""#),
    ("${zzz:d}", r#""d""#),
    ("${zzz:-}", r#""""#),
    ("${empty:-d}", r#""d""#),
    ("${empty:d}", r#""""#),
    ("${nothing:-d}", r#""d""#),
    ("${zzz:-a ${name} {b} c}", r#""a ada {b} c""#),
    ("{{ zzz:- d e }}", r#""d e""#),
    (r#"{{zzz:{"a":{"b":1}}}}"#, r#""{\"a\":{\"b\":1}}""#),
    ("${zzz:-{{name}}}", r#""ada""#),
    ("${body.zzz.y:-d}", r#""d""#),
    ("${create-user.body.id}", "7"),
    ("${create-user.zzz:-d}", r#""d""#),
    (r#"${yes ? "a}" : 'b'}"#, r#""a}""#),
    ("${ {a: {b: 1}}.a.b }", "1"),
    ("{{ {a: {b: 1}}.a.b }}", "1"),
    (r#"{"a": {{status}}}"#, r#""{\"a\": 200}""#),
    (r#"{"a": {"b": {{status}}}}"#, r#""{\"a\": {\"b\": 200}}""#),
    ("$${name}", r#""${name}""#),
    ("{{{{name}}", r#""{{name}}""#),
    ("$ { } $name $1 {a}", r#""$ { } $name $1 {a}""#),
    ("${", "TM0306 at «${»: the template that opens here with `${` does not end (close it with `}`; for a literal `${` write `$${`)"),
    ("${name", "TM0306 at «${»: the template that opens here with `${` does not end (close it with `}`; for a literal `${` write `$${`)"),
    ("{{name}", "TM0306 at «{{»: the template that opens here with `{{` does not end (close it with `}}`; for a literal `{{` write `{{{{`)"),
    ("{{name}} {{", "TM0306 at «{{»: the template that opens here with `{{` does not end (close it with `}}`; for a literal `{{` write `{{{{`)"),
    ("${name}}", r#""ada}""#),
    ("${name]}", "TM0306 at «]»: expected an operator or `}` after `name`, found `]` (write an operator or `}` before `]`)"),
    (r#"${name "x"}"#, r#"TM0306 at «"x"»: expected an operator or `}` after `name`, found `"x"` (write an operator or `}` before `"x"`)"#),
    ("${status +}", "TM0301 at «}»: expected a value after `+`, found `}` (write a value before `}`; a text stands in quotes)"),
    ("${}", "TM0306 at «${}»: the template is empty (put a name or an expression between the braces)"),
    (r#"{{ "{{" }}"#, r#""{{""#),
    (r#"${"$"}${name}"#, r#""$ada""#),
    ("${status:-x}${status}", r#""200200""#),
    ("${a b}", "TM0306 at «b»: expected an operator or `}` after `a`, found `b` (an operator must stand between two values; a text stands in quotes)"),
    (r#"${body["id"]:-1}"#, r#"TM0306 at «:»: a default stands after one plain name only (write `… ?? "default"`)"#),
    ("${f(1)}", "TM0303 at «f»: there is no function `f` (`testmesh explain TM0303` says what functions of other languages are called here)"),
    ("${name | upper()}", r#""ADA""#),
    (r#"${now().Format("2006")}"#, r#""2026""#),
    ("${now()}", r#""2026-01-02T03:04:05Z""#),
    (r#"${duration("90m")}"#, r#""1h30m0s""#),
    ("http://${name}:${status}/x?y={{name}}", r#""http://ada:200/x?y=ada""#),
    ("${token}", "errored at «token»: `token` has no value: step `login` was skipped"),
    ("${token:-none}", r#""none""#),
    ("${BROKEN:-x}", "errored at «BROKEN»: nothing named `HOST` is known (in `BROKEN`)"),
    ("naïve ${name} 日本", r#""naïve ada 日本""#),
    ("${name // c}", "TM0306 at «${»: the template that opens here with `${` does not end (close it with `}`; for a literal `${` write `$${`)"),
    ("{{.Name}}", "TM0301 at «.»: expected a value, found `.` (a member without a value before it means the item of a predicate, as in `filter(items, .price > 0)`)"),
    ("${env.BASE}/v1", r#""http://shop.test/v1""#),
];
