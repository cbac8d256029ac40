//! From the value of a formula to the value of its field: rounded to what the field keeps, or refused.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::fault::Fault;
use super::operand::{Operand, Sum};
use crate::field::ResultType;
use crate::{Amount, Currency, Money, Number, Value};

/// Longest text that a calculated field keeps, in characters.
const MAX_TEXT: usize = 255;

/// The value of the field, and for money the amount in the main currency where one is known.
pub fn settled(value: Operand<'_>, result: ResultType, main: Currency) -> Result<(Value, Option<Amount>), Fault> {
    let plain = |value| Ok((value, None));
    match (result, value) {
        (ResultType::Boolean, value) => plain(Value::Bool(value.is_true())),
        (ResultType::Text, Operand::Text(text)) => {
            if text.chars().count() > MAX_TEXT {
                return Err(Fault::TooLong);
            }
            // Blank text is no value, as where people type it.
            plain(if text.trim().is_empty() { Value::Null } else { Value::Text(text.into_owned()) })
        }
        (ResultType::Number { scale } | ResultType::Percent { scale }, Operand::Number(n)) => {
            plain(Value::Number(Number(kept(n, scale.min(crate::number::SCALE), crate::number::SCALE)?)))
        }
        (ResultType::Currency, Operand::Money(sum)) => money(sum, main),
        (ResultType::Currency, Operand::Number(n)) => money(Sum::of_main(n, main), main),
        (ResultType::Date, Operand::Date(day)) => plain(Value::Date(day)),
        (ResultType::Datetime, Operand::Instant(at)) => plain(Value::Instant(at)),
        _ => plain(Value::Null),
    }
}

fn money(sum: Sum, main: Currency) -> Result<(Value, Option<Amount>), Fault> {
    let coins = |amount, currency: Currency| kept(amount, currency.digits().min(crate::money::SCALE), crate::money::SCALE).map(Amount);
    let amount = coins(sum.amount, sum.currency)?;
    let in_main = if sum.currency == main { Some(amount) } else { sum.main.map(|amount| coins(amount, main)).transpose()? };
    Ok((Value::Money(Money { amount, currency: sum.currency }), in_main))
}

/// Rounded half away from zero to `digits` after the point, as a whole number of units of `scale`.
fn kept(n: Decimal, digits: u32, scale: u32) -> Result<i64, Fault> {
    let rounded = n.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    rounded.checked_mul(Decimal::from(10_u64.pow(scale))).and_then(|units| units.to_i64()).ok_or(Fault::Overflow)
}
