//! The pages of `docs/language` do what they say: their flows are run, and what the pages show is what happens.
//!
//! How a page is written stands in `docs/language/README.md`. `BLESS=1` rewrites what the pages show: read the difference as a newcomer would.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod case;
mod command;
mod events;
mod interrupt;
mod mask;
mod page;
mod rules;
mod shop;

use page::Page;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

const BLESS: &str = "`BLESS=1 cargo test --workspace --test language` rewrites what pages show; read the difference before you commit it";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language").canonicalize().unwrap()
}

fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "md")
}

/// All pages but `rules.md`, by name.
fn pages() -> Vec<Page> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| is_page(name) && !["README.md", rules::NAME].contains(&name.as_str())).collect();
    names.sort();
    names.iter().map(|name| Page::read(&folder().join(name)).unwrap_or_else(|complaint| panic!("{complaint}"))).collect()
}

#[test]
fn the_pages_show_what_happens() {
    let pages = pages();
    let cases: Vec<_> = pages.iter().enumerate().flat_map(|(at, page)| page.cases().into_iter().map(move |case| (at, case))).collect();
    assert!(cases.len() > 4, "only {} cases", cases.len());
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((page, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let shown = case::run(&pages[*page], case);
            done.lock().unwrap().push((*page, shown));
        }
    };
    let workers = thread::available_parallelism().map_or(4, |cores| cores.get() * 3);
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));

    let (mut complaints, mut shown) = (Vec::new(), vec![Vec::new(); pages.len()]);
    for (page, outcome) in done.into_inner().unwrap() {
        shown[page].extend(outcome.shown);
        complaints.extend(outcome.complaints);
    }
    let bless = std::env::var_os("BLESS").is_some_and(|bless| bless == "1");
    for (page, shown) in pages.iter().zip(shown) {
        if bless {
            page.rewrite(shown);
        } else {
            complaints.extend(page.differences(&shown));
        }
    }
    complaints.sort();
    assert!(complaints.is_empty(), "{}\n\n{BLESS}", complaints.join("\n\n"));
}

/// The contents of `README.md` lead to each page, in the order in which they are to be read.
#[test]
fn the_readme_leads_to_every_page() {
    let text = fs::read_to_string(folder().join("README.md")).unwrap();
    let linked: Vec<_> = page::links(&text).filter(|link| is_page(link) && !link.contains('/')).collect();
    let mut sorted: Vec<_> = linked.iter().filter(|name| **name != rules::NAME).map(|name| (*name).to_owned()).collect();
    sorted.sort();
    let names: Vec<_> = pages().iter().map(|page| page.name.clone()).collect();
    assert_eq!(sorted, names);
}
