//! The `testmesh` binary.

fn main() {}
