//! Drives a started shop over real HTTP, on free ports.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lab;
mod lifecycle;
mod product;
mod story;
mod user;

use testmesh_demo::{Options, Ports, Shop, start};

async fn open_shop() -> Shop {
    start(Options { ports: Ports::ANY, ..Options::default() }).await.unwrap()
}

/// Where the service named `name` answers.
fn url_of(shop: &Shop, name: &str) -> String {
    let service = shop.services().iter().find(|service| service.name == name).unwrap();
    format!("http://{}", service.address)
}
