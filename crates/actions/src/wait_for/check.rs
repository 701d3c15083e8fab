//! One look at an address.

use super::{Config, Kind};
use crate::http::{Request, Roots, Sent, Size, decode, fetch};
use std::{fmt, time::Duration};
use testmesh_events::Status;
use testmesh_flow::{
    Code, Map, Value, duration,
    jsonpath::{self, Query},
};
use testmesh_runner::{ActionError, StepContext};

/// What is looked at, and what makes it ready.
pub(super) enum Check<'a> {
    Http { url: String, expected: Expected<'a>, roots: &'a Roots },
    Tcp { host: &'a str, port: u16 },
}

/// What an answer must be.
pub(super) struct Expected<'a> {
    status: Option<u16>,
    contains: Option<&'a str>,
    path: Option<(Query, Option<&'a Value>)>,
}

/// What was seen.
pub(super) struct Seen {
    pub(super) value: Value,
    /// Why that is not ready.
    pub(super) verdict: Result<(), Fault>,
}

pub(super) struct Fault {
    pub(super) status: Status,
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl<'a> Check<'a> {
    pub(super) fn new(config: &'a Config, roots: &'a Roots) -> Result<Self, ActionError> {
        let kind = match (config.kind, &config.url, config.port) {
            (Some(kind), _, _) => kind,
            (None, Some(_), _) => Kind::Http,
            (None, None, Some(_)) => Kind::Tcp,
            (None, None, None) => {
                return Err(rejected("nothing says what to wait for", "url").help("give a `url`, or a `host` and a `port`"));
            }
        };
        let host = config.host.as_deref().unwrap_or("localhost");
        match (kind, &config.url, config.port) {
            (Kind::Http, Some(_), Some(_)) => Err(rejected("`url` and `port` both say where", "port").help("put the port into the URL")),
            (Kind::Http, Some(url), None) if config.host.is_none() => Self::http(url.clone(), config, roots),
            (Kind::Http, Some(_), None) => Err(rejected("`url` and `host` both say where", "host").help("put the host into the URL")),
            (Kind::Http, None, Some(port)) => Self::http(format!("http://{host}:{port}/"), config, roots),
            (Kind::Http, None, None) => Err(rejected("`type: http` needs a `url`", "url")),
            (Kind::Tcp, Some(_), _) => Err(rejected("`url` is a key of `type: http`", "url").help("give `host` and `port`")),
            (Kind::Tcp, None, None) => Err(rejected("`type: tcp` needs a `port`", "port")),
            (Kind::Tcp, None, Some(port)) => match of_http_only(config) {
                Some(key) => Err(rejected(&format!("`{key}` is a key of `type: http`"), key)),
                None => Ok(Self::Tcp { host, port }),
            },
        }
    }

    fn http(url: String, config: &'a Config, roots: &'a Roots) -> Result<Self, ActionError> {
        let path = config.json_path.as_deref().map(|text| {
            jsonpath::parse(text).map_err(|error| {
                let failure =
                    ActionError::errored(Code::BadJsonPath, format!("`{text}` is no JSONPath: {}", error.message)).key("json_path");
                ActionError { help: error.help, ..failure }
            })
        });
        let path = path.transpose()?.map(|query| (query, config.json_value.as_ref()));
        if path.is_none() && config.json_value.is_some() {
            return Err(rejected("`json_value` needs a `json_path`", "json_value"));
        }
        Ok(Self::Http { url, expected: Expected { status: config.status_code, contains: config.body_contains.as_deref(), path }, roots })
    }

    /// The config key that says where.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Http { .. } => "url",
            Self::Tcp { .. } => "port",
        }
    }

    /// Looks once. An error is one that no other attempt can cure.
    pub(super) async fn look(&self, cx: &StepContext<'_>) -> Result<Seen, ActionError> {
        match self {
            Self::Tcp { host, port } => Ok(match cx.dial(host, *port).await {
                Ok(dialed) => Seen { value: object("address", dialed.address.to_string()), verdict: Ok(()) },
                Err(error) => Seen::error(error),
            }),
            Self::Http { url, expected, roots } => {
                let request = Request { cookies: Sent::Off, ..Request::get(url, cx)? };
                let options = fetch::Options { follow: true, verify: true, max_body: Size::default().0 };
                Ok(match fetch::fetch(cx, roots, request, &options).await {
                    Ok(answer) => expected.judge(&answer.head.headers, answer.head.status, &answer.body),
                    Err(error) => Seen::error(error),
                })
            }
        }
    }
}

