//! A demo shop for a case that speaks to it. Pages name its own ports; the shop is at others of as many digits, so that every caret stays
//! under what it points at.

use crate::page::Case;
use std::sync::atomic::{AtomicU16, Ordering};
use testmesh_demo::{Options, Ports, Shop, start};
use tokio::runtime::Runtime;

/// As pages name the services.
const NAMED: [&str; 2] = ["localhost:5001", "localhost:5002"];

/// Where the search for two free ports of four digits goes on.
static NEXT: AtomicU16 = AtomicU16::new(0);

pub(crate) struct Shops(Option<Open>);

struct Open {
    base: u16,
    _shop: Shop,
    /// Serves the shop; dropped after it.
    _runtime: Runtime,
}

impl Shops {
    pub(crate) fn for_texts(case: &Case) -> Self {
        let needed = case.blocks.iter().any(|block| NAMED.iter().any(|name| block.text.contains(name)));
        Self(needed.then(Open::new))
    }

    /// A text that leads to where the shop is.
    pub(crate) fn real(&self, text: &str) -> String {
        self.pairs().fold(text.to_owned(), |text, (named, real)| text.replace(named, &real))
    }

    /// A text that was written there, as pages show it.
    pub(crate) fn shown(&self, text: &str) -> String {
        // A line that is cut, or a message, may hold the port alone.
        self.pairs().fold(text.to_owned(), |text, (named, real)| replace_port(&text, port(&real), port(named)))
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, String)> {
        let base = self.0.as_ref().map(|open| open.base);
        NAMED.into_iter().zip(1..).filter_map(move |(named, at)| Some((named, format!("localhost:{}", base? + at))))
    }
}

/// Replaces a port where no other digit stands beside it.
fn replace_port(text: &str, real: &str, named: &str) -> String {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (mut shown, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(real) {
        shown.push_str(before);
        let beside = digit(shown.chars().last()) || digit(after.chars().next());
        shown.push_str(if beside { real } else { named });
        rest = after;
    }
    shown + rest
}

fn port(address: &str) -> &str {
    address.trim_start_matches("localhost:")
}

impl Open {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        // Other tests look for ports too: each process begins elsewhere.
        let first = (std::process::id() % 3500) as u16 * 2;
        for _ in 0..3500 {
            let base = 2001 + (first + NEXT.fetch_add(2, Ordering::Relaxed)) % 7000;
            let ports = Ports { user: base + 1, product: base + 2 };
            if let Ok(shop) = runtime.block_on(start(Options { ports, ..Options::default() })) {
                return Self { base, _shop: shop, _runtime: runtime };
            }
        }
        panic!("there are no two free ports of four digits");
    }
}
