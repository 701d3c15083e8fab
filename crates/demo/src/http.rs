//! What every service of the shop answers alike: its health, its metrics, a page about itself, and errors.

mod failure;
mod fields;
mod id;
mod metrics;

use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::SqlitePool;

pub(crate) use failure::Failure;
pub(crate) use fields::Fields;
pub(crate) use id::Id;
use metrics::Metrics;

/// One line of a service's page: a call and what it does.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) does: &'static str,
}

/// Adds to the calls of a service what every service has, and measures all of them.
pub(crate) fn complete(service: &'static str, page: &'static [Call], database: SqlitePool, calls: Router) -> Router {
    let metrics = Metrics::new(service);
    let shown = metrics.clone();
    calls
        .route("/", get(async move || render_page(service, page)))
        .route("/health", get(health).with_state((service, database)))
        .route("/metrics", get(async move || shown.render()))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn_with_state(metrics, metrics::measure))
}

async fn health(State((service, database)): State<(&'static str, SqlitePool)>) -> (StatusCode, Json<Value>) {
    let (code, status, database) = match sqlx::query("SELECT 1").execute(&database).await {
        Ok(_) => (StatusCode::OK, "healthy", "up"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy", "down"),
    };
    (code, Json(json!({ "status": status, "service": service, "database": database })))
}

async fn unknown() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "404 page not found")
}

/// The texts are the shop's own and hold nothing that HTML would take for markup.
fn render_page(service: &str, calls: &[Call]) -> Html<String> {
    let rows: Vec<_> = calls
        .iter()
        .map(|Call { method, path, does }| format!("<tr><td>{method}</td><td><code>{path}</code></td><td>{does}</td></tr>\n"))
        .collect();
    let rows = rows.concat();
    Html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{service}</title></head>\n<body>\n\
         <h1>{service}</h1>\n<p>Part of the demo shop.</p>\n\
         <table id=\"calls\">\n<thead><tr><th>Method</th><th>Path</th><th>What it does</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</body>\n</html>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn health_tells_when_the_database_is_gone() {
        let database = crate::database::open("").await.unwrap();
        let state = || State(("user-service", database.clone()));
        assert_eq!(health(state()).await.0, StatusCode::OK);

        database.close().await;
        let (status, Json(body)) = health(state()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body, json!({ "status": "unhealthy", "service": "user-service", "database": "down" }));
    }
}
