//! How large a file may be. Beyond any of these a file is refused (`TM0104`) before it costs time or memory.

/// Bytes of one file.
pub const BYTES: usize = 16 << 20;

/// Lists and objects inside each other, aliases followed.
pub const DEPTH: usize = 128;

/// Values of one document (scalars, lists, objects), those that aliases and merge keys repeat counted each time.
pub const NODES: usize = 1_000_000;
