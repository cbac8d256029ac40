//! Texts of a field in memory, for a job that asks very many times what is like something: the entries of the index and the texts as they are
//! compared, so that a question costs no statement and gives nothing but what is alike.
//!
//! The truth stays in the database. What is given here is read and judged there like any other candidate, and what was written since it was
//! read, by this transaction or another, on whichever server, is told by the outbox and compared besides.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use model::duplicate::matching::name::{Name, alike};
use model::duplicate::matching::{KeyKind, Nature, Surroundings, drawn, nature_of, read, read_again};
use model::{Field, Id, Object, Record, Schema};

use super::find::{Ask, By, MOST, telling, values_after};
use super::keys_of;
use crate::outbox::{self, Position};
use crate::records::load_fields;
use crate::{Error, Read};

/// Records written since that are compared one by one; where there are more, the index in the database is quicker.
const MOST_PENDING: usize = 2_000;
/// Entries of one key that are looked at, at most: they cost much less than in the database.
const MOST_OF_KEY: usize = 20_000;
/// Entries that are kept apart until they are sorted in.
const MOST_YOUNG: usize = 200_000;

/// A field whose texts are remembered, and as what they are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remembers {
    pub object: String,
    pub field: String,
    pub nature: Nature,
}

/// Texts of some fields, as of a place in the outbox.
pub struct Memory {
    position: Position,
    /// Revisions of records behind the position that are in here.
    known: HashMap<Id, i64>,
    kept: Vec<Kept>,
}

impl Memory {
    /// Empty, as of now.
    pub fn new(tx: &mut Read) -> Result<Memory, Error> {
        Ok(Memory { position: outbox::head(tx)?, known: HashMap::new(), kept: Vec::new() })
    }

    /// Reads some texts of a field behind a record; up to which record, where there may be more.
    pub fn read_on(
        &mut self,
        tx: &mut Read,
        (schema, country): (&Schema, &str),
        what: &Remembers,
        after: Option<Id>,
    ) -> Result<Option<Id>, Error> {
        let Some((object, field)) = what.named(schema) else { return Ok(None) };
        let (records, last) = values_after(tx, object, field, after)?;
        if !self.kept.iter().any(|kept| kept.what == *what) {
            self.kept.push(Kept::of(what.clone()));
        }
        for kept in self.kept.iter_mut().filter(|kept| kept.what == *what) {
            for record in &records {
                for entry in kept.take_in(country, object, field, record) {
                    kept.entries.push(entry);
                }
            }
            if last.is_none() {
                kept.settle();
            }
        }
        Ok(last)
    }

    /// How many texts it holds.
    pub fn texts(&self) -> usize {
        self.kept.iter().map(|kept| kept.ids.len()).sum()
    }

    /// Takes in what was written since it was read, or caught up last.
    pub fn catch_up(&mut self, tx: &mut Read, schema: &Schema, country: &str) -> Result<(), Error> {
        let head = outbox::head(tx)?;
        let mut known = HashMap::new();
        for object in self.objects() {
            let written = outbox::written_behind(tx, &self.position, &object)?;
            let new = self.unknown(&written);
            for kept in self.kept.iter_mut().filter(|kept| kept.what.object == object) {
                let Some((object, field)) = kept.what.named(schema) else { continue };
                for record in load_fields(tx, object, &[field], &new)? {
                    let entries = kept.take_in(country, object, field, &record);
                    kept.young.extend(entries);
                }
                if kept.young.len() > MOST_YOUNG {
                    kept.settle();
                }
            }
            known.extend(written);
        }
        (self.position, self.known) = (head, known);
        Ok(())
    }

    fn objects(&self) -> BTreeSet<String> {
        self.kept.iter().map(|kept| kept.what.object.clone()).collect()
    }

    fn unknown(&self, written: &[(Id, i64)]) -> Vec<Id> {
        let new = written.iter().filter(|(id, revision)| self.known.get(id).is_none_or(|known| known < revision));
        new.map(|(id, _)| *id).collect()
    }

    /// What is like the question; nothing where that cannot be said from memory.
    pub(super) fn like(&mut self, country: &str, ask: &Ask<'_>, pending: &Pending) -> Option<Vec<Id>> {
        let (like, By::Keys { kind: KeyKind::Parts, keys, shared }) = (ask.like.as_ref()?, &ask.by) else { return None };
        let at = self.kept.iter().position(|kept| kept.what.answers(ask))?;
        let asked = read_again(like.nature, &like.text, Surroundings { country });
        let mut ids = self.kept[at].like(keys, *shared, &asked, like.threshold);
        for (id, name) in &pending.of_kept[at] {
            if alike(&asked, name) >= like.threshold && !ids.contains(id) {
                ids.push(*id);
            }
        }
        Some(ids)
    }
}

impl Remembers {
    fn named<'s>(&self, schema: &'s Schema) -> Option<(&'s Object, &'s Field)> {
        let object = schema.object(&self.object)?;
        Some((object, object.field(&self.field)?))
    }

    fn answers(&self, ask: &Ask<'_>) -> bool {
        ask.object.key == self.object
            && ask.field.key == self.field
            && ask.like.as_ref().is_some_and(|like| like.nature == self.nature)
            && matches!(ask.by, By::Keys { kind: KeyKind::Parts, .. })
    }
}

/// What a memory does not have yet and this transaction sees.
pub(super) struct Pending {
    of_kept: Vec<Vec<(Id, Name)>>,
}

