//! What is sent for what is written.

use super::{OK, run};
use crate::testing::{Seen, send};

async fn sent(config: &str) -> Result<Seen, String> {
    let config = config.replacen('{', r#"{"url":"http://127.0.0.1:PORT/a?b=1","#, 1).replace(",}", "}");
    let (outcome, server) = run(&config, |_, _| vec![send(OK)]).await;
    match &outcome.result {
        Ok(_) => Ok(server.seen()[0].clone()),
        Err(_) => Err(outcome.show(&[])),
    }
}

#[tokio::test]
async fn bodies_and_methods() {
    for (config, line, content_type, length, body) in [
        (r"{}", "GET /a?b=1 HTTP/1.1", None, None, ""),
        (r#"{"method":"post"}"#, "POST /a?b=1 HTTP/1.1", None, Some("0"), ""),
        (r#"{"method":"Purge"}"#, "Purge /a?b=1 HTTP/1.1", None, None, ""),
        (r#"{"method":"POST","body":{"a":[1,null]}}"#, "POST /a?b=1 HTTP/1.1", Some("application/json"), Some("14"), "{\"a\":[1,null]}"),
        (r#"{"method":"POST","body":null}"#, "POST /a?b=1 HTTP/1.1", Some("application/json"), Some("4"), "null"),
        (r#"{"method":"POST","body":"a b"}"#, "POST /a?b=1 HTTP/1.1", Some("text/plain; charset=utf-8"), Some("3"), "a b"),
        (r#"{"method":"POST","body":"{oops"}"#, "POST /a?b=1 HTTP/1.1", Some("application/json"), Some("5"), "{oops"),
        (r#"{"body":5,"headers":{"content-type":"x/y"}}"#, "GET /a?b=1 HTTP/1.1", Some("x/y"), Some("1"), "5"),
        (r#"{"query":{"c":"x y&z","d":[1,true],"e":null}}"#, "GET /a?b=1&c=x%20y%26z&d=1&d=true HTTP/1.1", None, None, ""),
    ] {
        let seen = sent(config).await.unwrap();
        assert_eq!(
            (seen.line(), seen.header("content-type"), seen.header("content-length"), seen.body()),
            (line, content_type, length, body)
        );
    }
}

#[tokio::test]
async fn headers() {
    let seen = sent(r#"{"headers":{"X-N":1,"X-B":false,"X-L":["a","b"],"User-Agent":null,"X-U":"é"},"cookies":{"c":1}}"#).await.unwrap();
    assert_eq!(seen.header("x-n"), Some("1"));
    assert_eq!(seen.header("x-b"), Some("false"));
    assert!(seen.text.contains("x-l: a\r\nx-l: b\r\n"));
    assert_eq!(seen.header("user-agent"), None);
    assert_eq!(seen.header("x-u"), Some("é"));
    assert_eq!(seen.header("cookie"), Some("c=1"));
    assert_eq!(seen.header("accept"), Some("*/*"));
    assert!(seen.header("host").unwrap().starts_with("127.0.0.1:"));
    let parent = seen.header("traceparent").unwrap().to_owned();
    assert!(parent.len() == 55 && parent.starts_with("00-") && parent.ends_with("-01"), "{parent}");
    assert_eq!(sent("{}").await.unwrap().header("traceparent"), Some(&*parent), "a seed repeats it");
    assert_eq!(sent(r#"{"headers":{"Traceparent":"mine"}}"#).await.unwrap().header("traceparent"), Some("mine"));
}

#[tokio::test]
async fn a_user_in_the_url_logs_in() {
    for (config, expected) in [
        (r#"{"url":"http://me:p%40ss@127.0.0.1:PORT/"}"#, "Basic bWU6cEBzcw=="),
        (r#"{"url":"http://me@127.0.0.1:PORT/"}"#, "Basic bWU6"),
        (r#"{"url":"http://me:x@127.0.0.1:PORT/","headers":{"Authorization":"Bearer y"}}"#, "Bearer y"),
    ] {
        let (outcome, server) = run(config, |_, _| vec![send(OK)]).await;
        assert_eq!(server.seen()[0].header("authorization"), Some(expected));
        assert_eq!(server.hide(&outcome.show(&["url"])), "url: \"http://127.0.0.1:PORT/\"");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_said() {
    for (config, words) in [
        (r#"{"method":"GE T"}"#, "TM0603: `GE T` is no HTTP method"),
        (r#"{"method":"connect"}"#, "TM0603: CONNECT asks a proxy"),
        (r#"{"headers":{"a b":1}}"#, "TM0603: `a b` is no header name: it has a space"),
        (r#"{"headers":{"a:":1}}"#, "it has ':'"),
        (r#"{"headers":{"a":"x\n"}}"#, "the value of the header `a` holds a line break"),
        (r#"{"headers":{"a":{"b":1}}}"#, "the header `a` is an object"),
        (r#"{"headers":{"Host":null}}"#, "cannot be left out"),
        (r#"{"headers":{"Content-Length":3}}"#, "`Content-Length` says 3, and the body has 0 bytes"),
        (r#"{"query":{"a":{"b":1}}}"#, "the query parameter `a` is an object"),
        (r#"{"cookies":"on"}"#, "`cookies` is text, not an object or `off`"),
        (r#"{"cookies":{"a":"x;y"}}"#, "the value of the cookie `a` holds `;`"),
        (r#"{"max_body":"much"}"#, "max_body: a size is a number of bytes"),
        (r#"{"auth":{}}"#, "auth: this build does not contain this key"),
        (r#"{"nope":1}"#, "unknown field `nope`"),
    ] {
        let error = sent(config).await.unwrap_err();
        assert!(error.contains(words), "{config}\n{error}");
    }
}
