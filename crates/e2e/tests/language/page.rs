//! A page: its headings, and the blocks under each.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

pub(crate) struct Page {
    path: PathBuf,
    pub(crate) name: String,
    lines: Vec<String>,
    pub(crate) sections: Vec<Section>,
}

/// What stands between a heading and the next.
pub(crate) struct Section {
    /// As links name it.
    pub(crate) anchor: String,
    /// How many `#` its heading has.
    level: usize,
    blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Clone)]
pub(crate) struct Block {
    /// What stands behind the fence.
    pub(crate) kind: String,
    /// The name in the line above, which makes the block a file.
    pub(crate) file: Option<String>,
    pub(crate) text: String,
    /// Its lines, counted from 0, without the fences.
    pub(crate) lines: Range<usize>,
}

/// The blocks of one folder of files, in order: those below a heading `##` and its smaller headings.
pub(crate) struct Case {
    pub(crate) blocks: Vec<Block>,
}

/// What a block is to show.
pub(crate) type Shown = (Range<usize>, String);

impl Block {
    /// Whether it shows what happens, and does not make it happen.
    pub(crate) fn is_outcome(&self) -> bool {
        ["events", "error", "warning"].contains(&self.kind.as_str())
    }
}

impl Page {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let sections = sections(&lines).map_err(|complaint| format!("{name}:{complaint}"))?;
        Ok(Self { path: path.to_owned(), name, lines, sections })
    }

    pub(crate) fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        for section in &self.sections {
            match cases.last_mut() {
                Some(case) if section.level > 2 => case.blocks.extend(section.blocks.iter().cloned()),
                _ => cases.push(Case { blocks: section.blocks.clone() }),
            }
        }
        cases.retain(|case| !case.blocks.is_empty());
        cases
    }

    /// Puts what is to be shown into the page.
    pub(crate) fn rewrite(&self, mut shown: Vec<Shown>) {
        shown.sort_by_key(|(lines, _)| std::cmp::Reverse(lines.start));
        let mut lines = self.lines.clone();
        for (at, text) in shown {
            lines.splice(at, text.trim_end().lines().map(str::to_owned));
        }
        fs::write(&self.path, lines.join("\n") + "\n").unwrap();
    }

    pub(crate) fn differences(&self, shown: &[Shown]) -> Vec<String> {
        let different = |(at, text): &Shown| {
            let stands = self.lines[at.clone()].join("\n");
            (stands != text.trim_end()).then(|| format!("{}:{} shows\n{stands}\nand what happens is\n{text}", self.name, at.start + 1))
        };
        shown.iter().filter_map(different).collect()
    }
}

impl Section {
    /// Whether something is shown here that a rule can be read from.
    pub(crate) fn shows(&self) -> bool {
        self.blocks.iter().any(|block| block.is_outcome() || block.kind == "console")
    }
}

fn sections(lines: &[String]) -> Result<Vec<Section>, String> {
    let mut sections = vec![Section { anchor: String::new(), level: 1, blocks: Vec::new() }];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if let Some(kind) = line.strip_prefix("```") {
            let end = lines[at + 1..].iter().position(|line| line == "```").ok_or(format!("{}: the block never ends", at + 1))?;
            let lines_of = at + 1..at + 1 + end;
            let text: String = lines[lines_of.clone()].iter().map(|line| format!("{line}\n")).collect();
            let file = lines[..at].iter().rev().find(|line| !line.is_empty()).and_then(|line| file_name(line));
            sections.last_mut().unwrap().blocks.push(Block { kind: kind.to_owned(), file, text, lines: lines_of });
            at += end + 2;
            continue;
        }
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if level > 0 && line[level..].starts_with(' ') {
            let anchor = anchor(&line[level + 1..]);
            if sections.iter().any(|section| section.anchor == anchor) {
                return Err(format!("{}: two headings give the anchor `{anchor}`", at + 1));
            }
            sections.push(Section { anchor, level, blocks: Vec::new() });
        }
        at += 1;
    }
    Ok(sections)
}

/// `` `name.csv`: `` alone in a line names the file that the next block is.
fn file_name(line: &str) -> Option<String> {
    let name = line.strip_prefix('`')?.strip_suffix("`:")?;
    (!name.contains('`')).then(|| name.to_owned())
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The targets of all links of a Markdown text.
pub(crate) fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}
