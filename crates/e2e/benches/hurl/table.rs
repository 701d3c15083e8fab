//! Medians, ratios and the table.

use crate::{
    cases::{Case, Measure},
    measure::Took,
};

pub(crate) struct Row {
    case: &'static str,
    measure: &'static str,
    testmesh: String,
    hurl: String,
    ratio: f64,
    aim: Option<f64>,
}

/// A row for each measure of a case. The ratio is the median of those of the pairs, not that of the medians.
pub(crate) fn rows(case: &Case, pairs: &[(Took, Took)]) -> Vec<Row> {
    let row = |(measure, aim): &(Measure, Option<f64>)| {
        let value = |took: &Took| measure.of(took, case.steps);
        let ratio = |(testmesh, hurl): &(Took, Took)| value(testmesh) / value(hurl);
        Row {
            case: case.name,
            measure: measure.name(),
            testmesh: measure.show(median(pairs.iter().map(|pair| value(&pair.0)))),
            hurl: measure.show(median(pairs.iter().map(|pair| value(&pair.1)))),
            ratio: median(pairs.iter().map(ratio)),
            aim: *aim,
        }
    };
    case.measures.iter().map(row).collect()
}

impl Measure {
    fn name(self) -> &'static str {
        match self {
            Self::Wall => "time",
            Self::Peak => "peak memory",
            Self::CpuPerStep => "processor per step",
        }
    }

    fn of(self, took: &Took, steps: u32) -> f64 {
        match self {
            Self::Wall => took.wall,
            Self::Peak => took.peak / 1024.0,
            Self::CpuPerStep => took.cpu / f64::from(steps) * 1e3,
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Self::Wall => format!("{value:.1} ms"),
            Self::Peak => format!("{value:.1} MB"),
            Self::CpuPerStep => format!("{value:.0} µs"),
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The table in Markdown.
pub(crate) fn report(versions: &str, rows: &[Row]) -> String {
    let mut text = format!("{versions}\n\n| | | testmesh | hurl | ratio | aim |\n|---|---|---:|---:|---:|---:|\n");
    let mut before = "";
    for Row { case, measure, testmesh, hurl, ratio, aim } in rows {
        let aim = aim.map_or_else(String::new, |aim| format!("{} {aim}", if *ratio <= aim { "≤" } else { "**missed** ≤" }));
        let shown = if *case == before { "" } else { case };
        text.push_str(&format!("| {shown} | {measure} | {testmesh} | {hurl} | {ratio:.2} | {aim} |\n"));
        before = case;
    }
    text
}
