//! Rows that are to come are held against a memory while those before them are written: most of what takes time is then done when their
//! transaction begins, on whichever core is free.
//!
//! Nothing is decided here. What was written meanwhile, by whomever, is compared within the transaction like before; a row of which nothing was
//! foreseen is looked for there as a whole.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::duplicate::rule::Group;
use model::duplicate::{Kind, Method};
use model::{Object, Record};

use super::{Remembered, ask, way};
use crate::Meta;

/// Rows that are to come; any number of threads may work on them.
pub struct Foresight<'a> {
    meta: &'a Meta,
    memory: &'a Remembered,
    own: &'a Object,
    groups: Vec<&'a Group>,
    records: Vec<Record>,
    next: AtomicUsize,
}

/// The fields whose texts are compared by likeness with others, by the rules of an object.
pub fn compared<'a>(meta: &'a Meta, object: &str, kind: Kind) -> Vec<&'a str> {
    by_likeness(meta, object, kind).into_iter().map(|(_, field)| field).collect()
}

/// The groups of an object's rules that look for texts which are like those of a record's field, each with that field's key.
fn by_likeness<'a>(meta: &'a Meta, object: &str, kind: Kind) -> Vec<(&'a Group, &'a str)> {
    let rules = meta.duplicate_rules.iter().filter(|live| live.rule.object == object && live.rule.kinds.has(kind));
    let fuzzy = |group: &'a Group| {
        let row = way(&meta.schema, group)?.row;
        matches!(row.method, Method::Fuzzy { .. }).then_some((group, row.field.as_str()))
    };
    rules.flat_map(|live| &live.rule.groups).filter_map(fuzzy).collect()
}

impl<'a> Foresight<'a> {
    /// Of records that have no more than the fields which are compared. `now`: the texts of those that are being saved; what was foreseen of
    /// them is still to be asked for, that of all others is forgotten.
    pub fn new(
        meta: &'a Meta,
        memory: &'a Remembered,
        own: &'a Object,
        kind: Kind,
        records: Vec<Record>,
        now: &HashSet<&str>,
    ) -> Foresight<'a> {
        let groups = by_likeness(meta, &own.key, kind);
        let texts = records.iter().flat_map(|record| groups.iter().filter_map(|(_, field)| record.get(field).as_text()));
        let texts: HashSet<&str> = texts.chain(now.iter().copied()).collect();
        memory.read().unwrap_or_else(PoisonError::into_inner).expect(&texts);
        let groups = groups.into_iter().map(|(group, _)| group).collect();
        Foresight { meta, memory, own, groups, records, next: AtomicUsize::new(0) }
    }

    /// Looks for what they are like, one after the other, until none is left that nobody works on.
    pub fn work(&self) {
        while let Some(record) = self.records.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
            let country = &self.meta.organisation.country;
            self.groups.iter().filter_map(|group| ask(&self.meta.schema, country, self.own, group, record)).for_each(|ask| {
                memory.foresee(country, &ask);
            });
        }
    }

    /// Leaves the rest.
    pub fn end(&self) {
        self.next.store(self.records.len(), Ordering::Relaxed);
    }
}
