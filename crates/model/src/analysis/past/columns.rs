//! Deals as they stood, column by column.

use std::collections::{BTreeSet, HashMap};

use super::{FIELDS, place_of};
use crate::{Amount, Currency, Id, Instant, Money, Number, Value};

/// No value in a column of numbers.
const NONE: i64 = i64::MIN;
/// How many of [`FIELDS`] are references and choices, amounts, and numbers and instants.
const NAMED: usize = 12;
const AMOUNTS: usize = 2;
const WHOLE: usize = FIELDS.len() - NAMED - AMOUNTS;

/// Deals as they stood at an instant.
#[derive(Clone, Debug, Default)]
pub struct Deals {
    words: Words,
    ids: Vec<Id>,
    /// Those that were not there yet.
    absent: Vec<bool>,
    named: [Vec<u32>; NAMED],
    amounts: [Vec<i64>; AMOUNTS],
    currencies: [Vec<u32>; AMOUNTS],
    whole: [Vec<i64>; WHOLE],
}

/// References and choices by small numbers; nothing is 0.
#[derive(Clone, Debug, Default)]
struct Words {
    numbers: HashMap<Value, u32>,
    values: Vec<Value>,
}

impl Words {
    fn number(&mut self, value: &Value) -> u32 {
        if value.is_null() {
            return 0;
        }
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        self.values.push(value.clone());
        let number = self.values.len() as u32;
        self.numbers.insert(value.clone(), number);
        number
    }

    fn value(&self, number: u32) -> &Value {
        const NULL: &Value = &Value::Null;
        (number as usize).checked_sub(1).and_then(|at| self.values.get(at)).unwrap_or(NULL)
    }
}

impl Deals {
    /// How many deals are held, those that were not there yet among them.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True while there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds a deal without values, and gives its place.
    pub fn push(&mut self, id: Id) -> usize {
        self.ids.push(id);
        self.absent.push(false);
        self.named.iter_mut().for_each(|column| column.push(0));
        self.amounts.iter_mut().for_each(|column| column.push(NONE));
        self.currencies.iter_mut().for_each(|column| column.push(0));
        self.whole.iter_mut().for_each(|column| column.push(NONE));
        self.ids.len() - 1
    }

    /// Puts a value on the deal at a place. `field` is its place in [`FIELDS`].
    pub fn set(&mut self, at: usize, field: usize, value: &Value) {
        if field < NAMED {
            self.named[field][at] = self.words.number(value);
        } else if field < NAMED + AMOUNTS {
            let money = value.as_money();
            self.amounts[field - NAMED][at] = money.map_or(NONE, |money| money.amount.0);
            self.currencies[field - NAMED][at] = match money {
                Some(money) => self.words.number(&Value::Text(money.currency.code().to_owned())),
                None => 0,
            };
        } else if field < FIELDS.len() {
            let whole = match value {
                Value::Number(number) => number.0,
                Value::Instant(at) => at.0,
                _ => NONE,
            };
            self.whole[field - NAMED - AMOUNTS][at] = whole;
        }
    }

    /// Where each deal is.
    pub fn places(&self) -> HashMap<Id, u32> {
        self.ids.iter().enumerate().map(|(at, id)| (*id, at as u32)).collect()
    }

    /// Says of a deal that it was not there yet.
    pub fn was_not_there(&mut self, at: usize) {
        self.absent[at] = true;
    }

    /// Lets go of those that were not there, and makes room.
    pub fn settle(&mut self) {
        if self.absent.contains(&true) {
            let kept: Vec<bool> = self.absent.iter().map(|absent| !absent).collect();
            let keep = |column: &mut Vec<u32>| retain(column, &kept);
            retain(&mut self.ids, &kept);
            self.named.iter_mut().for_each(keep);
            self.currencies.iter_mut().for_each(keep);
            self.amounts.iter_mut().chain(&mut self.whole).for_each(|column| retain(column, &kept));
            self.absent = vec![false; self.ids.len()];
        }
        self.ids.shrink_to_fit();
    }

    /// The ids, by place.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    /// What a field was.
    pub fn value(&self, at: usize, field: usize) -> Value {
        if field < NAMED {
            self.words.value(self.named[field][at]).clone()
        } else if field < NAMED + AMOUNTS {
            self.money(at, field).map_or(Value::Null, Value::Money)
        } else {
            let whole = self.whole[field - NAMED - AMOUNTS][at];
            match FIELDS[field] {
                _ if whole == NONE => Value::Null,
                "main_rate" => Value::Number(Number(whole)),
                _ => Value::Instant(Instant(whole)),
            }
        }
    }

    /// What an amount was.
    pub fn money(&self, at: usize, field: usize) -> Option<Money> {
        let column = field.checked_sub(NAMED).filter(|column| *column < AMOUNTS)?;
        let amount = self.amounts[column][at];
        if amount == NONE {
            return None;
        }
        let currency: Currency = self.words.value(self.currencies[column][at]).as_text()?.parse().ok()?;
        Some(Money { amount: Amount(amount), currency })
    }

    /// A reference or choice by its number, the same for the same value.
    pub(super) fn named(&self, at: usize, field: usize) -> u32 {
        self.named[field][at]
    }

    /// The value of a number.
    pub(super) fn word(&self, number: u32) -> &Value {
        self.words.value(number)
    }

    /// The number of a value; `None` where nothing has it.
    pub(super) fn number_of(&self, value: &Value) -> Option<u32> {
        if value.is_null() { Some(0) } else { self.words.numbers.get(value).copied() }
    }

    /// A number or an instant.
    pub(super) fn whole(&self, at: usize, field: &str) -> Option<i64> {
        let column = place_of(field)?.checked_sub(NAMED + AMOUNTS)?;
        Some(self.whole[column][at]).filter(|whole| *whole != NONE)
    }

    /// The days that occur in a field, for looking them up once.
    pub(super) fn distinct(&self, field: usize) -> BTreeSet<u32> {
        self.named[field].iter().copied().collect()
    }
}

fn retain<T>(column: &mut Vec<T>, kept: &[bool]) {
    let mut at = 0;
    column.retain(|_| {
        at += 1;
        kept[at - 1]
    });
    column.shrink_to_fit();
}
