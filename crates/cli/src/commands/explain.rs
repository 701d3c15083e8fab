//! `testmesh explain`: the pages of docs/errors, built in.

use crate::{exit::Exit, output};
use rust_embed::RustEmbed;
use testmesh_flow::Code;

#[derive(RustEmbed)]
#[folder = "../../docs/errors"]
struct Pages;

pub(super) fn run(text: &str) -> anyhow::Result<Exit> {
    let Ok(code) = text.parse::<Code>() else {
        let near = testmesh_flow::nearest::nearest(text, Code::ALL.iter().map(|code| code.id()))
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        output::error(&format!("there is no code `{text}`{near}"));
        return Ok(Exit::Usage);
    };
    let page = Pages::get(&format!("{code}.md"));
    let page = page.map_or_else(|| format!("# {code}: {}\n", code.title()), |page| String::from_utf8_lossy(&page.data).into_owned());
    output::print(&page)?;
    Ok(Exit::Passed)
}
