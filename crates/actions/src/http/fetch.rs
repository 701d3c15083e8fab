//! A whole exchange: the request, its redirects, and the body of the last answer.

use super::{
    body,
    cookies::Jar,
    exchange,
    output::{Answer, Head},
    pool::{Pool, Target},
    redirect,
    request::Request,
    tls::Roots,
    url as urls,
};
use http::header;
use std::time::Instant;
use testmesh_events::Level;
use testmesh_flow::{Map, Value};
use testmesh_runner::{ActionError, StepContext};

pub(crate) struct Options {
    pub(crate) follow: bool,
    pub(crate) verify: bool,
    /// In bytes.
    pub(crate) max_body: u64,
}

/// So much of the body of an answer that redirects is read, to use the connection again.
const REDIRECT_BODY: u64 = 64 << 10;

/// Sends a request, follows where its answers point, and reads the last one.
pub(crate) async fn fetch(cx: &StepContext<'_>, roots: &Roots, mut request: Request, options: &Options) -> Result<Answer, ActionError> {
    let pool = cx.execution.connections.get::<Pool>();
    let jar = cx.execution.connections.get::<Jar>();
    let mut head = Head::new(Instant::now());
    loop {
        let target = Target::of(&request.url, options.verify);
        let mut sent = request.clone();
        if let Some(cookies) = jar.header(&request.url, &request.headers, &request.cookies) {
            sent.headers.insert(header::COOKIE, cookies);
        }
        let (mut link, response) = exchange::send(cx, &pool, roots, &target, &sent, &mut head.timings).await?;
        let (parts, mut incoming) = response.into_parts();
        jar.keep(&request.url, &parts.headers, &request.cookies, &mut head.cookies);
        head.answered(&request, parts);
        let next = if options.follow { redirect::next(&request, &mut head).map_err(|error| error.output(head.known()))? } else { None };
        let limit = if next.is_some() { REDIRECT_BODY } else { options.max_body };
        let began = Instant::now();
        let read = body::read(cx, &mut link, &target, &mut incoming, &head.headers, limit).await;
        head.timings.download += began.elapsed();
        if read.is_ok() {
            pool.put(target, link);
        }
        match next {
            None => {
                return match read {
                    Ok(body) => Ok(Answer { head, body }),
                    Err(error) => Err(error.output(head.known())),
                };
            }
            Some(next) => {
                note_downgrade(cx, &request, &next);
                request = next;
            }
        }
    }
}

fn note_downgrade(cx: &StepContext<'_>, from: &Request, to: &Request) {
    if from.url.scheme() == "https" && to.url.scheme() == "http" {
        let message = format!("the answer redirects from https to http: {} → {}", urls::shown(&from.url), urls::shown(&to.url));
        cx.log(Level::Warn, message, Value::map(Map::new()));
    }
}
