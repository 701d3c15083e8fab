//! What holds for every secret, every encoder and every text around it.
//!
//! The encoders are those of the crates that others use, so that the forms are not our own idea of
//! them. Whether a form is hidden is read off [`Masker::mask_in_place`], which tells what became of
//! each byte. The cases are the same in each run; `PROPTEST_CASES` asks for more of them.

#![expect(clippy::unwrap_used, clippy::format_collect, reason = "the encoders here are short rather than fast, and part of the tests")]

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use testmesh_events::Masker;

// ---------------------------------------------------------------------------------------------
// Secrets and texts

/// Characters that escaping is about, and those that escapes are made of.
fn character() -> impl Strategy<Value = char> {
    let special: Vec<char> = "\"'\\/<>&%+ -_.~!()=;:@#?$,{}\n\r\t\u{8}\u{c}\u{1}\u{7f}".chars().collect();
    let of_escapes: Vec<char> = "nrtbfuxX0123456789abcdefABCDEF".chars().collect();
    prop_oneof![
        3 => select(special),
        3 => select(of_escapes),
        2 => prop::char::range('a', 'z'),
        2 => any::<char>(),
    ]
    // A secret with stars may come out of masking another one.
    .prop_filter("no stars", |&c| c != '*')
}

fn secret() -> impl Strategy<Value = String> {
    vec(character(), 4..24).prop_map(String::from_iter)
}

/// Texts that end, or begin, in the middle of an escape more often than not.
fn surrounding() -> impl Strategy<Value = String> {
    let escapes = ["%", "%4", "%25", "\\", "\\\\", "\\u", "\\u00", "\\ud83d", "&", "&#", "&#x", "&amp", "&am", "+", "\n"];
    let piece = prop_oneof![
        2 => select(escapes.to_vec()).prop_map(str::to_owned),
        2 => character().prop_map(String::from),
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Checks that nothing of `form` can be read in the masked text.
fn check_hidden(masker: &Masker, text: &str, form: Range<usize>) -> Result<(), TestCaseError> {
    let masked = masker.mask_in_place(text);
    let rest = &masked.as_bytes()[form.clone()];
    let hidden = rest.iter().all(|byte| matches!(byte, b'*' | b' ' | b'\n' | b'\r'));
    prop_assert!(hidden, "{:?} in {text:?} became {:?}", &text[form.clone()], String::from_utf8_lossy(rest));
    prop_assert!(!masker.mask(text).contains(&text[form]));
    Ok(())
}

// ---------------------------------------------------------------------------------------------
// Encoders

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const URI_COMPONENT: &AsciiSet = &UNRESERVED.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b' ');
const PATH: &AsciiSet = &URI_COMPONENT.remove(b'/').remove(b':').remove(b'@').remove(b'&').remove(b'=').remove(b'+').remove(b'$');
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'%');

fn percent(secret: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(secret, set).to_string()
}

/// With the hex digits of escapes in lower case.
fn lower(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| format!("{done}%{}{}", part[..2].to_lowercase(), &part[2..]))
}

fn json(secret: &str) -> String {
    let quoted = serde_json::to_string(secret).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

/// `\u` escapes for the characters that `escaped` picks, and JSON's own for the rest.
fn json_unicode(secret: &str, escaped: impl Fn(char) -> bool, upper: bool) -> String {
    let mut out = String::new();
    for c in secret.chars() {
        if escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                if upper { write!(out, "\\u{unit:04X}") } else { write!(out, "\\u{unit:04x}") }.unwrap();
            }
        } else {
            out += &json(&c.to_string());
        }
    }
    out
}

fn xml(secret: &str, escape: impl Fn(char) -> String) -> String {
    let keep = |c: char| c.is_ascii() && !c.is_ascii_control() && !"<>&\"'".contains(c);
    secret.chars().map(|c| if keep(c) { c.to_string() } else { escape(c) }).collect()
}

fn named(c: char) -> String {
    match c {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&apos;".to_owned(),
        'é' => "&eacute;".to_owned(),
        c => c.to_string(),
    }
}

