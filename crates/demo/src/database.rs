//! The relational store of a service: an `SQLite` database in memory.
//!
//! Every service opens its own, and attaches it under the name of its schema, so that the SQL of the services reads
//! `user_service.users` as it would over `PostgreSQL`.

use jiff::Timestamp;
use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;

/// Opens an empty database and runs `schema` on it, which attaches and creates the service's tables.
pub(crate) async fn open(schema: &'static str) -> Result<SqlitePool, sqlx::Error> {
    // The data is the connection's: one connection, never retired, and never dropped in a test of whether it still works.
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None).connect("sqlite::memory:").await?;
    sqlx::raw_sql(schema).execute(&pool).await?;
    Ok(pool)
}

/// The time now as rows and answers carry it: RFC 3339 in UTC with always six decimals, whose text order is its time order.
pub(crate) fn now() -> String {
    format!("{:.6}", Timestamp::now())
}
