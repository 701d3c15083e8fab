//! No line that leaves the engine holds a secret, in any form.

use crate::support::{Setting, run};
use testmesh_events::Line;

fn leaks(yaml: &str, setting: &Setting, forms: &[&str]) {
    let lines = run(yaml, setting).unwrap();
    let text: String = lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect();
    for form in forms {
        assert!(!text.contains(form), "{form} stands in\n{text}");
    }
    assert!(text.contains("***"), "nothing was masked in\n{text}");
}

const SECRET: &str = "s3cr3t/+väl ue";

#[test]
fn a_given_secret_is_masked_everywhere() {
    let setting = Setting { secrets: vec![("TOKEN", SECRET)], ..Setting::default() };
    let forms = [SECRET, "s3cr3t%2F%2Bv%C3%A4l", "czNjcjN0LytX", "s3cr3t"];
    leaks(
        "
name: f
steps:
  - id: a
    name: 'step ${TOKEN}'
    action: probe
    config: {value: {t: '${TOKEN}', '${TOKEN}': 1, enc: '${url_encode(TOKEN)}', b64: '${base64(TOKEN)}'}}
    assert: ['body.t == \"x\"', {expression: 'body.nope == TOKEN', message: 'not ${TOKEN}'}]
    output: {copy: $.t}
",
        &setting,
        &forms,
    );
}

#[test]
fn a_captured_secret_is_masked_from_its_own_step_on() {
    leaks(
        "
name: f
steps:
  - {id: a, action: probe, config: {value: {t: \"${'cap' + 'tured-value'}\"}}, output: {tok: {path: $.t, secret: true}}}
  - {id: b, action: probe, config: {value: 'Bearer ${tok}'}, assert: body == 'x'}
",
        &Setting::default(),
        &["Bearer captured-value"],
    );
}

#[test]
fn a_secret_in_the_flows_own_text_is_masked_and_spans_stay_true() {
    let yaml = "
name: f
secrets: [PASSWORD]
env: {PASSWORD: hunter2-long}
steps:
  - {id: a, action: probe, config: {value: '${PASSWORD}'}, assert: body == 'x'}
";
    leaks(yaml, &Setting::default(), &["hunter2-long"]);
    let lines = run(yaml, &Setting::default()).unwrap();
    let text = lines.iter().find_map(|line| if let Line::Source(source) = line { Some(source.text.clone()) } else { None }).unwrap();
    assert_eq!(text.len(), yaml.len());
    assert!(text.contains("PASSWORD: ***  "), "{text}");
}

#[test]
fn credentials_are_masked_by_default() {
    let yaml = "
name: f
steps:
  - {id: a, action: probe, config: {value: {headers: {Authorization: Basic dXNlcjpwYXNz}, url: 'http://u:pa55word@h/'}}, assert: body.headers.Authorization == 'x'}
";
    leaks(yaml, &Setting::default(), &["\"Basic dXNlcjpwYXNz\"", "u:pa55word@h/\"}"]);
}