impl Pending {
    /// What there is for these questions; nothing where it is too much, or the memory answers none of them.
    pub fn of(tx: &mut Read, memory: &Memory, country: &str, asks: &[Ask<'_>]) -> Result<Option<Pending>, Error> {
        let mut of_kept: Vec<Vec<(Id, Name)>> = Vec::with_capacity(memory.kept.len());
        let mut answers = false;
        for kept in &memory.kept {
            of_kept.push(Vec::new());
            let Some(ask) = asks.iter().find(|ask| kept.what.answers(ask)) else { continue };
            answers = true;
            let new = memory.unknown(&outbox::written_behind(tx, &memory.position, &kept.what.object)?);
            if new.len() > MOST_PENDING {
                return Ok(None);
            }
            for record in load_fields(tx, ask.object, &[ask.field], &new)? {
                if let Some(text) = record.get(&ask.field.key).as_text() {
                    of_kept
                        .last_mut()
                        .into_iter()
                        .for_each(|of| of.push((record.id, read(kept.what.nature, text, Surroundings { country }))));
                }
            }
        }
        Ok(answers.then_some(Pending { of_kept }))
    }
}

/// Texts of a field. One that has changed is there as it was and as it is: what is given is read and compared again.
struct Kept {
    what: Remembers,
    ids: Vec<Id>,
    names: Vec<Name>,
    /// Keys, shortened, in the upper half, and in the lower the place of the text; sorted. Two keys that are shortened to the same cost a
    /// comparison.
    entries: Vec<u64>,
    /// Those that came later.
    young: BTreeSet<u64>,
    /// How many keys each text shares with what is being asked; 0 between questions.
    shared: Vec<u8>,
}

impl Kept {
    fn of(what: Remembers) -> Kept {
        Kept { what, ids: Vec::new(), names: Vec::new(), entries: Vec::new(), young: BTreeSet::new(), shared: Vec::new() }
    }

    /// Takes a record's text in; its entries.
    fn take_in(&mut self, country: &str, object: &Object, field: &Field, record: &Record) -> Vec<u64> {
        let Some(text) = record.get(&field.key).as_text() else { return Vec::new() };
        let Ok(place) = u32::try_from(self.ids.len()) else { return Vec::new() };
        let name = read(self.what.nature, text, Surroundings { country });
        // Entered as the index enters it, whatever it is compared with.
        let keys: Vec<i64> = if nature_of(object, field) == Some(self.what.nature) {
            drawn(&name)
        } else {
            keys_of(KeyKind::Parts, country, object, field, record).into_iter().collect()
        };
        self.ids.push(record.id);
        self.names.push(name);
        self.shared.push(0);
        keys.into_iter().map(|key| short(key) | u64::from(place)).collect()
    }

    fn settle(&mut self) {
        self.entries.extend(std::mem::take(&mut self.young));
        self.entries.sort();
        self.entries.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.names.shrink_to_fit();
        self.shared.shrink_to_fit();
    }

    /// Where the entries of a key stand.
    fn with(&self, key: i64) -> std::ops::Range<usize> {
        let (from, to) = (short(key), short(key) | u64::from(u32::MAX));
        let begin = self.entries.partition_point(|entry| *entry < from);
        // Most keys are rare: the end is looked for from here.
        let mut step = 1;
        while self.entries.get(begin + step).is_some_and(|entry| *entry <= to) {
            step *= 2;
        }
        let end = (begin + step).min(self.entries.len());
        begin..begin + self.entries[begin..end].partition_point(|entry| *entry <= to)
    }

    /// Those of a key that came later.
    fn young(&self, key: i64) -> impl Iterator<Item = &u64> {
        self.young.range(short(key)..=short(key) | u64::from(u32::MAX))
    }

    fn like(&mut self, keys: &[i64], shared: usize, asked: &Name, threshold: u8) -> Vec<Id> {
        let old: Vec<(i64, std::ops::Range<usize>)> = keys.iter().map(|key| (*key, self.with(*key))).collect();
        let many = |(key, old): &(i64, std::ops::Range<usize>)| i64::try_from(old.len() + self.young(*key).count()).unwrap_or(i64::MAX);
        let (keys, least) = telling(old.iter().map(|one| (many(one), one.0)).collect(), shared);
        let mut touched: Vec<u32> = Vec::new();
        let mut counts = std::mem::take(&mut self.shared);
        for (_, key) in keys {
            let old = old.iter().find(|(of, _)| *of == key).map_or(0..0, |(_, old)| old.clone());
            for entry in self.entries[old].iter().chain(self.young(key)).take(MOST_OF_KEY) {
                let place = *entry as u32;
                let count = &mut counts[place as usize];
                if *count == 0 {
                    touched.push(place);
                }
                *count = count.saturating_add(1);
            }
        }
        let mut best: Vec<(Reverse<u8>, u32)> = Vec::new();
        for place in touched {
            let count = std::mem::take(&mut counts[place as usize]);
            if usize::from(count) >= least {
                best.push((Reverse(count), place));
            }
        }
        self.shared = counts;
        if best.len() > MOST {
            best.select_nth_unstable(MOST);
            best.truncate(MOST);
        }
        let mut ids = Vec::new();
        for (_, place) in best {
            let id = self.ids[place as usize];
            if alike(asked, &self.names[place as usize]) >= threshold && !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
}

fn short(key: i64) -> u64 {
    let key = key.cast_unsigned();
    (key ^ (key >> 32)) << 32
}
