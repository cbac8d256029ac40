//! How a quote stands, in every save of one: what is drawn from a change, and what stands against it.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::field::AutoNumber;
use model::objects::quote::{CONTENT, KEY, STATUS, status};
use model::quote::{Facts, Step, judge as decide};
use model::role::Act;
use model::{Id, Object, Record, Value, Violation};
use serde_json::{Value as Json, json};

use super::facts::{self, Wanted};
use super::{ALL, LINE, concerns, is_approved, step};
use crate::save::{Deed, Working, counted};
use crate::{Ctx, Error, Result, access, approvals};

/// As quotes are numbered; all versions of one have its number.
const NUMBER: &str = "Q-{yyyy}-{0000}";
/// Characters of the reason that is kept with a quote.
const LONGEST_REASON: usize = 255;

/// Draws from a change what follows for the quote itself.
pub(crate) fn settle(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if !concerns(object) {
        return Ok(());
    }
    number(cx, tx, work)?;
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        match (&item.change.deed, step(item)) {
            (Deed::LetGo | Deed::Follow { .. }, _) | (_, None) => {}
            (_, Some(Step::Send)) => item.after.set("sent_at", item.at),
            (_, Some(Step::Accept)) => item.after.set("decided_at", item.at),
            (_, Some(Step::Reject)) => {
                item.after.set("decided_at", item.at);
                if let (true, Some(reason)) = (item.after.get("rejected_reason").is_null(), item.change.reason()) {
                    let kept: String = reason.chars().take(LONGEST_REASON).collect();
                    item.after.set("rejected_reason", kept);
                }
            }
            (_, Some(Step::Reopen)) => {
                item.after.set("decided_at", Value::Null);
                item.after.set("rejected_reason", Value::Null);
            }
        }
    }
    Ok(())
}

/// Numbers in order for quotes that have none: a version has that of the quote from which it was made.
fn number(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let is_new = |item: &Working| item.error.is_none() && item.before.is_none() && item.after.get("number").is_null();
    let fresh: Vec<&mut Working> = work.iter_mut().filter(|item| is_new(item)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let first = counted(tx, "quote.number", fresh.len())?;
    for (item, n) in fresh.into_iter().zip(first..) {
        item.after.set("number", AutoNumber(NUMBER).show(n, cx.today()));
    }
    Ok(())
}

/// Collects what stands against changes of quotes and their lines.
pub(crate) fn judge(cx: &Ctx, tx: &mut Read, object: &Object, work: &mut [Working]) -> Result<()> {
    if object.key == LINE {
        return lines(cx, tx, work);
    }
    if !concerns(object) {
        return Ok(());
    }
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        begins(object, item);
        content(cx, object, item);
        answer(item);
        if item.change.deed == Deed::Void && item.after.text(STATUS) == status::ACCEPTED {
            item.findings.push(Violation::new("quote.is_accepted", ""));
        }
    }
    steps(cx, tx, object, work)
}

/// What a state is called, in every language.
fn called(object: &Object, stands: &str) -> Json {
    object.options(STATUS).iter().find(|option| option.key == stands).map_or_else(|| stands.into(), |option| json!(option.label))
}

/// A new one begins as a draft; only what is told of the past stands as it is told.
fn begins(object: &Object, item: &mut Working) {
    let stands = item.after.text(STATUS).to_owned();
    if item.before.is_none() && !matches!(item.change.deed, Deed::Historic(_)) && !stands.is_empty() && stands != status::DRAFT {
        item.findings.push(Violation::new("quote.not_draft_yet", STATUS).with("to", called(object, &stands)));
    }
}

/// What it offers is changed only while it is a draft, and it stays in its deal. What an organisation keeps with it besides is its own affair.
fn content(cx: &Ctx, object: &Object, item: &mut Working) {
    let Some(before) = &item.before else { return };
    if cx.who.system.is_some() || item.change.deed != Deed::Edit {
        return;
    }
    let stands = before.text(STATUS).to_owned();
    let changed: Vec<&str> = CONTENT.into_iter().filter(|field| item.changes(field)).collect();
    for field in changed {
        if stands != status::DRAFT {
            item.findings.push(Violation::new("quote.not_draft", field).with("from", called(object, &stands)));
        } else if field == "opportunity" {
            item.findings.push(Violation::new("quote.other_deal", field));
        }
    }
}

/// Why a quote was rejected is said of one that was.
fn answer(item: &mut Working) {
    let typed = item.change.patch.contains_key("rejected_reason") && item.changes("rejected_reason");
    let historic = matches!(item.change.deed, Deed::Historic(_));
    if typed && !historic && item.after.text(STATUS) != status::REJECTED && !item.after.get("rejected_reason").is_null() {
        item.findings.push(Violation::new("quote.not_rejected", "rejected_reason"));
    }
}

/// What is to be known before a step can be judged.
pub(super) fn wanted(step: Step) -> Wanted {
    match step {
        Step::Send => Wanted { lines: true, deal: true, orders: false },
        Step::Accept => Wanted { lines: false, deal: true, orders: false },
        Step::Reject => Wanted::default(),
        Step::Reopen => Wanted { lines: false, deal: true, orders: true },
    }
}

