//! The contract of the user service, row by row.

use crate::open_shop;
use crate::story::Story;

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

async fn check(text: &str) {
    let shop = open_shop().await;
    Story::of(&shop, "user-service").check(text).await;
    shop.stop().await;
}

#[tokio::test]
async fn a_user_is_created_shown_and_listed() {
    check(
        r#"
        GET /api/v1/users
        200 {"users":[]}

        POST /api/v1/users {"email":"john@example.com","name":"John Doe"}
        201 {"id":"<john: uuid>","email":"john@example.com","name":"John Doe","created_at":"<at: time>","updated_at":"<time>"}
        user.created {"event_type":"user.created","user_id":"<john>","email":"john@example.com","name":"John Doe"}

        GET /api/v1/users/<john>
        200 {"id":"<john>","email":"john@example.com","name":"John Doe","created_at":"<at>","updated_at":"<at>"}

        POST /api/v1/users {"email":"JOHN@example.com","name":"Not him","role":"ignored"}
        201 {"id":"<loud: uuid>","email":"JOHN@example.com","name":"Not him","created_at":"<later: time>","updated_at":"<time>"}

        GET /api/v1/users
        200 {"users":[{"id":"<john>","email":"john@example.com","name":"John Doe","created_at":"<at>","updated_at":"<at>"},{"id":"<loud>","email":"JOHN@example.com","name":"Not him","created_at":"<later>","updated_at":"<later>"}]}
        "#,
    )
    .await;
}

#[tokio::test]
async fn the_body_is_read_as_json_whatever_it_is_called() {
    check(
        r#"
        POST /api/v1/users {"email":"a@example.com","name":"A"}
          Content-Type: text/plain
        201 {"id":"<uuid>","email":"a@example.com","name":"A","created_at":"<time>","updated_at":"<time>"}
        "#,
    )
    .await;
}

