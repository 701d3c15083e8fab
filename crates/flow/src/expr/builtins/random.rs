//! Random values and invented data: functions of the execution's seed and of the place where they stand.

use super::{Arguments, Context, Function, function};
use crate::{Code, Value, expr::fault::Problem, fake, nearest::nearest, random::Seed};

pub(super) const FUNCTIONS: &[Function] = &[
    function("uuid", "uuid()", (0, 0), |context, _| Ok(uuid(context))),
    Function { check: Some(|_, kind| known(kind)), ..function("fake", "fake(\"internet.email\")", (1, 1), invented) },
];

/// Those whose name has a dot.
pub(super) const DOTTED: &[Function] = &[
    function("random.uuid", "random.uuid()", (0, 0), |context, _| Ok(uuid(context))),
    function("random.int", "random.int(from, to)", (2, 2), int),
    function("random.string", "random.string(length)", (1, 1), string),
];

/// How long a random text may be.
const LONGEST: i64 = 100_000;

fn uuid(context: &mut Context) -> Value {
    Value::from(uuid::Builder::from_random_bytes(context.draw()).into_uuid().to_string())
}

/// Both ends can come.
fn int(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let (from, to) = (arguments.whole(0)?, arguments.whole(1)?);
    if from > to {
        let message = format!("there is no integer from {from} to {to}");
        return Err(Problem::new(message).about(1).help("the smaller comes first"));
    }
    Ok(Value::Int(Seed::from(context.draw()).int(from..=to)))
}

fn string(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let length = arguments.whole(0)?;
    let length = usize::try_from(length)
        .ok()
        .filter(|_| length <= LONGEST)
        .ok_or_else(|| Problem::new(format!("a random text has 0 to {LONGEST} characters, not {length}")).about(0))?;
    context.meter.bytes(length)?;
    Ok(Value::from(Seed::from(context.draw()).alphanumeric(length)))
}

fn invented(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let kind = arguments.text(0)?;
    let seed = Seed::from(context.draw());
    fake::fake(kind, seed).map(Value::from).ok_or_else(|| unknown(kind))
}

fn known(kind: &str) -> Result<(), Problem> {
    if fake::fake(kind, Seed::new(0)).is_some() { Ok(()) } else { Err(unknown(kind)) }
}

fn unknown(kind: &str) -> Problem {
    let problem = Problem::coded(Code::UnknownName, format!("there is no invented data of the kind `{kind}`")).about(0);
    let names = fake::kinds().iter().copied().chain(fake::aliases().map(|(alias, _)| alias));
    match nearest(kind, names) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("kinds are `internet.email`, `person.full_name`, `address.city` and the like"),
    }
}
