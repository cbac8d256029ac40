//! Whom a contact reports to in a deal.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::records::Scope;
use model::objects::opportunity;
use model::{Id, Object, Violation};

use crate::save::{Deed, Working};
use crate::{Ctx, Result};

pub(super) const KEY: &str = "contact_role";
pub(super) const UPWARD: &str = "reports_to";

/// A role reports to another of the same deal, and nobody in the end to himself. Who draws in one deal does so one after the other.
pub(super) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let asked = |item: &Working| {
        let turns = item.changes(UPWARD) && !item.after.get(UPWARD).is_null() || item.before.is_some() && item.changes(opportunity::KEY);
        item.error.is_none() && turns && !matches!(item.change.deed, Deed::LetGo)
    };
    let deals: BTreeSet<Id> = work.iter().filter(|item| asked(item)).flat_map(deals_of).collect();
    if deals.is_empty() {
        return Ok(());
    }
    tx.lock(&deals.iter().map(|deal| format!("decision_map:{deal}")).collect::<Vec<_>>())?;
    let ids: Vec<Id> = deals.into_iter().collect();
    let scope = Scope::All("who reports to whom in a deal");
    // The deal and the superior of each role, as they will be once those before in this batch are in.
    let mut map: BTreeMap<Id, (Option<Id>, Option<Id>)> =
        db::records::referring(tx, &cx.meta.schema, object, opportunity::KEY, &scope, &ids)?
            .iter()
            .map(|role| (role.id, (role.reference(opportunity::KEY), role.reference(UPWARD))))
            .collect();
    for item in work.iter_mut().filter(|item| asked(item)) {
        let (id, deal, above) = (item.after.id, item.after.reference(opportunity::KEY), item.after.reference(UPWARD));
        let same_deal = |other: &Id| map.get(other).is_some_and(|(of, _)| *of == deal);
        let led = map.iter().any(|(other, (of, to))| *other != id && *to == Some(id) && *of != deal);
        if above.is_some_and(|above| above != id && !same_deal(&above)) {
            item.findings.push(Violation::new("contact_role.other_deal", UPWARD));
        } else if led {
            item.findings.push(Violation::new("contact_role.other_deal", opportunity::KEY));
        } else if leads_to(&map, above, id) {
            item.findings.push(Violation::new("contact_role.circle", UPWARD));
        } else {
            map.insert(id, (deal, above));
        }
    }
    Ok(())
}

fn deals_of(item: &Working) -> Vec<Id> {
    item.before.iter().chain([&item.after]).filter_map(|role| role.reference(opportunity::KEY)).collect()
}

fn leads_to(map: &BTreeMap<Id, (Option<Id>, Option<Id>)>, from: Option<Id>, goal: Id) -> bool {
    let mut at = from;
    for _ in 0..=map.len() {
        match at {
            None => return false,
            Some(here) if here == goal => return true,
            Some(here) => at = map.get(&here).and_then(|(_, above)| *above),
        }
    }
    true
}
