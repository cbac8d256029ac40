//! What is known of quotes and their surroundings, read together.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::objects::lifecycle;
use model::objects::quote::{KEY, STATUS, status};
use model::quote::{Deal, Facts, Line};
use model::role::Act;
use model::{Id, Record};

use super::{ALL, LINE};
use crate::{Ctx, Error, Result, approvals};

/// What is to be known of a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub lines: bool,
    /// Its deal, and the deal's other quotes.
    pub deal: bool,
    pub orders: bool,
}

impl Wanted {
    /// All of it that these want.
    pub fn and(self, other: Wanted) -> Wanted {
        Wanted { lines: self.lines || other.lines, deal: self.deal || other.deal, orders: self.orders || other.orders }
    }
}

/// Of each of these quotes.
pub(super) fn of(cx: &Ctx, tx: &mut Read, quotes: &[(&Record, Wanted)]) -> Result<BTreeMap<Id, Facts>> {
    let mut found: BTreeMap<Id, Facts> = quotes.iter().map(|(quote, _)| (quote.id, own(cx, quote))).collect();
    let those = |wants: fn(&Wanted) -> bool| quotes.iter().filter(move |(_, wanted)| wants(wanted)).map(|(quote, _)| *quote);
    lines(cx, tx, &those(|wanted| wanted.lines).map(|quote| quote.id).collect::<Vec<_>>(), &mut found)?;
    deals(cx, tx, &those(|wanted| wanted.deal).collect::<Vec<_>>(), &mut found)?;
    orders(cx, tx, &those(|wanted| wanted.orders).map(|quote| quote.id).collect::<Vec<_>>(), &mut found)?;
    Ok(found)
}

fn own(cx: &Ctx, quote: &Record) -> Facts {
    Facts {
        currency: quote.text("currency").parse().ok(),
        valid_until: quote.get("valid_until").as_date(),
        today: Some(cx.today()),
        aside: quote.text("lifecycle_status") == lifecycle::INEFFECTIVE,
        ..Facts::default()
    }
}

fn lines(cx: &Ctx, tx: &mut Read, quotes: &[Id], found: &mut BTreeMap<Id, Facts>) -> Result<()> {
    let Some(object) = cx.meta.schema.object(LINE).filter(|_| !quotes.is_empty()) else { return Ok(()) };
    for line in db::records::referring(tx, &cx.meta.schema, object, KEY, &ALL, quotes)? {
        let of = line.reference(KEY).and_then(|quote| found.get_mut(&quote));
        of.into_iter().for_each(|facts| facts.lines.push(Line { currency: line.get("amount").as_money().map(|money| money.currency) }));
    }
    Ok(())
}

fn deals(cx: &Ctx, tx: &mut Read, quotes: &[&Record], found: &mut BTreeMap<Id, Facts>) -> Result<()> {
    if quotes.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<Id> = quotes.iter().filter_map(|quote| quote.reference("opportunity")).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let (deal, quote) = (cx.meta.schema.object("opportunity"), cx.meta.schema.object(KEY));
    let (deal, quote) = (deal.ok_or(Error::NotFound)?, quote.ok_or(Error::NotFound)?);
    let deals: BTreeMap<Id, Deal> =
        db::records::load(tx, &cx.meta.schema, deal, &ALL, &ids)?.into_iter().map(|deal| (deal.id, stands(cx, &deal))).collect();
    let others = db::records::referring(tx, &cx.meta.schema, quote, "opportunity", &ALL, &ids)?;
    for one in quotes {
        let Some(facts) = found.get_mut(&one.id) else { continue };
        let of_deal = |other: &&Record| other.id != one.id && other.reference("opportunity") == one.reference("opportunity");
        let of_number = |other: &&Record| other.text("number") == one.text("number") && other.get("current").is_true();
        facts.deal = one.reference("opportunity").and_then(|id| deals.get(&id).copied()).unwrap_or_default();
        facts.accepted = others.iter().filter(of_deal).find(|other| other.text(STATUS) == status::ACCEPTED).map(|other| other.id);
        let replaced = !one.get("current").is_true();
        facts.newer = others.iter().filter(|_| replaced).filter(of_deal).find(of_number).map(|other| other.id);
    }
    Ok(())
}

fn stands(cx: &Ctx, deal: &Record) -> Deal {
    Deal {
        voided: deal.text("lifecycle_status") == lifecycle::VOIDED,
        locked: deal.get("locked").is_true() && !cx.who.rights.may(Act::Unlock, &deal.object),
        in_approval: approvals::waits_for(deal).is_some(),
        lost: matches!(deal.text("stage_type"), "lost" | "invalid"),
    }
}

/// Orders that were made of them and are not cancelled.
fn orders(cx: &Ctx, tx: &mut Read, quotes: &[Id], found: &mut BTreeMap<Id, Facts>) -> Result<()> {
    use model::objects::sales_order;
    let Some(object) = cx.meta.schema.object(sales_order::KEY).filter(|_| !quotes.is_empty()) else { return Ok(()) };
    for order in db::records::referring(tx, &cx.meta.schema, object, KEY, &ALL, quotes)? {
        if order.text(sales_order::STATUS) != sales_order::status::CANCELLED {
            order.reference(KEY).and_then(|quote| found.get_mut(&quote)).into_iter().for_each(|facts| facts.orders += 1);
        }
    }
    Ok(())
}
