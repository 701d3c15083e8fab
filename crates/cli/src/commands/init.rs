//! `testmesh init`: a first flow and a project file.

use crate::{exit::Exit, output};
use std::{fs, io::Write, path::Path};

const PROJECT: &str = include_str!("init/testmesh.toml");
const FLOW: &str = include_str!("init/first.yaml");

pub(super) fn run(folder: &Path) -> anyhow::Result<Exit> {
    let files = [(folder.join("testmesh.toml"), PROJECT), (folder.join("flows/first.yaml"), FLOW)];
    if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
        output::error(&format!("{} is there already: nothing was written", there.display()));
        return Ok(Exit::Usage);
    }
    for (path, text) in &files {
        if let Err(error) = write(path, text) {
            output::error(&format!("{} cannot be written: {error}", path.display()));
            return Ok(Exit::Errored);
        }
        output::print(&format!("wrote {}\n", path.display()))?;
    }
    let cd = if folder == Path::new(".") { String::new() } else { format!("cd {} && ", folder.display()) };
    output::print(&format!("\nStart something to test against, then run the flow:\n  testmesh demo\n  {cd}testmesh run\n"))?;
    Ok(Exit::Passed)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
