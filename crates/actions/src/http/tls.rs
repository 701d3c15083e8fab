//! TLS: whom to trust, and the handshake.

mod verify;

use super::{errors, pool::Target};
use rustls::{
    ClientConfig, RootCertStore,
    client::WebPkiServerVerifier,
    crypto::{CryptoProvider, ring},
    pki_types::ServerName,
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};
use testmesh_flow::Code;
use testmesh_runner::{ActionError, StepContext};
use tokio::{net::TcpStream, sync::OnceCell};
use tokio_rustls::{TlsConnector, client::TlsStream};
pub(crate) use verify::SelfSigned;

/// The certificate authorities that the system trusts, read when they are first needed. `SSL_CERT_FILE` and `SSL_CERT_DIR` count.
#[derive(Default)]
pub struct Roots(OnceCell<Arc<RootCertStore>>);

impl Roots {
    /// Trusts these instead of the system's.
    pub fn of(store: RootCertStore) -> Self {
        Self(OnceCell::new_with(Some(Arc::new(store))))
    }

    async fn get(&self) -> Result<Arc<RootCertStore>, ActionError> {
        let store = self.0.get_or_try_init(|| async {
            // Hundreds of files may be read, which is not for a thread that serves other steps.
            tokio::task::spawn_blocking(system_roots).await.unwrap_or_else(|error| Err(error.to_string()))
        });
        store.await.cloned().map_err(|why| {
            ActionError::errored(Code::TlsFailed, format!("no certificate authorities of the system can be read: {why}"))
                .help("install the package `ca-certificates`, or name a file of them in `SSL_CERT_FILE`")
        })
    }
}

fn system_roots() -> Result<Arc<RootCertStore>, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(found.certs);
    if added == 0 {
        return Err(found.errors.first().map_or_else(|| "none are installed".to_owned(), ToString::to_string));
    }
    Ok(Arc::new(store))
}

/// One way of speaking TLS for each answer to "is the certificate checked".
#[derive(Default)]
pub(crate) struct Configs {
    checked: Mutex<Option<Arc<ClientConfig>>>,
    unchecked: Mutex<Option<Arc<ClientConfig>>>,
}

impl Configs {
    pub(crate) async fn get(&self, roots: &Roots, verify: bool) -> Result<Arc<ClientConfig>, ActionError> {
        let kept = if verify { &self.checked } else { &self.unchecked };
        if let Some(config) = kept.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(config.clone());
        }
        let roots = if verify { Some(roots.get().await?) } else { None };
        let config =
            client_config(roots).map_err(|error| ActionError::errored(Code::TlsFailed, format!("TLS cannot be set up: {error}")))?;
        Ok(kept.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(Arc::new(config)).clone())
    }
}

fn client_config(roots: Option<Arc<RootCertStore>>) -> Result<ClientConfig, String> {
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let verifier: Arc<dyn rustls::client::danger::ServerCertVerifier> = match roots {
        Some(roots) => {
            let inner = WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build().map_err(|error| error.to_string())?;
            Arc::new(verify::Explains(inner))
        }
        None => Arc::new(verify::AcceptsAny(provider.clone())),
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Speaks TLS over a stream. Gives how long the handshake took too.
pub(crate) async fn handshake(
    cx: &StepContext<'_>,
    config: Arc<ClientConfig>,
    target: &Target,
    stream: TcpStream,
) -> Result<(TlsStream<TcpStream>, std::time::Duration), ActionError> {
    cx.phase(Code::TlsFailed, format!("shaking hands over TLS with {target}"));
    let began = Instant::now();
    let bare = target.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare)
        .map_err(|_error| ActionError::errored(Code::TlsFailed, format!("`{}` is no host that a certificate can name", target.host)))?;
    let stream = TlsConnector::from(config).connect(name, stream).await.map_err(|error| errors::tls(target, &error))?;
    Ok((stream, began.elapsed()))
}
