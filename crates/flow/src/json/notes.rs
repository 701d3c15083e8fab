//! What a text lost on its way to a value, kept in bounds.

/// The bytes of paths that are kept: a name of a megabyte over a list of lossy numbers would be written out once for each.
const MAX_BYTES: usize = 64 * 1024;

#[derive(Default)]
pub(super) struct Notes {
    pub(super) lossy: Vec<String>,
    pub(super) duplicates: Vec<String>,
    pub(super) unlisted: bool,
    bytes: usize,
}

impl Notes {
    pub(super) fn lost_digits(&mut self, path: impl FnOnce() -> String) {
        let path = self.admit(path);
        self.lossy.extend(path);
    }

    pub(super) fn duplicate(&mut self, path: impl FnOnce() -> String) {
        let path = self.admit(path);
        self.duplicates.extend(path);
    }

    /// The path, as long as there is room; once there is none, no path is even worked out.
    fn admit(&mut self, path: impl FnOnce() -> String) -> Option<String> {
        if self.unlisted {
            return None;
        }
        let path = path();
        self.bytes += path.len();
        self.unlisted = self.bytes > MAX_BYTES;
        (!self.unlisted).then_some(path)
    }
}
