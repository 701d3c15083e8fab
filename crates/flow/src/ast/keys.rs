//! The keys of the language, each with an example that a message can show.

/// A key of the language.
pub(super) struct KeyDef {
    pub(super) name: &'static str,
    aliases: &'static [&'static str],
    pub(super) in_build: bool,
    /// The key with a value, as it may be written.
    pub(super) example: &'static str,
}

impl KeyDef {
    const fn new(name: &'static str, example: &'static str) -> Self {
        Self { name, aliases: &[], in_build: true, example }
    }

    const fn aliased(name: &'static str, aliases: &'static [&'static str], example: &'static str) -> Self {
        Self { name, aliases, in_build: true, example }
    }

    /// Known to the language, and not in this build.
    const fn lacking(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, in_build: false, example: "" }
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// An object of the language.
pub(super) struct ObjectDef {
    /// What it is called in messages.
    pub(super) words: &'static str,
    pub(super) keys: &'static [KeyDef],
    /// How to write one, where something else stands.
    pub(super) cure: &'static str,
    /// What else there is to say about a key that it does not have.
    pub(super) hint: &'static str,
}

pub(super) const FLOW: ObjectDef = ObjectDef {
    words: "the flow",
    cure: "write `name:` and `steps:` under `flow:`, indented",
    hint: "",
    keys: &[
        KeyDef::new("name", "name: Checkout"),
        KeyDef::new("description", "description: An order is paid and shipped."),
        KeyDef::new("version", "version: \"2\""),
        KeyDef::new("author", "author: Ada"),
        KeyDef::new("suite", "suite: shop"),
        KeyDef::new("collection", "collection: shop"),
        KeyDef::new("tags", "tags: [smoke, users]"),
        KeyDef::new("env_file", "env_file: staging.env"),
        KeyDef::new("env", "env: {BASE_URL: \"http://localhost:8080\"}"),
        KeyDef::new("secrets", "secrets: [API_TOKEN]"),
        KeyDef::new("config", "config: {timeout: 5m}"),
        KeyDef::new("setup", "setup: [{action: http_request, config: {…}}]"),
        KeyDef::new("steps", "steps: [{action: http_request, config: {…}}]"),
        KeyDef::new("teardown", "teardown: [{action: http_request, config: {…}}]"),
        KeyDef::aliased("data", &["data_source"], "data: [{email: ada@example.com}, {email: alan@example.com}]"),
        KeyDef::lacking("target", &[]),
        KeyDef::new("library", "library: true"),
        KeyDef::new("output", "output: {user_id: \"${user_id}\"}"),
    ],
};

pub(super) const CONFIG: ObjectDef = ObjectDef {
    words: "`config`",
    cure: "write `config: {timeout: 5m}`",
    hint: "",
    keys: &[
        KeyDef::new("timeout", "timeout: 5m"),
        KeyDef::new("teardown_timeout", "teardown_timeout: 60s"),
        KeyDef::new("fail_fast", "fail_fast: false"),
        KeyDef::new("retry", "retry: {max_attempts: 3}"),
        KeyDef::lacking("cleanup", &[]),
        KeyDef::new("exclusive", "exclusive: the_printer"),
        KeyDef::new("parallel_rows", "parallel_rows: 4"),
        KeyDef::lacking("on_worker_loss", &[]),
    ],
};

pub(super) const DATA: ObjectDef = ObjectDef {
    words: "`data`",
    cure: "write the rows in a list, `- {email: ada@example.com}`, or a file: `data: {type: csv, file: users.csv}`",
    hint: "rows stand in a list right under `data:`; ",
    keys: &[KeyDef::new("type", "type: csv"), KeyDef::new("file", "file: users.csv")],
};

pub(super) const BRANCH: ObjectDef = ObjectDef {
    words: "the branch",
    cure: "write `- {name: left, steps: […]}`",
    hint: "",
    keys: &[KeyDef::new("name", "name: left"), KeyDef::new("steps", "steps: [{action: http_request, config: {…}}]")],
};

pub(super) const STEP: ObjectDef = ObjectDef {
    words: "the step",
    cure: "write `- action: http_request`, and its other keys below `action`",
    hint: "what belongs to the action stands under `config:`; ",
    keys: &[
        KeyDef::new("id", "id: create_user"),
        KeyDef::new("name", "name: Create a user"),
        KeyDef::new("description", "description: The address is new."),
        KeyDef::new("tags", "tags: [smoke, users]"),
        KeyDef::new("disabled", "disabled: true"),
        KeyDef::new("action", "action: http_request"),
        KeyDef::new("config", "config: {url: \"http://localhost:8080/health\"}"),
        KeyDef::aliased("when", &["if"], "when: plan == \"free\""),
        KeyDef::new("assert", "assert: status == 200"),
        KeyDef::new("output", "output: {user_id: $.id}"),
        KeyDef::new("retry", "retry: {max_attempts: 3}"),
        KeyDef::new("eventually", "eventually: {timeout: 30s}"),
        KeyDef::new("timeout", "timeout: 10s"),
        KeyDef::new("on_error", "on_error: continue"),
        KeyDef::lacking("track", &[]),
        KeyDef::lacking("auto_track", &[]),
    ],
};
