//! Words of other tools and languages for what we call otherwise: too far from our names to be misspelt ones.

/// A word, in lower case and without `_` and `-`, and what we say for it. Of several the first that is known where the word stands counts.
const WORDS: &[(&str, &[&str])] = &[
    // keys of a flow
    ("environment", &["env"]),
    ("enviroment", &["env"]),
    ("variables", &["env"]),
    ("vars", &["env", "transform"]),
    ("tests", &["steps"]),
    ("cases", &["steps"]),
    ("testcases", &["steps"]),
    ("actions", &["steps"]),
    ("tasks", &["steps"]),
    ("requests", &["steps"]),
    ("before", &["setup"]),
    ("beforeall", &["setup"]),
    ("prepare", &["setup"]),
    ("after", &["teardown"]),
    ("afterall", &["teardown"]),
    ("finally", &["teardown"]),
    ("cleanup", &["teardown"]),
    ("title", &["name"]),
    ("label", &["name"]),
    ("labels", &["tags"]),
    ("groups", &["tags"]),
    ("settings", &["config"]),
    ("options", &["config"]),
    // keys of a step
    ("assertions", &["assert"]),
    ("expect", &["assert", "expected"]),
    ("expects", &["assert"]),
    ("check", &["assert", "expression"]),
    ("checks", &["assert"]),
    ("validate", &["assert"]),
    ("verify", &["assert", "verify_ssl"]),
    ("then", &["assert"]),
    ("capture", &["output"]),
    ("captures", &["output"]),
    ("extract", &["output"]),
    ("save", &["output"]),
    ("register", &["output"]),
    ("export", &["output"]),
    ("with", &["config"]),
    ("args", &["config"]),
    ("arguments", &["config"]),
    ("parameters", &["config"]),
    ("request", &["config", "http_request"]),
    ("type", &["action"]),
    ("uses", &["action"]),
    ("skip", &["disabled"]),
    ("onlyif", &["when"]),
    ("condition", &["when", "expression"]),
    ("retries", &["retry", "max_attempts"]),
    ("repeat", &["retry"]),
    ("until", &["eventually"]),
    ("poll", &["eventually", "wait_until"]),
    ("waituntil", &["eventually"]),
    ("continueonerror", &["on_error"]),
    ("ignoreerrors", &["on_error"]),
    ("allowfailure", &["on_error"]),
    // keys of actions
    ("uri", &["url"]),
    ("endpoint", &["url"]),
    ("link", &["url"]),
    ("verb", &["method"]),
    ("json", &["body"]),
    ("data", &["body"]),
    ("payload", &["body"]),
    ("content", &["body"]),
    ("redirects", &["follow_redirects"]),
    ("allowredirects", &["follow_redirects"]),
    ("sslverify", &["verify_ssl"]),
    ("verifytls", &["verify_ssl"]),
    ("insecure", &["verify_ssl"]),
    ("text", &["message", "body"]),
    ("msg", &["message"]),
    ("time", &["duration", "duration_ms"]),
    ("seconds", &["duration"]),
    // keys of retry and eventually
    ("attempts", &["max_attempts"]),
    ("tries", &["max_attempts"]),
    ("maxretries", &["max_attempts"]),
    ("times", &["max_attempts"]),
    ("count", &["max_attempts"]),
    ("wait", &["delay", "interval"]),
    ("sleep", &["delay", "interval"]),
    ("pause", &["delay", "interval"]),
    ("interval", &["delay"]),
    ("every", &["interval"]),
    ("delay", &["interval"]),
    ("strategy", &["backoff"]),
    ("within", &["timeout"]),
    ("for", &["timeout", "duration"]),
    ("deadline", &["timeout"]),
    ("maxwait", &["timeout"]),
    ("maxduration", &["timeout"]),
    // keys of captures and assertions
    ("jsonpath", &["path"]),
    ("from", &["path"]),
    ("value", &["path"]),
    ("expr", &["expression", "path"]),
    ("expression", &["path"]),
    ("fallback", &["default"]),
    ("that", &["expression"]),
    ("assertion", &["expression"]),
    ("description", &["message"]),
    ("reason", &["message"]),
    // actions
    ("curl", &["http_request"]),
    ("fetch", &["http_request"]),
    ("rest", &["http_request"]),
    ("api", &["http_request"]),
    ("get", &["http_request"]),
    ("post", &["http_request"]),
    ("print", &["log"]),
    ("echo", &["log"]),
    ("debug", &["log"]),
    ("shell", &["exec"]),
    ("bash", &["exec"]),
    ("command", &["exec"]),
    ("script", &["exec"]),
    ("set", &["transform"]),
    ("db", &["database_query"]),
    ("query", &["database_query"]),
    ("mysql", &["database_query"]),
    ("postgres", &["database_query"]),
    ("postgresql", &["database_query"]),
    ("sqlite", &["database_query"]),
    ("publish", &["kafka_producer"]),
    ("consume", &["kafka_consumer"]),
    ("playwright", &["browser"]),
    ("selenium", &["browser"]),
    ("ws", &["websocket"]),
    // what actions give back
    ("statuscode", &["status"]),
    ("httpstatus", &["status"]),
    ("responsecode", &["status"]),
    ("code", &["status"]),
    ("responsebody", &["body"]),
    ("elapsed", &["duration_ms"]),
    ("latency", &["duration_ms"]),
    ("latencyms", &["duration_ms"]),
    ("responsetime", &["duration_ms"]),
    ("duration", &["duration_ms"]),
    ("res", &["response"]),
    ("resp", &["response"]),
];

/// What is said here for a word of elsewhere, if that is among the known names.
pub(super) fn ours<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain: String = word.chars().filter(|c| !['_', '-'].contains(c)).map(|c| c.to_ascii_lowercase()).collect();
    let (_, ours) = WORDS.iter().find(|(word, _)| *word == plain)?;
    let place = |name: &str| ours.iter().position(|our| *our == name);
    known.into_iter().filter_map(|name| Some((place(name)?, name))).min_by_key(|(place, _)| *place).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_plain_and_stand_once() {
        for (index, (word, ours)) in WORDS.iter().enumerate() {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()) && !ours.is_empty(), "{word}");
            assert!(WORDS[..index].iter().all(|(earlier, _)| earlier != word), "{word} stands twice");
        }
    }

    #[test]
    fn the_first_that_is_known_counts() {
        for (word, known, meant) in [
            ("wait", &["interval", "timeout"][..], Some("interval")),
            ("Wait", &["interval", "delay"], Some("delay")),
            ("status_code", &["status"], Some("status")),
            ("max-retries", &["max_attempts"], Some("max_attempts")),
            ("wait", &["url"], None),
            ("banana", &["url"], None),
        ] {
            assert_eq!(ours(word, known.iter().copied()), meant, "{word}");
        }
    }
}
