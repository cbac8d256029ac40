//! Whatever text is taken for a formula: it is refused with codes, or it comes to a value of its type or to blank with a note.
#![no_main]

mod sample;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use model::field::ResultType;
use model::formula::{Formula, Moment};
use model::{Currency, Id, Instant, Schema, Value};

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::new(model::objects::preset()))
}

fuzz_target!(|data: &[u8]| {
    // The first two bytes choose the result and the records.
    let [result, seed, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let result = match result % 7 {
        0 => ResultType::Text,
        1 => ResultType::Number { scale: 6 },
        2 => ResultType::Currency,
        3 => ResultType::Percent { scale: 2 },
        4 => ResultType::Boolean,
        5 => ResultType::Date,
        _ => ResultType::Datetime,
    };
    let formula = match Formula::compile(text, "opportunity", schema(), result) {
        Ok(formula) => formula,
        Err(found) => {
            let length = text.chars().count() as u64;
            for violation in &found {
                assert!(violation.code.starts_with("formula."));
                if let (Some(from), Some(to)) = (violation.params.get("from"), violation.params.get("to")) {
                    let (from, to) = (from.as_u64().unwrap(), to.as_u64().unwrap());
                    assert!(from <= to && to <= length, "{violation:?}");
                }
            }
            assert!(!found.is_empty());
            return;
        }
    };
    let (record, world) = sample::records(schema(), u64::from(*seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let moment =
        Moment { now: Instant(1_795_622_400_000_000), zone: jiff::tz::TimeZone::UTC, me: Some(Id(uuid::Uuid::nil())), main: Currency::USD };
    let evaluated = formula.evaluate(&record, &world, &moment);
    assert!(evaluated.note.is_none() || evaluated.value == Value::Null);
    assert!(match (&evaluated.value, result) {
        (Value::Null, _) => true,
        (Value::Text(text), ResultType::Text) => text.chars().count() <= 255,
        (Value::Number(n), ResultType::Number { scale } | ResultType::Percent { scale }) => n.fits_scale(scale),
        (Value::Money(money), ResultType::Currency) => money.amount.rounded(money.currency) == money.amount,
        (Value::Bool(_), ResultType::Boolean) | (Value::Date(_), ResultType::Date) => true,
        (Value::Instant(at), ResultType::Datetime) => Instant::parse(&at.to_string()) == Some(*at),
        _ => false,
    });
});
