//! What refers to a loser comes to refer to the winner, and its files hang on the winner: forth, and back where it still is so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::Write;
use model::field::FieldType;
use model::{Field, Id, Object, Patch, Record, Value, Violation, Violations};
use sea_query::{Expr, ExprTrait, Query};

use super::asked::Asked;
use super::kept::{Kept, Moved, MovedFile, Referring};
use super::{MOST_REFERENCES, WHY};
use crate::save::{Change, Deed, References, save_all};
use crate::{Ctx, Error, Result, approvals, save};

/// Records that are saved together.
const CHUNK: usize = 500;

/// True for fields of files.
pub(super) fn is_of_files(field: &Field) -> bool {
    field.kind == FieldType::Attachment
}

/// Every reference to a loser, but from the losers themselves: they stay as they are.
///
/// Error: `merge.too_many`: more than are moved in one go.
pub(super) fn references(cx: &Ctx, tx: &mut Write, object: &Object, asked: &Asked) -> Result<References> {
    let losers: BTreeSet<Id> = asked.losers.iter().map(|loser| loser.id).collect();
    let whole = cx.meta.schema.object(&object.key).cloned().ok_or(Error::NotFound)?;
    let mut found = save::references(cx, tx, &vec![(whole, asked.losers.clone())])?;
    for (_, _, ids) in &mut found {
        ids.retain(|id| !losers.contains(id));
    }
    found.retain(|(_, _, ids)| !ids.is_empty());
    let count: usize = found.iter().map(|(_, _, ids)| ids.len()).sum();
    if count > MOST_REFERENCES {
        return Err(Violation::new("merge.too_many", "losers").with("max", MOST_REFERENCES).with("count", count).into());
    }
    Ok(found)
}

/// Leads them to the winner and keeps which they were.
pub(super) fn forth(cx: &Ctx, tx: &mut Write, asked: &Asked, references: &References, kept: &mut Kept) -> Result<()> {
    let winner = asked.winner.id;
    let losers: BTreeSet<Id> = asked.losers.iter().map(|loser| loser.id).collect();
    let mut patches = Patches::default();
    let mut against = Violations::new();
    for (object, field, ids) in references {
        let mut moved = Moved { object: object.key.clone(), field: field.key.clone(), records: Vec::with_capacity(ids.len()) };
        for record in super::any(cx, tx, object, ids)? {
            let referred: Vec<Id> = field.kind.referred(record.get(&field.key)).into_iter().map(|(_, id)| id).collect();
            let those: Vec<Id> = referred.iter().copied().filter(|id| losers.contains(id)).collect();
            if those.is_empty() {
                continue;
            }
            if is_held(object, field, &record) {
                let found = approvals::in_approval(tx, &record, &format!("losers/{}", those[0]))?;
                against.push(found.with("record", record.id.to_string()).with("name", record.text("name")));
            }
            // Nothing comes to refer to itself.
            let to = (record.id != winner).then_some(winner);
            let both = record.id == winner || referred.contains(&winner);
            patches.set(object, record.id, field, exchanged(record.get(&field.key), &losers, to));
            moved.records.push(Referring { id: record.id, losers: those, both });
        }
        kept.references.push(moved);
    }
    if !against.is_empty() {
        return Err(against.into());
    }
    patches.save(cx, tx)
}

/// True where a record stays with what it belongs to while an approval of it runs: who sees it by that was asked about it there.
fn is_held(object: &Object, field: &Field, record: &Record) -> bool {
    object.lender().is_some_and(|lender| lender.key == field.key) && approvals::waits_for(record).is_some()
}

/// Leads back what still refers to the winner and came from a loser; how many by object, and how many stayed.
pub(super) fn back(cx: &Ctx, tx: &mut Write, winner: Id, kept: &Kept) -> Result<(BTreeMap<String, usize>, usize)> {
    let (mut patches, mut stayed) = (Patches::default(), 0);
    for moved in &kept.references {
        let Some(object) = cx.meta.schema.object(&moved.object).cloned() else { continue };
        let Some(field) = object.field(&moved.field) else { continue };
        let ids: Vec<Id> = moved.records.iter().map(|one| one.id).collect();
        let present: BTreeMap<Id, Record> = super::any(cx, tx, &object, &ids)?.into_iter().map(|record| (record.id, record)).collect();
        for one in &moved.records {
            // What was deleted for good is gone.
            let Some(record) = present.get(&one.id) else { continue };
            match returned(field, record, winner, one).filter(|_| !is_held(&object, field, record)) {
                Some(value) => patches.set(&object, one.id, field, value),
                None => stayed += 1,
            }
        }
    }
    let counts = patches.counts();
    patches.save(cx, tx)?;
    Ok((counts, stayed))
}

