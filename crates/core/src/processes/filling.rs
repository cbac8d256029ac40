//! What a new record begins with that a move or a task asks for: values of the deal, or of what the deal refers to.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::lead::mapping::{carry, suits};
use model::process::Fill;
use model::role::FieldAccess;
use model::{Field, Id, Object, Patch, Record};

use crate::{Ctx, Result};

/// Values of a new record.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filled {
    /// Those that the caller may write himself, and whose origin he knows: the dialog begins with them.
    pub his: Patch,
    /// Those that the product carries over for him, since he may not write there.
    pub products: Patch,
}

/// What the fills of a new record of `to` give now. Of what the caller may read in the new record, he must know where it comes from, or he
/// would learn of it.
pub(crate) fn values(cx: &Ctx, tx: &mut Read, deal: &Record, to: &Object, fill: &[Fill]) -> Result<Filled> {
    let mut filled = Filled::default();
    let Some(of) = cx.meta.schema.object(&deal.object) else { return Ok(filled) };
    let around = around(cx, tx, of, deal, fill)?;
    for Fill { field, from } in fill {
        let Some(target) = to.field(field) else { continue };
        let Some(origin) = origin(cx, of, deal, &around, from) else { continue };
        let access = cx.who.rights.field(&to.key, target);
        if !suits(origin.field, target) || access > FieldAccess::Hidden && !origin.known {
            continue;
        }
        let value = origin.record.get(&origin.field.key);
        if let Some(value) = carry(origin.field, target, value, &cx.meta.organisation.language, cx.meta.organisation.main_currency) {
            let patch = if access == FieldAccess::Write { &mut filled.his } else { &mut filled.products };
            patch.insert(field.clone(), value);
        }
    }
    Ok(filled)
}

/// Where a value comes from.
struct Origin<'a> {
    record: &'a Record,
    field: &'a Field,
    /// The caller sees the record and knows of the field.
    known: bool,
}

/// Records that the deal refers to, each with whether the caller sees it.
type Around = BTreeMap<(String, Id), (Record, bool)>;

fn origin<'a>(cx: &'a Ctx, of: &'a Object, deal: &'a Record, around: &'a Around, from: &str) -> Option<Origin<'a>> {
    let knows = |object: &Object, field: &Field| cx.who.system.is_some() || cx.who.rights.field(&object.key, field) > FieldAccess::Hidden;
    let Some((step, key)) = from.split_once('.') else {
        let field = of.field(from)?;
        return Some(Origin { record: deal, field, known: knows(of, field) });
    };
    let step = of.field(step)?;
    let next = cx.meta.schema.object(step.kind.leads_to()?)?;
    let field = next.field(key)?;
    let (record, seen) = around.get(&(next.key.clone(), deal.reference(&step.key)?))?;
    Some(Origin { record, field, known: *seen && knows(of, step) && knows(next, field) })
}

fn around(cx: &Ctx, tx: &mut Read, of: &Object, deal: &Record, fill: &[Fill]) -> Result<Around> {
    let mut wanted: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for step in fill.iter().filter_map(|one| Some(one.from.split_once('.')?.0)) {
        let target = of.field(step).and_then(|field| field.kind.leads_to());
        if let (Some(target), Some(id)) = (target, deal.reference(step)) {
            wanted.entry(target).or_default().insert(id);
        }
    }
    let mut around = Around::new();
    for (key, ids) in wanted {
        let Some(object) = cx.meta.schema.object(key) else { continue };
        let ids: Vec<Id> = ids.into_iter().collect();
        let mut seen = BTreeSet::new();
        if cx.object(key).is_ok() {
            seen.extend(db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|record| record.id));
        }
        for record in db::records::load(tx, &cx.meta.schema, object, &Scope::All("what a new record begins with"), &ids)? {
            let is_seen = seen.contains(&record.id);
            around.insert((key.to_owned(), record.id), (record, is_seen));
        }
    }
    Ok(around)
}
