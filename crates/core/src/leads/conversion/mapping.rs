//! The mapping as administrators see and change it.

use db::{Read, Write};
use model::lead::mapping::{fits, may_give, may_take};
use model::lead::{Mapping, PARTS, Pair};
use model::objects::lead::KEY;
use model::{Schema, Violation, Violations};
use sea_query::{OnConflict, Query};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, meta};

/// Pairs for one part.
const MOST_PAIRS: usize = 500;

/// The body of `PUT /lead-conversion`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    pub account: Vec<Pair>,
    #[serde(default)]
    pub contact: Vec<Pair>,
    #[serde(default)]
    pub opportunity: Vec<Pair>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "shipped")]
    _shipped: IgnoredAny,
    #[serde(default, rename = "choices")]
    _choices: IgnoredAny,
}

/// The mapping in force, and its version: 0 while it is the shipped one.
pub(crate) fn in_force(tx: &mut Read) -> Result<(Mapping, i64)> {
    let row = tx.optional(Query::select().columns(["doc", "version"]).from("lead_conversion"))?;
    row.map_or_else(|| Ok((Mapping::shipped(), 0)), |row| Ok((meta::doc(&row)?, row.get("version")?)))
}

/// `GET /lead-conversion`: the mapping, and for each of the lead's fields where it fits; administrators only.
pub fn mapping(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "lead_conversion")?;
    let (mapping, version) = in_force(tx)?;
    Ok(show(&cx.seen_schema(), &mapping, version))
}

fn show(schema: &Schema, mapping: &Mapping, version: i64) -> Json {
    let mut shown = json!(mapping);
    shown["version"] = version.into();
    shown["shipped"] = (version == 0).into();
    let mut choices = Vec::new();
    if let Some(lead) = schema.object(KEY) {
        for from in lead.fields.iter().filter(|field| may_give(field)) {
            let mut choice = json!({"from": from.key});
            for part in PARTS {
                let to = schema.object(part).into_iter().flat_map(|object| &object.fields).filter(|to| may_take(to) && fits(from, to));
                choice[part] = to.map(|to| to.key.as_str()).collect();
            }
            choices.push(choice);
        }
    }
    shown["choices"] = choices.into();
    shown
}

/// Saves the mapping; administrators only. `seen` is the version that the caller worked on.
pub fn save_mapping(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("edit", "lead_conversion")?;
    // No field is put aside meanwhile, and whoever converts goes by the one or by the other.
    let (_, meta) = meta::publish(cx, tx)?;
    let (before, version) = in_force(tx)?;
    let seen_by = meta.schema.seen_through(|object, field| {
        cx.who.system.is_some() || cx.who.rights.field(&object.key, field) > model::role::FieldAccess::Hidden
    });
    if seen.is_some_and(|seen| seen != version) {
        return Err(Error::Conflict { record: Box::new(show(&seen_by, &before, version)) });
    }
    let mapping = Mapping { account: wanted.account.clone(), contact: wanted.contact.clone(), opportunity: wanted.opportunity.clone() };
    judge(&seen_by, &mapping)?;
    let version = version + 1;
    tx.execute(
        Query::insert()
            .into_table("lead_conversion")
            .columns(["only_row", "version", "doc"])
            .values_panic([1_i64.into(), version.into(), meta::text(&mapping)?.into()])
            .on_conflict(OnConflict::column("only_row").update_columns(["version", "doc"]).to_owned()),
    )?;
    audit::note(cx, tx, Note::new("edit", "lead_conversion").of(KEY).changed(&before, &mapping))?;
    Ok(show(&seen_by, &mapping, version))
}

/// Everything that stands against a mapping: fields that are not there, pairs of types that do not go together, the same pair twice.
fn judge(schema: &Schema, mapping: &Mapping) -> Result<()> {
    let mut found = Violations::new();
    let lead = schema.object(KEY).ok_or(Error::NotFound)?;
    for part in PARTS {
        let pairs = mapping.of(part);
        if pairs.len() > MOST_PAIRS {
            found.push(Violation::new("field.too_long", part).with("max", MOST_PAIRS));
            continue;
        }
        let Some(object) = schema.object(part) else { continue };
        for (at, pair) in pairs.iter().enumerate() {
            let path = |which: &str| format!("{part}/{at}/{which}");
            let from = lead.field(&pair.from).filter(|field| may_give(field));
            let to = object.field(&pair.to).filter(|field| may_take(field));
            if from.is_none() {
                found.push(Violation::new("field.unknown", path("from")).with("field", pair.from.as_str()));
            }
            if to.is_none() {
                found.push(Violation::new("field.unknown", path("to")).with("field", pair.to.as_str()));
            }
            if pairs[..at].contains(pair) {
                found.push(Violation::new("field.not_unique", path("to")).with("value", pair.to.as_str()));
            } else if let (Some(from), Some(to)) = (from, to)
                && !fits(from, to)
            {
                let types = |field: &model::Field| field.kind.name();
                found.push(
                    Violation::new("lead_conversion.types_differ", path("to"))
                        .with("from", json!(from.label))
                        .with("to", json!(to.label))
                        .with("type", types(from)),
                );
            }
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// Where the mapping in force names a field: paths in it.
pub(crate) fn uses(tx: &mut Read, object: &str, field: &str) -> Result<Vec<String>> {
    let (mapping, _) = in_force(tx)?;
    let mut found = Vec::new();
    for part in PARTS {
        for (at, pair) in mapping.of(part).iter().enumerate() {
            if object == KEY && pair.from == field {
                found.push(format!("{part}/{at}/from"));
            } else if object == part && pair.to == field {
                found.push(format!("{part}/{at}/to"));
            }
        }
    }
    Ok(found)
}
