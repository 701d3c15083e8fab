//! Setting the stock of a product, one caller at a time.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::json;
use uuid::Uuid;

use super::rows::{self, Product};
use super::{Products, cache_key, not_found};
use crate::http::{Failure, Fields, Id};
use crate::trace::Trace;

/// After this long a lock is free again, should its holder never release it.
const LOCK: Duration = Duration::from_secs(5);

/// How long an update holds its lock at least, so that two callers at once do meet.
const UPDATE: Duration = Duration::from_millis(100);

pub(super) async fn set(State(products): State<Products>, Id(id): Id, trace: Trace, fields: Fields) -> Result<Json<Product>, Failure> {
    let inventory = required_inventory(&fields)?;
    let _lock =
        products.cache.try_lock(lock_key(id), LOCK).ok_or_else(|| Failure::conflict("the inventory of this product is being updated"))?;
    tokio::time::sleep(UPDATE).await;

    let old = products.get(id).await?;
    let new = rows::set_inventory(&products.database, id, inventory).await?.ok_or_else(not_found)?;
    products.cache.remove(&cache_key(id));
    products.bus.publish(
        "product.inventory.changed",
        &trace,
        json!({
            "event_type": "product.inventory.changed",
            "product_id": id,
            "old_inventory": old.inventory,
            "new_inventory": new.inventory,
        }),
    );
    Ok(Json(new))
}

fn lock_key(id: Uuid) -> String {
    format!("lock:inventory:{id}")
}

fn required_inventory(fields: &Fields) -> Result<i64, Failure> {
    let inventory = fields.whole_number("inventory")?.ok_or_else(|| Failure::bad_request("inventory is required"))?;
    if inventory <= 0 {
        return Err(Failure::bad_request("inventory must be greater than 0"));
    }
    Ok(inventory)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::response::IntoResponse;

    use super::*;

    #[tokio::test]
    async fn an_update_waits_for_nobody_who_holds_the_lock() {
        let (products, product) = Products::with_one().await;
        let set = async || {
            let fields = Fields::from([("inventory", json!(7))]);
            set(State(products.clone()), Id(product.id), Trace::root(), fields).await.into_response().status()
        };

        let held = products.cache.try_lock(lock_key(product.id), LOCK);
        assert_eq!(set().await, StatusCode::CONFLICT);
        drop(held);
        assert_eq!(set().await, StatusCode::OK);
        assert_eq!(set().await, StatusCode::OK, "the update before did not release its lock");
        assert_eq!(products.bus.messages("product.inventory.changed").len(), 2);
    }
}
