//! What a dry run would have made so far. Its transactions leave nothing behind, so that rows are held against those of the chunks before in
//! memory.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{Id, Object, Record};

use super::batch::Batch;
use super::{Live, finding};
use crate::Ctx;

/// The records by their object.
#[derive(Default)]
pub(crate) struct Tried(Mutex<BTreeMap<String, Chunks>>);

/// Those of the chunks before, and those of the present one, which may have to be tried once more.
#[derive(Default)]
pub(super) struct Chunks {
    pub before: Batch,
    present: Vec<Batch>,
}

impl Tried {
    /// Begins a chunk, perhaps for the second time.
    pub fn begin(&self) {
        self.lock().values_mut().for_each(|chunks| chunks.present.clear());
    }

    /// Ends a chunk: of what was tried in it these would be there.
    pub fn end(&self, stand: &HashSet<Id>) {
        for chunks in self.lock().values_mut() {
            for batch in std::mem::take(&mut chunks.present) {
                chunks.before.absorb(batch, stand);
            }
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Chunks>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chunks {
    /// Takes in what has passed in the present chunk.
    pub fn add(&mut self, batch: Batch) {
        if !batch.is_empty() {
            self.present.push(batch);
        }
    }
}

/// A record with what rules look at and tell of it alone: a whole file of them is kept.
pub(super) fn slim(cx: &Ctx, rules: &[&Live], object: &Object, record: &Record) -> Record {
    let mut keys: BTreeSet<&str> = finding::compared(rules, object).into_iter().map(|field| field.key.as_str()).collect();
    let shown = rules.iter().flat_map(|live| &live.rule.shows).filter(|shown| shown.object == object.key);
    keys.extend(shown.flat_map(|shown| &shown.fields).map(String::as_str));
    keys.extend(model::search::name_field(object).map(|field| field.key.as_str()));
    keys.extend(["owner", model::pool::FIELD]);
    let scopes = rules.iter().filter_map(|live| live.rule.scope.condition.as_ref());
    let of_scopes: Vec<String> = scopes
        .flat_map(|condition| condition.mentions(&object.key, &cx.meta.schema))
        .filter(|(of, _)| *of == object.key)
        .map(|(_, field)| field)
        .collect();
    keys.extend(of_scopes.iter().map(String::as_str));
    let mut slim = Record::new(&record.object, record.id);
    for key in keys {
        slim.set(key, record.get(key).clone());
        slim.mains.extend(record.mains.get_key_value(key).map(|(key, amount)| (key.clone(), *amount)));
    }
    slim
}
