//! Keys with a time to live, as Redis would hold them: cached rows, sessions, and locks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use crate::lock::lock;

/// How many keys may gather before the first sweep for expired ones.
const FIRST_SWEEP: usize = 1024;

/// A shared map of keys to text, each until its time is over. Cheap to clone; all clones see the same keys.
#[derive(Clone, Default)]
pub(crate) struct Cache(Arc<Mutex<Entries>>);

/// A key held by nobody else until this is dropped or its time to live is over.
#[must_use = "dropping the lock releases it"]
pub(crate) struct Lock {
    cache: Cache,
    key: String,
    holder: String,
}

#[derive(Default)]
struct Entries {
    map: HashMap<String, Entry>,
    sweep_at: usize,
}

struct Entry {
    value: String,
    expires: Instant,
}

impl Cache {
    pub(crate) fn get(&self, key: &str) -> Option<String> {
        lock(&self.0).live(key).map(str::to_owned)
    }

    pub(crate) fn set(&self, key: String, value: String, time_to_live: Duration) {
        lock(&self.0).set(key, value, time_to_live);
    }

    pub(crate) fn remove(&self, key: &str) {
        lock(&self.0).map.remove(key);
    }

    /// Takes `key` as a lock; `None` while somebody else holds it.
    pub(crate) fn try_lock(&self, key: String, time_to_live: Duration) -> Option<Lock> {
        let holder = Uuid::new_v4().to_string();
        let mut entries = lock(&self.0);
        if entries.live(&key).is_some() {
            return None;
        }
        entries.set(key.clone(), holder.clone(), time_to_live);
        Some(Lock { cache: self.clone(), key, holder })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut entries = lock(&self.cache.0);
        // After its time the lock may be somebody else's, and is theirs to release.
        if entries.live(&self.key) == Some(&self.holder) {
            entries.map.remove(&self.key);
        }
    }
}

impl Entries {
    fn live(&self, key: &str) -> Option<&str> {
        let entry = self.map.get(key)?;
        (Instant::now() < entry.expires).then_some(entry.value.as_str())
    }

    fn set(&mut self, key: String, value: String, time_to_live: Duration) {
        let now = Instant::now();
        if self.map.len() >= self.sweep_at.max(FIRST_SWEEP) {
            self.map.retain(|_, entry| now < entry.expires);
            // Sweeping again only at twice the size keeps the cost of a set constant on average.
            self.sweep_at = self.map.len() * 2;
        }
        self.map.insert(key, Entry { value, expires: now + time_to_live });
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_key_lives_until_its_time_is_over() {
        let cache = Cache::default();
        cache.set("k".into(), "v".into(), SECOND);
        advance(Duration::from_millis(999)).await;
        assert_eq!(cache.get("k").as_deref(), Some("v"));
        advance(Duration::from_millis(1)).await;
        assert_eq!(cache.get("k"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn setting_a_key_again_renews_value_and_time() {
        let cache = Cache::default();
        cache.set("k".into(), "old".into(), SECOND);
        advance(SECOND / 2).await;
        cache.set("k".into(), "new".into(), SECOND);
        advance(SECOND / 2).await;
        assert_eq!(cache.get("k").as_deref(), Some("new"));
        cache.remove("k");
        assert_eq!(cache.get("k"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lock_is_one_holders_until_it_is_dropped_or_expires() {
        let cache = Cache::default();
        let first = cache.try_lock("k".into(), SECOND).unwrap();
        assert!(cache.try_lock("k".into(), SECOND).is_none());
        drop(first);

        let expired = cache.try_lock("k".into(), SECOND).unwrap();
        advance(SECOND).await;
        let _second = cache.try_lock("k".into(), SECOND).unwrap();
        drop(expired);
        assert!(cache.try_lock("k".into(), SECOND).is_none(), "an expired holder released the lock of the next");
    }

    #[tokio::test(start_paused = true)]
    async fn expired_keys_do_not_gather() {
        let cache = Cache::default();
        for round in 0..10 {
            for n in 0..FIRST_SWEEP {
                cache.set(format!("{round}:{n}"), String::new(), SECOND);
            }
            advance(SECOND).await;
        }
        assert!(lock(&cache.0).map.len() <= 2 * FIRST_SWEEP);
    }
}
