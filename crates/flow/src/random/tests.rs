use super::{NoSeed, Seed};
use proptest::prelude::*;

/// What is drawn from a seed must never change.
#[test]
fn draws_are_fixed_for_ever() {
    let mut stream = Seed::new(1_234_567).stream();
    // The reference output of SplitMix64 for this seed.
    for expected in [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431] {
        assert_eq!(stream.u64(), expected);
    }
    let place = Seed::new(42).derive("setup/0").derive("1").derive("config.body.email");
    let drawn = [
        place.to_string(),
        place.u64().to_string(),
        place.int(0..=999_999_999).to_string(),
        place.int(-5..=5).to_string(),
        place.alphanumeric(12),
        place.uuid().to_string(),
    ];
    assert_eq!(
        drawn,
        ["2296277394635758103", "16586226984307689330", "899141166", "4", "3gCHrR81uDYf", "e62e1d90-8ba8-4772-8764-bd7d027f363c"]
    );
}

#[test]
fn every_place_has_randomness_of_its_own() {
    let root = Seed::new(0);
    let places = [
        root,
        root.derive(""),
        root.derive("a"),
        root.derive("b"),
        root.derive("ab"),
        root.derive("a").derive("b"),
        Seed::new(1).derive("a"),
    ];
    let distinct: std::collections::BTreeSet<_> = places.iter().map(|seed| seed.u64()).collect();
    assert_eq!(distinct.len(), places.len());
}

#[test]
fn seeds_are_written_as_numbers() {
    for text in ["0", "42", "18446744073709551615"] {
        assert_eq!(text.parse::<Seed>().unwrap().to_string(), text);
    }
    for text in ["", "-1", "+1", "1.0", "0x10", "18446744073709551616", "seed", "１"] {
        assert_eq!(text.parse::<Seed>(), Err(NoSeed), "{text}");
    }
}

#[test]
fn integers_are_even() {
    let mut counts = [0_u32; 6];
    let mut stream = Seed::new(7).stream();
    for _ in 0..60_000 {
        counts[usize::try_from(stream.int(1..=6)).unwrap() - 1] += 1;
    }
    assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn draws_keep_their_bounds(seed: u64, a: i64, b: i64, length in 0_usize..64) {
        let seed = Seed::new(seed);
        prop_assert!((a.min(b)..=a.max(b)).contains(&seed.int(a..=b)));
        prop_assert_eq!(seed.int(a..=a), a);
        let text = seed.alphanumeric(length);
        prop_assert!(text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let uuid = seed.uuid();
        prop_assert_eq!((uuid.get_version_num(), uuid.get_variant()), (4, uuid::Variant::RFC4122));
        seed.int(i64::MIN..=i64::MAX);
    }
}