fn hex(secret: &str) -> String {
    secret.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Every form of a secret that stands by itself.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let form = percent(secret, FORM).replace(' ', "+");
    vec![
        ("as is", secret.to_owned()),
        ("percent, unreserved only", percent(secret, UNRESERVED)),
        ("percent, all but alphanumeric", percent(secret, NON_ALPHANUMERIC)),
        ("percent, URI component", percent(secret, URI_COMPONENT)),
        ("percent, path", percent(secret, PATH)),
        ("percent, query", percent(secret, QUERY)),
        ("percent, lower case", lower(&percent(secret, UNRESERVED))),
        ("percent, everything", secret.bytes().map(|byte| format!("%{byte:02X}")).collect()),
        ("form, lower case", lower(&form)),
        ("form", form),
        ("JSON", json(secret)),
        ("JSON, slashes", json(secret).replace('/', "\\/")),
        ("JSON, ASCII", json_unicode(secret, |c| !c.is_ascii(), false)),
        ("JSON, safe in HTML", json_unicode(secret, |c| "<>&'\u{2028}".contains(c), true)),
        ("JSON, everything", json_unicode(secret, |_| true, false)),
        ("JSON, everything, upper case", json_unicode(secret, |_| true, true)),
        ("XML, named", xml(secret, named)),
        ("XML, decimal", xml(secret, |c| format!("&#{};", u32::from(c)))),
        ("XML, decimal with zeros", xml(secret, |c| format!("&#{:03};", u32::from(c)))),
        ("XML, hex", xml(secret, |c| format!("&#x{:x};", u32::from(c)))),
        ("XML, hex, upper case", xml(secret, |c| format!("&#x{:X};", u32::from(c)))),
        ("hex", hex(secret)),
        ("hex, upper case", hex(secret).to_uppercase()),
        ("base64", STANDARD.encode(secret)),
        ("base64, unpadded", STANDARD_NO_PAD.encode(secret)),
        ("base64url", URL_SAFE.encode(secret)),
        ("base64url, unpadded", URL_SAFE_NO_PAD.encode(secret)),
        ("base64 in a form", percent(&STANDARD.encode(secret), FORM)),
    ]
}

/// What becomes of a secret that is escaped, and escaped again with what is around it.
fn escaped_twice(secret: &str) -> Vec<String> {
    vec![
        percent(&percent(secret, UNRESERVED), UNRESERVED),
        percent(&percent(secret, UNRESERVED), FORM),
        percent(&json(secret), UNRESERVED),
        percent(&json(secret), FORM).replace(' ', "+"),
        json(&json(secret)),
        json_unicode(&xml(secret, named), |c| c == '&', false),
        xml(&json(secret), named),
        xml(&xml(secret, named), named),
    ]
}

// ---------------------------------------------------------------------------------------------
// Texts that hold forms, and pieces of forms

fn text_with(secrets: &[String]) -> impl Strategy<Value = String> + use<> {
    let forms: Vec<String> = secrets.iter().flat_map(|it| forms(it)).map(|(_, form)| form).collect();
    let part = (select(forms), any::<prop::sample::Index>(), any::<bool>()).prop_map(|(form, cut, whole)| {
        let ends: Vec<usize> = form.char_indices().map(|(at, _)| at).collect();
        if whole { form } else { form[..ends[cut.index(ends.len())]].to_owned() }
    });
    vec(prop_oneof![2 => part, 1 => surrounding()], 0..6).prop_map(|parts| parts.concat())
}

fn secrets_and_text() -> impl Strategy<Value = (Vec<String>, String)> {
    // Few letters make secrets that overlap each other and themselves.
    let repetitive = vec(select(vec!['a', 'b', '1', '4', '%', '\\']), 4..9).prop_map(String::from_iter);
    vec(prop_oneof![secret(), repetitive], 1..4).prop_flat_map(|secrets| {
        let text = text_with(&secrets);
        (Just(secrets), text)
    })
}

