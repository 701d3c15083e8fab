//! Values from random bytes, the same for the same bytes.

/// A version 4 UUID.
pub fn uuid(bytes: [u8; 16]) -> String {
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// An integer from `from` to `to`, both included; `from` when there is none.
pub fn integer(bytes: [u8; 16], from: i64, to: i64) -> i64 {
    let Ok(span) = u128::try_from(i128::from(to) - i128::from(from) + 1) else {
        return from;
    };
    // The span is at most 2⁶⁴, so the product fits; scaling is more even than a remainder.
    let drawn = (u128::from(seed(bytes)) * span) >> 64;
    i64::try_from(i128::from(from).saturating_add_unsigned(drawn)).unwrap_or(from)
}

/// So many letters and digits.
pub fn text(bytes: [u8; 16], length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut state = seed(bytes) ^ second(bytes).rotate_left(32);
    let next = |_| {
        let drawn = (u128::from(split_mix(&mut state)) * ALPHABET.len() as u128) >> 64;
        char::from(ALPHABET[drawn as usize % ALPHABET.len()])
    };
    (0..length).map(next).collect()
}

/// The first half of the bytes as a number.
pub fn seed(bytes: [u8; 16]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = bytes;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn second(bytes: [u8; 16]) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = bytes;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// SplitMix64 (Steele, Lea, Flood 2014): a good stream from any seed.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
