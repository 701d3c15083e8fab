//! Cookies: the jar of the execution, and what a step adds to it.

use crate::scalar;
use cookie_store::{CookieStore, RawCookie};
use http::{HeaderMap, HeaderValue, header};
use std::sync::{Mutex, PoisonError};
use testmesh_flow::{Code, Map, Value};
use testmesh_runner::ActionError;
use url::Url;

/// What the answers of an execution set, kept and sent as a browser would.
#[derive(Default)]
pub(crate) struct Jar(Mutex<CookieStore>);

/// The cookies that a step sends.
#[derive(Clone)]
pub(crate) enum Sent {
    /// Neither sent nor kept.
    Off,
    /// The jar's, and before them these.
    With(Vec<(String, String)>),
}

impl Default for Sent {
    fn default() -> Self {
        Self::With(Vec::new())
    }
}

impl Sent {
    pub(crate) fn from_config(given: Option<&Value>) -> Result<Self, ActionError> {
        match given {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(Value::Bool(false)) => Ok(Self::Off),
            Some(Value::Text(text)) if text.as_ref() == "off" => Ok(Self::Off),
            Some(Value::Map(cookies)) => {
                let pairs = cookies.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| pair(name, value));
                pairs.collect::<Result<_, _>>().map(Self::With)
            }
            Some(other) => Err(rejected("cookies".to_owned(), format!("`cookies` is {}, not an object or `off`", scalar::named(other)))
                .help("write `cookies: {NAME: VALUE}`; a whole header goes under `headers: {Cookie: …}`")),
        }
    }

    /// What the author gave for one server is not for another.
    pub(crate) fn across_origins(&self) -> Self {
        if self.is_off() { Self::Off } else { Self::default() }
    }

    pub(crate) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }
}

fn pair(name: &str, value: &Value) -> Result<(String, String), ActionError> {
    let key = format!("cookies.{name}");
    let Some(text) = scalar::text(value) else {
        return Err(rejected(key, format!("the cookie `{name}` is {}, which has no one text", scalar::named(value))));
    };
    let breaks = |c: char| c == ';' || c.is_control();
    if name.is_empty() || name.contains(|c: char| breaks(c) || c == '=' || c.is_whitespace()) {
        return Err(rejected(key, format!("`{name}` is no name of a cookie")).help("a cookie's name is one word without `=` and `;`"));
    }
    if text.contains(breaks) {
        return Err(rejected(key, format!("the value of the cookie `{name}` holds `;` or a control character"))
            .help("write it percent-encoded when the server reads it so, for instance with `url_encode`"));
    }
    Ok((name.to_owned(), text))
}

fn rejected(key: String, message: String) -> ActionError {
    ActionError::errored(Code::ConfigRejected, message).key(key)
}

impl Jar {
    /// The `Cookie` header of a request: what the author gave, then what is kept for this URL under other names.
    pub(crate) fn header(&self, url: &Url, headers: &HeaderMap, sent: &Sent) -> Option<HeaderValue> {
        let by_hand: Vec<_> = headers.get_all(header::COOKIE).iter().map(|value| value.as_bytes().to_vec()).collect();
        let mut parts = by_hand.clone();
        if let Sent::With(given) = sent {
            let mut names: Vec<String> = given.iter().map(|(name, _)| name.clone()).collect();
            for header in &by_hand {
                let header = String::from_utf8_lossy(header).into_owned();
                names.extend(header.split(';').filter_map(|part| part.split_once('=')).map(|(name, _)| name.trim().to_owned()));
            }
            parts.extend(given.iter().map(|(name, value)| format!("{name}={value}").into_bytes()));
            parts
                .extend(self.kept(url).into_iter().filter(|(name, _)| !names.contains(name)).map(|(n, v)| format!("{n}={v}").into_bytes()));
        }
        if parts.is_empty() { None } else { HeaderValue::from_bytes(&parts.join(&b"; "[..])).ok() }
    }

    /// Longer paths first, as RFC 6265 §5.4 wants it.
    fn kept(&self, url: &Url) -> Vec<(String, String)> {
        let jar = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut matches = jar.matches(url);
        matches.sort_by_key(|cookie| std::cmp::Reverse(cookie.path().map_or(0, str::len)));
        matches.into_iter().map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect()
    }

    /// Keeps what an answer sets, unless cookies are off, and notes it in `set`.
    pub(crate) fn keep(&self, url: &Url, headers: &HeaderMap, sent: &Sent, set: &mut Map) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = String::from_utf8_lossy(value.as_bytes());
            let Ok(cookie) = RawCookie::parse(text.as_ref()) else { continue };
            set.insert(cookie.name(), cookie.value());
            if !sent.is_off() {
                // One that this server has no right to set is not kept; that is no failure of the exchange.
                let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert_raw(&cookie, url);
            }
        }
    }
}
