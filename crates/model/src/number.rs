//! Exact numbers and percents.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact decimal number: millionths in an i64 (range ±9.2 × 10¹²). Both databases keep it as BIGINT.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Number(pub i64);

/// Digits after the point that a [`Number`] keeps.
pub const SCALE: u32 = 6;

impl Number {
    /// A whole number.
    pub const fn whole(n: i64) -> Number {
        Number(n * 1_000_000)
    }

    /// Reads `-12.5`; `None` if it is not a plain decimal, does not fit, or has more than six digits after the point.
    pub fn parse(text: &str) -> Option<Number> {
        parse_scaled(text, SCALE).map(Number)
    }

    /// True when at most `scale` digits after the point are in use.
    pub fn fits_scale(self, scale: u32) -> bool {
        self.0 % 10_i64.pow(SCALE.saturating_sub(scale)) == 0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&show_scaled(self.0, SCALE, 0))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    /// Takes text, and a JSON number where it is exact.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(n) => n.to_string(),
            _ => return Err(serde::de::Error::custom("a number was expected, as \"12.5\"")),
        };
        Number::parse(&text).ok_or_else(|| serde::de::Error::custom("a plain decimal number was expected, as \"12.5\""))
    }
}

/// Reads a plain decimal into an integer scaled by 10^`scale`. No exponent, no thousands separator; `None` on overflow or lost digits.
pub fn parse_scaled(text: &str, scale: u32) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > scale as usize {
        return None;
    }
    let mut n: i64 = 0;
    for b in whole.bytes().chain(fraction.bytes()) {
        n = n.checked_mul(10)?.checked_sub(i64::from(b - b'0'))?;
    }
    let n = n.checked_mul(10_i64.pow(scale - fraction.len() as u32))?;
    if negative { Some(n) } else { n.checked_neg() }
}

/// Prints an integer scaled by 10^`scale` with at least `least` digits after the point and no needless zeros beyond.
pub fn show_scaled(n: impl Into<i128>, scale: u32, least: u32) -> String {
    let (n, unit): (i128, u128) = (n.into(), 10_u128.pow(scale));
    let (whole, fraction) = (n.unsigned_abs() / unit, n.unsigned_abs() % unit);
    let mut digits = format!("{fraction:0width$}", width = scale as usize);
    while digits.len() > least as usize && digits.ends_with('0') {
        digits.pop();
    }
    let sign = if n < 0 { "-" } else { "" };
    if digits.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{digits}") }
}

/// `n / d` rounded half away from zero, which is "half up" for amounts of either sign.
pub fn div_half_up(n: i128, d: i128) -> i128 {
    let q = n / d;
    let r = n % d;
    if r.unsigned_abs() * 2 >= d.unsigned_abs() { q + n.signum() * d.signum() } else { q }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_exactly() {
        for text in ["0", "-12.5", "0.000001", "9223372036854.775807", "-9223372036854.775808", "40"] {
            assert_eq!(Number::parse(text).unwrap().to_string(), text);
        }
        for text in ["", ".", "-", "1e3", "1,000", "0.0000001", "9223372036854.775808", "1.2.3", "٣"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
        assert_eq!(Number::parse("1.500").unwrap().to_string(), "1.5");
        assert_eq!(Number::parse(".5").unwrap().to_string(), "0.5");
    }

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!([div_half_up(5, 2), div_half_up(-5, 2), div_half_up(7, 3), div_half_up(-7, 3)], [3, -3, 2, -2]);
    }
}
