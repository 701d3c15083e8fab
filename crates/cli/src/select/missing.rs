//! What was meant by a path that does not exist.

use super::walk::Place;
use std::{fs, path::Path};

/// The path below `base` that exists and is nearest, component by component; an extension may have been forgotten.
pub(super) fn nearest(path: &str, base: &Place) -> Option<String> {
    let mut way = base.clone();
    for component in Path::new(path).components() {
        let next = way.join(component.as_ref());
        way = if next.path.exists() { next } else { way.join(Path::new(&sibling(&way, component.as_os_str().to_str()?)?)) };
    }
    // What is there by name and yet cannot be found is a link to nowhere.
    Some(way.name()).filter(|name| name != path)
}

/// The name in a folder that is nearest to `name`.
fn sibling(folder: &Place, name: &str) -> Option<String> {
    let mut names: Vec<String> = fs::read_dir(&folder.path).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let forgotten = ["yaml", "yml"].iter().map(|extension| format!("{name}.{extension}")).find(|name| names.contains(name));
    forgotten.or_else(|| testmesh_flow::nearest::nearest(name, names.iter().map(String::as_str)).map(str::to_owned))
}
