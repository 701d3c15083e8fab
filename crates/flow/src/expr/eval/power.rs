//! `x ** y`, digit for digit as Go's `math.Pow` on the processors that servers have: whole powers by squaring, the rest by `exp`.
//! The last digit is otherwise than a library's `pow` has it, and a flow that compares it must not depend on which program reads it.

/// `x` to the power of `y`.
#[expect(clippy::float_cmp, reason = "only these very numbers are special")]
pub(super) fn power(x: f64, y: f64) -> f64 {
    let (whole, fraction) = (y.abs().trunc(), y.abs().fract());
    let is_special = x == 0.0
        || x == 1.0
        || y == 0.0
        || y == 1.0
        || !x.is_finite()
        || !y.is_finite()
        || (fraction != 0.0 && x < 0.0)
        || whole >= 9_223_372_036_854_775_808.0;
    if is_special {
        // Where nothing is rounded, all agree.
        return x.powf(y);
    }
    if y.abs() == 0.5 {
        return if y > 0.0 { x.sqrt() } else { 1.0 / x.sqrt() };
    }
    let (mantissa, exponent) = positive_power(x, whole, fraction);
    if y < 0.0 { scale(1.0 / mantissa, -exponent) } else { scale(mantissa, exponent) }
}

/// The result as a factor and a power of two.
fn positive_power(x: f64, mut whole: f64, mut fraction: f64) -> (f64, i64) {
    let mut mantissa = 1.0;
    let mut exponent = 0_i64;
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        mantissa = exponential(fraction * x.ln());
    }
    let (mut square, mut square_exponent) = split(x);
    let mut left = whole as u64;
    while left != 0 {
        if square_exponent.abs() > 1 << 12 {
            // It is beyond the floats, or zero, whatever follows.
            exponent += square_exponent;
            break;
        }
        if left & 1 == 1 {
            mantissa *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent <<= 1;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        left >>= 1;
    }
    (mantissa, exponent)
}

/// `e` to the power of a number that is small here: the method of Shibata (ISC 2010), with fused steps, as Go has it.
fn exponential(x: f64) -> f64 {
    /// The upper and lower half of the logarithm of two, to more digits than a float has.
    const UPPER: f64 = 0.693_147_180_559_662_956_511_601_805_686_950_683_593_75;
    const LOWER: f64 = 0.282_352_905_630_315_771_225_884_481_750_134_360_255_254_120_68e-12;
    /// The first factors of the series, the highest first.
    const SERIES: [f64; 7] = [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0];
    let exponent = (x * std::f64::consts::LOG2_E).round_ties_even();
    let reduced = (-exponent).mul_add(LOWER, (-exponent).mul_add(UPPER, x)) * 0.0625;
    let series = SERIES.iter().fold(1.0 / 40_320.0, |sum: f64, factor| sum.mul_add(reduced, *factor));
    // Squaring `1 + y` four times takes the reduction back.
    let mut y = reduced * series;
    for _ in 0..3 {
        y *= y + 2.0;
    }
    scale(y.mul_add(y + 2.0, 1.0), exponent as i64)
}

/// A finite number that is not zero as a factor from 0.5 to 1 and a power of two.
fn split(x: f64) -> (f64, i64) {
    // 2⁵² makes a subnormal number normal.
    let (x, shift) = if x.abs() < f64::MIN_POSITIVE { (x * 4_503_599_627_370_496.0, -52) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = i64::try_from(bits >> 52 & 0x7FF).unwrap_or_default() - 1022;
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), exponent + shift)
}

/// `x` times a power of two, in steps that round once at most.
fn scale(mut x: f64, mut exponent: i64) -> f64 {
    let two = |exponent: i64| f64::powi(2.0, exponent as i32);
    while exponent > 1000 && x.is_finite() {
        x *= two(1000);
        exponent -= 1000;
    }
    if exponent < -1000 {
        // Near zero the digits are cut off; in one step, so that they are rounded once.
        let (factor, own) = split(x);
        let total = own + exponent;
        return if total < -1100 { 0.0 * x } else { factor * two(-60) * two(total + 60) };
    }
    x * two(exponent.min(1000))
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn powers_are_those_of_go() {
        for (x, y, result) in [
            (2.0, 10.0, 1024.0),
            (2.0, -1.0, 0.5),
            (1.5, 1.837_117_307_087_383_6, 2.106_203_352_148_88),
            (15.0, 1.5, 58.094_750_193_111_25),
            (-2.0, 3.0, -8.0),
            (10.0, 308.0, 1.000_000_000_000_000_6e308),
            (1.1, 1000.0, 2.469_932_918_005_993e41),
            (0.3, 7.7, 9.415_289_134_866_059e-5),
            (7.0, -3.3, 0.001_626_209_403_216_461),
            (10.0, -310.0, 1e-310),
            (2.0, -1073.5, 5e-324),
            (3.0, -680.0, 0.0),
            (10.0, 309.0, f64::INFINITY),
            (10.0, -400.0, 0.0),
            (2.0, -1074.0, 5e-324),
            (0.0, -1.0, f64::INFINITY),
            (9.0, 0.5, 3.0),
        ] {
            assert_eq!(power(x, y).to_bits(), f64::to_bits(result), "{x} ** {y}");
        }
        assert!(power(-1.0, 0.5).is_nan());
    }
}
