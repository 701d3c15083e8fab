//! Values that are put together here, in the shapes that services accept: addresses of nobody, numbers with valid check digits.

use super::words;
use crate::random::Stream;
use fake::{
    Dummy, Fake,
    faker::{address::en as address, lorem::en as lorem, name::en as name},
};

/// A value of a faker of the library, without the apostrophes that some names have.
pub(super) fn data<F>(faker: &F, random: &mut Stream) -> String
where
    String: Dummy<F>,
{
    let text: String = faker.fake_with_rng(random);
    text.replace('\'', "")
}

pub(super) fn one_of(random: &mut Stream, items: &[&str]) -> String {
    random.one_of(items).copied().unwrap_or_default().to_owned()
}

pub(super) fn number(random: &mut Stream, low: i64, high: i64) -> String {
    random.int(low..=high).to_string()
}

/// A number from `low` to `high` with so many decimals.
pub(super) fn decimal(random: &mut Stream, low: i64, high: i64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals);
    let value = random.int(low * unit..=high * unit);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) = (value.unsigned_abs() / unit.unsigned_abs(), value.unsigned_abs() % unit.unsigned_abs());
    format!("{sign}{whole}.{fraction:0width$}", width = decimals as usize)
}

pub(super) fn from_alphabet(random: &mut Stream, alphabet: &[u8], length: usize) -> String {
    (0..length).filter_map(|_| random.one_of(alphabet).copied().map(char::from)).collect()
}

pub(super) fn digits(random: &mut Stream, length: usize) -> String {
    from_alphabet(random, b"0123456789", length)
}

/// A name in lower-case letters, for use inside addresses.
fn plain_first_name(random: &mut Stream) -> String {
    data(&name::FirstName(), random).to_ascii_lowercase()
}

/// Some 2⁵⁰ addresses, so that two of a test suite are the same about never.
pub(super) fn email(random: &mut Stream) -> String {
    let first = plain_first_name(random);
    let last = data(&name::LastName(), random).to_ascii_lowercase();
    format!("{first}.{last}{}@example.com", digits(random, 9))
}

pub(super) fn username(random: &mut Stream) -> String {
    format!("{}{}", plain_first_name(random), digits(random, 7))
}

/// Sixteen characters, of every class that a policy may demand.
pub(super) fn password(random: &mut Stream) -> String {
    let upper = from_alphabet(random, b"ABCDEFGHJKLMNPQRSTUVWXYZ", 1);
    let lower = from_alphabet(random, b"abcdefghijkmnopqrstuvwxyz", 1);
    let digit = digits(random, 1);
    let mark = from_alphabet(random, b"!#*-_.", 1);
    format!("{upper}{lower}{}{mark}{}{digit}", random.alphanumeric(6), random.alphanumeric(6))
}

pub(super) fn domain(random: &mut Stream) -> String {
    format!("{}.example.com", slug(random))
}

pub(super) fn url(random: &mut Stream) -> String {
    let host = domain(random);
    format!("https://{host}/{}", slug(random))
}

/// An address of a single host outside the private, loopback and multicast ranges.
pub(super) fn ipv4(random: &mut Stream) -> String {
    let first = random.int(11..=99);
    let [second, third, last] = std::array::from_fn(|_| random.int(1..=254));
    format!("{first}.{second}.{third}.{last}")
}

/// An address of the range that is set aside for documentation.
pub(super) fn ipv6(random: &mut Stream) -> String {
    let low = u128::from_be_bytes(random.bytes()) >> 32;
    std::net::Ipv6Addr::from_bits(0x2001_0db8 << 96 | low).to_string()
}

pub(super) fn slug(random: &mut Stream) -> String {
    let words: [String; 2] = std::array::from_fn(|_| data(&lorem::Word(), random));
    words.join("-")
}

pub(super) fn full_name(random: &mut Stream) -> String {
    let first = data(&name::FirstName(), random);
    format!("{first} {}", data(&name::LastName(), random))
}

/// A number of the North American plan in E.164 form: area and exchange begin with 2 to 9.
pub(super) fn phone(random: &mut Stream) -> String {
    let (area, exchange) = (random.int(2..=9), random.int(2..=9));
    format!("+1{area}{}{exchange}{}", digits(random, 2), digits(random, 6))
}