impl Expected<'_> {
    fn judge(&self, headers: &http::HeaderMap, status: u16, bytes: &[u8]) -> Seen {
        let decoded = decode::decode(headers, bytes);
        let verdict =
            self.of_status(status).and_then(|()| self.of_text(decoded.text.as_deref())).and_then(|()| self.of_value(&decoded.value));
        let verdict = verdict.map_err(|message| Fault { status: Status::Failed, code: Code::NotHeld, message, help: None });
        Seen { value: Value::map(Map::from_iter([("status", Value::Int(status.into())), ("body", decoded.value)])), verdict }
    }

    fn of_status(&self, found: u16) -> Result<(), String> {
        match self.status {
            Some(wanted) if found != wanted => Err(format!("the status is {found}, not {wanted}")),
            None if !(200..300).contains(&found) => Err(format!("the status is {found}")),
            _ => Ok(()),
        }
    }

    fn of_text(&self, text: Option<&str>) -> Result<(), String> {
        match self.contains {
            Some(wanted) if !text.is_some_and(|text| text.contains(wanted)) => Err(format!("the body does not contain `{wanted}`")),
            _ => Ok(()),
        }
    }

    fn of_value(&self, body: &Value) -> Result<(), String> {
        let Some((query, wanted)) = &self.path else { return Ok(()) };
        let path = query.text();
        let found = query.find(body).map_err(|dear| format!("`{path}`: {dear}"))?;
        match wanted {
            _ if found.is_empty() => {
                Err(query.first_break(body).map_or_else(|| format!("`{path}` finds nothing"), |at| format!("`{path}` finds nothing: {at}")))
            }
            Some(wanted) if !found.contains(wanted) => {
                let found: Vec<_> = found.iter().take(5).map(|value| value.to_json()).collect();
                Err(format!("`{path}` is {}, not {}", found.join(", "), wanted.to_json()))
            }
            _ => Ok(()),
        }
    }
}

impl Seen {
    /// An attempt that nobody answered.
    pub(super) fn hangs(bound: Duration) -> Self {
        let message = format!("there was no answer within {}", duration::show(bound));
        Self::error(ActionError::errored(Code::Timeout, message))
    }

    fn error(error: ActionError) -> Self {
        let fault = Fault { status: error.status, code: error.code, message: error.message.clone(), help: error.help };
        Self { value: object("error", error.message), verdict: Err(fault) }
    }
}

impl fmt::Display for Check<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http { url, .. } => formatter.write_str(url),
            Self::Tcp { host, port } => write!(formatter, "{host}:{port}"),
        }
    }
}

/// The first key that only an HTTP answer can satisfy.
fn of_http_only(config: &Config) -> Option<&'static str> {
    let given = [
        ("status_code", config.status_code.is_some()),
        ("body_contains", config.body_contains.is_some()),
        ("json_path", config.json_path.is_some()),
        ("json_value", config.json_value.is_some()),
    ];
    given.into_iter().find(|(_, given)| *given).map(|(key, _)| key)
}

fn rejected(message: &str, key: &'static str) -> ActionError {
    ActionError::errored(Code::ConfigRejected, message).key(key)
}

fn object(name: &str, text: String) -> Value {
    Value::map(Map::from_iter([(name, text)]))
}
