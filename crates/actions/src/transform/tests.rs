//! Rules and what they make of an input.

use crate::testing::step;
use testmesh_flow::{Map, Value};
use testmesh_runner::testing::Probe;

const INPUT: &str = r#"{"name":"ann","age":5,"null":null,"user":{"id":7},"items":[{"n":1},{"n":2}]}"#;

async fn check(transforms: &str, expected: &str) {
    let probe = Probe {
        // The names that an expression is given, in place of its value.
        evaluate: Box::new(|text: &str, first: &Map| {
            Ok(Value::from(format!("{text} over {}", first.keys().map(AsRef::as_ref).collect::<Vec<_>>().join(" "))))
        }),
        ..Probe::default()
    };
    let outcome = step(&crate::all(), &probe, "transform", &format!(r#"{{"input":{INPUT},"transforms":{transforms}}}"#)).await;
    let shown = match &outcome.result {
        Ok(output) => Value::map(output.clone()).to_json(),
        Err(_) => outcome.show(&[]),
    };
    assert!(shown.starts_with(expected), "{transforms}\n{shown}");
}

#[tokio::test]
async fn rules() {
    for (transforms, expected) in [
        (r#"{"a":"$.user.id","b":"$['name']","c":"$"}"#, &*format!(r#"{{"a":7,"b":"ann","c":{INPUT}}}"#)),
        (r#"{"a":"$.items[*].n"}"#, r#"{"a":[1,2]}"#),
        (r#"{"a":"$..n"}"#, r#"{"a":[1,2]}"#),
        (r#"{"a":"$name","b":"$null"}"#, r#"{"a":"ann","b":null}"#),
        (r#"{"a":"active","b":5,"c":"$5","d":"cost: $.x","e":null}"#, r#"{"a":"active","b":5,"c":"$5","d":"cost: $.x","e":null}"#),
        (r#"{"a":{"id":"$.user.id","list":["$name",true]}}"#, r#"{"a":{"id":7,"list":["ann",true]}}"#),
        (r#"{"a":{"expr":"age + 1"}}"#, r#"{"a":"age + 1 over name age null user items input"}"#),
        (r#"{"a":{"path":"$.nope","default":"none"},"b":{"path":"$.age","default":0}}"#, r#"{"a":"none","b":5}"#),
        (r#"{"a":{"expr":"x","more":"$name"}}"#, r#"{"a":{"expr":"x","more":"ann"}}"#),
        (r"{}", "{}"),
        (r#"{"a":"$.usr"}"#, "failed TM0504: `$.usr` finds nothing in the input: `$` has no member `usr` (did you mean `user`?)"),
        (r#"{"a":"$.items[?@.n > 5]"}"#, "failed TM0504: `$.items[?@.n > 5]` finds nothing in the input (write `{path:"),
        (r#"{"a":"$.items["}"#, "errored TM0307: `$.items[` is no JSONPath"),
        (r#"{"a":"$nmae"}"#, "failed TM0502: the input has no member `nmae` (did you mean `$name`?)"),
    ] {
        check(transforms, expected).await;
    }
}

#[tokio::test]
async fn without_rules_the_input_is_the_output() {
    for (config, expected) in [
        (r#"{"input":{"a":[1]}}"#, r#"{"a":[1]}"#),
        (r#"{"input":[1,2]}"#, r#"{"result":[1,2]}"#),
        (r#"{"input":null}"#, r#"{"result":null}"#),
        (r#"{"input":{"a":1},"transforms":null}"#, r#"{"a":1}"#),
    ] {
        let outcome = step(&crate::all(), &Probe::default(), "transform", config).await;
        assert_eq!(Value::map(outcome.result.unwrap()).to_json(), expected, "{config}");
    }
}
