//! Records that are saved together and have passed so far, to be found by those behind them.

use std::collections::{BTreeSet, HashMap, HashSet};

use db::matching::By;
use model::duplicate::matching::{KeyKind, Side, keys};
use model::{Id, Record, Value};

use super::Live;
use super::finding::{around, by};
use super::index;
use crate::Ctx;

/// A place in the index: rule, group, and what is entered there.
type Place = (usize, usize, Entry);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Entry {
    Key(KeyKind, i64),
    Value(Value),
}

/// Candidates of one record, at most; as many as are asked of the database.
const MOST: usize = 400;
/// Entries that are read for one record: in a file whose rows are all called much the same every row would be held against every other.
const READ: usize = 2_000;

/// Those that share most keys with a record, by the lists of each of its keys; the rarest keys are looked at first.
fn likeliest(mut lists: Vec<&Vec<usize>>, shared: usize) -> Vec<usize> {
    lists.sort_by_key(|list| list.len());
    let total = lists.len();
    let (mut with, mut read, mut used): (HashMap<usize, usize>, usize, usize) = (HashMap::new(), 0, 0);
    for list in lists {
        if used >= shared && read + list.len() > READ {
            break;
        }
        list.iter().take(READ).for_each(|at| *with.entry(*at).or_default() += 1);
        (read, used) = (read + list.len().min(READ), used + 1);
    }
    // What was not looked at may be shared as well.
    let least = shared.saturating_sub(total - used).max(1);
    let mut found: Vec<(usize, usize)> = with.into_iter().filter(|(_, many)| *many >= least).collect();
    found.sort_unstable_by_key(|(at, many)| (usize::MAX - many, *at));
    found.into_iter().take(MOST).map(|(at, _)| at).collect()
}

/// The records with their index.
#[derive(Default)]
pub(super) struct Batch {
    records: Vec<Record>,
    places: HashMap<Id, usize>,
    index: HashMap<Place, Vec<usize>>,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// True for a record that has passed.
    pub fn has(&self, id: Id) -> bool {
        self.places.contains_key(&id)
    }

    /// A record that has passed, as it will be.
    pub fn record(&self, id: Id) -> Option<&Record> {
        self.places.get(&id).map(|at| &self.records[*at])
    }

    /// Enters a record that has passed.
    pub fn enter(&mut self, cx: &Ctx, rules: &[&Live], record: Record) {
        let Some(own) = cx.meta.schema.object(&record.object) else { return };
        let at = self.records.len();
        for (rule, live) in rules.iter().enumerate() {
            for (place, group) in live.rule.groups.iter().enumerate().filter(|(_, group)| group.object == record.object) {
                let Some(way) = index::way(&cx.meta.schema, group) else { continue };
                let entries: Vec<Entry> = match way.kind {
                    Some(kind) => keys(kind, Side { object: own, field: way.other, record: &record }, around(cx))
                        .into_iter()
                        .map(|key| Entry::Key(kind, key))
                        .collect(),
                    None => vec![Entry::Value(record.get(&way.row.other).clone())],
                };
                entries.into_iter().for_each(|entry| self.index.entry((rule, place, entry)).or_default().push(at));
            }
        }
        self.places.insert(record.id, at);
        self.records.push(record);
    }

    /// Takes in what another has, as far as it is among `stand`.
    pub fn absorb(&mut self, other: Batch, stand: &HashSet<Id>) {
        let place = |record: &Record| stand.contains(&record.id);
        let (mut places, mut next) = (Vec::with_capacity(other.records.len()), self.records.len());
        for record in &other.records {
            places.push(place(record).then_some(next));
            next += usize::from(place(record));
        }
        for (entry, ats) in other.index {
            let mut ats = ats.into_iter().filter_map(|at| places[at]).peekable();
            if ats.peek().is_some() {
                self.index.entry(entry).or_default().extend(ats);
            }
        }
        for record in other.records.into_iter().filter(place) {
            self.places.insert(record.id, self.records.len());
            self.records.push(record);
        }
    }

    /// Those that a rule may find like this one.
    pub fn candidates(&self, cx: &Ctx, rule: usize, live: &Live, record: &Record) -> Vec<&Record> {
        let Some(own) = cx.meta.schema.object(&record.object) else { return Vec::new() };
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for (place, group) in live.rule.groups.iter().enumerate().filter(|(_, group)| group.object == record.object) {
            let Some(way) = index::way(&cx.meta.schema, group) else { continue };
            match by(cx, own, way.row, record) {
                Some(By::Value(value)) => {
                    let there = self.index.get(&(rule, place, Entry::Value(value))).into_iter().flatten();
                    found.extend(there.take(MOST));
                }
                Some(By::Keys { kind, keys, shared }) => {
                    let lists = keys.into_iter().filter_map(|key| self.index.get(&(rule, place, Entry::Key(kind, key)))).collect();
                    found.extend(likeliest(lists, shared));
                }
                None => {}
            }
        }
        found.into_iter().map(|at| &self.records[at]).collect()
    }
}
