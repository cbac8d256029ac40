//! A page of the deals behind a figure of a past day.

use std::cmp::Reverse;
use std::collections::HashMap;

use db::Read;
use model::{Id, Object};
use serde_json::{Value as Json, json};

use crate::analysis::behind::{self, Asked};
use crate::{Ctx, Result};

/// What a figure knows of each deal besides: under a name of its own, or among what is told of the deal.
pub(crate) struct Beside<'a> {
    pub name: Option<&'static str>,
    pub of: &'a HashMap<Id, Json>,
}

/// The deals, those first that are worth most.
pub(crate) fn page(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    mut found: Vec<(i64, Id)>,
    told: bool,
    asked: Asked,
    beside: Beside<'_>,
) -> Result<Json> {
    // Whoever may not know what they are worth is not told by their order.
    found.sort_unstable_by_key(|(worth, id)| (Reverse(if told { worth.abs() } else { 0 }), *id));
    in_order(cx, tx, object, &found, told, asked, beside)
}

/// The deals in this order; each item is what its deal is today, and what the figure knows of it. What was deleted for good since is there by its
/// name alone.
pub(crate) fn in_order(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    found: &[(i64, Id)],
    told: bool,
    asked: Asked,
    beside: Beside<'_>,
) -> Result<Json> {
    let amount: i128 = found.iter().map(|(worth, _)| i128::from(*worth)).sum();
    let (ids, next) = asked.cut(found);
    let mut answer = behind::answer(cx, tx, object, &ids, (found.len() as u64, told.then_some(amount)), next)?;
    let mut shown: HashMap<String, Json> = HashMap::new();
    if let Some(items) = answer["items"].as_array_mut() {
        shown.extend(items.drain(..).filter_map(|item| Some((item["id"].as_str()?.to_owned(), item))));
    }
    let missing: Vec<Id> = ids.iter().filter(|id| !shown.contains_key(&id.to_string())).copied().collect();
    let names: HashMap<Id, String> = match missing.is_empty() {
        true => HashMap::new(),
        false => db::audit::buried(tx, &object.key, &missing)?.into_iter().collect(),
    };
    let item = |id: &Id| {
        let gone = || json!({"id": id.to_string(), "object": object.key, "deleted": true, "fields": {"name": names.get(id)}});
        let mut item = shown.remove(&id.to_string()).unwrap_or_else(gone);
        match (beside.name, beside.of.get(id)) {
            (Some(name), known) => item[name] = known.cloned().unwrap_or_default(),
            (None, Some(Json::Object(known))) => known.iter().for_each(|(key, value)| item[key] = value.clone()),
            (None, _) => {}
        }
        item
    };
    answer["items"] = ids.iter().map(item).collect();
    Ok(answer)
}