pub(super) fn street(random: &mut Stream) -> String {
    let building = random.int(1..=9_999);
    format!("{building} {}", data(&address::StreetName(), random))
}

pub(super) fn full_address(random: &mut Stream) -> String {
    let (street, city) = (street(random), data(&address::CityName(), random));
    format!("{street}, {city}, {} {}", data(&address::StateAbbr(), random), digits(random, 5))
}

pub(super) fn words(random: &mut Stream, count: usize) -> String {
    let words: Vec<String> = (0..count).map(|_| data(&lorem::Word(), random)).collect();
    words.join(" ")
}

pub(super) fn sentence(random: &mut Stream) -> String {
    let count = random.int(4..=9);
    let words: Vec<String> = (0..count).map(|_| data(&lorem::Word(), random)).collect();
    let text = words.join(" ");
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    format!("{}{}.", first.map(String::from).unwrap_or_default(), letters.as_str())
}

pub(super) fn sentences(random: &mut Stream, count: usize) -> String {
    let sentences: Vec<String> = (0..count).map(|_| sentence(random)).collect();
    sentences.join(" ")
}

pub(super) fn paragraphs(random: &mut Stream) -> String {
    let paragraphs: [String; 3] = std::array::from_fn(|_| sentences(random, 4));
    paragraphs.join("\n\n")
}

pub(super) fn product(random: &mut Stream) -> String {
    let (adjective, material) = (one_of(random, &words::ADJECTIVES), one_of(random, &words::MATERIALS));
    format!("{adjective} {material} {}", one_of(random, &words::PRODUCTS))
}

pub(super) fn description(random: &mut Stream) -> String {
    let (product, color) = (product(random), one_of(random, &words::COLORS));
    format!("{product} in {color}. {}", sentence(random))
}

pub(super) fn sku(random: &mut Stream) -> String {
    let letters = from_alphabet(random, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3);
    format!("{letters}-{}", digits(random, 8))
}

pub(super) fn ean(random: &mut Stream) -> String {
    with_ean_check(digits(random, 12))
}

/// An ISBN-13 without dashes: an EAN that begins with 978.
pub(super) fn isbn(random: &mut Stream) -> String {
    with_ean_check(format!("978{}", digits(random, 9)))
}

/// Twelve digits and the check digit of EAN-13.
fn with_ean_check(mut digits: String) -> String {
    let weighted = digits.bytes().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    let check = (10 - weighted.sum::<u32>() % 10) % 10;
    digits.extend(char::from_digit(check, 10));
    digits
}

pub(super) fn rgb(random: &mut Stream) -> String {
    let [red, green, blue] = std::array::from_fn(|_| random.int(0..=255));
    format!("rgb({red}, {green}, {blue})")
}

pub(super) fn uuid(random: &mut Stream) -> String {
    random.uuid().to_string()
}

/// A number of sixteen digits that begins as Visa's or Mastercard's do and ends in its Luhn digit.
pub(super) fn card_number(random: &mut Stream) -> String {
    let prefix = one_of(random, &["4", "51", "52", "53", "54", "55"]);
    let body = format!("{prefix}{}", digits(random, 15 - prefix.len()));
    let sum: u32 =
        body.bytes().rev().zip([2, 1].into_iter().cycle()).map(|(digit, weight)| cross_sum(u32::from(digit - b'0') * weight)).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn cross_sum(number: u32) -> u32 {
    number / 10 + number % 10
}

/// A German IBAN: a code of the bank and an account in eighteen digits, and two check digits (ISO 7064, 97-10).
pub(super) fn iban(random: &mut Stream) -> String {
    let account = digits(random, 18);
    // "DE00" goes to the end for the sum, as digits: D is 13, E is 14.
    let rest = format!("{account}131400").bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("DE{:02}{account}", 98 - rest)
}

pub(super) fn file_name(random: &mut Stream) -> String {
    let stem = slug(random);
    format!("{stem}.{}", one_of(random, &words::EXTENSIONS))
}

pub(super) fn file_path(random: &mut Stream) -> String {
    let folder = data(&lorem::Word(), random);
    format!("/home/{folder}/{}", file_name(random))
}

/// A day of which somebody has been of age for long, whatever today is.
pub(super) fn birthday(random: &mut Stream) -> String {
    let (year, month, day) = (random.int(1950..=1999), random.int(1..=12), random.int(1..=28));
    format!("{year}-{month:02}-{day:02}")
}
