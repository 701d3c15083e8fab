//! The connections that an execution keeps between its requests.

use super::{
    link::Link,
    tls::{Configs, Roots},
};
use rustls::ClientConfig;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use testmesh_runner::ActionError;
use url::Url;

/// So many connections rest for one target; parallel branches make more than one.
const MAX_IDLE: usize = 32;

/// Where a connection leads. Requests that agree in this may share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) tls: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) verify: bool,
}

impl Target {
    pub(crate) fn of(url: &Url, verify: bool) -> Self {
        let host = url.host_str().unwrap_or_default().to_owned();
        let tls = url.scheme() == "https";
        Self { tls, host, port: url.port_or_known_default().unwrap_or(if tls { 443 } else { 80 }), verify }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

#[derive(Default)]
pub(crate) struct Pool {
    idle: Mutex<HashMap<Target, Vec<Link>>>,
    tls: Configs,
}

impl Pool {
    /// A connection that rested no longer than this and still stands; the one that rested shortest.
    pub(crate) fn take(&self, target: &Target, rested: Duration) -> Option<Link> {
        let mut idle = self.idle();
        let links = idle.get_mut(target)?;
        while let Some(mut link) = links.pop() {
            if link.idle_since.elapsed() > rested {
                // All below have rested longer.
                links.clear();
                return None;
            }
            if link.is_ready() {
                link.reused = true;
                return Some(link);
            }
        }
        None
    }

    /// Keeps a connection whose exchange is over, when it can serve another.
    pub(crate) fn put(&self, target: Target, mut link: Link) {
        if link.is_ready() {
            link.idle_since = std::time::Instant::now();
            let mut idle = self.idle();
            let links = idle.entry(target).or_default();
            if links.len() < MAX_IDLE {
                links.push(link);
            }
        }
    }

    /// How TLS is spoken: made once, so that sessions are resumed within the execution.
    pub(crate) async fn tls(&self, roots: &Roots, verify: bool) -> Result<Arc<ClientConfig>, ActionError> {
        self.tls.get(roots, verify).await
    }

    fn idle(&self) -> MutexGuard<'_, HashMap<Target, Vec<Link>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
