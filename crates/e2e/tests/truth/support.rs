//! What the tests here share: an open shop, folders of flows, many calls at a time, and what is wrong with their outcome.

pub(crate) mod server;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use tempfile::TempDir;
use testmesh_demo::{Options, Ports, Shop, start};
use testmesh_e2e::Ran;
use tokio::runtime::Runtime;

/// The exit codes of contract §10.
pub(crate) const PASSED: i32 = 0;
pub(crate) const FAILED: i32 = 1;
pub(crate) const INVALID: i32 = 2;
pub(crate) const USAGE: i32 = 3;
pub(crate) const ERRORED: i32 = 4;
pub(crate) const INTERRUPTED: i32 = 130;

/// A shop on free ports, open until this is dropped.
pub(crate) struct OpenShop {
    shop: Shop,
    /// Serves the shop; dropped after it.
    _runtime: Runtime,
}

impl OpenShop {
    pub(crate) fn open() -> Self {
        let runtime = Runtime::new().unwrap();
        let shop = runtime.block_on(start(Options { ports: Ports::ANY, ..Options::default() })).unwrap();
        Self { shop, _runtime: runtime }
    }

    /// `http://host:port` of `user-service` or `product-service`.
    pub(crate) fn url(&self, service: &str) -> String {
        let service = self.shop.services().iter().find(|open| open.name == service).unwrap();
        format!("http://{}", service.address)
    }

    /// The arguments that lead flows here.
    pub(crate) fn vars(&self) -> Vec<String> {
        let user = format!("--var=USER_URL={}", self.url("user-service"));
        vec![user, format!("--var=PRODUCT_URL={}", self.url("product-service"))]
    }

    /// How many messages the services have emitted to a topic.
    pub(crate) fn emitted(&self, topic: &str) -> usize {
        self.shop.messages(topic).len()
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A folder with these files, gone when it is dropped.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Runs the binary with arguments of any kind of text.
pub(crate) fn call(args: &[impl AsRef<str>], dir: &Path) -> Ran {
    let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
    testmesh_e2e::testmesh(&args, dir, &[])
}

/// Checks every case, several at a time, and tells all complaints at once.
pub(crate) fn each<T: Sync>(cases: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    let (next, complaints) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(complaint) = check(case) {
                complaints.lock().unwrap().push(complaint);
            }
        }
    };
    let workers = thread::available_parallelism().map_or(4, |cores| cores.get() * 2);
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let complaints = complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "{} of {} cases:\n\n{}", complaints.len(), cases.len(), complaints.join("\n\n"));
}

/// What is wrong with a call that should end with this code and say all these words.
pub(crate) fn judge(name: &str, ran: &Ran, code: i32, words: &[&str]) -> Result<(), String> {
    let said = format!("{}\n{}", ran.out, ran.err);
    let unsaid: Vec<&&str> = words.iter().filter(|words| !said.contains(**words)).collect();
    if ran.code == code && unsaid.is_empty() {
        return Ok(());
    }
    Err(format!("{name}: exit code {} where {code} is due; not said: {unsaid:?}\n{said}", ran.code))
}
