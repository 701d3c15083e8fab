//! Randomness as a function of a place: no generator is shared, so parallel work draws no race and a seed repeats a run exactly.
//!
//! A [`Seed`] belongs to one place. The seed of a place inside it is *derived* by a name: execution, then step, then attempt, then field. What is
//! drawn from a seed is always the same, so every use derives a seed of its own.
//!
//! The numbers are part of the contract: a seed that a report from years ago names still repeats that run, on every platform. So they rest on two
//! published algorithms and nothing else.
//! * Deriving: the first eight bytes, little-endian, of SHA-256 over the eight bytes of the seed, little-endian, and the bytes of the name.
//!   The first part has a fixed length, so different ways to a place never meet but by chance.
//! * Drawing: the `n`th number of a seed is the `n`th output of `SplitMix64` (Steele, Lea, Flood 2014) that starts from it.

#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};
use std::{convert::Infallible, fmt, ops::RangeInclusive, str::FromStr};
use uuid::Uuid;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The randomness of one place. Written as a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seed(u64);

/// A text that is no seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSeed;

impl Seed {
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The seed of the place `part` inside this one.
    #[must_use]
    pub fn derive(self, part: &str) -> Self {
        Self(first_eight(&Sha256::new().chain_update(self.0.to_le_bytes()).chain_update(part).finalize()))
    }

    /// The numbers of this place, one after the other.
    pub fn stream(self) -> Stream {
        Stream(self.0)
    }

    pub fn u64(self) -> u64 {
        self.stream().u64()
    }

    pub fn bytes(self) -> [u8; 16] {
        self.stream().bytes()
    }

    /// An integer of the range, each as likely as any other. The bounds may stand in either order.
    pub fn int(self, range: RangeInclusive<i64>) -> i64 {
        self.stream().int(range)
    }

    /// A text of so many ASCII letters and digits.
    pub fn alphanumeric(self, length: usize) -> String {
        self.stream().alphanumeric(length)
    }

    /// A UUID of version 4.
    pub fn uuid(self) -> Uuid {
        self.stream().uuid()
    }
}

/// Random bytes of somebody else as a seed: their first eight.
impl From<[u8; 16]> for Seed {
    fn from(bytes: [u8; 16]) -> Self {
        Self(first_eight(&bytes))
    }
}

/// The number that the first eight bytes are, little-endian.
fn first_eight(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

impl fmt::Display for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Seed {
    type Err = NoSeed;

    fn from_str(text: &str) -> Result<Self, NoSeed> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| digits).map(Self).ok_or(NoSeed)
    }
}

impl fmt::Display for NoSeed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a seed is a whole number from 0 to {}", u64::MAX)
    }
}

impl std::error::Error for NoSeed {}

/// The numbers of one seed, in order: `SplitMix64`.
#[derive(Clone, Debug)]
pub struct Stream(u64);

impl Stream {
    pub fn u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// An integer of the range, each as likely as any other. The bounds may stand in either order.
    pub fn int(&mut self, range: RangeInclusive<i64>) -> i64 {
        let (low, high) = (*range.start().min(range.end()), *range.start().max(range.end()));
        let offset = self.up_to(high.abs_diff(low));
        low.wrapping_add_unsigned(offset)
    }

    /// A text of so many ASCII letters and digits.
    pub fn alphanumeric(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.one_of(ALPHANUMERIC).unwrap_or(&b'0'))).collect()
    }

    /// Two numbers, big-endian.
    pub fn bytes(&mut self) -> [u8; 16] {
        let (high, low) = (u128::from(self.u64()), u128::from(self.u64()));
        (high << 64 | low).to_be_bytes()
    }

    /// A UUID of version 4.
    pub fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// One of the items; `None` when there are none.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let last = (items.len() as u64).checked_sub(1)?;
        items.get(usize::try_from(self.up_to(last)).ok()?)
    }

    /// A number from 0 to `last`. The top bits of a draw choose it; draws that would make some numbers likelier are drawn again (Lemire 2019).
    fn up_to(&mut self, last: u64) -> u64 {
        let Some(count) = last.checked_add(1) else { return self.u64() };
        let unfair = count.wrapping_neg() % count;
        loop {
            let product = u128::from(self.u64()) * u128::from(count);
            if product as u64 >= unfair {
                return (product >> 64) as u64;
            }
        }
    }
}

impl rand::TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            for (byte, random) in chunk.iter_mut().zip(self.u64().to_le_bytes()) {
                *byte = random;
            }
        }
        Ok(())
    }
}
