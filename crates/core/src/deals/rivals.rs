//! Who else was after a deal, and who got it.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use db::{Read, Write};
use model::objects::opportunity;
use model::{Id, Object, Patch, Record, Value, Violation};

use crate::save::{Change, Deed, Working, save_all};
use crate::{Ctx, Result, orders};

pub(super) const KEY: &str = model::objects::opportunity_competitor::KEY;
const WHY: Scope<'static> = Scope::All("who else was after a deal");

/// Only a lost deal was won by somebody else, and by one. The deal is locked with its competitors.
pub(super) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let asked = |item: &Working| {
        let comes = item.changes("won") || item.changes(opportunity::KEY) || matches!(item.change.deed, Deed::Restore);
        let passes = item.change.merging || matches!(item.change.deed, Deed::LetGo | Deed::Historic(_) | Deed::Void);
        item.error.is_none() && item.after.get("won").is_true() && comes && !passes
    };
    let deals: Vec<Id> = work.iter().filter(|item| asked(item)).filter_map(|item| item.after.reference(opportunity::KEY)).collect();
    if deals.is_empty() {
        return Ok(());
    }
    let closed = orders::there(cx, tx, opportunity::KEY, deals.iter().copied().collect())?;
    let mut winners: BTreeMap<Id, Id> =
        winners(cx, tx, object, &deals)?.iter().filter_map(|rival| Some((rival.reference(opportunity::KEY)?, rival.id))).collect();
    // One that has won no more makes room for another in the same batch.
    winners.retain(|_, winner| !work.iter().any(|item| item.after.id == *winner && !item.after.get("won").is_true()));
    for item in work.iter_mut().filter(|item| asked(item)) {
        let Some(deal) = item.after.reference(opportunity::KEY) else { continue };
        if closed.get(&deal).is_some_and(|deal| deal.text("stage_type") != "lost") {
            item.findings.push(Violation::new("opportunity_competitor.deal_not_lost", "won"));
        } else if winners.get(&deal).is_some_and(|other| *other != item.after.id) {
            item.findings.push(Violation::new("opportunity_competitor.won_already", "won"));
        } else {
            winners.insert(deal, item.after.id);
        }
    }
    Ok(())
}

/// Those of these deals that are said to have won.
fn winners(cx: &Ctx, tx: &mut Read, object: &Object, deals: &[Id]) -> Result<Vec<Record>> {
    let mut rivals = db::records::referring(tx, &cx.meta.schema, object, opportunity::KEY, &WHY, deals)?;
    rivals.retain(|rival| rival.get("won").is_true());
    Ok(rivals)
}

/// A change after which deal and winner may say different things.
pub(crate) enum Turn {
    /// Somebody is said to have won a deal: the deal and the competitor.
    Won(Id, Id),
    /// A deal is lost: to this competitor, if it is said.
    Lost(Id, Option<Id>),
    /// A deal is lost no more.
    TakenUp(Id),
}

impl Turn {
    /// What a change has turned.
    pub fn of(object: &Object, item: &Working) -> Option<Turn> {
        if item.change.merging || matches!(item.change.deed, Deed::LetGo) {
            return None;
        }
        match object.key.as_str() {
            KEY => {
                let wins = item.after.get("won").is_true() && (item.changes("won") || item.changes("competitor"));
                let (deal, rival) = (item.after.reference(opportunity::KEY)?, item.after.reference("competitor")?);
                wins.then_some(Turn::Won(deal, rival))
            }
            opportunity::KEY => {
                let lost = item.after.text("stage_type") == "lost";
                let was = item.before.as_ref().is_some_and(|before| before.text("stage_type") == "lost");
                let competitor = item.after.reference("competitor");
                match (was, lost) {
                    (false, true) => Some(Turn::Lost(item.after.id, competitor)),
                    (true, true) if item.changes("competitor") => Some(Turn::Lost(item.after.id, competitor)),
                    (true, false) => Some(Turn::TakenUp(item.after.id)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// The deal's `competitor` and the one that is said to have won are one and the same: whichever is said, the other follows.
pub(crate) fn follow(cx: &Ctx, tx: &mut Write, turns: &[Turn]) -> Result<()> {
    let Some(object) = cx.meta.schema.object(KEY).cloned().filter(|_| !turns.is_empty()) else { return Ok(()) };
    let deals: BTreeSet<Id> = turns
        .iter()
        .map(|turn| match turn {
            Turn::Won(deal, _) | Turn::Lost(deal, _) | Turn::TakenUp(deal) => *deal,
        })
        .collect();
    let deals: Vec<Id> = deals.into_iter().collect();
    let rivals = db::records::referring(tx, &cx.meta.schema, &object, opportunity::KEY, &WHY, &deals)?;
    let (mut of_deals, mut of_rivals): (BTreeMap<Id, Patch>, BTreeMap<Id, Patch>) = (BTreeMap::new(), BTreeMap::new());
    for turn in turns {
        match turn {
            Turn::Won(deal, rival) => {
                of_deals.insert(*deal, Patch::from([("competitor".to_owned(), Value::Ref(*rival))]));
            }
            Turn::Lost(deal, competitor) => {
                let of_deal = rivals.iter().filter(|rival| rival.reference(opportunity::KEY) == Some(*deal));
                // Whoever is in the list twice has won by the first.
                let mut winner = *competitor;
                for rival in of_deal {
                    let wins = winner.is_some() && rival.reference("competitor") == winner;
                    if wins {
                        winner = None;
                    }
                    if competitor.is_some() && rival.get("won").is_true() != wins {
                        of_rivals.insert(rival.id, Patch::from([("won".to_owned(), Value::Bool(wins))]));
                    }
                }
            }
            Turn::TakenUp(deal) => {
                let of_deal = rivals.iter().filter(|rival| rival.reference(opportunity::KEY) == Some(*deal));
                for rival in of_deal.filter(|rival| rival.get("won").is_true()) {
                    of_rivals.insert(rival.id, Patch::from([("won".to_owned(), Value::Bool(false))]));
                }
            }
        }
    }
    put(cx, tx, opportunity::KEY, of_deals)?;
    put(cx, tx, KEY, of_rivals)
}

fn put(cx: &Ctx, tx: &mut Write, object: &str, patches: BTreeMap<Id, Patch>) -> Result<()> {
    if patches.is_empty() {
        return Ok(());
    }
    let inner = cx.as_system("deal and winner say the same");
    let mut changes: Vec<Change> = patches.into_iter().map(|(id, patch)| Change { patch, ..Change::of(object, id, Deed::Edit) }).collect();
    // Of two the one that has won no more goes first.
    changes.sort_by_key(|change| change.patch.get("won").is_some_and(Value::is_true));
    tx.next_act();
    for result in save_all(&inner, tx, object, changes)? {
        result?;
    }
    Ok(())
}
