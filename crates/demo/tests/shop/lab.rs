//! The answers for trying out HTTP clients.

use reqwest::Client;
use serde_json::{Value, json};

use crate::story::Story;
use crate::{open_shop, url_of};

async fn check(text: &str) {
    let shop = open_shop().await;
    Story::of(&shop, "user-service").check(text).await;
    shop.stop().await;
}

#[tokio::test]
async fn redirects_end_or_go_round() {
    let shop = open_shop().await;
    let lab = format!("{}/_lab", url_of(&shop, "user-service"));
    let end = reqwest::get(format!("{lab}/redirect/5")).await.unwrap();
    assert_eq!((end.status().as_u16(), end.url().path()), (200, "/_lab/redirect/0"));
    assert!(reqwest::get(format!("{lab}/loop")).await.unwrap_err().is_redirect());

    let mut story = Story::of(&shop, "user-service");
    story
        .check(
            r#"
            GET /_lab/redirect/1
            302
            GET /_lab/redirect/0
            200 {"redirects_left":0}
            GET /_lab/loop
            302
            GET /_lab/redirect/many
            400 {"error":"Invalid URL: Cannot parse `many` to a `u32`"}
            "#,
        )
        .await;
}

#[tokio::test]
async fn answers_come_late_or_broken() {
    check(
        r#"
        GET /_lab/slow?ms=1
        200 {"waited_ms":1}
        GET /_lab/slow
        400 {"error":"Failed to deserialize query string: missing field `ms`"}
        GET /_lab/slow?ms=600001
        400 {"error":"ms must not be more than 600000"}
        "#,
    )
    .await;

    let shop = open_shop().await;
    let lab = format!("{}/_lab", url_of(&shop, "user-service"));
    let broken = reqwest::get(format!("{lab}/badjson")).await.unwrap();
    assert_eq!((broken.status().as_u16(), &broken.headers()["content-type"]), (200, &"application/json".parse().unwrap()));
    assert!(broken.json::<Value>().await.unwrap_err().is_decode());
    let page = reqwest::get(format!("{lab}/html500")).await.unwrap();
    assert_eq!((page.status().as_u16(), &page.headers()["content-type"]), (500, &"text/html; charset=utf-8".parse().unwrap()));
    assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn echo_tells_what_was_sent() {
    let shop = open_shop().await;
    let url = format!("{}/_lab/echo?tag=a&tag=b%20c&empty=", url_of(&shop, "user-service"));
    for method in ["POST", "GET", "DELETE", "OPTIONS", "BREW"] {
        let request = Client::new().request(method.parse().unwrap(), &url).header("X-Many", "1").header("X-Many", "2");
        let echoed: Value = request.body("höllo").send().await.unwrap().json().await.unwrap();
        let part = |name: &str| echoed[name].clone();
        assert_eq!(part("method"), method);
        assert_eq!(part("path"), "/_lab/echo");
        assert_eq!(part("query"), json!({ "tag": ["a", "b c"], "empty": [""] }));
        assert_eq!(part("headers")["x-many"], "1, 2");
        assert_eq!(part("body"), "höllo");
    }
}

#[tokio::test]
async fn json_comes_back_as_it_was_sent() {
    let shop = open_shop().await;
    let url = format!("{}/_lab/json", url_of(&shop, "user-service"));
    let send = async |body: &'static str| {
        let answer = Client::new().post(&url).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for sent in [r#"{"b": 1.50, "a": [18446744073709551617, null]}"#, "null", "\"text\"", "1e3"] {
        assert_eq!(send(sent).await, (200, sent.to_owned()));
    }
    for refused in ["", "{", "no json"] {
        let (status, said) = send(refused).await;
        assert!(status == 400 && said.contains("the body is not JSON"), "{refused}: {status} {said}");
    }
}

#[tokio::test]
async fn a_cookie_is_set_unless_it_could_not_be_one() {
    let shop = open_shop().await;
    let lab = format!("{}/_lab", url_of(&shop, "user-service"));
    let set = reqwest::get(format!("{lab}/cookie?name=session&value=a%3Db")).await.unwrap();
    assert_eq!(set.headers()["set-cookie"], "session=a=b; Path=/");

    Story::of(&shop, "user-service")
        .check(
            r#"
            GET /_lab/cookie?name=session&value=42
            200 {"name":"session","value":"42"}
            GET /_lab/cookie?name=&value=1
            400 {"error":"no cookie can have this name or value"}
            GET /_lab/cookie?name=a&value=1%3B+Secure
            400 {"error":"no cookie can have this name or value"}
            GET /_lab/cookie?name=a&value=%0d%0aX:+1
            400 {"error":"no cookie can have this name or value"}
            GET /_lab/cookie?name=a
            400 {"error":"Failed to deserialize query string: missing field `value`"}
            "#,
        )
        .await;
}

#[tokio::test]
async fn eventually_each_key_is_shipped() {
    check(
        r#"
        GET /_lab/eventually/one?after=2
        200 {"state":"PENDING","calls":1}
        GET /_lab/eventually/other?after=2
        200 {"state":"PENDING","calls":1}
        GET /_lab/eventually/one?after=2
        200 {"state":"SHIPPED","calls":2}
        GET /_lab/eventually/one?after=2
        200 {"state":"SHIPPED","calls":3}
        GET /_lab/eventually/at-once?after=0
        200 {"state":"SHIPPED","calls":1}
        GET /_lab/eventually/by-default
        200 {"state":"PENDING","calls":1}
        GET /_lab/eventually/one?after=soon
        400 {"error":"Failed to deserialize query string: after: invalid digit found in string"}
        "#,
    )
    .await;
}
