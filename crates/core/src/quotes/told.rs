//! What is told of a quote: in its history, to webhooks, and to those whose quote or deal it is.

use std::collections::BTreeSet;

use db::Write;
use model::quote::Step;
use model::{Id, Object, Record};
use serde_json::json;

use super::{ALL, KEY, concerns, step};
use crate::notices::{self, Kind, Notice};
use crate::save::{Deed, Working};
use crate::{Ctx, Result};

/// The act by which a change of a quote is told, where it is more than an edit.
pub(crate) fn act_of(object: &Object, item: &Working) -> Option<&'static str> {
    if !concerns(object) || item.begun.is_some() || item.change.deed != Deed::Edit {
        return None;
    }
    step(item).map(Step::told_as)
}

/// A quote that a customer has answered, with the act by which it is told.
pub(crate) fn answered(object: &Object, item: &Working) -> Option<(Record, &'static str)> {
    let act = act_of(object, item)?;
    [Step::Accept, Step::Reject].iter().any(|step| step.told_as() == act).then(|| (item.after.clone(), act))
}

/// Tells the owner of the quote and that of the deal what the customer has answered. `answered`: quotes with the act by which it is told.
pub(crate) fn tell(cx: &Ctx, tx: &mut Write, answered: &[(Record, &'static str)]) -> Result<()> {
    let Some(deal) = cx.meta.schema.object("opportunity").filter(|_| !answered.is_empty()) else { return Ok(()) };
    let ids: BTreeSet<Id> = answered.iter().filter_map(|(quote, _)| quote.reference("opportunity")).collect();
    let deals = db::records::load(tx, &cx.meta.schema, deal, &ALL, &ids.into_iter().collect::<Vec<_>>())?;
    let mut notices = Vec::new();
    for (quote, act) in answered {
        let kind = if *act == Step::Accept.told_as() { Kind::QuoteAccepted } else { Kind::QuoteRejected };
        let of_deal = deals.iter().find(|deal| Some(deal.id) == quote.reference("opportunity")).and_then(Record::owner);
        let whom: BTreeSet<Id> = quote.owner().into_iter().chain(of_deal).collect();
        notices.extend(whom.into_iter().map(|to| Notice::new(to, kind).about(KEY, quote.id).with(json!({}))));
    }
    notices::tell_all(cx, tx, notices)
}
