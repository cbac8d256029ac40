//! Days, numbers and amounts that lie near each other.

use jiff::tz::TimeZone;

use super::Side;
use crate::{Date, Value};

const MICROSECONDS_OF_A_DAY: i128 = 86_400_000_000;

/// True where two days or instants are no more than `days` apart; a day against an instant is taken by the instant's day in UTC.
pub fn within_days(a: &Value, b: &Value, days: u32) -> bool {
    match (a, b) {
        (Value::Instant(a), Value::Instant(b)) => (i128::from(a.0) - i128::from(b.0)).abs() <= i128::from(days) * MICROSECONDS_OF_A_DAY,
        (a, b) => match (day_of(a), day_of(b)) {
            (Some(a), Some(b)) => a.duration_since(b).as_hours().unsigned_abs() <= u64::from(days) * 24,
            _ => false,
        },
    }
}

fn day_of(value: &Value) -> Option<Date> {
    match value {
        Value::Date(day) => Some(*day),
        Value::Instant(at) => Some(at.date_in(&TimeZone::UTC)),
        _ => None,
    }
}

/// True where two numbers, or amounts, differ by no more than `percent` of the larger. Amounts in different currencies are compared in the
/// main one, where both are known in it.
pub fn within_percent(a: Side<'_>, b: Side<'_>, percent: u32) -> bool {
    match (a.value(), b.value()) {
        (Value::Number(a), Value::Number(b)) => near(a.0, b.0, percent),
        (Value::Money(x), Value::Money(y)) if x.currency == y.currency => near(x.amount.0, y.amount.0, percent),
        (Value::Money(_), Value::Money(_)) => match (a.record.mains.get(&a.field.key), b.record.mains.get(&b.field.key)) {
            (Some(a), Some(b)) => near(a.0, b.0, percent),
            _ => false,
        },
        _ => false,
    }
}

fn near(a: i64, b: i64, percent: u32) -> bool {
    let (a, b) = (i128::from(a), i128::from(b));
    (a - b).abs() * 100 <= a.abs().max(b.abs()) * i128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Instant;

    #[test]
    fn days_are_counted_both_ways() {
        let day = |text: &str| Value::Date(text.parse().unwrap());
        assert!(within_days(&day("2026-03-01"), &day("2026-05-30"), 90));
        assert!(!within_days(&day("2026-05-31"), &day("2026-03-01"), 90));
        let at = |text: &str| Value::Instant(Instant::parse(text).unwrap());
        assert!(within_days(&at("2026-03-02T10:00:00Z"), &at("2026-03-01T10:00:00Z"), 1));
        assert!(!within_days(&at("2026-03-02T10:00:01Z"), &at("2026-03-01T10:00:00Z"), 1));
        assert!(within_days(&at("2026-03-02T23:00:00Z"), &day("2026-03-01"), 1));
        assert!(!within_days(&Value::from("2026-03-01"), &day("2026-03-01"), 1));
    }

    #[test]
    fn percents_are_of_the_larger() {
        assert!(near(90, 100, 10) && near(100, 90, 10) && near(0, 0, 0) && near(-90, -100, 10));
        assert!(!near(89, 100, 10) && !near(-1, 1, 100) && !near(i64::MIN, i64::MAX, 100));
    }
}
