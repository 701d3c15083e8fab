//! The live block, looked at as a terminal would.

use crate::{recording, snapshot, snapshots::console};
use std::{cell::RefCell, io::Write, rc::Rc, time::Duration};
use testmesh_events::Line;
use testmesh_report::{Console, ConsoleOptions, Style, Verbosity};

/// A writer whose bytes can be looked at in between.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What stands on the screen after these codes.
fn screen(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    let (mut rows, mut row, mut column) = (vec![String::new()], 0_usize, 0_usize);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\n' => {
                (row, column) = (row + 1, 0);
                rows.resize(rows.len().max(row + 1), String::new());
            }
            '\r' => column = 0,
            '\u{1b}' => {
                assert_eq!(rest.next(), Some('['));
                let mut number = String::new();
                let code = loop {
                    match rest.next().unwrap() {
                        digit if digit.is_ascii_digit() => number.push(digit),
                        code => break code,
                    }
                };
                match code {
                    'A' => row = row.checked_sub(number.parse().unwrap()).expect("above the top"),
                    'K' => rows[row] = rows[row].chars().take(column).collect(),
                    'J' => {
                        rows[row] = rows[row].chars().take(column).collect();
                        rows.truncate(row + 1);
                    }
                    other => panic!("unexpected code {other}"),
                }
            }
            other => {
                let mut cells = rows[row].chars().collect::<Vec<_>>();
                cells.resize(cells.len().max(column + 1), ' ');
                cells[column] = other;
                rows[row] = cells.into_iter().collect();
                column += 1;
            }
        }
    }
    rows
}

fn started(style: &Style) -> (Console<Shared>, Shared) {
    let out = Shared::default();
    let options = ConsoleOptions { style: style.clone(), live: true, verbosity: Verbosity::Normal };
    (Console::new(out.clone(), options), out)
}

fn shown(lines: &[Line], style: &Style, frames: &[usize]) -> String {
    let (mut console, out) = started(style);
    let mut seen = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        console.line(line).unwrap();
        console.tick(Duration::from_millis(100 * index as u64)).unwrap();
        if frames.contains(&index) {
            seen.push(format!("===== after {} lines\n{}\n", index + 1, screen(&out.0.borrow()).join("\n")));
        }
    }
    console.finish().unwrap();
    let last = screen(&out.0.borrow()).join("\n");
    seen.push(format!("===== at the end\n{last}"));
    seen.concat()
}

#[test]
fn the_block_is_drawn_over_itself_and_gone_at_the_end() {
    let style = Style { color: false, width: 60, unicode: true };
    let lines = recording("many");
    snapshot("live_many", &shown(&lines, &style, &[0, 30, 60, 70]));
}

/// What is left on the screen is what a file gets, but for the lines of what passed.
#[test]
fn a_terminal_and_a_file_end_alike() {
    let style = Style { color: false, width: 100, unicode: false };
    for (name, lines) in crate::recordings() {
        let file = console(&lines, &style, Verbosity::Normal);
        let file = file.lines().filter(|line| !line.starts_with("PASS ")).collect::<Vec<_>>().join("\n");
        let live = shown(&lines, &style, &[]);
        assert_eq!(live.strip_prefix("===== at the end\n").unwrap().trim(), file.trim(), "{name}");
    }
}

#[test]
fn the_codes_themselves() {
    let (mut console, out) = started(&Style { color: false, width: 60, unicode: false });
    for line in recording("passed").iter().take(5) {
        console.line(line).unwrap();
    }
    console.tick(Duration::from_secs(1)).unwrap();
    let first = out.0.take();
    assert_eq!(
        String::from_utf8(first).unwrap(),
        "0 passed, 0 failed, 0 errored, 1 running of 2, 1.00 s\x1b[K\n  Say hello: Say hello\x1b[K\n\x1b[J",
        "the block, each line erased to its end"
    );
    console.tick(Duration::from_secs(2)).unwrap();
    let second = out.0.take();
    assert!(second.starts_with(b"\x1b[2A\r0 passed"), "up over the block, and over it in the same write");
}
