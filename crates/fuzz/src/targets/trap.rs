//! What a reader must not do.

pub(crate) const SEEDS: &[&str] = &["fine", "it panics", "it never ends", "it recurses"];

pub(crate) fn read(text: &str) {
    match text {
        "it panics" => panic!("it was told to"),
        "it never ends" => loop {
            std::hint::spin_loop();
        },
        "it recurses" => assert!(deeper(0) > 0),
        _ => {}
    }
}

/// Deeper than any stack.
fn deeper(depth: u64) -> u64 {
    if std::hint::black_box(depth) == u64::MAX { depth } else { deeper(depth + 1).wrapping_add(1) }
}
