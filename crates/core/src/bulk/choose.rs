//! Which records are meant, and what is wrong with the request whatever the record.

use std::collections::BTreeSet;

use db::Read;
use db::records::{Bin, Query as Page, Sort};
use model::role::Act;
use model::{Id, Object, Violation};
use serde_json::Value as Json;

use super::work::pooled;
use super::{Bulk, BulkAct};
use crate::records::{asked, read_fields, team};
use crate::{Ctx, Error, Result, leads, pools};

/// Records of one bulk act.
const MOST: usize = 10_000;

/// The records that are meant, as far as the caller sees them.
pub(super) fn chosen(cx: &Ctx, tx: &mut Read, object: &Object, wanted: &Bulk) -> Result<Vec<Id>> {
    let too_many = || Error::from(Violation::new("bulk.too_many", "ids").with("max", MOST));
    if let Some(ids) = &wanted.ids {
        if ids.len() > MOST {
            return Err(too_many());
        }
        let mut seen = BTreeSet::new();
        let mut read = Vec::with_capacity(ids.len());
        for id in ids {
            let id: Id = id.parse().map_err(|_| Error::from(Violation::new("field.invalid", "ids").with("expected", "ids of records")))?;
            if seen.insert(id) {
                read.push(id);
            }
        }
        return if read.is_empty() { Err(Violation::new("bulk.nothing_chosen", "ids").into()) } else { Ok(read) };
    }
    let narrowed = wanted.filter.is_some() || wanted.q.is_some() || wanted.view.is_some();
    if !narrowed && !wanted.all {
        return Err(Violation::new("bulk.nothing_chosen", "ids").into());
    }
    let filter = wanted.filter.as_ref().map(Json::to_string);
    let asked = asked(cx, tx, object, wanted.view.as_deref(), filter.as_deref(), wanted.q.as_deref())?;
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let query = Page {
            condition: asked.condition.as_ref(),
            words: asked.words.as_ref(),
            sort: Sort { field: "id".into(), descending: false },
            cursor,
            limit: 1000,
            bin: if matches!(wanted.act, BulkAct::Restore | BulkAct::Delete) { Bin::Alone } else { Bin::Out },
        };
        let page = db::records::list(tx, &cx.meta.schema, object, &cx.scope(), &query)?;
        ids.extend(page.records.iter().map(|record| record.id));
        if ids.len() > MOST {
            return Err(too_many());
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(ids);
        }
    }
}

/// What is wrong with the request whatever the record.
pub(super) fn check(cx: &Ctx, _tx: &mut Read, object: &Object, wanted: &Bulk) -> Result<()> {
    // Who administers a pool gives out what lies in it, whatever his roles say; each record is judged for itself.
    let by_office =
        matches!(wanted.act, BulkAct::Assign | BulkAct::MovePool) && pools::of(cx, &object.key).any(|pool| pools::administers(cx, pool.id));
    if !by_office {
        cx.must_be_allowed(wanted.act.right(), &object.key)?;
    }
    if wanted.skip_approval {
        cx.must_be_allowed(Act::SkipApproval, &object.key)?;
    }
    match wanted.act {
        BulkAct::Edit => {
            if wanted.fields.is_empty() {
                return Err(Violation::new("field.required", "fields").into());
            }
            if crate::processes::concerns(object) && wanted.fields.contains_key("stage") {
                return Err(Violation::new("bulk.no_stage", "stage").into());
            }
            read_fields(cx, object, &wanted.fields)?;
        }
        BulkAct::Move => {
            if !crate::processes::concerns(object) {
                return Err(Error::NotFound);
            }
            if wanted.stage.as_deref().is_none_or(str::is_empty) {
                return Err(Violation::new("field.required", "stage").into());
            }
            // The stage stands beside the fields, and nobody edits by moving who may not edit.
            if wanted.fields.contains_key("stage") {
                return Err(Violation::new("bulk.no_stage", "stage").into());
            }
            if !wanted.fields.is_empty() {
                cx.must_be_allowed(Act::Edit, &object.key)?;
            }
            read_fields(cx, object, &wanted.fields)?;
        }
        BulkAct::ChangeOwner => {
            if !object.owned {
                return Err(Error::NotFound);
            }
            let owner = wanted.owner.as_deref().unwrap_or_default();
            owner.parse::<Id>().map_err(|_| Error::from(Violation::new("field.required", "owner")))?;
            if let Some(level) = &wanted.keep_as {
                team::check_level(level, "keep_as")?;
            }
        }
        BulkAct::Assign => {
            if !object.ownerless {
                return Err(Error::NotFound);
            }
            leads::receiver(&object.key, wanted.owner.as_deref(), wanted.by_rules)?;
        }
        BulkAct::Claim | BulkAct::Return | BulkAct::MovePool => {
            pools::acts::with_pools(cx, &object.key)?;
            pooled(wanted.act, wanted.pool.as_deref())?;
        }
        BulkAct::Void | BulkAct::Restore | BulkAct::Lock | BulkAct::Unlock | BulkAct::Delete => {}
    }
    Ok(())
}
