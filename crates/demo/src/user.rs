//! The user service: accounts, login without a password, sessions.

mod email;
mod rows;

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::SqlitePool;
use uuid::Uuid;

use self::rows::User;
use crate::bus::Bus;
use crate::cache::Cache;
use crate::http::{Call, Failure, Fields, Id, complete};
use crate::trace::Trace;
use crate::{database, lab};

pub(crate) const NAME: &str = "user-service";

const CACHED: Duration = Duration::from_mins(5);
const SESSION: Duration = Duration::from_hours(24);

const PAGE: &[Call] = &[
    Call { method: "POST", path: "/api/v1/users", does: "creates a user from email and name" },
    Call { method: "GET", path: "/api/v1/users", does: "lists all users" },
    Call { method: "GET", path: "/api/v1/users/:id", does: "shows one user" },
    Call { method: "POST", path: "/api/v1/auth/login", does: "starts a session for an email" },
    Call { method: "GET", path: "/api/v1/auth/verify", does: "tells whose session the Authorization header names" },
];

#[derive(Clone)]
struct Users {
    database: SqlitePool,
    cache: Cache,
    bus: Bus,
}

/// Opens the service's database and gives all it answers.
pub(crate) async fn open(cache: Cache, bus: Bus) -> Result<Router, sqlx::Error> {
    let database = database::open(rows::SCHEMA).await?;
    let users = Users { database: database.clone(), cache, bus };
    let calls = Router::new()
        .route("/api/v1/users", post(create).get(list))
        .route("/api/v1/users/{id}", get(show))
        .route("/api/v1/auth/login", post(login))
        .route("/api/v1/auth/verify", get(verify))
        .with_state(users)
        .merge(lab::calls());
    Ok(complete(NAME, PAGE, database, calls))
}

async fn create(State(users): State<Users>, trace: Trace, fields: Fields) -> Result<(StatusCode, Json<User>), Failure> {
    let email = required_email(&fields)?;
    let name = fields.required_text("name")?;
    let user = rows::insert(&users.database, email, name).await.map_err(email_taken)?;
    users.remember(&user)?;
    users.bus.publish(
        "user.created",
        &trace,
        json!({ "event_type": "user.created", "user_id": user.id, "email": user.email, "name": user.name }),
    );
    Ok((StatusCode::CREATED, Json(user)))
}

async fn list(State(users): State<Users>) -> Result<Json<Value>, Failure> {
    let all = rows::list(&users.database).await?;
    Ok(Json(json!({ "users": all })))
}

async fn show(State(users): State<Users>, Id(id): Id) -> Result<Json<User>, Failure> {
    if let Some(cached) = users.cache.get(&cache_key(id)) {
        return Ok(Json(serde_json::from_str(&cached)?));
    }
    let user = rows::find(&users.database, id).await?.ok_or_else(|| Failure::not_found("user not found"))?;
    users.remember(&user)?;
    Ok(Json(user))
}

async fn login(State(users): State<Users>, trace: Trace, fields: Fields) -> Result<Json<Value>, Failure> {
    let email = required_email(&fields)?;
    let user = rows::find_by_email(&users.database, email).await?.ok_or_else(|| Failure::unauthorized("no user has this email"))?;
    let token = Uuid::new_v4();
    users.cache.set(session_key(&token.to_string()), user.id.to_string(), SESSION);
    users.bus.publish("user.login", &trace, json!({ "event_type": "user.login", "user_id": user.id, "email": user.email }));
    Ok(Json(json!({ "token": token, "user": user })))
}

/// The header is the token itself: `Bearer <token>` is a token nobody was given.
async fn verify(State(users): State<Users>, headers: HeaderMap) -> Result<Json<Value>, Failure> {
    let token = headers
        .get(header::AUTHORIZATION)
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Failure::unauthorized("the Authorization header is required"))?;
    let user_id = token.to_str().ok().and_then(|token| users.cache.get(&session_key(token)));
    Ok(Json(match user_id {
        Some(user_id) => json!({ "valid": true, "user_id": user_id }),
        None => json!({ "valid": false }),
    }))
}

impl Users {
    fn remember(&self, user: &User) -> Result<(), serde_json::Error> {
        self.cache.set(cache_key(user.id), serde_json::to_string(user)?, CACHED);
        Ok(())
    }
}

fn cache_key(id: Uuid) -> String {
    format!("user:{id}")
}

fn session_key(token: &str) -> String {
    format!("session:{token}")
}

fn required_email(fields: &Fields) -> Result<&str, Failure> {
    let text = fields.required_text("email")?;
    if !email::is_valid(text) {
        return Err(Failure::bad_request("email is not a valid address"));
    }
    Ok(text)
}

fn email_taken(error: sqlx::Error) -> Failure {
    match error.as_database_error() {
        Some(cause) if cause.is_unique_violation() => Failure::conflict("email already exists"),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn users() -> Users {
        let database = database::open(rows::SCHEMA).await.unwrap();
        Users { database, cache: Cache::default(), bus: Bus::default() }
    }

    #[tokio::test]
    async fn a_user_is_read_from_the_cache_and_a_miss_refills_it() {
        let users = users().await;
        let user = rows::insert(&users.database, "a@example.com", "A").await.unwrap();
        let show = async || show(State(users.clone()), Id(user.id)).await.unwrap().0.name;

        assert_eq!(show().await, "A");
        sqlx::query("UPDATE user_service.users SET name = 'B'").execute(&users.database).await.unwrap();
        assert_eq!(show().await, "A", "the miss did not fill the cache");
        users.cache.remove(&cache_key(user.id));
        assert_eq!(show().await, "B");
    }
}
