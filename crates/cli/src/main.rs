//! The `testmesh` binary.

mod project;
mod select;

fn main() {}
