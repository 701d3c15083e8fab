//! The kinds there are.

use super::{make, words};
use crate::random::Stream;
use fake::faker::{
    address::en as address, company::en as company, currency::en as currency, filesystem::en as file, finance::en as finance,
    internet::en as internet, job::en as job, lorem::en as lorem, name::en as name,
};
use make::{data, number};

pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What other fakers call it, and what it is called where only one meaning is likely.
    pub(super) aliases: &'static [&'static str],
    pub(super) make: fn(&mut Stream) -> String,
}

impl Kind {
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

const fn kind(name: &'static str, aliases: &'static [&'static str], make: fn(&mut Stream) -> String) -> Kind {
    Kind { name, aliases, make }
}

pub(super) const KINDS: [Kind; 87] = [
    kind("internet.email", &["email", "internet.safe_email", "internet.free_email", "internet.example_email", "person.email"], make::email),
    kind("internet.username", &["username", "internet.user", "person.username", "user.name"], make::username),
    kind("internet.password", &["password", "internet.pass"], make::password),
    kind("internet.url", &["url", "internet.uri"], make::url),
    kind("internet.domain", &["domain", "internet.domain_name", "internet.host", "internet.hostname"], make::domain),
    kind("internet.slug", &["slug", "lorem.slug"], make::slug),
    kind("internet.ipv4", &["ip", "ipv4", "internet.ip", "internet.ip_address", "internet.ipv4_address"], make::ipv4),
    kind("internet.ipv6", &["ipv6", "internet.ipv6_address"], make::ipv6),
    kind("internet.mac", &["mac", "mac_address", "internet.mac_address"], |r| data(&internet::MACAddress(), r)),
    kind("internet.port", &["port"], |r| number(r, 1024, 65_535)),
    kind("internet.user_agent", &["user_agent"], |r| data(&internet::UserAgent(), r)),
    kind("internet.http_method", &["http.method", "http_method"], |r| make::one_of(r, &["GET", "POST", "PUT", "PATCH", "DELETE"])),
    kind("name.first", &["first_name", "name.first_name", "person.first", "person.first_name", "name.given_name"], |r| {
        data(&name::FirstName(), r)
    }),
    kind("name.last", &["last_name", "surname", "name.last_name", "person.last", "person.last_name", "name.family_name"], |r| {
        data(&name::LastName(), r)
    }),
    kind(
        "name.full",
        &["name", "full_name", "name.name", "name.full_name", "person.name", "person.full", "person.full_name"],
        make::full_name,
    ),
    kind("name.prefix", &["name.title", "person.prefix", "person.title"], |r| data(&name::Title(), r)),
    kind("name.suffix", &["person.suffix"], |r| data(&name::Suffix(), r)),
    kind("person.gender", &["gender", "name.gender", "person.sex", "name.sex"], |r| make::one_of(r, &["female", "male"])),
    kind("phone.number", &["phone", "phone_number", "phone.phone_number", "phone.mobile", "phone.cell", "person.phone"], make::phone),
    kind(
        "address.street",
        &["street", "street_address", "address.street_address", "address.line1", "location.street_address"],
        make::street,
    ),
    kind("address.street_name", &["street_name", "location.street", "location.street_name"], |r| data(&address::StreetName(), r)),
    kind("address.building_number", &["building_number", "address.street_number", "location.building_number"], |r| number(r, 1, 9_999)),
    kind("address.secondary", &["address.line2", "address.secondary_address", "location.secondary_address"], |r| {
        data(&address::SecondaryAddress(), r)
    }),
    kind("address.city", &["city", "address.city_name", "location.city"], |r| data(&address::CityName(), r)),
    kind("address.state", &["state", "address.state_name", "location.state"], |r| data(&address::StateName(), r)),
    kind("address.state_abbr", &["state_abbr", "address.state_code", "location.state_abbr"], |r| data(&address::StateAbbr(), r)),
    kind(
        "address.zip",
        &[
            "zip",
            "zip_code",
            "postal_code",
            "postcode",
            "address.zip_code",
            "address.postal_code",
            "address.postcode",
            "location.zip_code",
            "location.zip",
        ],
        |r| make::digits(r, 5),
    ),
    kind("address.country", &["country", "address.country_name", "location.country"], |r| data(&address::CountryName(), r)),
    kind("address.country_code", &["country_code", "location.country_code", "address.country_abbr"], |r| data(&address::CountryCode(), r)),
    kind("address.full", &["address", "address.full_address", "location.full"], make::full_address),
    kind("address.latitude", &["latitude", "location.latitude", "address.lat"], |r| make::decimal(r, -90, 90, 6)),
    kind("address.longitude", &["longitude", "location.longitude", "address.lng", "address.lon"], |r| make::decimal(r, -180, 180, 6)),
    kind("address.time_zone", &["time_zone", "location.time_zone", "date.time_zone"], |r| data(&address::TimeZone(), r)),
    kind("company.name", &["company", "company.company_name", "company_name"], |r| data(&company::CompanyName(), r)),
    kind("company.suffix", &["company.company_suffix"], |r| data(&company::CompanySuffix(), r)),
    kind("company.catch_phrase", &["catch_phrase", "company.slogan"], |r| data(&company::CatchPhrase(), r)),
    kind("company.buzzword", &["hacker.buzzword"], |r| data(&company::Buzzword(), r)),
    kind("company.industry", &["industry"], |r| data(&company::Industry(), r)),
    kind("job.title", &["job", "job_title", "person.job_title", "name.job_title"], |r| data(&job::Title(), r)),
    kind("job.field", &["job.area", "person.job_area", "job.descriptor"], |r| data(&job::Field(), r)),
    kind("job.position", &["job.type", "person.job_type"], |r| data(&job::Position(), r)),
    kind("job.seniority", &["job.level", "person.job_descriptor"], |r| data(&job::Seniority(), r)),
    kind("job.profession", &["profession", "company.profession"], |r| data(&company::Profession(), r)),
    kind("lorem.word", &["word"], |r| data(&lorem::Word(), r)),
    kind("lorem.words", &["words"], |r| make::words(r, 3)),
    kind("lorem.sentence", &["sentence"], make::sentence),
    kind("lorem.sentences", &["sentences"], |r| make::sentences(r, 3)),
    kind("lorem.paragraph", &["paragraph", "lorem.text", "text"], |r| make::sentences(r, 5)),
    kind("lorem.paragraphs", &["paragraphs"], make::paragraphs),
    kind("commerce.product", &["product", "product.name", "product_name", "commerce.product_name"], make::product),
    kind("commerce.description", &["product.description", "product_description", "commerce.product_description"], make::description),
    kind("commerce.adjective", &["commerce.product_adjective"], |r| make::one_of(r, &words::ADJECTIVES)),
    kind("commerce.material", &["commerce.product_material", "product.material"], |r| make::one_of(r, &words::MATERIALS)),
    kind("commerce.department", &["product.category", "commerce.category", "commerce.product_category"], |r| {
        make::one_of(r, &words::DEPARTMENTS)
    }),
    kind("commerce.price", &["price", "product.price", "commerce.amount"], |r| make::decimal(r, 1, 1_000, 2)),
    kind("commerce.sku", &["sku", "product.sku"], make::sku),
    kind("commerce.ean", &["ean", "product.ean", "barcode.ean13", "commerce.barcode"], make::ean),
    kind("commerce.isbn", &["isbn", "barcode.isbn", "barcode.isbn13"], make::isbn),
    kind("color.name", &["color", "color.human", "commerce.color", "colour"], |r| make::one_of(r, &words::COLORS)),
    kind("color.hex", &["hex_color", "color.hex_color", "internet.color"], |r| format!("#{:06x}", r.int(0..=0xFF_FFFF))),
    kind("color.rgb", &["rgb_color", "color.rgb_color"], make::rgb),
    kind("number.int", &["number", "int", "integer", "number.integer", "number.number", "datatype.number"], |r| number(r, 0, 999_999_999)),
    kind("number.float", &["float", "number.decimal", "datatype.float"], |r| make::decimal(r, 0, 1_000, 4)),
    kind("number.digit", &["digit"], |r| make::digits(r, 1)),
    kind("number.percentage", &["percentage", "number.percent"], |r| number(r, 0, 100)),
    kind("uuid", &["string.uuid", "datatype.uuid", "random.uuid", "guid"], make::uuid),
    kind("boolean", &["bool", "datatype.boolean", "random.boolean"], |r| make::one_of(r, &["true", "false"])),
    kind("string.alphanumeric", &["random.alphanumeric", "random.string", "datatype.string"], |r| r.alphanumeric(12)),
    kind("string.letters", &["string.alpha", "random.letters"], |r| make::from_alphabet(r, b"abcdefghijklmnopqrstuvwxyz", 12)),
    kind("string.digits", &["string.numeric", "random.digits"], |r| make::digits(r, 12)),
    kind("string.hex", &["string.hexadecimal", "datatype.hexadecimal"], |r| make::from_alphabet(r, b"0123456789abcdef", 32)),
    kind(
        "credit_card.number",
        &["credit_card", "finance.credit_card_number", "payment.credit_card_number", "credit_card_number"],
        make::card_number,
    ),
    kind("credit_card.cvv", &["cvv", "finance.credit_card_cvv", "credit_card_cvv", "payment.credit_card_cvv"], |r| make::digits(r, 3)),
    kind("credit_card.type", &["finance.credit_card_issuer", "credit_card.issuer", "credit_card_type"], |r| {
        make::one_of(r, &["visa", "mastercard", "amex"])
    }),
    kind("finance.account", &["finance.account_number", "account_number", "bank.account_number"], |r| make::digits(r, 10)),
    kind("finance.iban", &["iban", "bank.iban"], make::iban),
    kind("finance.bic", &["bic", "swift", "finance.swift"], |r| data(&finance::Bic(), r)),
    kind("finance.amount", &["amount"], |r| make::decimal(r, 0, 10_000, 2)),
    kind("currency.code", &["currency", "finance.currency_code", "currency.short"], |r| data(&currency::CurrencyCode(), r)),
    kind("currency.name", &["finance.currency_name", "currency.long"], |r| data(&currency::CurrencyName(), r)),
    kind("currency.symbol", &["finance.currency_symbol"], |r| data(&currency::CurrencySymbol(), r)),
    kind("file.name", &["file", "file_name", "system.file_name"], make::file_name),
    kind("file.extension", &["file_extension", "system.file_ext", "system.file_extension", "file.ext"], |r| {
        make::one_of(r, &words::EXTENSIONS)
    }),
    kind("file.path", &["file_path", "system.file_path"], make::file_path),
    kind("file.mime_type", &["mime_type", "system.mime_type", "file.type"], |r| make::one_of(r, &words::MIME_TYPES)),
    kind("file.version", &["semver", "version", "system.semver", "app.version"], |r| data(&file::SemverStable(), r)),
    kind(
        "date.birthday",
        &["birthday", "birthdate", "date.birthdate", "date_of_birth", "person.birthday", "person.date_of_birth"],
        make::birthday,
    ),
];
