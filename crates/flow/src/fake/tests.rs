use super::{aliases, fake, kinds, kinds::KINDS};
use crate::random::Seed;
use proptest::prelude::*;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// The shape of each kind, the whole text.
const SHAPES: [(&str, &str); KINDS.len()] = [
    ("internet.email", r"[a-z]+\.[a-z]+\d{9}@example\.com"),
    ("internet.username", r"[a-z]+\d{7}"),
    ("internet.password", r"[A-Z][a-z][A-Za-z0-9]{6}[!#*_.-][A-Za-z0-9]{6}\d"),
    ("internet.url", r"https://[a-z]+-[a-z]+\.example\.com/[a-z]+-[a-z]+"),
    ("internet.domain", r"[a-z]+-[a-z]+\.example\.com"),
    ("internet.slug", "[a-z]+-[a-z]+"),
    ("internet.ipv4", r"\d{2}(\.\d{1,3}){3}"),
    ("internet.ipv6", "2001:db8:[0-9a-f:]+"),
    ("internet.mac", "[0-9A-F]{2}(:[0-9A-F]{2}){5}"),
    ("internet.port", r"\d{4,5}"),
    ("internet.user_agent", ".+"),
    ("internet.http_method", "[A-Z]+"),
    ("name.first", "[A-Z][A-Za-z]+"),
    ("name.last", "[A-Z][A-Za-z]+"),
    ("name.full", "[A-Z][A-Za-z]+ [A-Z][A-Za-z]+"),
    ("name.prefix", r"[A-Z][a-z]+\.?"),
    ("name.suffix", r"[A-Za-z]+\.?"),
    ("person.gender", "female|male"),
    ("phone.number", r"\+1[2-9]\d{2}[2-9]\d{6}"),
    ("address.street", r"[1-9]\d{0,3} [A-Z][A-Za-z]+ [A-Z][A-Za-z]+"),
    ("address.street_name", "[A-Z][A-Za-z]+ [A-Z][A-Za-z]+"),
    ("address.building_number", r"[1-9]\d{0,3}"),
    ("address.secondary", r"(Apt|Suit)\. \d+"),
    ("address.city", "[A-Z][A-Za-z ]+"),
    ("address.state", "[A-Z][A-Za-z ]+"),
    ("address.state_abbr", "[A-Z]{2}"),
    ("address.zip", r"\d{5}"),
    ("address.country", "[A-Z].+"),
    ("address.country_code", "[A-Z]{2}"),
    ("address.full", r"[1-9]\d{0,3} [A-Za-z ]+, [A-Za-z ]+, [A-Z]{2} \d{5}"),
    ("address.latitude", r"-?\d{1,2}\.\d{6}"),
    ("address.longitude", r"-?\d{1,3}\.\d{6}"),
    ("address.time_zone", "[A-Z][A-Za-z]+(/[A-Za-z_]+)*"),
    ("company.name", "[A-Z][A-Za-z ]+"),
    ("company.suffix", "Inc|and Sons|LLC|Group"),
    ("company.catch_phrase", "[A-Z].+"),
    ("company.buzzword", "[A-Z].+"),
    ("company.industry", "[A-Z].+"),
    ("job.title", "[A-Z].+"),
    ("job.field", "[A-Z].+"),
    ("job.position", "[A-Z][a-z]+"),
    ("job.seniority", "[A-Z][a-z]+"),
    ("job.profession", "[a-z].+"),
    ("lorem.word", "[a-z]+"),
    ("lorem.words", "[a-z]+( [a-z]+){2}"),
    ("lorem.sentence", r"[A-Z][a-z]*( [a-z]+){3,8}\."),
    ("lorem.sentences", r"([A-Z][a-z ]+\. ?){3}"),
    ("lorem.paragraph", r"([A-Z][a-z ]+\. ?){5}"),
    ("lorem.paragraphs", r"(([A-Z][a-z ]+\. ?){4}(\n\n)?){3}"),
    ("commerce.product", "[A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+"),
    ("commerce.description", r"[A-Za-z ]+ in [a-z]+\. [A-Z][a-z ]+\."),
    ("commerce.adjective", "[A-Z][a-z]+"),
    ("commerce.material", "[A-Z][a-z]+"),
    ("commerce.department", "[A-Z][a-z]+"),
    ("commerce.price", r"[1-9]\d{0,3}\.\d{2}"),
    ("commerce.sku", r"[A-Z]{3}-\d{8}"),
    ("commerce.ean", r"\d{13}"),
    ("commerce.isbn", r"978\d{10}"),
    ("color.name", "[a-z]+"),
    ("color.hex", "#[0-9a-f]{6}"),
    ("color.rgb", r"rgb\(\d{1,3}, \d{1,3}, \d{1,3}\)"),
    ("number.int", r"\d{1,9}"),
    ("number.float", r"\d{1,4}\.\d{4}"),
    ("number.digit", r"\d"),
    ("number.percentage", r"\d{1,2}|100"),
    ("uuid", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    ("boolean", "true|false"),
    ("string.alphanumeric", "[A-Za-z0-9]{12}"),
    ("string.letters", "[a-z]{12}"),
    ("string.digits", r"\d{12}"),
    ("string.hex", "[0-9a-f]{32}"),
    ("credit_card.number", r"(4\d|5[1-5])\d{14}"),
    ("credit_card.cvv", r"\d{3}"),
    ("credit_card.type", "visa|mastercard|amex"),
    ("finance.account", r"\d{10}"),
    ("finance.iban", r"DE\d{20}"),
    ("finance.bic", "[A-Z]{6}[A-Z0-9]{2,5}"),
    ("finance.amount", r"\d{1,5}\.\d{2}"),
    ("currency.code", "[A-Z]{3}"),
    ("currency.name", "[A-Z].+"),
    ("currency.symbol", ".+"),
    ("file.name", "[a-z]+-[a-z]+\\.[a-z0-9]+"),
    ("file.extension", "[a-z0-9]+"),
    ("file.path", "/home/[a-z]+/[a-z]+-[a-z]+\\.[a-z0-9]+"),
    ("file.mime_type", "[a-z]+/[a-z+-]+[0-9]?"),
    ("file.version", r"\d+\.\d+\.\d+"),
    ("date.birthday", r"19[5-9]\d-\d{2}-\d{2}"),
];

#[test]
fn every_kind_has_its_shape() {
    let shapes = BTreeMap::from(SHAPES);
    for kind in kinds() {
        let shape = Regex::new(&format!(r"\A(?:{})\z", shapes.get(kind).expect(kind))).unwrap();
        for seed in 0..100 {
            let value = fake(kind, Seed::new(seed)).unwrap();
            assert!(shape.is_match(&value), "{kind}: {value:?}");
            assert!(!value.contains(['\'', '"', '\\', '`']), "{kind}: {value:?}");
            assert_eq!(fake(kind, Seed::new(seed)), Some(value));
        }
    }
}

#[test]
fn values_are_fixed_by_kind_and_seed() {
    for (kind, value) in [
        ("internet.email", "jazmin.bruen195037798@example.com"),
        ("internet.username", "eulalia0709849"),
        ("internet.password", "TdYWLG2L!x9XMew5"),
        ("name.full", "Waino Hegmann"),
        ("address.full", "6998 Haley Vista, Lake Rey Collierfort, WA 32696"),
        ("commerce.product", "Classic Marble Lamp"),
        ("lorem.sentence", "Qui perspiciatis aut ut minima."),
        ("uuid", "f84607d7-5fad-4968-969e-8af97473c88e"),
    ] {
        assert_eq!(fake(kind, Seed::new(42)).as_deref(), Some(value));
    }
}

#[test]
fn names_match_however_words_are_joined() {
    let seed = Seed::new(1);
    for (name, kind) in [
        ("INTERNET.EMAIL", "internet.email"),
        ("internet.userName", "internet.username"),
        ("internet.user_name", "internet.username"),
        ("person.firstName", "name.first"),
        ("person.first-name", "name.first"),
        ("name.first_name", "name.first"),
        ("location.zipCode", "address.zip"),
        ("company.catchPhrase", "company.catch_phrase"),
        ("CreditCard.Number", "credit_card.number"),
        ("datatype.uuid", "uuid"),
    ] {
        assert_eq!(fake(name, seed), fake(kind, seed), "{name}");
        assert!(fake(name, seed).is_some(), "{name}");
    }
    for name in ["", ".", "internet", "internet.", "internet.emai", "internetemail", "internet..email"] {
        assert_eq!(fake(name, seed), None, "{name}");
    }
}

#[test]
fn no_name_means_two_kinds() {
    let folded = |name: &str| name.to_ascii_lowercase().replace(['_', '-'], "");
    let mut seen = BTreeSet::new();
    for name in kinds().iter().copied().chain(aliases().map(|(alias, _)| alias)) {
        assert!(seen.insert(folded(name)), "{name}");
    }
    assert!(aliases().all(|(_, kind)| kinds().contains(&kind)));
}

#[test]
fn check_digits_are_right() {
    let digits = |text: &str| text.bytes().map(|byte| u32::from(byte - b'0')).collect::<Vec<_>>();
    for seed in (0..200).map(Seed::new) {
        let card = digits(&fake("credit_card.number", seed).unwrap());
        let luhn: u32 =
            card.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 0 { *digit } else { (digit * 2) % 10 + digit * 2 / 10 }).sum();
        assert_eq!((card.len(), luhn % 10), (16, 0));

        for kind in ["commerce.ean", "commerce.isbn"] {
            let ean = digits(&fake(kind, seed).unwrap());
            assert_eq!(ean.iter().zip([1, 3].iter().cycle()).map(|(digit, weight)| digit * weight).sum::<u32>() % 10, 0);
        }

        let iban = fake("finance.iban", seed).unwrap();
        let turned = format!("{}1314{}", &iban[4..], &iban[2..4]);
        assert_eq!(turned.parse::<u128>().unwrap() % 97, 1, "{iban}");
    }
}

#[test]
fn what_must_be_unique_is() {
    for kind in ["internet.email", "internet.username", "uuid", "internet.password", "string.alphanumeric"] {
        let all: BTreeSet<_> = (0..5_000).map(|seed| fake(kind, Seed::new(seed))).collect();
        assert_eq!(all.len(), 5_000, "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_panics(name in any::<String>(), seed: u64) {
        fake(&name, Seed::new(seed));
    }

    #[test]
    fn no_seed_panics(seed: u64) {
        for kind in kinds() {
            prop_assert!(fake(kind, Seed::new(seed)).is_some_and(|value| !value.is_empty()));
        }
    }
}
