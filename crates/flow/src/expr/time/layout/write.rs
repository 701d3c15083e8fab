//! Writing a date in a layout.

use super::{MONTHS, OffsetParts, Part, WEEKDAYS, parts, weekday};
use jiff::Zoned;

/// Writes a date in a layout.
pub(in crate::expr) fn format(layout: &str, date: &Zoned) -> String {
    let mut out = String::new();
    for part in parts(layout) {
        out.push_str(&written(part, date));
    }
    out
}

fn written(part: Part<'_>, date: &Zoned) -> String {
    let month = usize::from(date.month().unsigned_abs().saturating_sub(1)) % 12;
    let padded = |value: i16, zero: bool| {
        if zero { format!("{value:02}") } else { value.to_string() }
    };
    match part {
        Part::Text(text) => text.to_owned(),
        Part::Year => format!("{:04}", date.year()),
        Part::ShortYear => format!("{:02}", date.year().rem_euclid(100)),
        Part::MonthName => MONTHS[month].to_owned(),
        Part::MonthShort => MONTHS[month][..3].to_owned(),
        Part::Month { zero } => padded(date.month().into(), zero),
        Part::WeekdayName => WEEKDAYS[weekday(date)].to_owned(),
        Part::WeekdayShort => WEEKDAYS[weekday(date)][..3].to_owned(),
        Part::Day { pad: Some(' ') } => format!("{:2}", date.day()),
        Part::Day { pad } => padded(date.day().into(), pad.is_some()),
        Part::YearDay { pad: '0' } => format!("{:03}", date.day_of_year()),
        Part::YearDay { .. } => format!("{:3}", date.day_of_year()),
        Part::Hour => padded(date.hour().into(), true),
        Part::Hour12 { zero } => padded(i16::from((date.hour() + 11) % 12 + 1), zero),
        Part::Minute { zero } => padded(date.minute().into(), zero),
        Part::Second { zero } => padded(date.second().into(), zero),
        Part::Half { upper } => match (date.hour() >= 12, upper) {
            (true, true) => "PM".to_owned(),
            (true, false) => "pm".to_owned(),
            (false, true) => "AM".to_owned(),
            (false, false) => "am".to_owned(),
        },
        Part::ZoneName => date.time_zone().to_offset_info(date.timestamp()).abbreviation().to_owned(),
        Part::Offset { z, parts } => written_offset(date.offset().seconds(), z, parts),
        Part::Fraction { digits, trim, mark } => {
            let all = format!("{:09}{}", date.subsec_nanosecond(), "0".repeat(digits.saturating_sub(9)));
            let kept = &all[..digits.min(all.len())];
            let kept = if trim { kept.trim_end_matches('0') } else { kept };
            if kept.is_empty() { String::new() } else { format!("{mark}{kept}") }
        }
    }
}

fn written_offset(offset: i32, z: bool, parts: OffsetParts) -> String {
    if z && offset == 0 {
        return "Z".to_owned();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let all = offset.unsigned_abs();
    let rest = parts.units().iter().map(|unit| format!("{}{:02}", parts.colon(), all / unit % 60));
    format!("{sign}{:02}{}", all / 3600, rest.collect::<Vec<_>>().concat())
}
