//! Starting and stopping the shop.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::bus::{Bus, Message};
use crate::cache::Cache;
use crate::objects::Objects;
use crate::serve::serve;
use crate::{product, user};

/// How long [`Shop::stop`] waits for the requests under way.
const GRACE: Duration = Duration::from_secs(2);

/// The base of the ports the shop is known by: user-service at 5001, and so on.
const PORT_BASE: u16 = 5000;

/// Where the shop listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The address every service binds to.
    pub host: IpAddr,
    pub ports: Ports,
}

/// The port of each service; 0 takes any free one, which [`Shop::services`] then tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    pub user: u16,
    pub product: u16,
}

/// A running service of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// `user-service` or `product-service`, as its `/health` and its metrics name it.
    pub name: &'static str,
    /// The address it listens on, with the real port.
    pub address: SocketAddr,
}

/// Why a shop does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{service} cannot listen on {address}: choose other ports with --port-base")]
    Listen { service: &'static str, address: SocketAddr, source: io::Error },
    #[error("{service} cannot open its database")]
    Database { service: &'static str, source: sqlx::Error },
    #[error("port base {base} leaves no room for the shop's ports below 65536: choose a lower --port-base")]
    PortBase { base: u16 },
}

/// A started shop. Stop it with [`Shop::stop`]; dropping it cuts off what it is doing.
pub struct Shop {
    services: Vec<Service>,
    bus: Bus,
    shutdown: CancellationToken,
    servers: JoinSet<()>,
}

impl Default for Options {
    /// The shop's own ports, on this machine only.
    fn default() -> Self {
        let ports = Ports { user: PORT_BASE + 1, product: PORT_BASE + 2 };
        Self { host: Ipv4Addr::LOCALHOST.into(), ports }
    }
}

impl Ports {
    /// Any free port for each service.
    pub const ANY: Self = Self { user: 0, product: 0 };

    /// The ports counted up from `base`: the user service is at `base + 1`, the product service at `base + 2`.
    ///
    /// # Errors
    /// [`Error::PortBase`] when `base` is so high that the ports run out.
    pub fn from_base(base: u16) -> Result<Self, Error> {
        let port = |n: u16| base.checked_add(n).ok_or(Error::PortBase { base });
        Ok(Self { user: port(1)?, product: port(2)? })
    }
}

/// Starts all services of the shop; when it returns, each of them accepts calls.
///
/// # Errors
/// [`Error::Listen`] when a port is taken, [`Error::Database`] when a database in memory cannot be opened. Either way no
/// service is left running.
pub async fn start(options: Options) -> Result<Shop, Error> {
    let user = Socket::bind(user::NAME, options.host, options.ports.user).await?;
    let product = Socket::bind(product::NAME, options.host, options.ports.product).await?;

    let (cache, bus, objects) = (Cache::default(), Bus::default(), Objects::default());
    let users = user::open(cache.clone(), bus.clone()).await.map_err(database_of(user::NAME))?;
    let products = product::open(product.service.address, cache, bus.clone(), objects).await.map_err(database_of(product::NAME))?;

    let mut shop = Shop { services: Vec::new(), bus, shutdown: CancellationToken::new(), servers: JoinSet::new() };
    shop.serve(user, users);
    shop.serve(product, products);
    Ok(shop)
}

impl Shop {
    /// The services, in the order of their ports.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// What the services have emitted to `topic`, oldest first: `user.created`, `user.login`, `product.created`,
    /// `product.inventory.changed`. A topic keeps its newest ten thousand messages.
    pub fn messages(&self, topic: &str) -> Vec<Message> {
        self.bus.messages(topic)
    }

    /// Stops accepting calls, gives those under way two seconds to finish, and cuts off the rest.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        let finished = async { while self.servers.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, finished).await.is_err() {
            self.servers.shutdown().await;
        }
    }

    fn serve(&mut self, socket: Socket, router: Router) {
        self.services.push(socket.service);
        self.servers.spawn(serve(socket.listener, router, self.shutdown.clone()));
    }
}

/// A service's bound, not yet served port.
struct Socket {
    service: Service,
    listener: TcpListener,
}

impl Socket {
    async fn bind(name: &'static str, host: IpAddr, port: u16) -> Result<Self, Error> {
        let address = SocketAddr::new(host, port);
        let refused = |source| Error::Listen { service: name, address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { service: Service { name, address }, listener })
    }
}

fn database_of(service: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
    move |source| Error::Database { service, source }
}
