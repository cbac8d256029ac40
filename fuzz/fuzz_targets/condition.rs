//! Whatever text is taken for a condition: it is refused or it reads what it writes, and judging by it never panics.
#![no_main]

mod sample;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use model::condition::Reading;
use model::money::Rates;
use model::organisation::Organisation;
use model::{Condition, Currency, Instant, Schema};

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::new(model::objects::preset()))
}

fuzz_target!(|text: &str| {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else { return };
    let Ok(condition) = Condition::from_json(&json) else { return };
    let written = condition.to_json();
    assert_eq!(Condition::from_json(&written).as_ref(), Ok(&condition), "reads what it writes");
    let departments = BTreeMap::new();
    let calendar = Organisation::default().calendar();
    let rates = Rates::new(Currency::USD);
    let reading = Reading {
        schema: schema(),
        me: Some(model::Id(uuid::Uuid::nil())),
        my_department: None,
        subordinates: &[],
        departments: &departments,
        now: Instant(1_795_622_400_000_000),
        calendar: &calendar,
        rates: &rates,
    };
    if let Ok(resolved) = condition.resolve("opportunity", &reading) {
        let (record, world) = sample::records(schema(), text.len() as u64 * 7_919);
        let opposite = Condition::Not(Box::new(condition)).resolve("opportunity", &reading);
        let holds = resolved.holds(&record, &world);
        // One level deeper may be one too deep to write, but never to judge.
        assert_ne!(opposite.map(|not| not.holds(&record, &world)), Ok(holds), "not is plain negation");
    }
});
