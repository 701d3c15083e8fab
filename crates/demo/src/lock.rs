//! Locking the maps in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex` even when a thread died holding it: every holder leaves the map whole between two of its own calls, so
/// what is inside is still worth serving.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
