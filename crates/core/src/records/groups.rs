//! Records counted and summed by the values of a field.

use db::Read;
use db::records::{Group, Grouping};
use model::field::Kind;
use model::number::{SCALE, show_scaled};
use model::role::FieldAccess;
use model::{Amount, Value, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Refs, asked};
use crate::{Ctx, Error, Result, views};

/// Groups in one answer.
const MOST: usize = 200;
/// Options of a select that are put into their order; more would be a strange list to choose from.
const OPTIONS: u32 = 1000;
/// Fields that are summed at once.
const SUMS: usize = 10;

/// The query of `GET /records/{object}/groups`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupsRequest {
    /// The field; the view's group when absent.
    pub group: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// Currency, number and percent fields, divided by commas.
    pub sums: Option<String>,
}

/// Counts and sums by the values of a field, over all that the caller may see: options in their order, other values by how many have
/// them. What waits for the approval of its creation, or did not get it, is in the list and in no sum.
pub fn groups(cx: &Ctx, tx: &mut Read, object: &str, request: &GroupsRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    let asked = asked(cx, tx, &object, request.view.as_deref(), request.filter.as_deref(), request.q.as_deref())?;
    let group = request.group.as_deref().or_else(|| asked.view.as_ref()?.document.group.as_deref());
    let group = group.ok_or_else(|| Error::invalid("field.required", "group"))?;
    let known = |key: &str| object.field(key).filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    let field = known(group).ok_or_else(|| Error::invalid("field.unknown", group))?;
    if !views::is_groupable(field) {
        return Err(Error::invalid("field.not_groupable", group));
    }
    let wanted: Vec<&str> = request.sums.iter().flat_map(|sums| sums.split(',')).map(str::trim).filter(|key| !key.is_empty()).collect();
    if wanted.len() > SUMS {
        return Err(Error::Malformed(format!("sums: at most {SUMS} fields")));
    }
    let (mut amounts, mut numbers, mut found) = (Vec::new(), Vec::new(), Violations::new());
    for key in &wanted {
        match known(key).map(|field| (field.is_stored(), field.kind.kind())) {
            Some((true, Kind::Money)) => amounts.push(*key),
            Some((true, Kind::Number)) => numbers.push(*key),
            Some(_) => found.push(Violation::new("field.invalid", *key).with("expected", "an amount, a number or a percent")),
            None => found.push(Violation::new("field.unknown", *key)),
        }
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let options = field.kind.options();
    let limit = if options.is_some() { OPTIONS } else { MOST as u32 + 1 };
    let grouping = Grouping { field: group, amounts: &amounts, numbers: &numbers, limit };
    let (condition, words) = (asked.condition.as_ref(), asked.words.as_ref());
    let mut groups = db::records::groups(tx, &cx.meta.schema, &object, &cx.scope(), condition, words, &grouping)?;
    if let Some(options) = options {
        // What is no option any more comes behind them, and what is blank last.
        groups.sort_by_key(|group| match &group.value {
            Value::Text(key) => options.iter().position(|option| option.key == *key).unwrap_or(options.len()),
            _ => usize::MAX,
        });
    }
    let more = groups.len() > MOST;
    groups.truncate(MOST);
    let mut refs = Refs::default();
    if let Some(target) = field.kind.target() {
        groups.iter().filter_map(|group| group.value.as_id()).for_each(|id| refs.note(target, id));
    }
    let items: Vec<Json> = groups.iter().map(|group| show(cx, group, &wanted, &amounts, &numbers)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "more": more, "main_currency": cx.meta.rates.main().code()}))
}

fn show(cx: &Ctx, group: &Group, wanted: &[&str], amounts: &[&str], numbers: &[&str]) -> Json {
    let total = |key: &&str| {
        if let Some(at) = amounts.iter().position(|amount| amount == key) {
            let by_currency: Vec<Json> = group.by_currency[at]
                .iter()
                .map(|(currency, sum)| json!({"currency": currency.code(), "amount": Amount::show_sum(*sum, *currency)}))
                .collect();
            let main = Amount::show_sum(group.mains[at], cx.meta.rates.main());
            return json!({"field": key, "main_amount": main, "by_currency": by_currency});
        }
        let sum = numbers.iter().position(|number| number == key).map_or(0, |at| group.numbers[at]);
        json!({"field": key, "sum": show_scaled(sum, SCALE, 0)})
    };
    let mut shown = json!({"value": model::field::show(&group.value), "count": group.count, "not_counted": group.count - group.counted});
    if !wanted.is_empty() {
        shown["totals"] = wanted.iter().map(total).collect();
    }
    shown
}
