//! Reckoning with days and instants, within the years 1 to 9999.

use jiff::{Span, Timestamp};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::fault::Fault;
use crate::{Date, Instant};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// `n` days after `day`; a part of a day is left out.
pub fn later(day: Date, n: Decimal) -> Result<Date, Fault> {
    let n = n.trunc().to_i64().ok_or(Fault::Overflow)?;
    add(day, Span::new().try_days(n).map_err(|_| Fault::Overflow)?)
}

/// `n` months after `day`; the last day of a shorter month where the day is missing.
pub fn months_later(day: Date, n: Decimal) -> Result<Date, Fault> {
    let n = n.trunc().to_i64().ok_or(Fault::Overflow)?;
    add(day, Span::new().try_months(n).map_err(|_| Fault::Overflow)?)
}

fn add(day: Date, span: Span) -> Result<Date, Fault> {
    day.checked_add(span).ok().filter(|day| day.year() >= 1).ok_or(Fault::Overflow)
}

/// The day of three numbers.
pub fn of(year: Decimal, month: Decimal, day: Decimal) -> Result<Date, Fault> {
    let whole = |n: Decimal| if n.is_integer() { n.to_i16() } else { None };
    let parts = whole(year).filter(|year| *year >= 1).zip(whole(month)).zip(whole(day)).ok_or(Fault::NoSuchDay)?;
    let ((year, month), day) = parts;
    let (month, day) = i8::try_from(month).ok().zip(i8::try_from(day).ok()).ok_or(Fault::NoSuchDay)?;
    Date::new(year, month, day).map_err(|_| Fault::NoSuchDay)
}

/// Days from `first` to `last`.
pub fn between(first: Date, last: Date) -> Decimal {
    first.until(last).map_or(Decimal::ZERO, |span| Decimal::from(span.get_days()))
}

/// `n` days of 24 hours after `at`.
pub fn instant_later(at: Instant, n: Decimal) -> Result<Instant, Fault> {
    let micros = n.checked_mul(Decimal::from(DAY)).ok_or(Fault::Overflow)?;
    let micros = micros.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().ok_or(Fault::Overflow)?;
    let later = at.0.checked_add(micros).ok_or(Fault::Overflow)?;
    let stands = Timestamp::from_microsecond(later).is_ok_and(|at| at >= FIRST);
    if stands { Ok(Instant(later)) } else { Err(Fault::Overflow) }
}

/// The beginning of the year 1.
const FIRST: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// Days from `first` to `last`, with six digits of a part of a day.
pub fn between_instants(first: Instant, last: Instant) -> Result<Decimal, Fault> {
    let micros = last.0.checked_sub(first.0).ok_or(Fault::Overflow)?;
    Ok((Decimal::from(micros) / Decimal::from(DAY)).round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero))
}
