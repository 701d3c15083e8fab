//! The product service: the catalogue, its stock and its images.

mod image;
mod price;
mod rows;
mod stock;

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::SqlitePool;
use uuid::Uuid;

use self::price::Price;
use self::rows::{NewProduct, Product};
use crate::bus::Bus;
use crate::cache::Cache;
use crate::database;
use crate::http::{Call, Failure, Fields, Id, complete};
use crate::objects::Objects;
use crate::trace::Trace;

pub(crate) const NAME: &str = "product-service";

const CACHED: Duration = Duration::from_mins(10);

const PAGE: &[Call] = &[
    Call { method: "POST", path: "/api/v1/products", does: "creates a product from name, price, inventory, description" },
    Call { method: "GET", path: "/api/v1/products", does: "lists all products" },
    Call { method: "GET", path: "/api/v1/products/:id", does: "shows one product" },
    Call { method: "PUT", path: "/api/v1/products/:id/inventory", does: "sets how many are in stock" },
    Call { method: "POST", path: "/api/v1/products/:id/image", does: "stores the image of a multipart form" },
    Call { method: "GET", path: "/api/v1/products/:id/image", does: "tells the URL of the image" },
];

#[derive(Clone)]
struct Products {
    address: SocketAddr,
    database: SqlitePool,
    cache: Cache,
    bus: Bus,
    objects: Objects,
}

/// Opens the service's database and gives all it answers on `address`.
pub(crate) async fn open(address: SocketAddr, cache: Cache, bus: Bus, objects: Objects) -> Result<Router, sqlx::Error> {
    let database = database::open(rows::SCHEMA).await?;
    let products = Products { address, database: database.clone(), cache, bus, objects };
    let calls = Router::new()
        .route("/api/v1/products", post(create).get(list))
        .route("/api/v1/products/{id}", get(show))
        .route("/api/v1/products/{id}/inventory", put(stock::set))
        .route("/api/v1/products/{id}/image", post(image::upload).get(image::locate))
        .layer(image::body_limit())
        .route(image::OBJECT_ROUTE, get(image::download))
        .with_state(products);
    Ok(complete(NAME, PAGE, database, calls))
}

async fn create(State(products): State<Products>, trace: Trace, fields: Fields) -> Result<(StatusCode, Json<Product>), Failure> {
    let new = NewProduct {
        name: fields.required_text("name")?,
        description: fields.text("description")?.unwrap_or_default(),
        price: required_price(&fields)?,
        inventory: inventory_or_zero(&fields)?,
    };
    let product = rows::insert(&products.database, &new).await?;
    products.remember(&product)?;
    products.bus.publish(
        "product.created",
        &trace,
        json!({
            "event_type": "product.created",
            "product_id": product.id,
            "name": product.name,
            "price": product.price,
            "inventory": product.inventory,
        }),
    );
    Ok((StatusCode::CREATED, Json(product)))
}

async fn list(State(products): State<Products>) -> Result<Json<Value>, Failure> {
    let all = rows::list(&products.database).await?;
    Ok(Json(json!({ "products": all })))
}

async fn show(State(products): State<Products>, Id(id): Id) -> Result<Json<Product>, Failure> {
    if let Some(cached) = products.cache.get(&cache_key(id)) {
        return Ok(Json(serde_json::from_str(&cached)?));
    }
    let product = products.get(id).await?;
    products.remember(&product)?;
    Ok(Json(product))
}

impl Products {
    /// The row of a product, or the 404 that says there is none.
    async fn get(&self, id: Uuid) -> Result<Product, Failure> {
        rows::find(&self.database, id).await?.ok_or_else(not_found)
    }

    fn remember(&self, product: &Product) -> Result<(), serde_json::Error> {
        self.cache.set(cache_key(product.id), serde_json::to_string(product)?, CACHED);
        Ok(())
    }
}

fn not_found() -> Failure {
    Failure::not_found("product not found")
}

fn cache_key(id: Uuid) -> String {
    format!("product:{id}")
}

fn required_price(fields: &Fields) -> Result<Price, Failure> {
    let price = fields.number("price")?.ok_or_else(|| Failure::bad_request("price is required"))?;
    Price::new(price).ok_or_else(|| Failure::bad_request("price must be greater than 0"))
}

fn inventory_or_zero(fields: &Fields) -> Result<i64, Failure> {
    let inventory = fields.whole_number("inventory")?.unwrap_or(0);
    if inventory < 0 {
        return Err(Failure::bad_request("inventory must not be negative"));
    }
    Ok(inventory)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Products {
        /// A service of its own with one product in it.
        pub(super) async fn with_one() -> (Self, Product) {
            let products = Self {
                address: ([127, 0, 0, 1], 0).into(),
                database: database::open(rows::SCHEMA).await.unwrap(),
                cache: Cache::default(),
                bus: Bus::default(),
                objects: Objects::default(),
            };
            let new = NewProduct { name: "A", description: "", price: Price::new(1.5).unwrap(), inventory: 1 };
            let product = rows::insert(&products.database, &new).await.unwrap();
            (products, product)
        }
    }

    #[tokio::test]
    async fn a_product_is_read_from_the_cache_and_a_miss_refills_it() {
        let (products, product) = Products::with_one().await;
        let show = async || show(State(products.clone()), Id(product.id)).await.unwrap().0.inventory;

        assert_eq!(show().await, 1);
        sqlx::query("UPDATE product_service.products SET inventory = 2").execute(&products.database).await.unwrap();
        assert_eq!(show().await, 1, "the miss did not fill the cache");
        products.cache.remove(&cache_key(product.id));
        assert_eq!(show().await, 2);
    }
}
