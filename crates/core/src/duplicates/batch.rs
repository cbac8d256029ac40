//! Records that are saved together and have passed so far, to be found by those behind them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use db::matching::By;
use model::duplicate::Method;
use model::duplicate::matching::name::{Name, Outline, Sought};
use model::duplicate::matching::{KeyKind, Nature, Side, compared_as, keys, read_again};
use model::{Id, Object, Record, Value};

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

/// Those that share most keys with a record, of so many, by the lists of each of its keys; the rarest keys are looked at first.
fn likeliest(of: usize, mut lists: Vec<&Vec<usize>>, shared: usize) -> Vec<usize> {
    lists.sort_by_key(|list| list.len());
    let total = lists.len();
    let (mut with, mut touched, mut read, mut used) = (vec![0_u16; of], Vec::new(), 0, 0);
    for list in lists {
        if used >= shared && read + list.len() > READ {
            break;
        }
        for at in list.iter().take(READ) {
            if with[*at] == 0 {
                touched.push(*at);
            }
            with[*at] += 1;
        }
        (read, used) = (read + list.len().min(READ), used + 1);
    }
    // What was not looked at may be shared as well.
    let least = shared.saturating_sub(total - used).max(1);
    let mut found: Vec<(u16, usize)> =
        touched.into_iter().map(|at| (with[at], at)).filter(|(many, _)| usize::from(*many) >= least).collect();
    found.sort_unstable_by_key(|(many, at)| (u16::MAX - many, *at));
    found.into_iter().take(MOST).map(|(_, at)| at).collect()
}

/// As what a group compares its texts by likeness, and how alike they must be; nothing where it does not.
fn likeness(own: &Object, way: &index::Way<'_>) -> Option<(Nature, u8)> {
    let Method::Fuzzy { threshold } = way.row.method else { return None };
    Some((compared_as((own, own.field(&way.row.field)?), (own, way.other))?, threshold))
}

/// What is looked for with a record where its text is compared by likeness.
fn sought(cx: &Ctx, own: &Object, way: &index::Way<'_>, record: &Record) -> Option<Sought> {
    let (nature, threshold) = likeness(own, way)?;
    Some(Sought::new(read_again(nature, record.get(&way.row.field).as_text()?, around(cx)), threshold))
}

/// The records with their index.
#[derive(Default)]
pub(super) struct Batch {
    records: Vec<Record>,
    places: HashMap<Id, usize>,
    index: HashMap<Place, Vec<usize>>,
    /// Texts that are compared by likeness, read, by rule and group and the record's place.
    names: HashMap<(usize, usize, usize), (Arc<Name>, Outline)>,
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
                if let (Some((nature, _)), Some(text)) = (likeness(own, &way), record.get(&way.row.other).as_text()) {
                    let name = read_again(nature, text, around(cx));
                    let outline = Outline::of(&name);
                    self.names.insert((rule, place, at), (name, outline));
                }
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
        let held = other.names.into_iter().filter_map(|((rule, group, at), name)| Some(((rule, group, places[at]?), name)));
        self.names.extend(held);
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
                    let likely = likeliest(self.records.len(), lists, shared).into_iter();
                    let (sought, names) = (sought(cx, own, &way, record), &self.names);
                    found.extend(likely.filter(|at| match (&sought, names.get(&(rule, place, *at))) {
                        (Some(sought), Some((name, outline))) => sought.is_like(outline, || name.as_ref()),
                        _ => true,
                    }));
                }
                None => {}
            }
        }
        found.into_iter().map(|at| &self.records[at]).collect()
    }
}