fn steps(cx: &Ctx, tx: &mut Read, object: &Object, work: &mut [Working]) -> Result<()> {
    let mut asked: Vec<(usize, Step)> = Vec::new();
    for (at, item) in work.iter_mut().enumerate().filter(|(_, item)| item.error.is_none() && item.before.is_some()) {
        if matches!(item.change.deed, Deed::LetGo | Deed::Follow { .. } | Deed::Release { .. }) {
            continue;
        }
        match (item.changes(STATUS), step(item)) {
            (true, Some(step)) => asked.push((at, step)),
            // While it is in review its approval stands against it, which is told there and says what to do.
            (true, None)
                if cx.who.system.is_none() && item.before.as_ref().is_some_and(|before| approvals::waits_for(before).is_some()) => {}
            (true, None) => {
                let from = item.before.as_ref().map_or("", |before| before.text(STATUS)).to_owned();
                let to = item.after.text(STATUS).to_owned();
                item.findings
                    .push(Violation::new("quote.transition", STATUS).with("from", called(object, &from)).with("to", called(object, &to)));
            }
            (false, _) => {}
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    let quotes: Vec<(&Record, Wanted)> = asked.iter().map(|(at, step)| (&work[*at].after, wanted(*step))).collect();
    let mut known = facts::of(cx, tx, &quotes)?;
    let reached: Vec<&Record> = asked.iter().filter(|(at, step)| reaches_deal(*step, &work[*at])).map(|(at, _)| &work[*at].after).collect();
    let may = may_change_deals(cx, tx, &reached)?;
    // Of several that are accepted together the first of each deal is.
    let mut taken: BTreeMap<Id, Id> = BTreeMap::new();
    for (at, step) in asked {
        let item = &work[at];
        let Some(mut facts) = known.remove(&item.after.id) else { continue };
        let deal = item.after.reference("opportunity");
        if reaches_deal(step, item) && !deal.is_some_and(|deal| may.contains(&deal)) {
            work[at].error = Some(Error::Forbidden { act: Act::Edit.key().to_owned(), object: "opportunity".to_owned() });
            continue;
        }
        facts.reason = reason(step, item);
        facts.accepted = facts.accepted.or_else(|| taken.get(&deal?).copied());
        let found = decide(step, item.before.as_ref().map_or("", |before| before.text(STATUS)), &facts);
        work[at].findings.extend(found);
        if let (Step::Accept, true, Some(deal)) = (step, work[at].is_sound(), deal) {
            taken.insert(deal, work[at].after.id);
        }
    }
    Ok(())
}

fn reason(step: Step, item: &Working) -> bool {
    match step {
        Step::Reject => !item.after.get("rejected_reason").is_null(),
        // What an approval does was asked for with its reason.
        _ => item.change.reason().is_some() || is_approved(item),
    }
}

/// True for what makes something else of the deal.
fn reaches_deal(step: Step, item: &Working) -> bool {
    match step {
        Step::Accept => true,
        Step::Reopen => item.before.as_ref().is_some_and(|before| before.text(STATUS) == status::ACCEPTED),
        _ => false,
    }
}

/// The deals of these quotes that the caller may change.
pub(super) fn may_change_deals(cx: &Ctx, tx: &mut Read, quotes: &[&Record]) -> Result<BTreeSet<Id>> {
    let ids: BTreeSet<Id> = quotes.iter().filter_map(|quote| quote.reference("opportunity")).collect();
    let Some(deal) = cx.meta.schema.object("opportunity").filter(|_| !ids.is_empty()) else { return Ok(BTreeSet::new()) };
    if !cx.who.rights.may(Act::Edit, &deal.key) {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    let seen = db::records::load(tx, &cx.meta.schema, deal, &cx.scope(), &ids)?;
    access::writable(cx, tx, deal, &seen.iter().collect::<Vec<_>>())
}

/// Lines come, go and change while their quote is a draft.
fn lines(cx: &Ctx, tx: &mut Read, work: &mut [Working]) -> Result<()> {
    let above = |item: &Working| {
        let given = item.after.reference(KEY);
        let had = item.before.as_ref().and_then(|before| before.reference(KEY));
        [had, given].into_iter().flatten().collect::<BTreeSet<Id>>()
    };
    let judged = |item: &&mut Working| {
        let passes = matches!(item.change.deed, Deed::Historic(_) | Deed::LetGo | Deed::Follow { .. } | Deed::Release { .. });
        item.error.is_none() && !passes
    };
    let ids: BTreeSet<Id> = work.iter_mut().filter(|item| judged(item)).flat_map(|item| above(item)).collect();
    let Some(quote) = cx.meta.schema.object(KEY).filter(|_| !ids.is_empty()) else { return Ok(()) };
    let ids: Vec<Id> = ids.into_iter().collect();
    let quotes = db::records::load(tx, &cx.meta.schema, quote, &ALL, &ids)?;
    let closed: BTreeMap<Id, &str> =
        quotes.iter().map(|quote| (quote.id, quote.text(STATUS))).filter(|(_, stands)| *stands != status::DRAFT).collect();
    for item in work.iter_mut().filter(judged) {
        let found = above(item).iter().find_map(|id| closed.get(id).copied());
        item.findings.extend(found.map(|stands| Violation::new("quote.not_draft", KEY).with("from", called(quote, stands))));
    }
    Ok(())
}

/// What stands against a step now, for whoever looks at the quote; the reason is still to be given.
pub(super) fn stands_against(step: Step, quote: &Record, facts: &Facts) -> Option<&'static str> {
    let known = Facts { reason: true, ..facts.clone() };
    decide(step, quote.text(STATUS), &known).first().map(|violation| violation.code)
}
