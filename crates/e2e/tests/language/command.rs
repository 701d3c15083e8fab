//! A command as a page shows it: `NAME=value testmesh run flow.yaml --var "A=b c"`.

use crate::{interrupt, shop::Shops};
use std::path::Path;
use testmesh_e2e::{Ran, testmesh};

pub(crate) struct Command {
    env: Vec<(String, String)>,
    args: Vec<String>,
    /// The steps during which Ctrl-C is pressed.
    presses: Vec<String>,
}

impl Command {
    pub(crate) fn of_file(name: &str) -> Self {
        Self { env: Vec::new(), args: vec!["run".to_owned(), name.to_owned()], presses: Vec::new() }
    }

    pub(crate) fn read(line: &str) -> Result<Self, String> {
        let (line, presses) = interrupt::presses(line);
        let mut words = words(line).into_iter().peekable();
        let mut env = Vec::new();
        while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
            env.push((name.to_owned(), value.to_owned()));
            words.next();
        }
        match words.next().as_deref() {
            Some("testmesh") => Ok(Self { env, args: words.collect(), presses }),
            other => Err(format!("only `testmesh` is run, not {other:?}")),
        }
    }

    pub(crate) fn ran(&self, shop: &Shops, folder: &Path) -> Ran {
        self.call(&self.args, shop, folder)
    }

    /// What the run recorded, a line each.
    pub(crate) fn events(&self, shop: &Shops, folder: &Path) -> Ran {
        let mut args = self.args.clone();
        args.push("--format=jsonl".to_owned());
        self.call(&args, shop, folder)
    }

    /// The check that comes before the run.
    pub(crate) fn validated(&self, shop: &Shops, folder: &Path) -> Ran {
        let mut args = self.args.clone();
        "validate".clone_into(&mut args[0]);
        self.call(&args, shop, folder)
    }

    /// A run has a seed, so that what is random is the same each time.
    fn call(&self, args: &[String], shop: &Shops, folder: &Path) -> Ran {
        let mut args: Vec<String> = args.iter().map(|arg| shop.real(arg)).collect();
        let is_run = args.first().is_some_and(|arg| arg == "run");
        if is_run && !args.iter().any(|arg| arg == "--seed" || arg == "--dry-run") {
            args.push("--seed=1".to_owned());
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let env: Vec<_> = self.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match self.presses.as_slice() {
            [] => testmesh(&args, folder, &env),
            presses => interrupt::interrupted(&args, folder, &env, presses),
        }
    }
}

/// The words of a shell's line; quotes of both kinds hold one together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
