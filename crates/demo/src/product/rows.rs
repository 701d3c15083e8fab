//! The rows of the product service.

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, SqlitePool};
use uuid::Uuid;

use super::price::Price;
use crate::database::now;

pub(super) const SCHEMA: &str = "
    ATTACH DATABASE ':memory:' AS product_service;
    CREATE TABLE product_service.products (
        id blob PRIMARY KEY,
        name text NOT NULL,
        description text NOT NULL,
        price real NOT NULL CHECK (price > 0),
        inventory bigint NOT NULL DEFAULT 0,
        created_at text NOT NULL,
        updated_at text NOT NULL
    );
";

#[derive(Serialize, Deserialize)]
pub(super) struct Product {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) price: Price,
    pub(super) inventory: i64,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

pub(super) struct NewProduct<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) price: Price,
    pub(super) inventory: i64,
}

impl FromRow<'_, SqliteRow> for Product {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let price = Price::new(row.try_get("price")?);
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            price: price.ok_or_else(|| sqlx::Error::Decode("the price is not greater than 0".into()))?,
            inventory: row.try_get("inventory")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

pub(super) async fn insert(database: &SqlitePool, new: &NewProduct<'_>) -> Result<Product, sqlx::Error> {
    sqlx::query_as(
        "INSERT INTO product_service.products (id, name, description, price, inventory, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING *",
    )
    .bind(Uuid::new_v4())
    .bind(new.name)
    .bind(new.description)
    .bind(new.price.amount())
    .bind(new.inventory)
    .bind(now())
    .fetch_one(database)
    .await
}

pub(super) async fn find(database: &SqlitePool, id: Uuid) -> Result<Option<Product>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM product_service.products WHERE id = $1").bind(id).fetch_optional(database).await
}

/// All products, oldest first.
pub(super) async fn list(database: &SqlitePool) -> Result<Vec<Product>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM product_service.products ORDER BY created_at, id").fetch_all(database).await
}

/// Sets the stock of a product; `None` when there is no such product (any more).
pub(super) async fn set_inventory(database: &SqlitePool, id: Uuid, inventory: i64) -> Result<Option<Product>, sqlx::Error> {
    sqlx::query_as("UPDATE product_service.products SET inventory = $2, updated_at = $3 WHERE id = $1 RETURNING *")
        .bind(id)
        .bind(inventory)
        .bind(now())
        .fetch_optional(database)
        .await
}
