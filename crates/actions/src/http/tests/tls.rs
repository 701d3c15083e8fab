//! TLS: whom is trusted, and how it is said when somebody is not.

use super::OK;
use crate::{
    http::Roots,
    testing::{Act, Server, send, step, until},
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use std::sync::Arc;
use testmesh_runner::testing::Probe;
use tokio_rustls::TlsAcceptor;

/// What a server shows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shows {
    Good,
    WrongName,
    Expired,
    SelfSigned,
    OtherAuthority,
    /// An authority of the same name with another key.
    NewAuthority,
}

fn authority(name: &str) -> (CertificateDer<'static>, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    let certificate = params.self_signed(&key).unwrap();
    (certificate.der().clone(), Issuer::new(params, key))
}

/// A server with a certificate of that kind, and the authorities that a client trusts.
async fn server(shows: Shows) -> (Server, Arc<Roots>) {
    answering(shows, vec![send(OK)]).await
}

async fn answering(shows: Shows, answer: Vec<Act>) -> (Server, Arc<Roots>) {
    let (root, issuer) = authority("an authority for tests");
    let (_, other) = authority(if shows == Shows::NewAuthority { "an authority for tests" } else { "another authority" });
    let key = KeyPair::generate().unwrap();
    let name = if shows == Shows::WrongName { "other.example" } else { "localhost" };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "a server for tests");
    if shows == Shows::Expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let certificate = match shows {
        Shows::SelfSigned => params.self_signed(&key),
        Shows::OtherAuthority | Shows::NewAuthority => params.signed_by(&key, &other),
        _ => params.signed_by(&key, &issuer),
    };
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.unwrap().der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let mut store = RootCertStore::empty();
    store.add(root).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    (Server::with(Some(acceptor), move |_, _| answer.clone()).await, Arc::new(Roots::of(store)))
}

async fn check(shows: Shows, config: &str, expected: &str) {
    let (server, roots) = server(shows).await;
    let outcome = step(&crate::with_roots(roots), &Probe::default(), "http_request", &server.fill(config)).await;
    let shown = server.hide(&outcome.show(&["status"]));
    assert!(shown.starts_with(expected), "{shows:?}: {shown}");
}

#[tokio::test]
async fn certificates() {
    let get = r#"{"url":"https://localhost:PORT/"}"#;
    let to = "errored TM0616: no TLS connection to localhost:PORT: the certificate";
    check(Shows::Good, get, "status: 200").await;
    check(Shows::WrongName, get, &format!("{to} is for `other.example`, not for `localhost` (check the host in the URL")).await;
    check(Shows::Expired, get, &format!("{to} has expired, ")).await;
    check(Shows::SelfSigned, get, &format!("{to} is self-signed (name it in `SSL_CERT_FILE`")).await;
    check(Shows::OtherAuthority, get, &format!("{to} was issued by an authority that is not trusted here")).await;
    check(Shows::NewAuthority, get, &format!("{to} is not signed by the authority that is trusted here under that name")).await;
    for shows in [Shows::WrongName, Shows::Expired, Shows::SelfSigned, Shows::OtherAuthority] {
        check(shows, r#"{"url":"https://localhost:PORT/","verify_ssl":false}"#, "status: 200").await;
    }
    let by_number = "errored TM0616: no TLS connection to 127.0.0.1:PORT: the certificate is for `localhost`, not for `127.0.0.1`";
    check(Shows::Good, r#"{"url":"https://127.0.0.1:PORT/"}"#, by_number).await;
}

#[tokio::test]
async fn the_wrong_protocol() {
    let plain = r#"{"url":"http://localhost:PORT/"}"#;
    check(Shows::Good, plain, "errored TM0616: localhost:PORT speaks TLS, and was asked over plain http").await;
    for (answer, words) in [
        (vec![send("HTTP/1.1 400 Bad Request\r\n\r\n"), Act::Close], "does not speak TLS (write `http://`"),
        (vec![Act::Close], "the connection was closed in the handshake"),
    ] {
        // A client's first message is no request: the server answers as soon as something comes.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 1024]).await;
            for act in answer {
                if let Act::Send(bytes) = act {
                    tokio::io::AsyncWriteExt::write_all(&mut stream, &bytes).await.unwrap();
                }
            }
        });
        let outcome =
            step(&crate::all(), &Probe::default(), "http_request", &format!(r#"{{"url":"https://localhost:{port}/","verify_ssl":false}}"#))
                .await;
        let shown = outcome.show(&[]);
        assert!(shown.starts_with("errored TM0616") && shown.contains(words), "{shown}");
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_redirect_to_plain_http_is_noted() {
    let plain = Server::start(|_, _| vec![send(OK)]).await;
    let (server, roots) = answering(Shows::Good, super::redirect(302, &plain.fill("http://127.0.0.1:PORT/b"))).await;
    let outcome =
        step(&crate::with_roots(roots), &Probe::default(), "http_request", &server.fill(r#"{"url":"https://localhost:PORT/a"}"#)).await;
    let shown = plain.hide(&outcome.show(&["status"]).replace(&server.port.to_string(), "TLS"));
    assert_eq!(shown, "status: 200\nWarn: the answer redirects from https to http: https://localhost:TLS/a → http://127.0.0.1:PORT/b");
}

#[tokio::test]
async fn a_cut_in_a_body_over_tls() {
    let cut = vec![send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), Act::Close];
    let (server, roots) = answering(Shows::Good, cut).await;
    let outcome =
        step(&crate::with_roots(roots), &Probe::default(), "http_request", &server.fill(r#"{"url":"https://localhost:PORT/"}"#)).await;
    let shown = server.hide(&outcome.show(&[]));
    assert!(
        shown.starts_with("errored TM0617: localhost:PORT closed the connection in the body of its answer, after 3 of 10 bytes"),
        "{shown}"
    );
}

#[tokio::test]
async fn tls_connections_are_used_again_and_closed() {
    let (server, roots) = server(Shows::Good).await;
    let (actions, probe) = (crate::with_roots(roots), Probe::default());
    for _ in 0..5 {
        let outcome = step(&actions, &probe, "http_request", &server.fill(r#"{"url":"https://localhost:PORT/"}"#)).await;
        assert_eq!(outcome.show(&["status"]), "status: 200");
    }
    assert!(server.seen().iter().all(|seen| seen.connection == 0));
    drop(probe);
    until("none stands", || server.open() == 0).await;
}