#[tokio::test]
async fn a_user_needs_a_new_valid_email_and_a_name() {
    check(
        r#"
        POST /api/v1/users {"name":"No Email"}
        400 {"error":"email is required"}
        POST /api/v1/users {"email":null,"name":"No Email"}
        400 {"error":"email is required"}
        POST /api/v1/users {"email":"","name":"No Email"}
        400 {"error":"email is required"}
        POST /api/v1/users {"email":"not-an-email","name":"A"}
        400 {"error":"email is not a valid address"}
        POST /api/v1/users {"email":7,"name":"A"}
        400 {"error":"email must be text"}
        POST /api/v1/users {"email":"a@example.com"}
        400 {"error":"name is required"}
        POST /api/v1/users {"email":"a@example.com","name":""}
        400 {"error":"name is required"}
        POST /api/v1/users {"email":"a@example.com","name":["A"]}
        400 {"error":"name must be text"}
        POST /api/v1/users {}
        400 {"error":"email is required"}
        POST /api/v1/users null
        400 {"error":"the body must be a JSON object"}
        POST /api/v1/users ["a@example.com","A"]
        400 {"error":"the body must be a JSON object"}
        POST /api/v1/users {"email":
        400 {"error":"invalid JSON: EOF while parsing a value at line 1 column 9"}
        POST /api/v1/users
        400 {"error":"invalid JSON: EOF while parsing a value at line 1 column 0"}
        GET /api/v1/users
        200 {"users":[]}

        POST /api/v1/users {"email":"a@example.com","name":"A"}
        201 {"id":"<uuid>","email":"a@example.com","name":"A","created_at":"<time>","updated_at":"<time>"}
        POST /api/v1/users {"email":"a@example.com","name":"B"}
        409 {"error":"email already exists"}
        "#,
    )
    .await;
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_a_fault_of_the_service() {
    check(&format!(
        r#"
        GET /api/v1/users/{NOBODY}
        404 {{"error":"user not found"}}
        GET /api/v1/users/abc
        500 {{"error":"invalid input syntax for type uuid: \"abc\""}}
        GET /api/v1/users/%ff
        500 {{"error":"Invalid URL: Invalid UTF-8 in `id`"}}
        "#
    ))
    .await;
}

#[tokio::test]
async fn a_session_is_verified_by_its_raw_token() {
    check(&format!(
        r#"
        POST /api/v1/users {{"email":"a@example.com","name":"A"}}
        201 {{"id":"<a: uuid>","email":"a@example.com","name":"A","created_at":"<at: time>","updated_at":"<time>"}}
        POST /api/v1/auth/login {{"email":"a@example.com","name":"ignored"}}
        200 {{"token":"<token: uuid>","user":{{"id":"<a>","email":"a@example.com","name":"A","created_at":"<at>","updated_at":"<at>"}}}}
        user.login {{"event_type":"user.login","user_id":"<a>","email":"a@example.com"}}

        GET /api/v1/auth/verify
          Authorization: <token>
        200 {{"valid":true,"user_id":"<a>"}}
        GET /api/v1/auth/verify
          Authorization: Bearer <token>
        200 {{"valid":false}}
        GET /api/v1/auth/verify
          Authorization: {NOBODY}
        200 {{"valid":false}}
        GET /api/v1/auth/verify
          Authorization: tökén
        200 {{"valid":false}}
        GET /api/v1/auth/verify
        401 {{"error":"the Authorization header is required"}}
        GET /api/v1/auth/verify
          Authorization:
        401 {{"error":"the Authorization header is required"}}
        "#
    ))
    .await;
}

#[tokio::test]
async fn a_login_needs_the_email_of_a_user() {
    check(
        r#"
        POST /api/v1/auth/login {"email":"nobody@example.com"}
        401 {"error":"no user has this email"}
        POST /api/v1/auth/login {"email":"nobody"}
        400 {"error":"email is not a valid address"}
        POST /api/v1/auth/login {}
        400 {"error":"email is required"}
        POST /api/v1/auth/login null
        400 {"error":"the body must be a JSON object"}
        POST /api/v1/auth/login oops
        400 {"error":"invalid JSON: expected value at line 1 column 1"}
        "#,
    )
    .await;
}

#[tokio::test]
async fn an_unknown_path_or_method_is_404_as_plain_text() {
    check(
        r#"
        GET /health
        200 {"status":"healthy","service":"user-service","database":"up"}
        GET /nowhere
        404 404 page not found
        GET /api/v1/users/
        404 404 page not found
        GET /api/v1/products
        404 404 page not found
        DELETE /api/v1/users
        404 404 page not found
        POST /health
        404 404 page not found
        BREW /api/v1/users
        404 404 page not found
        "#,
    )
    .await;
}

#[tokio::test]
async fn messages_carry_the_trace_of_their_request() {
    let trace = "00-0af7651916cd43dd8448eb211c80319c";
    let shop = open_shop().await;
    let mut story = Story::of(&shop, "user-service");
    story
        .check(&format!(
            r#"
            POST /api/v1/users {{"email":"a@example.com","name":"A"}}
              traceparent: {trace}-b7ad6b7169203331-00
            201 {{"id":"<uuid>","email":"a@example.com","name":"A","created_at":"<time>","updated_at":"<time>"}}
            POST /api/v1/users {{"email":"b@example.com","name":"B"}}
            201 {{"id":"<uuid>","email":"b@example.com","name":"B","created_at":"<time>","updated_at":"<time>"}}
            "#
        ))
        .await;

    let messages = shop.messages("user.created");
    let (first, second) = (&messages[0].traceparent, &messages[1].traceparent);
    assert!(first.starts_with(trace) && first.ends_with("-00"), "{first}");
    assert!(!first.contains("b7ad6b7169203331"), "{first} is the request's own span");
    assert!(second.starts_with("00-") && !second.starts_with(trace), "{second}");
    assert_eq!(messages.iter().map(|message| message.offset).collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn metrics_count_by_method_route_and_status() {
    let shop = open_shop().await;
    let mut story = Story::of(&shop, "user-service");
    story.check("GET /api/v1/users/abc\n500 {\"error\":\"invalid input syntax for type uuid: \\\"abc\\\"\"}").await;
    story.check(&format!("GET /api/v1/users/{NOBODY}\n404 {{\"error\":\"user not found\"}}")).await;
    story.check("BREW /nowhere\n404 404 page not found").await;

    let url = crate::url_of(&shop, "user-service");
    let metrics = reqwest::get(format!("{url}/metrics")).await.unwrap();
    assert_eq!(metrics.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = metrics.text().await.unwrap();
    for line in [
        r#"http_requests_total{service="user-service",method="GET",route="/api/v1/users/:id",status="404"} 1"#,
        r#"http_requests_total{service="user-service",method="GET",route="/api/v1/users/:id",status="500"} 1"#,
        r#"http_requests_total{service="user-service",method="other",route="",status="404"} 1"#,
        r#"http_request_duration_seconds_count{service="user-service",method="GET",route="/api/v1/users/:id"} 2"#,
        r#"http_requests_in_flight{service="user-service"} 1"#,
    ] {
        assert!(text.lines().any(|shown| shown == line), "no {line} in\n{text}");
    }
}

#[tokio::test]
async fn the_page_names_every_call() {
    let shop = open_shop().await;
    for service in ["user-service", "product-service"] {
        let page = reqwest::get(crate::url_of(&shop, service)).await.unwrap();
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
        let text = page.text().await.unwrap();
        assert!(text.contains(&format!("<h1>{service}</h1>")) && text.contains("<code>/api/v1/"), "{text}");
    }
}
