//! The forms of a secret, as other programs would write them: made by encoders that are not ours.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeSet;

/// What a URL's path or query must escape, and no more.
const LITTLE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'&').add(b'+').add(b'/').add(b'?');
/// What `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'!').remove(b'*').remove(b'\'').remove(b'(').remove(b')');

/// Whole texts that hold a secret in some form, for a program to print.
pub(crate) fn written(secret: &str) -> Vec<String> {
    let mut texts = vec![secret.to_owned(), format!("before{secret}after")];
    texts.extend(percent(secret));
    texts.extend(json(secret));
    texts.extend(html(secret));
    texts.extend(hex(secret));
    for padding in ["", "u", "us"] {
        for text in [format!("{padding}{secret}"), format!("{padding}{secret}r"), format!("{padding}{secret}er")] {
            texts.extend([STANDARD.encode(&text), URL_SAFE.encode(&text), STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)]);
        }
    }
    texts
}

/// What must not be found anywhere: each form, of base64 what the secret alone determines.
pub(crate) fn forms(secret: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([secret.to_owned(), secret.trim().to_owned()]);
    forms.extend(percent(secret));
    forms.extend(json(secret));
    // JSON in JSON: a body in a record.
    forms.extend(json(secret).iter().flat_map(|form| json(form)).collect::<Vec<_>>());
    forms.extend(html(secret));
    forms.extend(hex(secret));
    for offset in 0..3 {
        let padded = [&vec![b'.'; offset], secret.as_bytes()].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = engine.encode(&padded);
            let determined = (offset * 8).div_ceil(6)..padded.len() * 8 / 6;
            forms.insert(text[determined].to_owned());
        }
    }
    forms
}

fn percent(secret: &str) -> Vec<String> {
    let sets = [LITTLE, COMPONENT, NON_ALPHANUMERIC];
    let upper = sets.iter().map(|set| utf8_percent_encode(secret, set).to_string());
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    upper.chain([form]).flat_map(|text| [small_hex(&text), text]).collect()
}

/// The same with the small digits of `%2f`.
fn small_hex(text: &str) -> String {
    let mut digits = 0;
    let small = |c: char| {
        let digit = digits > 0;
        digits = if c == '%' { 2 } else { digits.max(1) - 1 };
        if digit { c.to_ascii_lowercase() } else { c }
    };
    text.chars().map(small).collect()
}

fn json(secret: &str) -> Vec<String> {
    let inside = |quoted: String| quoted[1..quoted.len() - 1].to_owned();
    let plain = inside(serde_json::to_string(secret).unwrap());
    let escaped: String = plain.chars().map(|c| if c.is_ascii() { c.to_string() } else { unicode(c) }).collect();
    let slashes = plain.replace('/', "\\/");
    let all: String = secret.chars().map(unicode).collect();
    vec![plain, escaped, slashes, all]
}

fn unicode(c: char) -> String {
    let mut units = [0; 2];
    c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn html(secret: &str) -> Vec<String> {
    let amp = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let numbers: String =
        secret.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("&#{};", u32::from(c)) }).collect();
    vec![amp.replace('"', "&quot;").replace('\'', "&#39;"), amp.replace('"', "&#34;").replace('\'', "&apos;"), amp, numbers]
}

fn hex(secret: &str) -> [String; 2] {
    let digits: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    [digits.to_uppercase(), digits]
}
