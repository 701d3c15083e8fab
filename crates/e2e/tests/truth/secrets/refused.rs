//! What is refused before it runs is shown with its text; a secret in that text is not shown.

use super::leaks;
use crate::support::{INVALID, USAGE, call, each, folder};

const SECRET: &str = "it's-my-S3cret";

/// A call that is refused.
struct Refused {
    what: &'static str,
    /// After the name of the flow.
    flow: &'static str,
    /// `s.env` beside it.
    file: &'static str,
    args: &'static [&'static str],
}

const REFUSED: &[Refused] = &[
    Refused {
        what: "an error in the line of a secret",
        flow: "env: {TOKEN: 'it''s-my-S3cret', URL: \"${HOSTT}\"}\nsecrets: [TOKEN]\nsteps: [{action: log, config: {message: \"${URL}\"}}]\n",
        file: "",
        args: &["run"],
    },
    Refused {
        what: "a secret that is no duration",
        flow: "secrets: [TOKEN]\nenv:\n  TOKEN: >-\n    it's-my-S3cret\nsteps:\n  - action: log\n    timeout: it's-my-S3cret\n",
        file: "",
        args: &["run"],
    },
    Refused {
        what: "a secret of the call that the flow has in its text",
        flow: "steps:\n  - action: log\n    config: {message: it's-my-S3cret, levl: info}\n",
        file: "",
        args: &["run", "--secret", "TOKEN=it's-my-S3cret"],
    },
    Refused {
        what: "a key that is not known",
        flow: "steps:\n  - {action: log, it's-my-S3cret: 1, config: {message: x}}\n",
        file: "",
        args: &["validate", "--secret", "TOKEN=it's-my-S3cret"],
    },
    Refused {
        what: "the same for an editor",
        flow: "steps:\n  - {action: log, it's-my-S3cret: 1, config: {message: x}}\n",
        file: "",
        args: &["validate", "--format", "json", "--secret", "TOKEN=it's-my-S3cret"],
    },
    Refused {
        what: "the same in a record",
        flow: "steps:\n  - {action: log, it's-my-S3cret: 1, config: {message: x}}\n",
        file: "",
        args: &["run", "--format", "jsonl", "--secret", "TOKEN=it's-my-S3cret"],
    },
    Refused {
        what: "a broken line beside it in an env file",
        flow: "env_file: s.env\nsecrets: [TOKEN]\nsteps: [{action: log, config: {message: x}}]\n",
        file: "TOKEN=it's-my-S3cret\nit is no line\n",
        args: &["run"],
    },
    Refused {
        what: "a broken line in a file of secrets",
        flow: "steps: [{action: log, config: {message: x}}]\n",
        file: "TOKEN = \"it's-my-S3cret\nA=it's-my-S3cret\n",
        args: &["run", "--secret-file", "s.env"],
    },
    Refused { what: "no name for it", flow: "", file: "", args: &["run", "--secret", "it's-my-S3cret"] },
    Refused { what: "a bad name for it", flow: "", file: "", args: &["run", "--secret", "MY TOKEN=it's-my-S3cret"] },
    Refused { what: "another option", flow: "", file: "", args: &["run", "--secret", "TOKEN=it's-my-S3cret", "--formt", "json"] },
];

#[test]
fn no_refusal_holds_a_secret() {
    each(REFUSED, |Refused { what, flow, file, args }| {
        let folder = folder(&[("flow.yaml", &format!("name: Refused\n{flow}")), ("s.env", file)]);
        let ran = call(&[args, ["flow.yaml"].as_slice()].concat(), folder.path());
        let said = format!("{}\n{}", ran.out, ran.err);
        // YAML spells it with two quotes.
        let found = leaks(SECRET, &said.replace("''", "'"));
        let refused = ran.code == INVALID || ran.code == USAGE;
        if refused && found.is_empty() { Ok(()) } else { Err(format!("{what}: exit code {}, {found:?}\n{said}", ran.code)) }
    });
}
