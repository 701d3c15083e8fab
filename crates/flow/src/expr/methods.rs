//! The methods of dates and durations: those of Go's `time` that expr's documentation uses.

use super::{
    ast::{Each, Step, StepKind},
    builtins,
    fault::{Problem, count, describe},
    time,
};
use crate::{Code, Value, nearest::nearest};

/// What is known of a method's receiver before anything runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receiver {
    Date,
    Duration,
    /// A text that a method gave, which has a `String` of its own in Go.
    Text,
    /// Certainly nothing that has methods.
    NoTime,
    Unknown,
}

impl Receiver {
    pub(super) fn given_by(function: &str) -> Self {
        match function {
            "date" | "now" => Self::Date,
            "duration" => Self::Duration,
            _ => Self::Unknown,
        }
    }

    pub(super) fn after(step: &Step) -> Self {
        match &step.kind {
            StepKind::Method(method, _) => method.gives(),
            _ => Self::Unknown,
        }
    }
}

/// A method, resolved when the expression was parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Weekday,
    YearDay,
    Unix,
    UnixMilli,
    Format,
    Add,
    Sub,
    Before,
    After,
    Equal,
    Utc,
    In,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
    String,
    /// `int(x.Month())`.
    MonthNumber,
    /// `int(x.Weekday())`.
    WeekdayNumber,
}

const METHODS: [(&str, Method); 25] = [
    ("Year", Method::Year),
    ("Month", Method::Month),
    ("Day", Method::Day),
    ("Hour", Method::Hour),
    ("Minute", Method::Minute),
    ("Second", Method::Second),
    ("Weekday", Method::Weekday),
    ("YearDay", Method::YearDay),
    ("Unix", Method::Unix),
    ("UnixMilli", Method::UnixMilli),
    ("Format", Method::Format),
    ("Add", Method::Add),
    ("Sub", Method::Sub),
    ("Before", Method::Before),
    ("After", Method::After),
    ("Equal", Method::Equal),
    ("UTC", Method::Utc),
    ("In", Method::In),
    ("Hours", Method::Hours),
    ("Minutes", Method::Minutes),
    ("Seconds", Method::Seconds),
    ("Milliseconds", Method::Milliseconds),
    ("Microseconds", Method::Microseconds),
    ("Nanoseconds", Method::Nanoseconds),
    ("String", Method::String),
];

/// The method of that name, if the receiver may have it.
pub(super) fn find(name: &str, receiver: Receiver) -> Result<Method, Problem> {
    let Some((_, method)) = METHODS.iter().find(|(known, _)| *known == name) else {
        return Err(unknown(name, receiver));
    };
    if method.fits(receiver) {
        return Ok(*method);
    }
    Err(match receiver {
        Receiver::Date | Receiver::Duration => unknown(name, receiver),
        _ => Problem::coded(Code::UnknownFunction, format!("nothing here has a method `{name}`"))
            .help("only dates and durations have methods: `date(x).Year()`"),
    })
}

/// Whether a method of this name is one of our functions or operators, written as other languages have it.
pub(super) fn is_meant_otherwise(name: &str) -> bool {
    is_function(name) || builtins::is_foreign(name)
}

fn is_function(name: &str) -> bool {
    builtins::find(name).is_some() || Each::parse(name).is_some()
}

fn unknown(name: &str, receiver: Receiver) -> Problem {
    let (who, known): (_, Vec<&str>) = match receiver {
        Receiver::Date => ("a date has", names_for(receiver)),
        Receiver::Duration => ("a duration has", names_for(receiver)),
        _ => ("there is", METHODS.iter().map(|(known, _)| *known).collect()),
    };
    let problem = Problem::coded(Code::UnknownFunction, format!("{who} no method `{name}`"));
    if is_function(name) {
        return problem.help(format!("`{name}` is a function: write `{name}(value, …)` or `value | {name}(…)`"));
    }
    if let Some(near) = nearest(name, known.iter().copied()) {
        return problem.help(format!("did you mean `{near}`?"));
    }
    match builtins::meant(name) {
        Some(meant) => problem.help(meant),
        None if matches!(receiver, Receiver::Date | Receiver::Duration) => problem.help(format!("it has `{}`", known.join("`, `"))),
        None => problem.help("only dates and durations have methods: `date(x).Year()`"),
    }
}

fn names_for(receiver: Receiver) -> Vec<&'static str> {
    METHODS.iter().filter(|(_, method)| method.fits(receiver)).map(|(name, _)| *name).collect()
}

impl Method {
    fn fits(self, receiver: Receiver) -> bool {
        match receiver {
            Receiver::Unknown => true,
            Receiver::NoTime => false,
            Receiver::Text => self == Self::String,
            Receiver::Date => !self.is_of_duration() || self == Self::String,
            Receiver::Duration => self.is_of_duration(),
        }
    }

    fn is_of_duration(self) -> bool {
        matches!(
            self,
            Self::Hours | Self::Minutes | Self::Seconds | Self::Milliseconds | Self::Microseconds | Self::Nanoseconds | Self::String
        )
    }

    fn gives(self) -> Receiver {
        match self {
            Self::Add | Self::Utc | Self::In => Receiver::Date,
            Self::Sub => Receiver::Duration,
            Self::Month | Self::Weekday | Self::Format | Self::String => Receiver::Text,
            _ => Receiver::NoTime,
        }
    }

    /// What `int(…)` takes in its place.
    #[must_use]
    pub(super) fn as_number(self) -> Self {
        match self {
            Self::Month => Self::MonthNumber,
            Self::Weekday => Self::WeekdayNumber,
            other => other,
        }
    }

    pub(super) fn name(self) -> &'static str {
        METHODS.iter().find(|(_, method)| *method == self || method.as_number() == self).map_or("", |(name, _)| name)
    }

    fn takes_argument(self) -> bool {
        matches!(self, Self::Format | Self::Add | Self::Sub | Self::Before | Self::After | Self::Equal | Self::In)
    }

    pub(super) fn check_count(self, found: usize) -> Result<(), Problem> {
        let wanted = usize::from(self.takes_argument());
        if found == wanted {
            return Ok(());
        }
        let wanted = if wanted == 0 { "no argument".to_owned() } else { count(wanted, "argument") };
        let message = format!("`{}` takes {wanted}, not {found}", self.name());
        Err(Problem::coded(Code::WrongArguments, message))
    }

    /// Calls the method. The number of arguments was checked when the expression was parsed.
    pub(super) fn call(self, receiver: &Value, arguments: &[Value]) -> Result<Value, Problem> {
        match receiver {
            Value::Date(date) if self.fits(Receiver::Date) => time::date_method(self, date, arguments.first()),
            Value::Duration(nanos) if self.fits(Receiver::Duration) => Ok(time::duration_method(self, *nanos)),
            Value::Text(_) if self == Self::String => Ok(receiver.clone()),
            other => Err(self.refused(other)),
        }
    }

    fn refused(self, receiver: &Value) -> Problem {
        let name = self.name();
        let message = format!("this is {}, which has no method `{name}`", describe(receiver));
        let problem = Problem::new(message);
        match receiver {
            Value::Text(_) if self.is_of_duration() => problem.help(format!("write `duration(…).{name}()`")),
            Value::Text(_) => problem.help(format!("write `date(…).{name}(…)`")),
            _ => problem,
        }
    }
}
