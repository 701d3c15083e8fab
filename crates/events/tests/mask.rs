//! What is masked, by example: secrets and a text give a masked text.

use std::borrow::Cow;

use testmesh_events::Masker;

#[track_caller]
fn check(secrets: &[&str], text: &str, expected: &str) {
    let masker = Masker::new(secrets.iter().copied());
    assert_eq!(masker.mask(text), expected, "{secrets:?} in {text:?}");
    assert_eq!(masker.matches(text), text != expected, "{secrets:?} in {text:?}");
    assert_eq!(masker.mask_bytes(text.as_bytes()), expected.as_bytes());

    let mut stream = masker.stream();
    let pieces: String = text.chars().map(|c| stream.push_str(&c.to_string())).collect();
    assert_eq!(pieces + &stream.finish_str(), expected, "streamed: {secrets:?} in {text:?}");
}

fn check_all(secret: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        check(&[secret], text, expected);
    }
}

#[test]
fn as_is() {
    check_all(
        "s3cret",
        &[
            ("", ""),
            ("nothing here", "nothing here"),
            ("s3cret", "***"),
            ("<s3cret>", "<***>"),
            ("s3crets3cret", "******"),
            ("s3cre s3cret 3cret", "s3cre *** 3cret"),
            ("ünïs3cretcödé", "ünï***cödé"),
        ],
    );
    check_all("pä$$ wörd", &[("a pä$$ wörd b", "a *** b"), ("pä$$ word", "pä$$ word")]);
}

#[test]
fn percent_and_form_encoded() {
    check_all(
        "p@ss/w +é!",
        &[
            ("k=p%40ss%2Fw%20%2B%C3%A9%21&x", "k=***&x"),
            ("k=p%40ss%2fw%20%2b%c3%a9!&x", "k=***&x"),
            ("k=p%40ss%2Fw+%2B%C3%A9%21&x", "k=***&x"),
            ("k=p@ss/w%20+%C3%A9!&x", "k=***&x"),
            ("k=p@ss/w%20+é!&x", "k=***&x"),
            ("%70%40%73%73%2F%77%20%2B%C3%A9%21", "***"),
            ("k=p%40ss%2Fw%20%2B%C3%A8%21&x", "k=p%40ss%2Fw%20%2B%C3%A8%21&x"),
            ("100%p%40ss%2Fw%20%2B%C3%A9%21", "100%***"),
        ],
    );
    // A URL parser leaves `%` alone, and escapes the rest.
    check_all("10%20 é", &[("?q=10%20%20%C3%A9", "?q=***"), ("?q=10%2520%20%C3%A9", "?q=***")]);
    // The text before ends in what reads as an escape with the first characters of the form.
    check_all("41 st", &[("100%41%20st", "100%***"), ("100%441%20st", "100%4***")]);
}

