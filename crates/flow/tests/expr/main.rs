//! The expression language beyond the corpus: what is ours, what is told, what is bounded.

mod support;

#[test]
fn explore() {
    let world = support::World::new();
    let templates = std::env::var_os("TEMPLATES").is_some();
    for line in std::fs::read_to_string("/tmp/explore.txt").unwrap().lines() {
        let options = testmesh_flow::expr::Options { templates, ..world.options() };
        println!("{line:55} {}", support::outcome(line, options, &world));
    }
    for line in std::fs::read_to_string("/tmp/templates.txt").unwrap().lines() {
        println!("{line:55} {}", support::rendered(line, world.options(), &world));
    }
    for line in std::fs::read_to_string("/tmp/traces.txt").unwrap().lines() {
        println!("{}", support::traced(line, &world));
    }
}
