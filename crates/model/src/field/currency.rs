//! Amounts of money.

use serde_json::Value as Json;

use super::Field;
use crate::{Amount, Currency, Money, Value, Violation};

/// Reads `{"amount": "1054.00", "currency": "USD"}`, or a bare amount in the main currency.
/// More digits than the currency's coin has are refused, not rounded: nothing is guessed.
pub fn parse(field: &Field, json: &Json, main: Currency) -> Result<Value, Violation> {
    let (amount, currency) = match json {
        Json::Object(map) => {
            if let Some(other) = map.keys().find(|key| *key != "amount" && *key != "currency") {
                return Err(Violation::new("field.unknown", format!("{}.{other}", field.key)));
            }
            let currency = match map.get("currency") {
                None | Some(Json::Null) => main,
                Some(Json::String(code)) => code.parse().map_err(|()| field.invalid("a currency of ISO 4217, as USD"))?,
                Some(_) => return Err(field.invalid("a currency of ISO 4217, as USD")),
            };
            (map.get("amount").unwrap_or(&Json::Null), currency)
        }
        bare => (bare, main),
    };
    let text = match amount {
        Json::Null => return Ok(Value::Null),
        Json::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Json::String(text) => text.clone(),
        Json::Number(n) => n.to_string(),
        _ => return Err(field.invalid("an amount, as 1054.00")),
    };
    let amount = Amount::parse(&text).ok_or_else(|| field.invalid("an amount, as 1054.00"))?;
    if amount.rounded(currency) != amount {
        return Err(field.invalid("an amount in whole coins of its currency").with("digits", currency.digits()));
    }
    Ok(Value::Money(Money { amount, currency }))
}
