//! Texts of a field in memory, for a job that asks very many times what is like something: the entries of the index and the texts as they are
//! compared, so that a question costs no statement and gives nothing but what is alike.
//!
//! The truth stays in the database. What is given here is read and judged there like any other candidate, and what was written since it was
//! read, by this transaction or another, on whichever server, is told by the outbox and compared besides.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use model::duplicate::matching::name::{Name, Names, Outline, Sought};
use model::duplicate::matching::{KeyKind, Nature, Surroundings, drawn, nature_of, read, read_again};
use model::{Field, Id, Object, Record, Schema};

use super::find::{Ask, By, Like, MOST, telling, values_after};
use super::keys_of;
use crate::outbox::{self, Position};
use crate::records::load_fields;
use crate::{Error, Read};

/// Records written since that are compared one by one; where there are more, the index in the database is quicker.
const MOST_PENDING: usize = 2_000;
/// Entries of one key that are looked at, at most: they cost much less than in the database.
const MOST_OF_KEY: usize = 20_000;
/// Fewer texts are read before another thread has begun.
const FEW: usize = 100;
/// Entries that are kept apart until they are sorted in.
const MOST_YOUNG: usize = 200_000;
/// Entries of a text, about.
const ENTRIES: usize = 16;

/// A field whose texts are remembered, and as what they are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remembers {
    pub object: String,
    pub field: String,
    pub nature: Nature,
}

/// Texts of some fields, as of a place in the outbox.
pub struct Memory {
    /// Texts that it may come to hold of each field.
    most: usize,
    position: Position,
    /// Revisions of records behind the position that are in here.
    known: HashMap<Id, i64>,
    kept: Vec<Kept>,
    /// What was looked for before it was asked, by text and how alike it must be.
    foreseen: Mutex<HashMap<(String, u8), Foreseen>>,
    /// Questions that were answered by it.
    answered: AtomicU64,
}

/// An answer that was given beforehand.
struct Foreseen {
    /// By what was asked: which of the fields, by which keys and how many of them.
    kept: usize,
    keys: Vec<i64>,
    shared: usize,
    /// What is alike among so many texts; those behind them came later.
    among: usize,
    ids: Vec<Id>,
}