fn masker(secrets: &[String]) -> Masker {
    Masker::new(secrets.iter().map(String::as_str))
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(8),
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_form_can_be_read(secret in secret(), before in surrounding(), after in surrounding()) {
        let masker = Masker::new([secret.as_str()]);
        for (_, form) in forms(&secret) {
            let text = format!("{before}{form}{after}");
            check_hidden(&masker, &text, before.len()..before.len() + form.len())?;
        }
    }

    /// A secret that holds what reads as an escape itself is left out: then it cannot be told which
    /// of the escapes were added.
    #[test]
    fn no_form_can_be_read_when_it_is_escaped_twice(
        secret in secret().prop_filter("no escapes", |it| !it.contains(['%', '\\', '&'])),
    ) {
        let masker = Masker::new([secret.as_str()]);
        for form in escaped_twice(&secret) {
            check_hidden(&masker, &form, 0..form.len())?;
        }
    }

    #[test]
    fn no_base64_can_be_read_at_any_offset(
        secret in secret(),
        before in vec(any::<u8>(), 0..7),
        after in vec(any::<u8>(), 0..7),
        width in 4_usize..80,
    ) {
        let masker = Masker::new([secret.as_str()]);
        let around = |before: &[u8], after: &[u8]| [before, secret.as_bytes(), after].concat();
        let filled = |byte| around(&vec![byte; before.len()], &vec![byte; after.len()]);
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            let text = engine.encode(around(&before, &after));
            // Characters that do not change with the neighbours are the secret's.
            let (zeros, ones) = (engine.encode(filled(0)), engine.encode(filled(0xff)));
            let own = |&at: &usize| zeros.as_bytes()[at] == ones.as_bytes()[at];
            let first = (0..text.len()).find(own).unwrap();
            let last = (0..text.len()).rev().find(|at| own(at) && text.as_bytes()[*at] != b'=').unwrap();
            check_hidden(&masker, &text, first..last + 1)?;

            let line_breaks = |end: usize| 2 * (end / width);
            let lines: Vec<&[u8]> = text.as_bytes().chunks(width).collect();
            let wrapped = String::from_utf8(lines.join(&b"\r\n"[..])).unwrap();
            check_hidden(&masker, &wrapped, first + line_breaks(first)..last + line_breaks(last) + 1)?;
        }
    }

    #[test]
    fn any_mix_of_bytes_and_escapes_is_a_form(secret in secret(), choices in vec(0..3, 24 * 4)) {
        let masker = Masker::new([secret.as_str()]);
        let mut mixed = String::new();
        let mut choices = choices.iter().cycle();
        for c in secret.chars() {
            let bytes = c.to_string().into_bytes();
            match choices.next() {
                Some(0) if c != '%' && c != '+' => mixed.push(c),
                Some(1) => mixed += &percent_encode(&bytes, NON_ALPHANUMERIC).to_string(),
                _ => mixed.extend(bytes.iter().map(|byte| format!("%{byte:02x}"))),
            }
        }
        check_hidden(&masker, &mixed, 0..mixed.len())?;
    }

    #[test]
    fn a_stream_masks_as_the_whole((secrets, text) in secrets_and_text(), cuts in vec(1_usize..9, 1..20)) {
        let masker = masker(&secrets);
        let whole = masker.mask(&text);

        let mut stream = masker.stream();
        let mut bytes = text.as_bytes();
        let mut pieces = String::new();
        for cut in cuts.iter().cycle() {
            let (chunk, rest) = bytes.split_at(bytes.len().min(*cut));
            let piece = stream.push(chunk);
            pieces += &String::from_utf8(piece).map_err(|cut| TestCaseError::fail(cut.to_string()))?;
            bytes = rest;
            if bytes.is_empty() {
                break;
            }
        }
        pieces += &stream.finish_str();
        prop_assert_eq!(&pieces, &whole, "{:?} in {:?}", secrets, text);
        prop_assert_eq!(masker.matches(&text), matches!(whole, Cow::Owned(_)));
        prop_assert_eq!(masker.mask_bytes(text.as_bytes()).into_owned(), whole.as_bytes());
    }

    #[test]
    fn masking_in_place_moves_nothing((secrets, text) in secrets_and_text()) {
        let masked = masker(&secrets).mask_in_place(&text);
        prop_assert_eq!(masked.len(), text.len());
        for (old, new) in text.bytes().zip(masked.bytes()) {
            let is_break = |byte| matches!(byte, b'\n' | b'\r');
            prop_assert!(old == new || (matches!(new, b'*' | b' ') && !is_break(old)));
        }
    }

    #[test]
    fn other_text_comes_back_untouched(
        secrets in vec("[a-zA-Z0-9]{4,12}", 1..4),
        // No letter and no digit, so neither a form nor an escape that stands for one.
        text in "[^a-zA-Z0-9]{0,40}",
    ) {
        let masker = masker(&secrets);
        prop_assert!(matches!(masker.mask(&text), Cow::Borrowed(it) if it == text));
        prop_assert!(matches!(masker.mask_in_place(&text), Cow::Borrowed(it) if it == text));
        prop_assert!(matches!(masker.mask_bytes(text.as_bytes()), Cow::Borrowed(it) if it == text.as_bytes()));
        prop_assert!(!masker.matches(&text));
    }

    #[test]
    fn binary_goes_through(secret in secret(), bytes in vec(any::<u8>(), 0..60), cut in 0_usize..60) {
        let masker = Masker::new([secret.as_str()]);
        let text = [&bytes, secret.as_bytes(), &bytes].concat();
        let masked = masker.mask_bytes(&text);
        prop_assert!(!masked.windows(secret.len()).any(|window| window == secret.as_bytes()));

        let mut stream = masker.stream();
        let (one, two) = text.split_at(cut.min(text.len()));
        let pieces = [stream.push(one), stream.push(two), stream.finish()];
        prop_assert_eq!(pieces.concat(), masked.into_owned());
    }
}
