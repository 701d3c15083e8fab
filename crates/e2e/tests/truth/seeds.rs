//! A seed repeats what a run sends, byte for byte, however much of it runs at the same time.
//!
//! Flows are made up from a number: rows, loops, branches and calls in each other, whose requests are full of random values.

use crate::support::{PASSED, call, folder, judge};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

#[test]
fn a_seed_repeats_each_request_at_any_parallelism() {
    let recorder = Recorder::start();
    for shape in 0..6 {
        let files = Author(shape).files();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let folder = folder(&files);
        let sent = |seed: &str, parallel: &str| {
            let url = format!("--var=URL=http://{}", recorder.address);
            let ran = call(&["run", ".", "--seed", seed, "--parallel", parallel, &url], folder.path());
            judge(&format!("shape {shape}"), &ran, PASSED, &[]).unwrap();
            recorder.take()
        };
        let first = sent("7", "1");
        assert!(first.len() > 5, "shape {shape} sends {} requests", first.len());
        assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), first.len(), "two places of shape {shape} send the same");
        for parallel in ["2", "5", "100"] {
            assert!(sent("7", parallel) == first, "shape {shape} sends something else with --parallel {parallel}");
        }
        let other = sent("8", "100");
        assert_eq!(other.len(), first.len(), "shape {shape}");
        assert!(other.iter().all(|request| !first.contains(request)), "another seed of shape {shape} sends the same");
    }
}

/// Writes flows; the number decides which.
struct Author(u64);

impl Author {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 31)) % end
    }

    fn files(&mut self) -> Vec<(String, String)> {
        let count = 2 + self.below(3);
        let mut files: Vec<_> = (0..count).map(|number| (format!("flow{number}.yaml"), self.flow(number))).collect();
        files.push(("called.yaml".to_owned(), format!("name: Called\nlibrary: true\nsteps:\n{}", self.request(2, "called ${who}"))));
        files
    }

    fn flow(&mut self, number: u64) -> String {
        let mut text = format!("name: Flow {number}\nenv: {{URL: '', TAG: \"${{RANDOM_ID}}\"}}\n");
        if self.below(3) > 0 {
            let rows = 2 + self.below(5);
            let parallel = 1 + self.below(4);
            let rows: String = (0..rows).map(|row| format!("  - {{who: w{row}}}\n")).collect();
            let _ = write!(text, "config: {{parallel_rows: {parallel}}}\ndata:\n{rows}");
        } else {
            text.push_str("secrets: []\n");
            text = text.replace("env: {", "env: {who: nobody, ");
        }
        text.push_str("setup:\n");
        text.push_str(&self.request(2, "setup ${who} ${TAG}"));
        text.push_str("steps:\n");
        for _ in 0..=self.below(3) {
            let step = self.step(2, 0);
            text.push_str(&step);
        }
        // Whatever the steps were, one of them sends something for each row.
        text.push_str(&self.request(2, "${who} ${TAG}"));
        text
    }

    /// A step at an indentation, perhaps with others inside.
    fn step(&mut self, indent: usize, depth: u64) -> String {
        let pad = " ".repeat(indent);
        match self.below(if depth < 2 { 5 } else { 1 }) {
            0 => self.request(indent, "${who}"),
            1 | 2 => {
                let (items, parallel) = (2 + self.below(4), 1 + self.below(4));
                let items: Vec<_> = (0..items).map(|item| item.to_string()).collect();
                let inner = self.step(indent + 6, depth + 1);
                let config = format!("{pad}    items: [{}]\n{pad}    parallel: {parallel}\n{pad}    steps:\n", items.join(", "));
                format!("{pad}- action: for_each\n{pad}  config:\n{config}{inner}")
            }
            3 => {
                let mut text = format!("{pad}- action: parallel\n{pad}  config:\n{pad}    branches:\n");
                for _ in 0..2 + self.below(2) {
                    let inner = self.step(indent + 10, depth + 1);
                    let _ = write!(text, "{pad}      - steps:\n{inner}");
                }
                text
            }
            _ => format!("{pad}- action: run_flow\n{pad}  config: {{flow: called.yaml, input: {{who: \"${{who}} ${{RANDOM_INT}}\"}}}}\n"),
        }
    }

    /// A request with random values wherever there can be one.
    fn request(&mut self, indent: usize, note: &str) -> String {
        const VALUES: [&str; 8] = [
            "${RANDOM_INT}",
            "${RANDOM_STRING}",
            "${fake('internet.email')}",
            "{{FAKER.name}}",
            "${random.int(1, 1000000)}",
            "${uuid()}",
            "${EXECUTION_ID}",
            "${random.uuid}",
        ];
        let pad = " ".repeat(indent);
        let values: String = (0..=self.below(3))
            .map(|number| format!("{pad}      v{number}: \"{}\"\n", VALUES[usize::try_from(self.below(8)).unwrap()]))
            .collect();
        format!(
            "{pad}- action: http_request\n{pad}  config:\n{pad}    method: POST\n{pad}    url: \"${{URL}}/${{RANDOM_STRING}}\"\n\
             {pad}    headers: {{X-Id: \"${{UUID}}\"}}\n{pad}    body:\n{pad}      note: \"{note}\"\n{pad}      id: \"${{RANDOM_ID}}\"\n{values}\
             {pad}  assert: status == 200\n"
        )
    }
}

/// A server that keeps every request as it came over the wire.
struct Recorder {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Recorder {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = requests.clone();
        // It lives as long as the test: its threads end with the process.
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let kept = kept.clone();
                thread::spawn(move || serve(stream, &kept));
            }
        });
        Self { address, requests }
    }

    /// What came since the last time, in an order that does not depend on when.
    fn take(&self) -> Vec<Vec<u8>> {
        let mut requests = std::mem::take(&mut *self.requests.lock().unwrap());
        requests.sort();
        requests
    }
}

fn serve(stream: TcpStream, kept: &Mutex<Vec<Vec<u8>>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some(request) = request(&mut reader) {
        kept.lock().unwrap().push(request);
        if writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}").is_err() {
            return;
        }
    }
}

/// The head and the body of the next request; `None` when the client is gone.
fn request(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if let Some(value) = text.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        bytes.extend_from_slice(&line);
        if line == b"\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    bytes.append(&mut body);
    Some(bytes)
}
