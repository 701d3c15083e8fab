//! Templates: holes, and the text around them.

use super::{Evaluator, Outcome, Stop};
use crate::{
    Code, Value,
    expr::{
        Fault, FaultKind,
        ast::{Hole, Piece},
    },
};
use std::ops::Range;

/// The value of a template outside quotes: a text that is exactly a JSON number or boolean counts as that.
pub(super) fn typed(value: Value) -> Value {
    match &value {
        Value::Text(text) => match text.as_ref() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text => Value::number(text).unwrap_or(value),
        },
        _ => value,
    }
}

impl<'a> Evaluator<'a> {
    /// One hole and nothing else keeps its type; all else is text.
    pub(super) fn template(&mut self, pieces: &'a [Piece]) -> Outcome {
        match pieces {
            [Piece::Hole(hole)] => self.hole(hole),
            _ => self.pieces(pieces).map(Value::from),
        }
    }

    pub(super) fn hole(&mut self, hole: &'a Hole) -> Outcome {
        let Some(fallback) = &hole.fallback else {
            return self.value(hole.expr);
        };
        match self.eval(hole.expr) {
            Ok(Value::Null) | Err(Stop::Missing(_)) => {}
            Ok(Value::Text(text)) if text.is_empty() && fallback.replaces_empty => {}
            other => return other,
        }
        self.pieces(&fallback.pieces).map(Value::from)
    }

    pub(super) fn pieces(&mut self, pieces: &'a [Piece]) -> Result<String, Stop> {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(hole) => {
                    let value = self.hole(hole)?;
                    out.push_str(&self.as_text(&value, &hole.range)?);
                }
            }
        }
        Ok(out)
    }

    /// A value inside other text.
    pub(super) fn as_text(&mut self, value: &Value, range: &Range<usize>) -> Result<String, Stop> {
        self.limited(range, |meter| match value {
            Value::Text(text) => meter.bytes(text.len()),
            _ => meter.write(value, 0),
        })?;
        value.to_text().map_err(|_no_text| {
            let written = self.text_of(range);
            let message = format!("`{written}` is null, which has no text");
            let fault = Fault::new(FaultKind::Mismatch, Code::RenderFailed, range.clone(), message);
            Stop::from(fault.help("give a value for when there is none: `x ?? \"\"`"))
        })
    }
}
