//! What reads the texts: each as the program does, and a little more.

pub(crate) mod expr;
pub(crate) mod flow;
pub(crate) mod jsonpath;
pub(crate) mod template;
pub(crate) mod trap;
mod world;

use crate::Target;

pub(crate) fn read(target: Target, text: &str) {
    match target {
        Target::Flow => flow::read(text),
        Target::Expr => expr::read(text),
        Target::Template => template::read(text),
        Target::Jsonpath => jsonpath::read(text),
        Target::Trap => trap::read(text),
    }
}

/// The stack that the program reads such a text on: files on that of the main thread, the others on that of a test.
pub(crate) fn stack(target: Target) -> usize {
    match target {
        Target::Flow => 8 << 20,
        Target::Expr | Target::Template | Target::Jsonpath | Target::Trap => 2 << 20,
    }
}
