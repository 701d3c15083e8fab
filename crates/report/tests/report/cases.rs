//! What the recordings hold. Each shows one thing that a report must tell.

mod answers;
mod runs;
mod steps;

use testmesh_events::Line;

/// The recordings by name.
pub(crate) fn all() -> Vec<(&'static str, Vec<Line>)> {
    vec![
        ("passed", runs::passed()),
        ("nested_predicate", answers::nested_predicate()),
        ("object_diff", answers::object_diff()),
        ("long_text", answers::long_text()),
        ("missing_member", answers::missing_member()),
        ("capture_failed", answers::capture_failed()),
        ("sql_rows", answers::sql_rows()),
        ("masked", answers::masked()),
        ("refused", steps::refused()),
        ("never_held", steps::never_held()),
        ("retry", steps::retry()),
        ("nested_steps", steps::nested_steps()),
        ("teardown_failed", steps::teardown_failed()),
        ("cancelled", steps::cancelled()),
        ("skips", steps::skips()),
        ("rows", runs::rows()),
        ("warnings", runs::warnings()),
        ("invalid_files", runs::invalid_files()),
        ("many", runs::many()),
        ("nothing_ran", runs::nothing_ran()),
        ("lost_events", runs::lost_events()),
        ("breaks_off", runs::breaks_off()),
    ]
}
