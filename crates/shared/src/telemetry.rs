//! Logs: what the program says about itself, on standard error, for people or as JSON lines.

use crate::nearest::nearest;
use std::io::IsTerminal;
use tracing::{Subscriber, level_filters::LevelFilter, subscriber::SetGlobalDefaultError};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the log filter `{filter}` cannot be read: {why}")]
    Filter { filter: String, why: String },
    #[error("the logs are set up already")]
    Twice(#[source] SetGlobalDefaultError),
}

/// Sets up the logs of the whole process, once. `filter` is a level (`info`), or levels by module (`warn,testmesh=debug`).
///
/// # Errors
///
/// A filter that cannot be read, or a second call.
pub fn init(format: Format, filter: &str) -> Result<(), Error> {
    let colour = std::io::stderr().is_terminal();
    match format {
        Format::Human => tracing::subscriber::set_global_default(human(filter, colour, std::io::stderr)?),
        Format::Json => tracing::subscriber::set_global_default(json(filter, std::io::stderr)?),
    }
    .map_err(Error::Twice)
}

// A line that cannot be written is lost: telling about it would go to the same closed standard error.

fn human<W>(filter: &str, colour: bool, writer: W) -> Result<impl Subscriber + Send + Sync + use<W>, Error>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt().log_internal_errors(false).with_ansi(colour).with_writer(writer);
    Ok(lines.with_env_filter(parse(filter)?).finish())
}

fn json<W>(filter: &str, writer: W) -> Result<impl Subscriber + Send + Sync + use<W>, Error>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt().log_internal_errors(false).json().flatten_event(true).with_writer(writer);
    Ok(lines.with_env_filter(parse(filter)?).finish())
}

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// A lone word that is no level would count as a module of which everything is logged: a misspelt level must not do that.
fn parse(filter: &str) -> Result<EnvFilter, Error> {
    let wrong = |why: String| Error::Filter { filter: filter.to_owned(), why };
    let parts: Vec<&str> = filter.split(',').map(str::trim).collect();
    for part in &parts {
        if part.contains(['=', '[']) || part.parse::<LevelFilter>().is_ok_and(|_| !part.is_empty()) {
            continue;
        }
        let help = match nearest(part, LEVELS) {
            Some(level) => format!("did you mean `{level}`?"),
            None => format!("the levels are {}; one module's is written `module=level`", LEVELS.join(", ")),
        };
        return Err(wrong(format!("there is no level `{part}`: {help}")));
    }
    EnvFilter::builder().parse(parts.join(",")).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Written {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn logged(subscriber: impl Subscriber + Send + Sync + 'static) {
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(port = 80, "listening");
            tracing::debug!("hidden");
        });
    }

    #[test]
    fn lines_are_for_people_or_json() {
        let (plain, lines) = (Written::default(), Written::default());
        let writer = plain.clone();
        logged(human("info", false, move || writer.clone()).unwrap());
        let writer = lines.clone();
        logged(json("info", move || writer.clone()).unwrap());
        let plain = plain.text();
        assert!(plain.contains("INFO") && plain.trim_end().ends_with("listening port=80") && !plain.contains('\u{1b}'), "{plain}");
        let lines = lines.text();
        assert!(lines.starts_with('{') && lines.contains(r#""message":"listening","port":80"#), "{lines}");
        assert_eq!((plain.lines().count(), lines.lines().count()), (1, 1));
    }

    #[test]
    fn filters_are_read_or_refused() {
        for good in ["info", "WARN", "off", "warn,testmesh=debug", "info, a::b=trace", "[span]=debug"] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for (bad, words) in [
            ("inof", "there is no level `inof`: did you mean `info`?"),
            ("hyper", "the levels are off, error"),
            ("", "there is no level ``"),
            ("warn,,", "there is no level ``"),
            ("testmesh=loud", "`testmesh=loud` cannot be read"),
        ] {
            let said = parse(bad).map_or_else(|error| error.to_string(), |_| String::new());
            assert!(said.contains(words), "{bad}: {said}");
        }
    }
}
