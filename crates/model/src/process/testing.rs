//! What the tests of this module share: a reading of the preset schema.

use std::collections::BTreeMap;

use super::{Gates, Process};
use crate::condition::Reading;
use crate::money::Rates;
use crate::organisation::Organisation;
use crate::{Currency, Instant, Schema, objects};

/// Calls `f` with the system's reading of the preset objects.
pub fn reading<T>(f: impl FnOnce(&Reading<'_>) -> T) -> T {
    let (schema, departments) = (Schema::new(objects::preset()), BTreeMap::new());
    let (calendar, rates) = (Organisation::default().calendar(), Rates::new(Currency::USD));
    f(&Reading {
        schema: &schema,
        me: None,
        my_department: None,
        subordinates: &[],
        departments: &departments,
        now: Instant(0),
        calendar: &calendar,
        rates: &rates,
    })
}

/// A process ready to judge.
pub fn resolve(process: &Process, reading: &Reading<'_>) -> Gates {
    Gates::resolve(process, reading).expect("conditions that resolve")
}
