//! What is asked for: the change as it was judged, kept beside the record until it may be done.

use std::collections::BTreeMap;

use db::Read;
use model::approval::Outcome;
use model::{Id, Object, Patch, Record, Violation};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::store;
use crate::processes::NewRecord;
use crate::save::{Change, Deed, Working};
use crate::{Ctx, Error, Result};

/// A change that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub deed: Deed,
    /// What it gives fields, and what they held, as the API says values.
    pub patch: BTreeMap<String, Json>,
    pub before: BTreeMap<String, Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The record's version when it was asked for.
    pub version: i64,
    /// The stage that it enters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// What stands against the move is passed by.
    #[serde(default)]
    pub bypass: bool,
    /// Records that come to be along with the move.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub create: Vec<NewRecord>,
    /// What a lead is to become.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<Json>,
}

impl Asked {
    /// Of a change that was judged.
    pub fn of(item: &Working) -> Asked {
        let stage = match &item.change.deed {
            Deed::Move { stage } => Some(stage.clone()),
            _ => None,
        };
        let shown = |record: &Record, key: &str| model::field::show(record.get(key));
        let given = item.change.patch.keys().filter(|key| item.before.is_none() || item.changes(key));
        let patch = given.map(|key| (key.clone(), model::field::show(&item.change.patch[key]))).collect::<BTreeMap<_, _>>();
        let before = item.before.iter().flat_map(|record| patch.keys().map(|key| (key.clone(), shown(record, key)))).collect();
        Asked {
            deed: item.change.deed.clone(),
            patch,
            before,
            reason: item.change.reason().map(str::to_owned),
            version: item.before.as_ref().map_or(0, |before| before.version),
            stage,
            bypass: item.change.bypass,
            create: item.change.along.clone(),
            becomes: item.change.becomes.clone(),
        }
    }

    /// The change that does it.
    pub fn change(&self, cx: &Ctx, object: &Object, record: Id) -> Result<Change> {
        let mut patch = Patch::new();
        let mut found = Vec::new();
        for (key, value) in &self.patch {
            match object.field(key).map(|field| field.parse(value, cx.meta.organisation.main_currency)) {
                Some(Ok(value)) => {
                    patch.insert(key.clone(), value);
                }
                Some(Err(violation)) => found.push(violation),
                None => found.push(Violation::new("field.unknown", key)),
            }
        }
        if !found.is_empty() {
            return Err(found.into());
        }
        let mut change = Change::of(&object.key, record, self.deed.clone());
        (change.patch, change.reason, change.bypass) = (patch, self.reason.clone(), self.bypass);
        change.creating = self.create.iter().map(|record| record.object.clone()).collect();
        change.along.clone_from(&self.create);
        Ok(change)
    }
}

/// What an approval asked for that ended as failed, to be asked for again. Errors: it is not of this record, or has ended otherwise.
pub(crate) fn again(cx: &Ctx, tx: &mut Read, object: &Object, record: Id, approval: Id) -> Result<Change> {
    let ended = store::load(tx, approval)?;
    if ended.record != record {
        return Err(Error::NotFound);
    }
    if !matches!(ended.run.outcome, Some(Outcome::Failed { .. })) {
        return Err(Violation::new("approval.not_failed", "approval").into());
    }
    ended.asked.change(cx, object, record)
}
