//! Tables as they are read, and what is wrong with them.

use super::{Table, read, written};
use crate::{Source, SourceId, ast::DataKind};

/// The rows as compact JSON, then the problems as `place: code message`.
fn shown(kind: DataKind, text: &str) -> String {
    let source = Source::new("t", text);
    show(&read(kind, &source, SourceId(0)), &source)
}

fn show(table: &Table, source: &Source) -> String {
    let rows = table.rows.iter().map(|row| crate::Value::Map(row.values.clone()).to_json());
    let problems = table.diagnostics.iter().map(|it| {
        let at = source.position(it.span().start);
        format!("{}:{}: {} {}", at.line, at.column, it.code, it.message)
    });
    rows.chain(problems).collect::<Vec<_>>().join("\n")
}

#[test]
fn csv_is_that_of_the_rfc() {
    for (text, wanted) in [
        ("a,b\n1,x\n", r#"{"a":"1","b":"x"}"#),
        ("a,b\r\n1,x\r\n2,y", "{\"a\":\"1\",\"b\":\"x\"}\n{\"a\":\"2\",\"b\":\"y\"}"),
        ("a\n\"x, \"\"y\"\"\nz\"\n", r#"{"a":"x, \"y\"\nz"}"#),
        ("a,b\n,\n", r#"{"a":"","b":""}"#),
        ("a,b\n x , y\n", r#"{"a":" x ","b":" y"}"#),
        ("\na\n\n1\n\n\n2\n\n", "{\"a\":\"1\"}\n{\"a\":\"2\"}"),
        ("a\n\"\"\n", r#"{"a":""}"#),
        ("é,b\n\"ü\",007\n", r#"{"é":"ü","b":"007"}"#),
        ("a\n${x}\n", r#"{"a":"${x}"}"#),
    ] {
        assert_eq!(shown(DataKind::Csv, text), wanted, "{text:?}");
    }
}

/// What is written as the RFC says is read as it was.
#[test]
fn csv_comes_back() {
    let parts = ["a", "é", ",", "\"", "\n", "\r\n", " ", "1", "${x}", "'"];
    let mut seed = crate::random::Seed::new(11).stream();
    for _ in 0..500 {
        let (columns, rows) = (seed.int(1..=4), seed.int(1..=5));
        let mut cell = || (0..seed.int(0..=4)).filter_map(|_| seed.one_of(&parts).copied()).collect::<String>();
        let table: Vec<Vec<String>> = (0..rows).map(|_| (0..columns).map(|_| cell()).collect()).collect();
        let header: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
        // A line with nothing in it is no row.
        let quoted = |cell: &String| {
            let quotes = cell.contains([',', '"', '\n']) || columns == 1;
            if quotes { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let line = |cells: &Vec<String>| cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n";
        let text: String = std::iter::once(&header).chain(&table).map(line).collect();
        let read = read(DataKind::Csv, &Source::new("t", text.as_str()), SourceId(0));
        assert_eq!(read.diagnostics, [], "{text:?}");
        let found: Vec<Vec<String>> =
            read.rows.iter().map(|row| row.values.values().map(|value| value.as_str().unwrap_or_default().to_owned()).collect()).collect();
        assert_eq!(found, table, "{text:?}");
        // Each place holds its cell, as it is written.
        for (row, cells) in read.rows.iter().zip(&table) {
            let written = row.places.iter().map(|place| &text[place.range()]);
            assert!(written.zip(cells).all(|(written, cell)| *written == quoted(cell)), "{text:?}");
        }
    }
}

#[test]
fn csv_that_is_wrong_is_told_with_its_place() {
    for (text, wanted) in [
        ("", "1:1: TM0131 the data has no row: the file is empty"),
        ("\n\n", "1:1: TM0131 the data has no row: the file is empty"),
        ("a,b\n", "1:1: TM0131 the data has no row: the file holds nothing but its header"),
        ("a,b\n1\n", "2:1: TM0133 the row has 1 cell, and the header has 2 columns: `b` is missing"),
        ("a,b\n1,2,3\n", "2:5: TM0133 the row has 3 cells, and the header has 2 columns"),
        ("a,b\n1,2,\n", "2:5: TM0133 the row has 3 cells, and the header has 2 columns"),
        ("a,,b\n1,2,3\n", "1:3: TM0134 the column has no name"),
        ("a,b,a\n1,2,3\n", "1:5: TM0134 two columns are called `a`"),
        ("a, b\n1,2\n", "1:3: TM0134 space stands around the name of the column `b`"),
        ("data\n1\n", "1:1: TM0134 no column can be called `data`: that is the list of all rows"),
        ("a;b\n1;2\n", "1:1: TM0134 the header has one column with `;` in it: columns are separated by commas"),
        ("a\tb\n1\t2\n", "1:1: TM0134 the header has one column with a tab in it: columns are separated by commas"),
        ("a\n\"x\n1\n", "2:1: TM0132 the quote is not closed"),
        ("a\nx\"y\"\n", "2:2: TM0132 a quote stands inside a cell that does not begin with one"),
        ("a,b\n\"x\" y,2\n", "2:4: TM0132 text stands behind the closing quote"),
        ("a\nx\ry\n", "2:2: TM0132 a carriage return stands alone"),
    ] {
        let found = shown(DataKind::Csv, text);
        let problems: Vec<_> = found.lines().filter(|line| line.contains(": TM")).collect();
        assert_eq!(problems, [wanted], "{text:?}");
    }
}

#[test]
fn json_keeps_types_and_tells_what_is_wrong() {
    for (text, wanted) in [
        (r#"[{"a": 1, "b": "x"}, {"a": null}]"#, "{\"a\":1,\"b\":\"x\"}\n{\"a\":null}"),
        ("", "1:1: TM0131 the data has no row: the file is empty"),
        ("[]", "1:1: TM0131 the data has no row: the list is empty"),
        ("{\"a\": 1}", "1:1: TM0132 rows must be a list of objects, and this is an object"),
        ("[{\"a\": 1},]", "1:11: TM0132 the file is no JSON: a trailing `,` before `]`; JSON has none"),
        (
            "[\n  {\"a\": \"]},\\\"\"},\n  [1]\n]",
            "{\"a\":\"]},\\\"\"}\n3:3: TM0133 a row must be an object of columns and values, and this is a list",
        ),
        ("[{\"a\": 1}, {}]", "{\"a\":1}\n1:12: TM0133 the row is empty"),
        ("[{\"\": 1}]", "{\"\":1}\n1:2: TM0134 the column has no name"),
        ("[{\"a\": 1, \"a\": 2}]", "{\"a\":2}\n1:2: TM0134 `$[0].a` stands twice in its object"),
        (
            "[{\"a\": 123456789012345678901234567890}]",
            "{\"a\":123456789012345678901234567890}\n1:2: TM0703 the number at `$[0].a` has more digits than can be kept",
        ),
    ] {
        assert_eq!(shown(DataKind::Json, text), wanted, "{text:?}");
    }
}

#[test]
fn yaml_is_one_list_of_objects() {
    for (text, wanted) in [
        ("- {a: 1, b: 007}\n- a: x\n", "{\"a\":1,\"b\":\"007\"}\n{\"a\":\"x\"}"),
        ("# none\n", "1:1: TM0131 the data has no row: the file holds nothing but comments"),
        ("[]\n", "1:1: TM0131 the data has no row: the list is empty"),
        ("rows:\n  - {a: 1}\n", "1:1: TM0132 rows must be a list of objects, and this is an object"),
        ("- {a: 1}\n---\n- {a: 2}\n", "3:3: TM0132 the file holds several documents"),
        ("- {a: 1}\n- 2\n", "{\"a\":1}\n2:3: TM0133 a row must be an object of columns and values, and this is the number 2"),
    ] {
        assert_eq!(shown(DataKind::Yaml, text), wanted, "{text:?}");
    }
}

#[test]
fn many_wrong_rows_are_counted() {
    let text = format!("a,b\n{}", "1\n".repeat(50));
    let found = shown(DataKind::Csv, &text);
    assert_eq!(found.lines().count(), 10);
    assert!(found.ends_with("`b` is missing; 40 more rows are wrong too"), "{found}");
}

/// Whatever the text, nothing panics, and places lie inside it.
#[test]
fn odd_texts_are_survived() {
    let parts = ["a", ",", "\"", "\n", "\r", "é", "[", "]", "{", "}", ":", "\\", " ", "- ", "1"];
    let mut seed = crate::random::Seed::new(3).stream();
    for _ in 0..3000 {
        let length = seed.int(0..=12);
        let text: String = (0..length).filter_map(|_| seed.one_of(&parts).copied()).collect();
        for kind in [DataKind::Csv, DataKind::Json, DataKind::Yaml] {
            let table = read(kind, &Source::new("t", text.as_str()), SourceId(0));
            let spans = table.diagnostics.iter().map(crate::Diagnostic::span).chain(table.rows.iter().map(|row| row.span));
            for span in spans {
                assert!(text.get(span.range()).is_some(), "{text:?}: {span:?}");
            }
            assert!(!table.rows.is_empty() || !table.diagnostics.is_empty(), "{text:?}: neither a row nor a word");
        }
    }
}

#[test]
fn rows_in_a_flow_hold_no_templates() {
    let source = Source::new("t", "- {a: 1, b: [x, \"${y}\"]}\n- {a: \"{{z}}\"}\n");
    let read = crate::yaml::read(&source, SourceId(0));
    let table = written(read.documents[0].root.as_list().unwrap());
    let places: Vec<_> = table.diagnostics.iter().map(|it| (it.code.id(), source.slice(it.span().range()))).collect();
    assert_eq!(places, [("TM0119", "\"${y}\""), ("TM0119", "\"{{z}}\"")]);
}
