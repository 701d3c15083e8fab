//! Functions that make dates, durations and time zones.

use super::{Arguments, Context, Function, function};
use crate::{
    Value,
    expr::{
        fault::{Problem, describe},
        time,
    },
};
use jiff::tz::TimeZone;

pub(super) const FUNCTIONS: &[Function] = &[
    function("now", "now() or now(timezone(\"Europe/Berlin\"))", (0, 1), now),
    function("date", "date(text), date(text, layout) or date(text, layout, zone)", (1, 4), date),
    function("duration", "duration(\"1h30m\")", (1, 1), |_, a| {
        time::duration(a.text(0)?).map(Value::Duration).map_err(|problem| problem.about(0))
    }),
    function("timezone", "timezone(\"Europe/Berlin\")", (1, 1), |_, a| {
        time::zone(a.text(0)?).map(Value::Zone).map_err(|problem| problem.about(0))
    }),
];

fn now(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let now = context.scope.now();
    match arguments.given(0) {
        None => Ok(time::date(now)),
        Some(Value::Zone(zone)) => Ok(time::date(now.with_time_zone(zone.clone()))),
        Some(_) => Err(arguments.wrong(0, "a time zone: `timezone(\"Europe/Berlin\")`,")),
    }
}

/// `date([zone,] text [, layout [, zone]])`.
fn date(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let (first, mut zone) = match arguments.get(0) {
        Value::Zone(zone) => (1, zone.clone()),
        // What is a date already stays one.
        date @ Value::Date(_) => return Ok(date.clone()),
        _ => (0, TimeZone::UTC),
    };
    let text = arguments.text(first)?;
    let Some(layout) = arguments.given(first + 1) else {
        return time::guess(text, &zone).map(time::date).map_err(|problem| problem.about(first));
    };
    let Value::Text(layout) = layout else {
        return Err(arguments.wrong(first + 1, "a layout such as \"2006-01-02\""));
    };
    if arguments.given(first + 2).is_some() {
        zone = time::zone(arguments.text(first + 2)?).map_err(|problem| problem.about(first + 2))?;
    }
    time::parse(layout, text, &zone).map(time::date).map_err(|_no_match| {
        let layout = Value::Text(layout.clone()).to_json();
        Problem::new(format!("{} does not have the layout {layout}", describe(arguments.get(first))))
            .about(first)
            .help("a layout is written as Go's reference time 2006-01-02 15:04:05 looks in it")
    })
}
