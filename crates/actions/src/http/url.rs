//! Reading URLs, and saying what is wrong with one.

use testmesh_flow::Code;
use testmesh_runner::ActionError;
use url::{ParseError, Url};

/// Reads an absolute `http` or `https` URL. Line ends after it, as YAML's block texts have, do not belong to it.
pub(crate) fn read(text: &str) -> Result<Url, ActionError> {
    let text = text.trim_end_matches(['\n', '\r']);
    // Shown whole: what logs in is masked where all messages are, after the secrets, which taking a part out would make unknown.
    let bad = |why: &str, help: String| ActionError::errored(Code::BadUrl, format!("the URL `{text}` {why}")).help(help).key("url");
    if text.trim().is_empty() {
        return Err(ActionError::errored(Code::BadUrl, "the URL is empty")
            .help("write `http://` or `https://`, a host and a path")
            .key("url"));
    }
    if let Some(at) = text.chars().position(|c| c.is_whitespace() || c.is_control()) {
        let help = "write a space as `%20`, or give the parameter under `query`, which encodes it".to_owned();
        return Err(bad(&format!("has a space or a control character at character {}", at + 1), help));
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(if text.starts_with('/') {
            bad(
                "is relative: it has no host",
                format!("write `http://HOST{text}`; a variable that should hold the base of it may be empty"),
            )
        } else {
            bad("has no scheme", format!("write `http://{text}` or `https://{text}`"))
        });
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(bad(&format!("has the scheme `{scheme}`"), "this action speaks `http` and `https`".to_owned()));
    }
    if rest.is_empty() || rest.starts_with(['/', '?', '#']) {
        return Err(bad("has no host", "a variable that should hold the host may be empty".to_owned()));
    }
    Url::parse(text).map_err(|error| match error {
        ParseError::InvalidPort => bad("has no valid port", "a port is a number from 0 to 65535".to_owned()),
        ParseError::EmptyHost => bad("has no host", "a variable that should hold the host may be empty".to_owned()),
        other => bad(&format!("cannot be read: {other}"), "check the host".to_owned()),
    })
}

/// The URL for people and for the record: without what logs in, and without the fragment, which is not sent.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail for URLs that have no host only; those have nobody to log in either.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_fragment(None);
    url.into()
}

/// `host` or `host:port`, as a `Host` header has it.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_url_is_said() {
        for (text, words) in [
            ("", "is empty"),
            ("/users", "is relative"),
            ("localhost:5001/users", "has no scheme"),
            ("ftp://a/b", "scheme `ftp`"),
            ("http://", "has no host"),
            ("http:///users", "has no host"),
            ("http://:80/", "has no host"),
            ("http://a:99999/", "no valid port"),
            ("http://a:x/", "no valid port"),
            ("http://a/b c", "at character 11"),
            (" http://a/", "at character 1"),
            ("http://me@a b/", "the URL `http://me@a b/` has a space or a control character at character 12"),
            ("http://[::1/", "cannot be read"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.contains(words), "{text}: {}", error.message);
            assert!(error.help.is_some() && error.code == Code::BadUrl);
        }
        for (text, url) in [
            ("http://a/b?c=1#d", "http://a/b?c=1"),
            ("HTTPS://me:pass@A:443/x\n", "https://a/x"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
        ] {
            assert_eq!(shown(&read(text).unwrap()), url);
        }
    }
}
