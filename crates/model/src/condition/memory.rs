//! The reader in memory: does a record meet a condition?

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Condition;
use super::resolve::{ChangeTest, Check, ExistsTest, Resolved, Test};
use crate::text::fold;
use crate::{Id, Record, Value};

/// Records around the judged one, loaded beforehand: the targets of references, and the records that refer to it.
/// What the reader may not see is simply not in it.
#[derive(Clone, Debug, Default)]
pub struct World {
    records: HashMap<(String, Id), Record>,
    referring: HashMap<(String, String, Id), Vec<Record>>,
    before: HashMap<Id, Record>,
}

impl World {
    /// Adds the target of a reference.
    pub fn add(&mut self, record: Record) {
        self.records.insert((record.object.clone(), record.id), record);
    }

    /// Adds records of `object` whose field `via` refers to `id`.
    pub fn add_referring(&mut self, object: &str, via: &str, id: Id, records: Vec<Record>) {
        self.referring.insert((object.to_owned(), via.to_owned(), id), records);
    }

    /// Notes how a record stood before the change that is judged. Without it nothing changes: it is new.
    pub fn was(&mut self, before: Record) {
        self.before.insert(before.id, before);
    }

    /// The record of an object, if it is there.
    pub fn find(&self, object: &str, id: Id) -> Option<&Record> {
        self.records.get(&(object.to_owned(), id))
    }

    fn referring(&self, object: &str, via: &str, id: Id) -> &[Record] {
        self.referring.get(&(object.to_owned(), via.to_owned(), id)).map_or(&[], Vec::as_slice)
    }
}

impl Resolved {
    /// True when `record` meets the condition.
    pub fn holds(&self, record: &Record, world: &World) -> bool {
        match self {
            Resolved::Always(truth) => *truth,
            Resolved::All(list) => list.iter().all(|c| c.holds(record, world)),
            Resolved::Any(list) => list.iter().any(|c| c.holds(record, world)),
            Resolved::Not(inner) => !inner.holds(record, world),
            Resolved::Test(test) => test.holds(record, world),
            Resolved::Exists(exists) => exists.holds(record, world),
            Resolved::Changed(change) => world.before.get(&record.id).is_some_and(|before| change.holds(before, record)),
        }
    }
}

impl Resolved {
    /// The parts of the condition, as it is written, that do not hold: of "and" each for itself, anything else as a whole.
    pub fn unmet<'a>(&self, written: &'a Condition, record: &Record, world: &World) -> Vec<&'a Condition> {
        match (self, written) {
            (Resolved::All(list), Condition::All(parts)) => {
                list.iter().zip(parts).flat_map(|(one, part)| one.unmet(part, record, world)).collect()
            }
            _ if self.holds(record, world) => Vec::new(),
            _ => vec![written],
        }
    }
}

impl ExistsTest {
    fn holds(&self, record: &Record, world: &World) -> bool {
        let found = world.referring(&self.object, &self.via, record.id);
        found.iter().filter(|child| self.filter.holds(child, world)).take(self.at_least as usize).count() == self.at_least as usize
    }
}

impl ChangeTest {
    fn holds(&self, before: &Record, after: &Record) -> bool {
        let meets = |check: &Option<Check>, record: &Record| {
            check.as_ref().is_none_or(|check| check.holds(&read(record, &self.field), self.folded))
        };
        before.get(&self.field) != after.get(&self.field) && meets(&self.from, before) && meets(&self.to, after)
    }
}

impl Test {
    fn holds(&self, record: &Record, world: &World) -> bool {
        let mut at = Some(record);
        for hop in &self.hops {
            at = at.and_then(|r| r.reference(&hop.field)).and_then(|id| world.find(&hop.object, id));
        }
        let value = at.map_or(Value::Null, |r| read(r, &self.field));
        self.check.holds(&value, self.folded)
    }
}

/// The value of a field as conditions see it: money in the main currency, `id` as a reference.
fn read(record: &Record, field: &str) -> Value {
    if field == "id" {
        return Value::Ref(record.id);
    }
    match record.get(field) {
        Value::Money(_) => record.mains.get(field).map_or(Value::Null, |main| Value::Number(crate::Number(main.0))),
        value => value.clone(),
    }
}

impl Check {
    fn holds(&self, value: &Value, folded: bool) -> bool {
        let order = |other: &Value| compare(value, other, folded);
        match self {
            Check::Empty => value.is_null(),
            Check::NotEmpty => !value.is_null(),
            Check::Equal(other) => order(other) == Some(Ordering::Equal),
            Check::NotEqual(other) => order(other) != Some(Ordering::Equal),
            Check::Less(other) => order(other) == Some(Ordering::Less),
            Check::LessOrEqual(other) => order(other).is_some_and(Ordering::is_le),
            Check::Greater(other) => order(other) == Some(Ordering::Greater),
            Check::GreaterOrEqual(other) => order(other).is_some_and(Ordering::is_ge),
            Check::Between(low, high) => order(low).is_some_and(Ordering::is_ge) && order(high).is_some_and(Ordering::is_le),
            Check::In(list) => list.iter().any(|other| order(other) == Some(Ordering::Equal)),
            Check::NotIn(list) => !list.iter().any(|other| order(other) == Some(Ordering::Equal)),
            Check::Contains(part) => value.as_text().is_some_and(|text| fold(text).contains(part.as_str())),
            Check::NotContains(part) => !value.as_text().is_some_and(|text| fold(text).contains(part.as_str())),
            Check::StartsWith(part) => value.as_text().is_some_and(|text| fold(text).starts_with(part.as_str())),
            Check::EndsWith(part) => value.as_text().is_some_and(|text| fold(text).ends_with(part.as_str())),
            Check::HasAny(keys) => has_any(value, keys),
            Check::HasNone(keys) => !has_any(value, keys),
        }
    }
}

fn has_any(value: &Value, keys: &[String]) -> bool {
    matches!(value, Value::Keys(has) if has.iter().any(|key| keys.contains(key)))
}

/// The order of two values of one kind; `None` when either is blank or the kinds differ.
fn compare(a: &Value, b: &Value, folded: bool) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Text(a), Value::Text(b)) if folded => fold(a).cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Ref(a), Value::Ref(b)) => a.cmp(b),
        (Value::Regarding { id: a, .. }, Value::Ref(b)) => a.cmp(b),
        _ => return None,
    })
}