#[test]
fn json_escaped() {
    check_all(
        "a\"b\\c/d\né😀\u{1}",
        &[
            (r#"{"k":"a\"b\\c/d\né😀\u0001"}"#, r#"{"k":"***"}"#),
            (r#"{"k":"a\"b\\c\/d\n\u00e9\ud83d\ude00\u0001"}"#, r#"{"k":"***"}"#),
            (r#"{"k":"a\u0022b\u005Cc\u002Fd\u000A\u00E9\uD83D\uDE00\u0001"}"#, r#"{"k":"***"}"#),
            (r#""\u0061\"b\\c/d\né😀\u0001""#, r#""***""#),
            (r#""\ud83da\"b\\c/d\né😀\u0001""#, r#""\ud83d***""#),
            (r#""a\"b\\c/d\né\ud83d\u0001""#, r#""a\"b\\c/d\né\ud83d\u0001""#),
        ],
    );
    check_all(r"\nab", &[(r#""\\nab""#, r#""***""#), (r"\\\nab", r"\***")]);
    check_all("nab\"c", &[(r#"C:\nab\"c"#, r"C:\***")]);
    check_all("\nab\"c", &[(r#"C:\\nab\"c"#, r"C:***")]);
}

#[test]
fn html_and_xml_escaped() {
    check_all(
        r#"<a&b>"'é"#,
        &[
            ("v=&lt;a&amp;b&gt;&quot;&apos;é;", "v=***;"),
            ("v=&lt;a&amp;b&gt;&#34;&#39;&eacute;;", "v=***;"),
            ("v=&#60;a&#38;b&#062;&#034;&#039;&#233;;", "v=***;"),
            ("v=&#x3C;a&#x26;b&#x3e;&#X22;&#x27;&#xe9;;", "v=***;"),
            ("v=&LT;a&AMP;b>\"'é;", "v=***;"),
            ("v=&lt;a&b&gt;&quot;&apos;è;", "v=&lt;a&b&gt;&quot;&apos;è;"),
        ],
    );
}

#[test]
fn hex_and_base64() {
    check_all(
        "s3cret??~~",
        &[
            ("x7333637265743f3f7e7ex", "x***x"),
            ("7333637265743F3F7E7E", "***"),
            ("czNjcmV0Pz9+fg==", "***"),
            ("czNjcmV0Pz9-fg", "***"),
            ("k=czNjcmV0Pz9%2bfg%3D%3D", "k=***"),
            ("Basic dXNlcjpzM2NyZXQ/P35+", "Basic dXNlcjp***"),
            ("Basic dXNlcjpzM2NyZXQ_P35-", "Basic dXNlcjp***"),
            // Between neighbours, whose bits the characters at the border share.
            ("eHhzM2NyZXQ/P35+eQ==", "eHh***eQ=="),
            ("eHMzY3JldD8/fn55eQ==", "eH***55eQ=="),
            ("eHh4czNjcmV0Pz9+fnl5", "eHh4***nl5"),
            // Wrapped into lines, plainly or inside of JSON; and in a hex dump.
            ("eHh4\r\nczNjcm\r\nV0Pz9+\r\nfg==\r\n", "eHh4\r\n***\r\n"),
            (r#""eHh4\nczNjcm\nV0Pz9+\nfg==\n""#, r#""eHh4\n***\n""#),
            ("7333637265\n743f3f7e7e\n", "***\n"),
        ],
    );
    // The shortest secret has a core of four or five characters at each offset.
    check_all("ab~?", &[("YWJ+Pw==", "***"), ("eGFifj8=", "eG***"), ("eHhhYn4/", "eHh***")]);
}

#[test]
fn escaped_twice() {
    check_all(
        r#"a "b/c&d"#,
        &[
            (r#"{"s":"{\"k\":\"a \\\"b\/c&d\"}"}"#, r#"{"s":"{\"k\":\"***\"}"}"#),
            ("payload=%7B%22k%22%3A%22a+%5C%22b%2Fc%26d%22%7D", "payload=%7B%22k%22%3A%22***%22%7D"),
            ("next=a%2520%2522b%252Fc%2526d", "next=***"),
            (r"a \u0026quot;b/c\u0026amp;d", "***"),
            (r"data='a \&quot;b/c&amp;d'", "data='***'"),
        ],
    );
    // Packed inside of JSON, as the payload of a token is.
    check_all("ab\"cd", &[("eyJrIjoiYWJcImNkIn0", "eyJrIjoi***In0")]);
}

#[test]
fn several_lines() {
    let pem = "-----BEGIN KEY-----\nMIIB+\nAQAB\n-----END KEY-----\n";
    check_all(
        pem,
        &[
            (pem, "***"),
            (&pem.replace('\n', "\r\n"), "***"),
            (pem.trim(), "***"),
            (&serde_json::Value::from(pem).to_string(), "\"***\""),
            (&pem.trim().replace('\n', r"\r\n"), "***"),
            (&pem.replace('+', "%2B").replace(' ', "+").replace('\n', "%0D%0A"), "***"),
            ("MIIB+\nAQAB\n", "MIIB+\nAQAB\n"),
        ],
    );
    check_all("ab\r\ncd", &[("ab\ncd", "***"), ("ab\r\ncd", "***"), ("ab cd", "ab cd")]);
}

#[test]
fn secrets_that_overlap_leave_no_fragment() {
    let cases: &[(&[&str], &str, &str)] = &[
        (&["pass", "password"], "my password, my pass", "my ***, my ***"),
        (&["password", "pass"], "my password, my pass", "my ***, my ***"),
        (&["word", "password"], "password word", "*** ***"),
        (&["sswo", "password"], "password", "***"),
        (&["abcdef", "defghi"], "abcdefghi", "***"),
        (&["abcdef", "def%20hi"], "abcdef%20hi", "***"),
        (&["aaaa"], "aaaaaa a", "*** a"),
        (&["word", "p@ssword1"], "p%40ssword1 word", "*** ***"),
        (&["abcd", "bcde\"f"], r#"abcde\"f"#, "***"),
    ];
    for (secrets, text, expected) in cases {
        check(secrets, text, expected);
    }
}

#[test]
fn a_secret_that_looks_like_a_mask_is_masked_once() {
    let cases: &[(&[&str], &str, &str)] = &[
        (&["****"], "a****b", "a***b"),
        (&["****"], "a***b", "a***b"),
        (&["x***y"], "x***y", "***"),
        (&["x***y", "s3cret"], "xs3crety", "x***y"),
    ];
    for (secrets, text, expected) in cases {
        check(secrets, text, expected);
    }
}

#[test]
fn what_no_secret_can_be_masks_nothing() {
    let text = "a few words of no meaning";
    for secrets in [&[][..], &[""], &["few", "", "no"]] {
        let masker = Masker::new(secrets.iter().copied());
        assert!(masker.is_empty());
        assert!(matches!(masker.mask(text), Cow::Borrowed(it) if it == text));
        assert!(matches!(masker.mask_bytes(b"\xff\xfe"), Cow::Borrowed(b"\xff\xfe")));
    }
    assert!(Masker::none().is_empty());
    assert!(!Masker::new(["abcd"]).is_empty());
}

#[test]
fn binary_artifacts() {
    let masker = Masker::new(["s3crét"]);
    let cases: [(&[u8], &[u8]); 3] =
        [(b"\xff\x00s3cr\xc3\xa9t\xff", b"\xff\x00***\xff"), (b"\xc3s3cr%C3%A9t\xa9", b"\xc3***\xa9"), (b"s3cr\xe9t", b"s3cr\xe9t")];
    for (bytes, expected) in cases {
        assert_eq!(masker.mask_bytes(bytes), expected);
        for cut in 0..bytes.len() {
            let mut stream = masker.stream();
            let (one, two) = bytes.split_at(cut);
            let pieces = [stream.push(one), stream.push(two), stream.finish()];
            assert_eq!(pieces.concat(), expected, "cut at {cut}");
        }
    }
}

#[test]
fn in_place() {
    let cases = [
        ("pass: hunter22 # old", "pass: ***      # old"),
        ("hunter22hunter22", "***     ***     "),
        ("a%68unter22b", "a***       b"),
        ("ü: pä\nwö\nrd\n", "ü: ***\n   \n  \n"),
        ("ü: pä\r\nwö\r\nrd\r\n", "ü: ***\r\n   \r\n  \r\n"),
        ("nothing", "nothing"),
    ];
    let masker = Masker::new(["hunter22", "pä\nwö\nrd"]);
    for (text, expected) in cases {
        let masked = masker.mask_in_place(text);
        assert_eq!(masked.len(), text.len(), "{text:?}");
        assert_eq!(masked, expected);
    }
}

#[test]
fn a_stream_holds_back_no_more_than_the_beginning_of_a_form() {
    // `-` is in no form, and no form begins with a space.
    let mut stream = Masker::new(["s3 cret"]).stream();
    let steps = [
        ("starting -", "starting -"),
        ("- s3", "- "),
        (" cre", ""),
        ("p -", "s3 crep -"),
        ("s3%2", ""),
        ("0cret-", "***-"),
        ("50%", "50"),
        ("-", "%-"),
    ];
    for (chunk, expected) in steps {
        assert_eq!(stream.push_str(chunk), expected, "after {chunk:?}");
    }
    assert_eq!(stream.push("-é".as_bytes().split_at(2).0), b"-");
    assert_eq!(stream.finish(), b"\xc3");
}

#[test]
fn a_stream_of_overlapping_matches_keeps_little() {
    let mut stream = Masker::new(["aaaa"]).stream();
    let mut shown = stream.push_str("-aaaa");
    for _ in 0..100 {
        shown += &stream.push_str("aaa");
    }
    assert_eq!(shown, "-***");
    assert_eq!(stream.push_str("-"), "-");
}

#[test]
fn a_masker_does_not_print_its_secrets() {
    assert_eq!(format!("{:?}", Masker::new(["s3cret"])), "Masker(***)");
    assert_eq!(format!("{:?}", Masker::none()), "Masker(nothing)");
}

#[test]
fn what_an_ellipsis_cuts_off() {
    let secret = "correct \"horse\" battery";
    for (text, expected) in [
        ("the text \"correct \\\"horse\\\" b…\", so", "the text \"***…\", so"),
        ("the text \"correc…\" and `ends in corr…`", "the text \"***…\" and `ends in ***…`"),
        ("cor… corr", "cor… corr"),
        ("correct%20%22horse…", "***…"),
        ("… correct", "… correct"),
        ("correct, and …", "correct, and …"),
        ("Basic dXNlcjpjb3JyZWN0ICJ…", "Basic dXNlcjp***…"),
    ] {
        assert_eq!(Masker::new([secret]).mask(text), expected);
    }
    let long = format!("{}correct \"ho…", "x…".repeat(2000));
    assert!(Masker::new([secret]).mask(&long).ends_with("x…***…"));
}
