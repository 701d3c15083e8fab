//! Nodes as values and in the words of messages; the flows of the corpus.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use testmesh_flow::{
    Source, SourceId,
    yaml::{self, Node},
};

fn root(text: &str) -> Node {
    let read = yaml::read(&Source::new("f.yaml", text), SourceId(0));
    assert_eq!(read.diagnostics, [], "{text}");
    read.documents[0].root.clone()
}

#[test]
fn values() {
    let check = |text, json| assert_eq!(root(text).to_value().to_json(), json, "{text}");
    check("a: [1, 1.50, ~, 'x', {b: no}]", r#"{"a":[1,1.50,null,"x",{"b":"no"}]}"#);
    check("a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\ne: *a", r#"{"a":{"b":1,"c":2},"d":{"b":1,"c":3},"e":{"b":1,"c":2}}"#);
    check("200: a\ntrue: b\nnull: c", r#"{"200":"a","true":"b","null":"c"}"#);
    check("!!float 5", "5");
}

#[test]
fn words() {
    let check = |text, words| assert_eq!(root(text).describe(), words, "{text}");
    check("[1]", "a list");
    check("[]", "an empty list");
    check("{a: 1}", "an object");
    check("{}", "an empty object");
    check("x", "the text \"x\"");
    check("''", "an empty text");
    check("0123", "the text \"0123\"");
    check("1.50", "the number 1.50");
    check("True", "the boolean true");
    check("~", "nothing (null)");
    check("|\n  one\n  two\n", "the text \"one…\"");
    check(&"x".repeat(70), &format!("the text \"{}…\"", "x".repeat(60)));
}

#[test]
fn access() {
    let node = root("a: x\nb: 5\nc: ~\nd: [1]\n");
    assert_eq!(node.get("a").and_then(Node::as_str), Some("x"));
    assert_eq!(node.get("b").and_then(Node::as_str), None);
    assert_eq!(node.get("b").and_then(Node::as_scalar).map(|scalar| &*scalar.text), Some("5"));
    assert!(node.get("c").is_some_and(Node::is_null));
    assert_eq!(node.get("d").and_then(Node::as_list).map(<[_]>::len), Some(1));
    assert!(node.get("e").is_none());
    assert!(node.get("a").is_some_and(|text| text.get("a").is_none()));
}

#[test]
fn flows_of_the_corpus() {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("TESTMESH_CORPUS").map_or(default, PathBuf::from).join("flows");
    if !folder.is_dir() {
        // Not captured, unlike what `eprintln!` writes: a skip is seen.
        writeln!(std::io::stderr(), "SKIPPED: flows_of_the_corpus, there is no {}; set TESTMESH_CORPUS", folder.display()).unwrap();
        return;
    }
    let mut count = 0;
    each_flow(&folder, &mut |path| {
        let text = yaml::decode(&std::fs::read(path).unwrap()).unwrap();
        let source = Source::new(path.display().to_string(), text);
        let read = yaml::read(&source, SourceId(0));
        assert_eq!(read.diagnostics, [], "{}", path.display());
        assert!(!read.documents.is_empty(), "{}", path.display());
        read.documents.iter().for_each(|document| crate::places::check_all(&source, &document.root));
        count += 1;
    });
    assert!(count > 0, "no flow in {}", folder.display());
}

fn each_flow(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_flow(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            visit(&path);
        }
    }
}
