//! Setting the stock of a product, one caller at a time.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::json;

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
    let _lock = products
        .cache
        .try_lock(format!("lock:inventory:{id}"), LOCK)
        .ok_or_else(|| Failure::conflict("the inventory of this product is being updated"))?;
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

fn required_inventory(fields: &Fields) -> Result<i64, Failure> {
    let inventory = fields.whole_number("inventory")?.ok_or_else(|| Failure::bad_request("inventory is required"))?;
    if inventory <= 0 {
        return Err(Failure::bad_request("inventory must be greater than 0"));
    }
    Ok(inventory)
}
