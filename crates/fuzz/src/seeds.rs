//! Where the texts come from: the flows of `examples/` and `fixtures/`, and what stands in them.

use crate::{
    Target,
    mutate::Material,
    rng::Rng,
    targets::{expr, flow, jsonpath, template, trap},
};
use std::path::Path;

pub(crate) struct Seeds {
    target: Target,
    texts: Vec<String>,
}

impl Seeds {
    pub(crate) fn load(target: Target) -> anyhow::Result<Self> {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let mut files = Vec::new();
        for folder in ["examples", "fixtures/flows"] {
            read(&Path::new(root).join(folder), &mut files)?;
        }
        anyhow::ensure!(files.len() > 20, "the flows of examples/ and fixtures/ are not there");
        let lines = || files.iter().flat_map(|text| text.lines());
        let mut texts: Vec<String> = match target {
            Target::Trap => trap::SEEDS.iter().copied().map(str::to_owned).collect(),
            Target::Flow => files.iter().chain(&flow::seeds()).cloned().collect(),
            Target::Expr => lines().filter_map(assertion).chain(expr::SEEDS.iter().copied()).map(str::to_owned).collect(),
            Target::Template => {
                let templates = lines().filter_map(|line| line.split_once(": ")).map(|(_, value)| value.trim_matches(['"', '\'']));
                templates
                    .filter(|text| text.contains("${") || text.contains("{{"))
                    .chain(template::SEEDS.iter().copied())
                    .map(str::to_owned)
                    .collect()
            }
            Target::Jsonpath => {
                let paths = lines().filter_map(|line| line.split_once(": ")).map(|(_, value)| value.trim_matches(['"', '\'']));
                paths
                    .filter(|text| text.starts_with("$.") || text.starts_with("$["))
                    .chain(jsonpath::SEEDS.iter().copied())
                    .map(str::to_owned)
                    .collect()
            }
        };
        texts.sort();
        texts.dedup();
        Ok(Self { target, texts })
    }

    /// The text of a number: always the same.
    pub(crate) fn input(&self, seed: u64, number: u64) -> String {
        if let Some(text) = usize::try_from(number).ok().and_then(|number| self.texts.get(number)) {
            return text.clone();
        }
        let (pieces, nests, lines) = match self.target {
            Target::Flow => (flow::PIECES, flow::NESTS, true),
            Target::Expr => (expr::PIECES, expr::NESTS, false),
            Target::Template => (template::PIECES, template::NESTS, false),
            Target::Jsonpath => (jsonpath::PIECES, jsonpath::NESTS, false),
            Target::Trap => (trap::SEEDS, jsonpath::NESTS, false),
        };
        Material { seeds: &self.texts, pieces, nests, lines }.text(&mut Rng::new(seed, number))
    }
}

/// The expression of a line under `assert:`.
fn assertion(line: &str) -> Option<&str> {
    let item = line.trim_start();
    let text = item.strip_prefix("- ").or_else(|| item.strip_prefix("assert: ")).or_else(|| item.strip_prefix("when: "))?;
    text.contains([' ', '(']).then_some(text.trim_matches(['"', '\'']))
}

fn read(folder: &Path, texts: &mut Vec<String>) -> anyhow::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            read(&path, texts)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            texts.extend(String::from_utf8(std::fs::read(&path)?).ok());
        }
    }
    Ok(())
}
