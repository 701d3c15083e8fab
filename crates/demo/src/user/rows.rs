//! The rows of the user service.

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, SqlitePool};
use uuid::Uuid;

use crate::database::now;

pub(super) const SCHEMA: &str = "
    ATTACH DATABASE ':memory:' AS user_service;
    CREATE TABLE user_service.users (
        id blob PRIMARY KEY,
        email text UNIQUE NOT NULL,
        name text NOT NULL,
        created_at text NOT NULL,
        updated_at text NOT NULL
    );
";

#[derive(Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

impl FromRow<'_, SqliteRow> for User {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            email: row.try_get("email")?,
            name: row.try_get("name")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// Inserts a new user; a unique violation when the email is taken.
pub(super) async fn insert(database: &SqlitePool, email: &str, name: &str) -> Result<User, sqlx::Error> {
    sqlx::query_as(
        "INSERT INTO user_service.users (id, email, name, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $4) RETURNING *",
    )
    .bind(Uuid::new_v4())
    .bind(email)
    .bind(name)
    .bind(now())
    .fetch_one(database)
    .await
}

pub(super) async fn find(database: &SqlitePool, id: Uuid) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM user_service.users WHERE id = $1").bind(id).fetch_optional(database).await
}

pub(super) async fn find_by_email(database: &SqlitePool, email: &str) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM user_service.users WHERE email = $1").bind(email).fetch_optional(database).await
}

/// All users, oldest first.
pub(super) async fn list(database: &SqlitePool) -> Result<Vec<User>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM user_service.users ORDER BY created_at, id").fetch_all(database).await
}
