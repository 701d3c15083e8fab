//! Random values and invented data: functions of the execution's seed and of the place where they stand.

use super::{Arguments, Context, Function, function};
use crate::{Value, expr::fault::Problem};

pub(super) const FUNCTIONS: &[Function] = &[
    function("uuid", "uuid()", (0, 0), uuid),
    Function { check: Some(|_, kind| known(kind)), ..function("fake", "fake(\"internet.email\")", (1, 1), fake) },
];

/// Those whose name has a dot.
pub(super) const DOTTED: &[Function] = &[
    function("random.uuid", "random.uuid()", (0, 0), uuid),
    function("random.int", "random.int(from, to)", (2, 2), int),
    function("random.string", "random.string(length)", (1, 1), string),
];

/// How long a random text may be.
const LONGEST: i64 = 100_000;

fn uuid(context: &mut Context, _: &Arguments) -> Result<Value, Problem> {
    Ok(Value::from(crate::expr::random::uuid(context.draw())))
}

/// Both ends can come.
fn int(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let (from, to) = (arguments.whole(0)?, arguments.whole(1)?);
    if from > to {
        let message = format!("there is no integer from {from} to {to}");
        return Err(Problem::new(message).about(1).help("the smaller comes first"));
    }
    Ok(Value::Int(crate::expr::random::integer(context.draw(), from, to)))
}

fn string(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let length = arguments.whole(0)?;
    let length = usize::try_from(length)
        .ok()
        .filter(|_| length <= LONGEST)
        .ok_or_else(|| Problem::new(format!("a random text has 0 to {LONGEST} characters, not {length}")).about(0))?;
    context.meter.bytes(length)?;
    Ok(Value::from(crate::expr::random::text(context.draw(), length)))
}

fn known(_kind: &str) -> Result<(), Problem> {
    Ok(())
}

fn fake(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let kind = arguments.text(0)?;
    let _seed = context.draw();
    Err(Problem::new(format!("there is no invented data of the kind `{kind}`")).about(0))
}
