//! The contract of the product service, row by row.

use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testmesh_demo::Shop;
use tokio::task::JoinSet;

use crate::story::Story;
use crate::{open_shop, url_of};

const NOTHING: &str = "00000000-0000-0000-0000-000000000000";

const CREATE_LAMP: &str = r#"
    POST /api/v1/products {"name":"Lamp","price":10.00,"inventory":100}
    201 {"id":"<lamp: uuid>","name":"Lamp","description":"","price":10,"inventory":100,"created_at":"<at: time>","updated_at":"<time>"}
"#;

async fn check(text: &str) {
    let shop = open_shop().await;
    Story::of(&shop, "product-service").check(text).await;
    shop.stop().await;
}

#[tokio::test]
async fn a_product_is_created_shown_and_listed() {
    check(
        r#"
        GET /api/v1/products
        200 {"products":[]}
        POST /api/v1/products {"name":"Test Widget","description":"A test product","price":29.99,"inventory":100}
        201 {"id":"<widget: uuid>","name":"Test Widget","description":"A test product","price":29.99,"inventory":100,"created_at":"<at: time>","updated_at":"<time>"}
        product.created {"event_type":"product.created","product_id":"<widget>","name":"Test Widget","price":29.99,"inventory":100}
        GET /api/v1/products/<widget>
        200 {"id":"<widget>","name":"Test Widget","description":"A test product","price":29.99,"inventory":100,"created_at":"<at>","updated_at":"<at>"}
        GET /api/v1/products
        200 {"products":[{"id":"<widget>","name":"Test Widget","description":"A test product","price":29.99,"inventory":100,"created_at":"<at>","updated_at":"<at>"}]}

        POST /api/v1/products {"name":"Sold out","price":15.00,"inventory":null}
        201 {"id":"<uuid>","name":"Sold out","description":"","price":15,"inventory":0,"created_at":"<time>","updated_at":"<time>"}
        POST /api/v1/products {"name":"Sold out","price":0.01,"inventory":0}
        201 {"id":"<uuid>","name":"Sold out","description":"","price":0.01,"inventory":0,"created_at":"<time>","updated_at":"<time>"}
        "#,
    )
    .await;
}