impl Memory {
    /// Empty, as of now; room is taken for so many texts of a field.
    pub fn new(tx: &mut Read, most: usize) -> Result<Memory, Error> {
        Ok(Memory {
            most,
            position: outbox::head(tx)?,
            known: HashMap::new(),
            kept: Vec::new(),
            foreseen: Mutex::default(),
            answered: AtomicU64::new(0),
        })
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
            self.kept.push(Kept::of(what.clone(), self.most));
        }
        for kept in self.kept.iter_mut().filter(|kept| kept.what == *what) {
            for text in read_all(what.nature, country, object, field, &records) {
                let entries = kept.take_in(&text);
                kept.entries.extend(entries);
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

    /// How many questions had been looked into before they were asked.
    pub fn answered_ahead(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
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
                for text in read_all(kept.what.nature, country, object, field, &load_fields(tx, object, &[field], &new)?) {
                    let entries = kept.take_in(&text);
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
    pub(super) fn like(&self, country: &str, ask: &Ask<'_>, pending: &Pending) -> Option<Vec<Id>> {
        let (like, By::Keys { kind: KeyKind::Parts, keys, shared }) = (ask.like.as_ref()?, &ask.by) else { return None };
        let at = self.kept.iter().position(|kept| kept.what.answers(ask))?;
        let sought = sought(like, country);
        let foreseen = {
            let foreseen = self.foreseen.lock().unwrap_or_else(PoisonError::into_inner);
            let known = foreseen.get(&(like.text.clone(), like.threshold));
            known.filter(|known| known.is_for(at, keys, *shared)).map(|known| (known.among, known.ids.clone()))
        };
        let mut ids = match foreseen {
            Some((among, mut ids)) => {
                self.answered.fetch_add(1, Ordering::Relaxed);
                self.kept[at].like_since(among, keys, *shared, &sought, &mut ids);
                ids
            }
            None => self.kept[at].like(keys, *shared, &sought),
        };
        for (id, name, outline) in &pending.of_kept[at] {
            if sought.is_like(outline, || name) && !ids.contains(id) {
                ids.push(*id);
            }
        }
        Some(ids)
    }

    /// Forgets what was foreseen, but for these texts.
    pub fn expect(&self, texts: &HashSet<&str>) {
        self.foreseen.lock().unwrap_or_else(PoisonError::into_inner).retain(|(text, _), _| texts.contains(text.as_str()));
    }

    /// Looks for what is like a question that will be asked; when it is, no more is looked at than what has come since.
    pub fn foresee(&self, country: &str, ask: &Ask<'_>) {
        let (Some(like), By::Keys { kind: KeyKind::Parts, keys, shared }) = (ask.like.as_ref(), &ask.by) else { return };
        let Some(at) = self.kept.iter().position(|kept| kept.what.answers(ask)) else { return };
        let name = (like.text.clone(), like.threshold);
        if self.foreseen.lock().unwrap_or_else(PoisonError::into_inner).get(&name).is_some_and(|known| known.is_for(at, keys, *shared)) {
            return;
        }
        let kept = &self.kept[at];
        let ids = kept.like(keys, *shared, &sought(like, country));
        let found = Foreseen { kept: at, keys: keys.clone(), shared: *shared, among: kept.ids.len(), ids };
        self.foreseen.lock().unwrap_or_else(PoisonError::into_inner).insert(name, found);
    }
}

impl Foreseen {
    fn is_for(&self, kept: usize, keys: &[i64], shared: usize) -> bool {
        self.kept == kept && self.keys == keys && self.shared == shared
    }
}

fn sought(like: &Like, country: &str) -> Sought {
    Sought::new(read_again(like.nature, &like.text, Surroundings { country }), like.threshold)
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
    of_kept: Vec<Vec<(Id, Name, Outline)>>,
}

impl Pending {
    /// What there is for these questions; nothing where it is too much, or the memory answers none of them.
    pub fn of(tx: &mut Read, memory: &Memory, country: &str, asks: &[Ask<'_>]) -> Result<Option<Pending>, Error> {
        let mut of_kept: Vec<Vec<(Id, Name, Outline)>> = Vec::with_capacity(memory.kept.len());
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
                let Some(text) = record.get(&ask.field.key).as_text() else { continue };
                let name = read(kept.what.nature, text, Surroundings { country });
                let outline = Outline::of(&name);
                of_kept.last_mut().into_iter().for_each(|of| of.push((record.id, name.clone(), outline)));
            }
        }
        Ok(answers.then_some(Pending { of_kept }))
    }
}

thread_local! {
    /// How many keys each text shares with what is being asked; all 0 between questions.
    static SHARED: RefCell<Vec<u8>> = RefCell::default();
}

/// A record's text, read.
struct Text {
    record: Id,
    name: Name,
    outline: Outline,
    /// As the index enters it, whatever it is compared with.
    keys: Vec<i64>,
}

/// Texts of a field, read to be compared as `nature` says: by two threads where they are many.
fn read_all(nature: Nature, country: &str, object: &Object, field: &Field, records: &[Record]) -> Vec<Text> {
    let own = nature_of(object, field) == Some(nature);
    let one = |record: &Record| {
        let name = read(nature, record.get(&field.key).as_text()?, Surroundings { country });
        let keys = if own { drawn(&name) } else { keys_of(KeyKind::Parts, country, object, field, record).into_iter().collect() };
        Some(Text { record: record.id, outline: Outline::of(&name), name, keys })
    };
    let some = |records: &[Record]| -> Vec<Text> { records.iter().filter_map(one).collect() };
    if records.len() < FEW {
        return some(records);
    }
    let (first, second) = records.split_at(records.len() / 2);
    std::thread::scope(|threads| {
        let second = threads.spawn(|| some(second));
        let mut all = some(first);
        all.extend(second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        all
    })
}

/// Texts of a field. One that has changed is there as it was and as it is: what is given is read and compared again.
struct Kept {
    what: Remembers,
    ids: Vec<Id>,
    /// Side by side: of most texts no more than this is looked at.
    outlines: Vec<Outline>,
    names: Names,
    /// Keys, shortened, in the upper half, and in the lower the place of the text; sorted. Two keys that are shortened to the same cost a
    /// comparison.
    entries: Vec<u64>,
    /// How many texts there were when the last was sorted in.
    settled: usize,
    /// Those that came later.
    young: BTreeSet<u64>,
}

impl Kept {
    /// What grows step by step is copied at each, and takes twice its room meanwhile: so room is taken at once.
    fn of(what: Remembers, most: usize) -> Kept {
        let mut names = Names::default();
        names.expect(most);
        Kept {
            what,
            ids: Vec::with_capacity(most),
            outlines: Vec::with_capacity(most),
            names,
            entries: Vec::with_capacity(most.saturating_mul(ENTRIES)),
            settled: 0,
            young: BTreeSet::new(),
        }
    }

    /// Takes a text in; its entries.
    fn take_in(&mut self, text: &Text) -> Vec<u64> {
        let Ok(place) = u32::try_from(self.ids.len()) else { return Vec::new() };
        self.ids.push(text.record);
        self.outlines.push(text.outline);
        self.names.push(&text.name);
        text.keys.iter().map(|key| short(*key) | u64::from(place)).collect()
    }

    fn settle(&mut self) {
        self.settled = self.ids.len();
        self.entries.extend(std::mem::take(&mut self.young));
        self.entries.sort_unstable();
    }

    /// Where the entries of a key stand whose texts came at a place or later.
    fn with(&self, key: i64, since: u32) -> std::ops::Range<usize> {
        let (from, to) = (short(key) | u64::from(since), short(key) | u64::from(u32::MAX));
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
    fn young(&self, key: i64, since: u32) -> impl Iterator<Item = &u64> {
        self.young.range(short(key) | u64::from(since)..=short(key) | u64::from(u32::MAX))
    }

    /// What is like a text.
    fn like(&self, keys: &[i64], shared: usize, sought: &Sought) -> Vec<Id> {
        let old: Vec<(i64, std::ops::Range<usize>)> = keys.iter().map(|key| (*key, self.with(*key, 0))).collect();
        let many = |(key, old): &(i64, std::ops::Range<usize>)| i64::try_from(old.len() + self.young(*key, 0).count()).unwrap_or(i64::MAX);
        let (keys, least) = telling(old.iter().map(|one| (many(one), one.0)).collect(), shared);
        let places = keys.into_iter().flat_map(|(_, key)| {
            let old = old.iter().find(|(of, _)| *of == key).map_or(0..0, |(_, old)| old.clone());
            self.entries[old].iter().chain(self.young(key, 0)).take(MOST_OF_KEY)
        });
        let mut ids = Vec::new();
        self.compare(self.likeliest(places, least), sought, &mut ids);
        ids
    }

    /// What of the texts behind so many is like a text besides.
    fn like_since(&self, among: usize, keys: &[i64], shared: usize, sought: &Sought, ids: &mut Vec<Id>) {
        let Some(since) = u32::try_from(among).ok().filter(|_| among < self.ids.len()) else { return };
        let sorted_in = |key: i64| if among < self.settled { self.with(key, since) } else { 0..0 };
        let places = keys.iter().flat_map(|key| self.entries[sorted_in(*key)].iter().chain(self.young(*key, since)));
        self.compare(self.likeliest(places, shared.max(1)), sought, ids);
    }

    /// The places that come up most often, and `least` times.
    fn likeliest<'a>(&self, entries: impl Iterator<Item = &'a u64>, least: usize) -> Vec<u32> {
        SHARED.with_borrow_mut(|counts| {
            counts.resize(counts.len().max(self.ids.len()), 0);
            let mut touched: Vec<u32> = Vec::new();
            for entry in entries {
                let place = *entry as u32;
                let count = &mut counts[place as usize];
                if *count == 0 {
                    touched.push(place);
                }
                *count = count.saturating_add(1);
            }
            let mut best: Vec<(Reverse<u8>, u32)> = Vec::new();
            for place in touched {
                let count = std::mem::take(&mut counts[place as usize]);
                if usize::from(count) >= least {
                    best.push((Reverse(count), place));
                }
            }
            if best.len() > MOST {
                best.select_nth_unstable(MOST);
                best.truncate(MOST);
            }
            best.into_iter().map(|(_, place)| place).collect()
        })
    }

    fn compare(&self, places: Vec<u32>, sought: &Sought, ids: &mut Vec<Id>) {
        for place in places.into_iter().map(|place| place as usize) {
            if sought.is_like(&self.outlines[place], || self.names.get(place)) && !ids.contains(&self.ids[place]) {
                ids.push(self.ids[place]);
            }
        }
    }
}

fn short(key: i64) -> u64 {
    let key = key.cast_unsigned();
    (key ^ (key >> 32)) << 32
}
