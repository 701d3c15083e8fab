//! CSV as RFC 4180 has it: a header, commas, double quotes, two of them for one inside. Line ends are LF or CRLF; empty lines are no rows.

use super::{Column, MOST, Row, Table, bad_name, no_rows, too_many};
use crate::{Code, Diagnostic, Map, SourceId, Span, Value};
use std::{collections::HashMap, ops::Range, sync::Arc};

/// Mistakes after which a text is read no further.
const FAULTS: usize = 20;

pub(super) fn read(text: &str, id: SourceId) -> Table {
    let mut reader = Reader { text, id, at: 0, faults: Vec::new() };
    let mut table = Table::default();
    if let Some(header) = reader.record()
        && table.header(header, id)
    {
        while let Some(record) = reader.record() {
            if table.rows.len() == MOST {
                table.fault(too_many(record.span(id)));
                break;
            }
            table.row(record, id);
        }
    }
    let is_sound = table.diagnostics.is_empty() && reader.faults.is_empty();
    if is_sound && table.rows.is_empty() {
        let why = if table.columns.is_empty() { "the file is empty" } else { "the file holds nothing but its header" };
        let end = table.columns.last().map_or(0, |column| column.span.range().end);
        table.fault(no_rows(Span::new(id, 0..end), why));
    }
    table.diagnostics.append(&mut reader.faults);
    table
}

impl Table {
    /// Takes the columns. False when the header tells that the text is no CSV at all.
    fn header(&mut self, header: Record, id: SourceId) -> bool {
        if let [only] = header.cells.as_slice()
            && let Some(separator) = [';', '\t', '|'].into_iter().find(|separator| only.text.contains(*separator))
        {
            let name = if separator == '\t' { "a tab".to_owned() } else { format!("`{separator}`") };
            let message = format!("the header has one column with {name} in it: columns are separated by commas");
            let help = "save the file with commas between its cells";
            self.fault(Diagnostic::error(Code::BadColumn, only.span(id), message).help(help));
            return false;
        }
        let mut known: HashMap<Arc<str>, Span> = HashMap::new();
        for cell in header.cells {
            let (name, span): (Arc<str>, Span) = (cell.text.as_str().into(), cell.span(id));
            if let Some(bad) = bad_name(&name, span) {
                self.fault(bad);
            } else if let Some(first) = known.get(&name) {
                let twice = Diagnostic::error(Code::BadColumn, span, format!("two columns are called `{name}`"));
                self.fault(twice.with(*first, "the first").help("give one of them another name"));
            }
            known.entry(name.clone()).or_insert(span);
            self.columns.push(Column { name, span });
        }
        true
    }

    fn row(&mut self, record: Record, id: SourceId) {
        let (cells, columns) = (record.cells.len(), self.columns.len());
        let span = record.span(id);
        if cells != columns {
            let counts = format!("the row has {}, and the header has {}", counted(cells, "cell"), counted(columns, "column"));
            let extra = record.cells.get(columns).map(|cell| cell.span(id));
            let missing = self.columns.get(cells).map(|column| format!(": `{}` is missing", column.name)).unwrap_or_default();
            let help = match extra {
                Some(_) => "a cell with a comma in it stands in quotes: `\"one, two\"`",
                None => "write a comma for each cell, also for one that is empty",
            };
            return self.fault(Diagnostic::error(Code::BadRow, extra.unwrap_or(span), format!("{counts}{missing}")).help(help));
        }
        let places = record.cells.iter().map(|cell| cell.span(id)).collect();
        let values = self.columns.iter().zip(record.cells).map(|(column, cell)| (column.name.clone(), Value::text(cell.text)));
        let values = Arc::new(values.collect::<Map>());
        self.rows.push(Row { values, span, places });
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

struct Cell {
    text: String,
    range: Range<usize>,
}

impl Cell {
    fn span(&self, id: SourceId) -> Span {
        Span::new(id, self.range.clone())
    }
}

/// A line, or several when a quoted cell holds line ends.
struct Record {
    cells: Vec<Cell>,
}

impl Record {
    fn span(&self, id: SourceId) -> Span {
        let start = self.cells.first().map_or(0, |cell| cell.range.start);
        let end = self.cells.last().map_or(start, |cell| cell.range.end);
        Span::new(id, start..end)
    }
}

struct Reader<'a> {
    text: &'a str,
    id: SourceId,
    at: usize,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The next record; `None` at the end, and when too much is wrong.
    fn record(&mut self) -> Option<Record> {
        while self.line_end() > 0 {
            self.at += self.line_end();
        }
        if self.rest().is_empty() || self.faults.len() >= FAULTS {
            return None;
        }
        let mut cells = vec![self.cell()];
        while self.rest().starts_with(',') {
            self.at += 1;
            cells.push(self.cell());
        }
        self.at += self.line_end();
        Some(Record { cells })
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The length of the line end that stands here; 0 when there is none.
    fn line_end(&self) -> usize {
        match self.rest().as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => 0,
        }
    }

    fn fault(&mut self, range: Range<usize>, message: &str, help: &str) {
        self.faults.push(Diagnostic::error(Code::BadData, Span::new(self.id, range), message).help(help));
    }

    fn cell(&mut self) -> Cell {
        let start = self.at;
        let text = if self.rest().starts_with('"') { self.quoted() } else { self.plain() };
        Cell { text, range: start..self.at }
    }

    /// Up to the next comma or line end. A quote or a lone carriage return has no meaning there.
    fn plain(&mut self) -> String {
        let start = self.at;
        let length = self.rest().find([',', '\n']).unwrap_or(self.rest().len());
        let cell = self.rest().get(..length).unwrap_or_default();
        // A line end of two characters begins before the second.
        let ends_line = self.rest().as_bytes().get(length) == Some(&b'\n');
        let text = if ends_line { cell.strip_suffix('\r').unwrap_or(cell) } else { cell }.to_owned();
        self.at += text.len();
        if let Some(quote) = text.find('"') {
            let help = "put the whole cell in quotes, and write each quote inside twice: `\"say \"\"yes\"\"\"`";
            self.fault(start + quote..start + quote + 1, "a quote stands inside a cell that does not begin with one", help);
        }
        if let Some(lone) = text.find('\r') {
            self.fault(start + lone..start + lone + 1, "a carriage return stands alone", "end lines with LF or CRLF");
        }
        text
    }

    /// From the quote that stands here to the one that closes it.
    fn quoted(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(length) = self.rest().find('"') else {
                self.fault(start..start + 1, "the quote is not closed", "write `\"` behind the cell; a quote inside it is written twice");
                // What comes after it cannot be told apart from the cell.
                self.at = self.text.len();
                return text;
            };
            text.push_str(self.rest().get(..length).unwrap_or_default());
            self.at += length + 1;
            if !self.rest().starts_with('"') {
                break;
            }
            text.push('"');
            self.at += 1;
        }
        self.behind_quote();
        text
    }

    /// Behind a closing quote stands a comma or the end of the line.
    fn behind_quote(&mut self) {
        if self.rest().is_empty() || self.rest().starts_with(',') || self.line_end() > 0 {
            return;
        }
        let length = self.rest().find([',', '\n']).unwrap_or(self.rest().len());
        let help = "put the quotes around the whole cell; a quote inside it is written twice";
        self.fault(self.at..self.at + length, "text stands behind the closing quote", help);
        self.at += length;
    }
}
