//! What the stays of a deal tell of its moves: how they were made, over which stages, past what, and how long the deal stood where it was.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::process::Stay;
use model::{Id, Instant};
use serde_json::{Value as Json, json};

use super::sources::Item;
use crate::processes::stays;
use crate::{Ctx, Result, veil};

/// The stays of the deals on a page.
pub(super) struct Moves(BTreeMap<Id, Vec<Stay>>);

impl Moves {
    /// Of the moves among these.
    pub fn of(cx: &Ctx, tx: &mut Read, items: &[Item]) -> Result<Moves> {
        if veil::hides(cx, model::objects::opportunity::KEY, "stage") {
            return Ok(Moves(BTreeMap::new()));
        }
        let deals: BTreeSet<Id> = items.iter().filter_map(|item| item.entered()).map(|(deal, _)| deal).collect();
        Ok(Moves(if deals.is_empty() { BTreeMap::new() } else { stays::load(tx, &deals.into_iter().collect::<Vec<_>>())? }))
    }

    /// The entering of a stage that was written at an instant.
    pub fn told(&self, cx: &Ctx, deal: Id, at: Instant) -> Json {
        let Some(stays) = self.0.get(&deal) else { return Json::Null };
        let Some(place) = stays.iter().position(|stay| stay.entered_at == at) else { return Json::Null };
        let (stay, before) = (&stays[place], place.checked_sub(1).map(|before| &stays[before]));
        let knows_process = !veil::hides(cx, model::objects::opportunity::KEY, "sales_process");
        let process = |stay: &Stay| {
            let process = cx.meta.process(&stay.process.to_string()).filter(|_| knows_process)?;
            Some(json!({"id": process.id.to_string(), "name": process.name, "version": stay.process_version}))
        };
        json!({
            "from": before.map(|stay| stay.stage.as_str()), "to": stay.stage, "how": stay.how.key(), "skipped": stay.skipped,
            "bypassed": stay.bypassed, "seconds": before.filter(|stay| !stay.is_terminal()).map(|stay| stay.seconds(at)),
            "from_process": before.and_then(process), "process": process(stay),
        })
    }
}
