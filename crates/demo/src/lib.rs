//! The demo shop: small services to run end-to-end flows against, in one process and with nothing to install.
//!
//! [`start`] brings up every service of the shop, each on a port of its own, and hands back a [`Shop`], which stops them
//! again. A service is one module: `user` knows accounts and sessions, `product` the catalogue, its stock and its images.
//! `http` is what all of them answer alike; `lab` adds answers that only a test of an HTTP client could want.
//!
//! State lives in memory and ends with the shop. It is laid out as a deployment over `PostgreSQL`, Redis, Kafka and an
//! object store would: a schema per service (`database`), keys with a time to live (`cache`), topics (`bus`), objects.
//! A service sees another one's state through the other's HTTP calls and the bus alone.
//!
//! The crate prints nothing and keeps no process-wide state: any number of shops can run side by side.

mod bus;
mod cache;
mod database;
mod http;
mod lab;
mod lock;
mod objects;
mod product;
mod serve;
mod shop;
mod trace;
mod user;

pub use bus::Message;
pub use shop::{Error, Options, Ports, Service, Shop, start};