#[tokio::test]
async fn a_product_needs_a_name_a_positive_price_and_a_countable_inventory() {
    check(
        r#"
        POST /api/v1/products {"price":9.99,"inventory":5}
        400 {"error":"name is required"}
        POST /api/v1/products {"name":"","price":9.99}
        400 {"error":"name is required"}
        POST /api/v1/products {"name":"A"}
        400 {"error":"price is required"}
        POST /api/v1/products {"name":"A","price":0,"inventory":10}
        400 {"error":"price must be greater than 0"}
        POST /api/v1/products {"name":"A","price":-5.00,"inventory":10}
        400 {"error":"price must be greater than 0"}
        POST /api/v1/products {"name":"A","price":"9.99"}
        400 {"error":"price must be a number"}
        POST /api/v1/products {"name":"A","price":1e999}
        400 {"error":"invalid JSON: number out of range at line 1 column 25"}
        POST /api/v1/products {"name":"A","price":9.99,"inventory":-1}
        400 {"error":"inventory must not be negative"}
        POST /api/v1/products {"name":"A","price":9.99,"inventory":"many"}
        400 {"error":"inventory must be a whole number"}
        POST /api/v1/products {"name":"A","price":9.99,"inventory":1.5}
        400 {"error":"inventory must be a whole number"}
        POST /api/v1/products {"name":"A","price":9.99,"inventory":9223372036854775808}
        400 {"error":"inventory must be a whole number"}
        POST /api/v1/products {"name":"A","price":9.99,"description":1}
        400 {"error":"description must be text"}
        POST /api/v1/products {}
        400 {"error":"name is required"}
        POST /api/v1/products null
        400 {"error":"the body must be a JSON object"}
        POST /api/v1/products {
        400 {"error":"invalid JSON: EOF while parsing an object at line 1 column 1"}
        GET /api/v1/products
        200 {"products":[]}
        "#,
    )
    .await;
}

#[tokio::test]
async fn an_unknown_product_is_404_and_an_id_that_is_no_uuid_500() {
    check(&format!(
        r#"
        GET /api/v1/products/{NOTHING}
        404 {{"error":"product not found"}}
        PUT /api/v1/products/{NOTHING}/inventory {{"inventory":1}}
        404 {{"error":"product not found"}}
        POST /api/v1/products/{NOTHING}/image {{}}
        404 {{"error":"product not found"}}
        GET /api/v1/products/{NOTHING}/image
        404 {{"error":"no image for this product"}}

        GET /api/v1/products/abc
        500 {{"error":"invalid input syntax for type uuid: \"abc\""}}
        PUT /api/v1/products/abc/inventory {{"inventory":1}}
        500 {{"error":"invalid input syntax for type uuid: \"abc\""}}

        GET /health
        200 {{"status":"healthy","service":"product-service","database":"up"}}
        DELETE /api/v1/products/{NOTHING}
        404 404 page not found
        GET /api/v1/users
        404 404 page not found
        GET /objects/products/{NOTHING}
        404 {{"error":"no such object"}}
        "#
    ))
    .await;
}

#[tokio::test]
async fn setting_the_inventory_drops_what_was_cached() {
    let shop = open_shop().await;
    let mut story = Story::of(&shop, "product-service");
    story.check(CREATE_LAMP).await;
    let start = Instant::now();
    story
        .check(
            r#"
            PUT /api/v1/products/<lamp>/inventory {"inventory":75}
            200 {"id":"<lamp>","name":"Lamp","description":"","price":10,"inventory":75,"created_at":"<at>","updated_at":"<changed: time>"}
            product.inventory.changed {"event_type":"product.inventory.changed","product_id":"<lamp>","old_inventory":100,"new_inventory":75}
            GET /api/v1/products/<lamp>
            200 {"id":"<lamp>","name":"Lamp","description":"","price":10,"inventory":75,"created_at":"<at>","updated_at":"<changed>"}
            "#,
        )
        .await;
    assert!(start.elapsed() >= Duration::from_millis(100), "the update did not hold its lock");
    assert!(story.kept("changed") > story.kept("at"));
}

#[tokio::test]
async fn the_new_inventory_is_a_positive_whole_number() {
    let wrong = [
        ("{}", "inventory is required"),
        (r#"{"inventory":null}"#, "inventory is required"),
        (r#"{"inventory":0}"#, "inventory must be greater than 0"),
        (r#"{"inventory":-1}"#, "inventory must be greater than 0"),
        (r#"{"inventory":1.5}"#, "inventory must be a whole number"),
        (r#"{"inventory":"7"}"#, "inventory must be a whole number"),
        ("null", "the body must be a JSON object"),
    ];
    let shop = open_shop().await;
    let mut story = Story::of(&shop, "product-service");
    story.check(CREATE_LAMP).await;
    for (body, error) in wrong {
        story.check(&format!("PUT /api/v1/products/<lamp>/inventory {body}\n400 {{\"error\":\"{error}\"}}")).await;
    }
}

#[tokio::test]
async fn of_many_updates_at_once_one_holds_the_lock() {
    let shop = open_shop().await;
    let mut story = Story::of(&shop, "product-service");
    story.check(CREATE_LAMP).await;
    let url = format!("{}/api/v1/products/{}/inventory", url_of(&shop, "product-service"), story.kept("lamp"));

    let client = Client::new();
    let mut updates = JoinSet::new();
    for inventory in 1..=20 {
        let update = client.put(&url).json(&json!({ "inventory": inventory }));
        updates.spawn(async { update.send().await.unwrap().status().as_u16() });
    }
    let statuses = updates.join_all().await;
    let count = |wanted| statuses.iter().filter(|status| **status == wanted).count();
    assert!(count(200) >= 1 && count(409) >= 1 && count(200) + count(409) == 20, "{statuses:?}");
    assert_eq!(shop.messages("product.inventory.changed").len(), count(200));
    assert_eq!(client.put(&url).json(&json!({ "inventory": 5 })).send().await.unwrap().status(), 200);
}

/// Uploads `form` for the lamp of `story` and gives status and body of the answer.
async fn upload(shop: &Shop, story: &Story<'_>, form: Form) -> (u16, Value) {
    let url = format!("{}/api/v1/products/{}/image", url_of(shop, "product-service"), story.kept("lamp"));
    let answer = Client::new().post(url).multipart(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn image(bytes: Vec<u8>) -> Part {
    Part::bytes(bytes).file_name("lamp.png").mime_str("image/png").unwrap()
}

#[tokio::test]
async fn an_image_is_uploaded_located_and_downloaded() {
    let shop = open_shop().await;
    let mut story = Story::of(&shop, "product-service");
    story.check(CREATE_LAMP).await;
    story.check("GET /api/v1/products/<lamp>/image\n404 {\"error\":\"no image for this product\"}").await;
    let uploaded = json!({ "message": "image uploaded", "product_id": story.kept("lamp") });

    let first = Form::new().text("note", "not the image").part("image", image(vec![1; 10 * 1024 * 1024]));
    assert_eq!(upload(&shop, &story, first).await, (200, uploaded.clone()));
    let second = Form::new().part("image", image(b"PNG".to_vec()));
    assert_eq!(upload(&shop, &story, second).await, (200, uploaded));

    let service = url_of(&shop, "product-service");
    let located = reqwest::get(format!("{service}/api/v1/products/{}/image", story.kept("lamp"))).await.unwrap();
    let located: Value = located.json().await.unwrap();
    let url = format!("{service}/objects/products/{}", story.kept("lamp"));
    assert_eq!(located, json!({ "url": url, "product_id": story.kept("lamp") }));
    let object = reqwest::get(url).await.unwrap();
    assert_eq!(object.headers()["content-type"], "image/png");
    assert_eq!(object.bytes().await.unwrap(), "PNG");
}

#[tokio::test]
async fn what_is_no_image_file_is_refused() {
    let shop = open_shop().await;
    let mut story = Story::of(&shop, "product-service");
    story.check(CREATE_LAMP).await;
    story
        .check(
            r#"
            POST /api/v1/products/<lamp>/image {"placeholder":"not a multipart form"}
              Content-Type: application/json
            400 {"error":"image file required"}
            POST /api/v1/products/<lamp>/image
            400 {"error":"image file required"}
            POST /api/v1/products/<lamp>/image --cut off
              Content-Type: multipart/form-data; boundary=cut
            400 {"error":"image file required"}
            "#,
        )
        .await;
    let required = json!({ "error": "image file required" });
    let too_large = json!({ "error": "the image is larger than 10 MB" });
    for (form, status, body) in [
        (Form::new().text("image", "a text, not a file"), 400, &required),
        (Form::new().part("picture", image(vec![1])), 400, &required),
        (Form::new().part("image", image(vec![1; 10 * 1024 * 1024 + 1])), 413, &too_large),
    ] {
        assert_eq!(upload(&shop, &story, form).await, (status, body.clone()));
    }
    story.check("GET /api/v1/products/<lamp>/image\n404 {\"error\":\"no image for this product\"}").await;
}
