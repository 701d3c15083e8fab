//! Starting, stopping, and the ways neither works out.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value;
use testmesh_demo::{Error, Options, Ports, Shop, start};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::{open_shop, url_of};

/// How long anything here may take before it counts as never.
const NEVER: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_taken_port_is_named_with_its_service() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    for (ports, service) in
        [(Ports { user: port, ..Ports::ANY }, "user-service"), (Ports { product: port, ..Ports::ANY }, "product-service")]
    {
        let Err(error) = start(Options { ports, ..Options::default() }).await else { panic!("two servers on one port") };
        let text = error.to_string();
        assert_eq!(text, format!("{service} cannot listen on 127.0.0.1:{port}: choose other ports with --port-base"));
        assert!(matches!(error, Error::Listen { .. }));
    }
}

#[test]
fn ports_are_counted_up_from_their_base() {
    assert_eq!(Ports::from_base(5000).unwrap(), Options::default().ports);
    assert_eq!(Ports::from_base(5000).unwrap(), Ports { user: 5001, product: 5002 });
    assert_eq!(Ports::from_base(65533).unwrap().product, 65535);
    assert!(matches!(Ports::from_base(65534), Err(Error::PortBase { base: 65534 })));
    assert!(matches!(Ports::from_base(65535), Err(Error::PortBase { base: 65535 })));
}

#[tokio::test]
async fn shops_share_nothing() {
    let (one, two) = (open_shop().await, open_shop().await);
    let body = r#"{"email":"a@example.com","name":"A"}"#;
    for shop in [&one, &two] {
        let url = format!("{}/api/v1/users", url_of(shop, "user-service"));
        assert_eq!(reqwest::Client::new().post(url).body(body).send().await.unwrap().status(), 201);
        assert_eq!(shop.messages("user.created").len(), 1);
    }
}

#[tokio::test]
async fn stopping_lets_a_call_finish_and_frees_the_ports() {
    let shop = open_shop().await;
    let addresses: Vec<SocketAddr> = shop.services().iter().map(|service| service.address).collect();
    let call = call_slowly(&shop, 300).await;
    shop.stop().await;
    assert_eq!(call.await.unwrap().unwrap(), 200);
    for address in addresses {
        TcpListener::bind(address).await.unwrap();
    }
}

#[tokio::test]
async fn stopping_cuts_off_a_call_that_takes_too_long() {
    let shop = open_shop().await;
    let call = call_slowly(&shop, 600_000).await;
    tokio::time::timeout(NEVER, shop.stop()).await.unwrap();
    let cut = tokio::time::timeout(NEVER, call).await.unwrap().unwrap();
    assert!(cut.is_err(), "{cut:?}");
}

#[tokio::test]
async fn dropping_a_shop_cuts_off_its_calls() {
    let shop = open_shop().await;
    let call = call_slowly(&shop, 600_000).await;
    drop(shop);
    let cut = tokio::time::timeout(NEVER, call).await.unwrap().unwrap();
    assert!(cut.is_err(), "{cut:?}");
}

#[tokio::test]
async fn a_call_is_carried_through_when_its_client_goes_away() {
    const CALLS: usize = 200;
    let shop = open_shop().await;
    let address = shop.services()[0].address;
    for n in 0..CALLS {
        let body = format!(r#"{{"email":"user{n}@example.com","name":"A"}}"#);
        let call = format!("POST /api/v1/users HTTP/1.1\r\nHost: shop\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        TcpStream::connect(address).await.unwrap().write_all(call.as_bytes()).await.unwrap();
    }
    let start = Instant::now();
    while shop.messages("user.created").len() < CALLS {
        assert!(start.elapsed() < NEVER, "{} of {CALLS} calls came to their end", shop.messages("user.created").len());
        tokio::task::yield_now().await;
    }
    let url = format!("{}/api/v1/users", url_of(&shop, "user-service"));
    let users: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(users["users"].as_array().unwrap().len(), CALLS);
}

/// Starts a call that takes `ms` milliseconds, and waits until the service is at it.
async fn call_slowly(shop: &Shop, ms: u64) -> JoinHandle<reqwest::Result<u16>> {
    let url = url_of(shop, "user-service");
    let slow = format!("{url}/_lab/slow?ms={ms}");
    let call = tokio::spawn(async move { Ok(reqwest::get(slow).await?.status().as_u16()) });
    let start = Instant::now();
    loop {
        let metrics = reqwest::get(format!("{url}/metrics")).await.unwrap().text().await.unwrap();
        // The call and the one that asks.
        if metrics.contains("http_requests_in_flight{service=\"user-service\"} 2") {
            return call;
        }
        assert!(start.elapsed() < NEVER, "the call never came in flight");
        tokio::task::yield_now().await;
    }
}