/// A value that refers to the losers again; nothing where somebody has led it elsewhere meanwhile.
fn returned(field: &Field, record: &Record, winner: Id, one: &Referring) -> Option<Value> {
    let value = record.get(&field.key);
    match value {
        Value::Null if record.id == winner => one.losers.first().map(|loser| Value::Ref(*loser)),
        Value::Ref(id) if *id == winner => one.losers.first().map(|loser| Value::Ref(*loser)),
        Value::Regarding { object, id } if *id == winner => {
            one.losers.first().map(|loser| Value::Regarding { object: object.clone(), id: *loser })
        }
        Value::Keys(_) => {
            let mut ids: BTreeSet<Id> = value.ids().into_iter().collect();
            if !ids.contains(&winner) && !one.both {
                return None;
            }
            if !one.both {
                ids.remove(&winner);
            }
            ids.extend(&one.losers);
            Some(listed(ids))
        }
        _ => None,
    }
}

/// A value with the winner in the place of the losers; without them where there is no winner to refer to.
fn exchanged(value: &Value, losers: &BTreeSet<Id>, to: Option<Id>) -> Value {
    match value {
        Value::Regarding { object, .. } => to.map_or(Value::Null, |id| Value::Regarding { object: object.clone(), id }),
        Value::Keys(_) => listed(value.ids().into_iter().filter(|id| !losers.contains(id)).chain(to).collect()),
        _ => to.map_or(Value::Null, Value::Ref),
    }
}

fn listed(ids: BTreeSet<Id>) -> Value {
    let mut keys: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    keys.sort();
    if keys.is_empty() { Value::Null } else { Value::Keys(keys) }
}

/// Changes by object and record.
#[derive(Default)]
struct Patches(BTreeMap<(u16, String), BTreeMap<Id, Patch>>);

impl Patches {
    fn set(&mut self, object: &Arc<Object>, record: Id, field: &Field, value: Value) {
        let of = self.0.entry((object.rank, object.key.clone())).or_default();
        of.entry(record).or_default().insert(field.key.clone(), value);
    }

    fn counts(&self) -> BTreeMap<String, usize> {
        self.0.iter().map(|((_, object), patches)| (object.clone(), patches.len())).collect()
    }

    /// Saves them as the product itself, whatever state the records are in.
    fn save(self, cx: &Ctx, tx: &mut Write) -> Result<()> {
        let inner = cx.as_system(WHY);
        for ((_, object), patches) in self.0 {
            let mut changes: Vec<Change> =
                patches.into_iter().map(|(id, patch)| Change { patch, merging: true, ..Change::of(&object, id, Deed::LetGo) }).collect();
            while !changes.is_empty() {
                let rest = changes.split_off(changes.len().min(CHUNK));
                tx.next_act();
                for result in save_all(&inner, tx, &object, std::mem::replace(&mut changes, rest))? {
                    result?;
                }
            }
        }
        Ok(())
    }
}

/// Hangs the losers' files on the winner and keeps which they were; the winner's fields with them.
pub(super) fn files_forth(tx: &mut Write, object: &Object, asked: &Asked, kept: &mut Kept) -> Result<Patch> {
    let mut patch = Patch::new();
    for field in object.fields.iter().filter(|field| is_of_files(field)) {
        let mut all: BTreeSet<Id> = asked.winner.get(&field.key).ids().into_iter().collect();
        for loser in &asked.losers {
            let files = loser.get(&field.key).ids();
            hang(tx, &files, asked.winner.id)?;
            kept.files.extend(files.iter().map(|id| MovedFile { id: *id, field: field.key.clone(), loser: loser.id }));
            all.extend(files);
        }
        if kept.files.iter().any(|file| file.field == field.key) {
            patch.insert(field.key.clone(), listed(all));
        }
    }
    Ok(patch)
}

/// What the winner's fields of files hold without those that came from losers, and what each loser's hold again.
pub(super) fn files_back(tx: &mut Write, object: &Object, winner: &Record, kept: &Kept) -> Result<(Patch, BTreeMap<Id, Patch>)> {
    let (mut of_winner, mut of_losers) = (Patch::new(), BTreeMap::<Id, Patch>::new());
    for field in object.fields.iter().filter(|field| is_of_files(field)) {
        let mut left: BTreeSet<Id> = winner.get(&field.key).ids().into_iter().collect();
        let mut back: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        // A file that somebody has taken off the winner is off.
        for file in kept.files.iter().filter(|file| file.field == field.key && left.contains(&file.id)) {
            back.entry(file.loser).or_default().insert(file.id);
        }
        for (loser, files) in back {
            left.retain(|id| !files.contains(id));
            hang(tx, &files.iter().copied().collect::<Vec<_>>(), loser)?;
            of_losers.entry(loser).or_default().insert(field.key.clone(), listed(files));
            of_winner.insert(field.key.clone(), listed(left.clone()));
        }
    }
    Ok((of_winner, of_losers))
}

fn hang(tx: &mut Write, files: &[Id], on: Id) -> Result<()> {
    for chunk in files.chunks(CHUNK) {
        let update =
            Query::update().table("file").value("record", on.0).and_where(Expr::col("id").is_in(chunk.iter().map(|id| id.0))).to_owned();
        tx.execute(update)?;
    }
    Ok(())
}
