//! Arithmetic on bits, of signed 64-bit integers.

use super::{Arguments, Context, Function, function};
use crate::{Value, expr::fault::Problem};

pub(super) const FUNCTIONS: &[Function] = &[
    function("bitand", "bitand(a, b)", (2, 2), |_, a| pair(a, |x, y| x & y)),
    function("bitor", "bitor(a, b)", (2, 2), |_, a| pair(a, |x, y| x | y)),
    function("bitxor", "bitxor(a, b)", (2, 2), |_, a| pair(a, |x, y| x ^ y)),
    function("bitnand", "bitnand(a, b)", (2, 2), |_, a| pair(a, |x, y| x & !y)),
    function("bitnot", "bitnot(a)", (1, 1), |_, a| Ok(Value::Int(!a.integer(0)?))),
    function("bitshl", "bitshl(a, count)", (2, 2), |_, a| shift(a, 0, |x, n| x << n)),
    function("bitshr", "bitshr(a, count)", (2, 2), bitshr),
    function("bitushr", "bitushr(a, count)", (2, 2), |_, a| shift(a, 0, |x, n| (x.cast_unsigned() >> n).cast_signed())),
];

fn pair(arguments: &Arguments, of: fn(i64, i64) -> i64) -> Result<Value, Problem> {
    Ok(Value::Int(of(arguments.integer(0)?, arguments.integer(1)?)))
}

/// A shift; one by 64 or more leaves `beyond`.
fn shift(arguments: &Arguments, beyond: i64, of: fn(i64, u32) -> i64) -> Result<Value, Problem> {
    let (value, by) = (arguments.integer(0)?, arguments.integer(1)?);
    if by < 0 {
        return Err(Problem::new(format!("a shift by {by} bits has no meaning")).about(1));
    }
    let by = u32::try_from(by).unwrap_or(u32::MAX);
    Ok(Value::Int(if by < 64 { of(value, by) } else { beyond }))
}

fn bitshr(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let beyond = if arguments.integer(0)? < 0 { -1 } else { 0 };
    shift(arguments, beyond, |x, n| x >> n)
}
