//! Why a TLS handshake failed.

use super::{
    super::{pool::Target, tls::SelfSigned},
    causes, source,
};
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
use std::io;
use testmesh_flow::Code;
use testmesh_runner::ActionError;

const UNVERIFIED: &str = "; `verify_ssl: false` accepts any certificate";

/// Classifies what a handshake ended with.
pub(crate) fn handshake(target: &Target, error: &io::Error) -> ActionError {
    let (why, help) = match error.get_ref().and_then(|inner| source::<Error>(inner)) {
        Some(error) => of_tls(target, error),
        None if error.kind() == io::ErrorKind::UnexpectedEof || error.kind() == io::ErrorKind::ConnectionReset => (
            "the connection was closed in the handshake".to_owned(),
            "the server may not speak TLS on this port, or want a client certificate".to_owned(),
        ),
        None => (error.to_string(), "look at the server's log".to_owned()),
    };
    ActionError::errored(Code::TlsFailed, format!("no TLS connection to {target}: {why}")).help(help)
}

fn of_tls(target: &Target, error: &Error) -> (String, String) {
    match error {
        Error::InvalidCertificate(error) => of_certificate(target, error),
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::MessageTooLarge | InvalidMessage::UnknownProtocolVersion,
        ) => (
            format!("what listens on port {} does not speak TLS", target.port),
            "write `http://` in the URL, or the port of the TLS service".to_owned(),
        ),
        Error::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => (
            format!("the two sides have no version or cipher in common ({error})"),
            "TLS 1.2 and 1.3 are spoken here: the server may be too old".to_owned(),
        ),
        Error::AlertReceived(AlertDescription::NoApplicationProtocol) => (
            "the server speaks no HTTP/1.1 there".to_owned(),
            "this build speaks HTTP/1.1 only; a gRPC service may listen on this port".to_owned(),
        ),
        Error::AlertReceived(AlertDescription::UnrecognisedName) => {
            (format!("the server does not know the name `{}`", target.host), "check the host in the URL".to_owned())
        }
        Error::AlertReceived(AlertDescription::CertificateRequired | AlertDescription::BadCertificate) => {
            (format!("the server wants a client certificate ({error})"), "this build sends none".to_owned())
        }
        other => (causes(other), "look at the server's log".to_owned()),
    }
}

fn of_certificate(target: &Target, error: &CertificateError) -> (String, String) {
    let host = &target.host;
    match error {
        CertificateError::NotValidForName => {
            (format!("the certificate is not for `{host}`"), format!("check the host in the URL{UNVERIFIED}"))
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names = presented.iter().map(|name| presented_name(name)).collect::<Vec<_>>().join(", ");
            let names = if names.is_empty() { "nobody".to_owned() } else { names };
            (format!("the certificate is for {names}, not for `{host}`"), format!("check the host in the URL{UNVERIFIED}"))
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (format!("the certificate has expired{}", expiry(error)), format!("the server needs a new one{UNVERIFIED}"))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("the certificate is not valid yet".to_owned(), format!("check the clocks of both sides{UNVERIFIED}"))
        }
        CertificateError::UnknownIssuer => (
            "the certificate was issued by an authority that is not trusted here, or its chain is incomplete".to_owned(),
            format!("name the authority's certificate in `SSL_CERT_FILE`{UNVERIFIED}"),
        ),
        CertificateError::BadSignature => (
            "the certificate is not signed by the authority that is trusted here under that name".to_owned(),
            format!("the authority may have been made anew: trust the new one{UNVERIFIED}"),
        ),
        CertificateError::Revoked => ("the certificate was revoked".to_owned(), format!("the server needs a new one{UNVERIFIED}")),
        CertificateError::Other(other) if other.0.is::<SelfSigned>() => {
            ("the certificate is self-signed".to_owned(), format!("name it in `SSL_CERT_FILE` to trust it{UNVERIFIED}"))
        }
        other => (format!("the certificate is not valid: {other}"), format!("the server needs another one{UNVERIFIED}")),
    }
}

/// `DnsName("a.example")`, as the verifier writes it, as `a.example`.
fn presented_name(text: &str) -> String {
    let inner = text.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map_or(text, |(name, _)| name);
    format!("`{inner}`")
}

fn expiry(error: &CertificateError) -> String {
    let CertificateError::ExpiredContext { time, not_after } = error else { return String::new() };
    let ago = time.as_secs().saturating_sub(not_after.as_secs());
    match ago / 86_400 {
        0 => ", less than a day ago".to_owned(),
        1 => ", a day ago".to_owned(),
        days => format!(", {days} days ago"),
    }
}
