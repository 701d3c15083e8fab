//! Templates.

use super::world::World;
use testmesh_flow::template::Template;

pub(crate) const SEEDS: &[&str] = &[
    "${name}",
    "http://${name}:${status}/api?x={{ body.items[0].sku }}",
    "${HOST:-localhost}:${PORT:8080}",
    "${zzz:-${yyy:-{{name}}}}",
    "$${name} {{{{ name }}}} $ { } ${",
    "{{ map(numbers, \"${#}\") }}",
    "${create-user.body.id}-{{ {a: {b: 1}}.a.b }}",
    "é${texts[2]}😀{{nothing ?? \"}}\"}}",
];

pub(crate) const PIECES: &[&str] = &[
    "${",
    "{{",
    "}}",
    "}",
    "{",
    "$",
    "$${",
    "{{{{",
    "}}}}",
    ":-",
    ":",
    "name",
    "status",
    "body",
    "numbers",
    "zzz",
    "create-user.body.id",
    "token",
    "HOST",
    "\"",
    "'",
    "`",
    "\\",
    " ",
    "\n",
    ".",
    "[0]",
    "(",
    ")",
    "{a: 1}",
    " ?? ",
    " exists",
    "len(",
    "map(numbers, ",
    "nothing",
    "BROKEN",
    "steps.",
    "é",
    "#",
];

pub(crate) const NESTS: &[(&str, &str)] = &[
    ("${", "}"),
    ("{{", "}}"),
    ("${zzz:-", "}"),
    ("${zzz:", "}"),
    ("{{ \"${", "}\" }}"),
    ("$${", "}"),
    ("{{{{", "}}}}"),
    ("${(", ")}"),
    ("${{a: ", "}}"),
];

/// Parses and renders, as a value and as text.
pub(crate) fn read(text: &str) {
    let world = World::new();
    match Template::parse(text, world.options(false)) {
        Ok(template) => {
            for name in template.names() {
                assert!(text.get(name.range).is_some(), "a name stands outside the text");
            }
            let faults = [template.render(&world).err(), template.render_text(&world).err()];
            for fault in faults.into_iter().flatten() {
                assert!(text.get(fault.range).is_some(), "a fault stands outside the text");
            }
        }
        Err(error) => assert!(text.get(error.range).is_some(), "an error stands outside the text"),
    }
}
