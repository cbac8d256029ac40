//! Accounts and contacts that may be meant: with the same name, e-mail, phone or domain. Looked for with the caller's eyes, by fields that he
//! may know of; what sounds alike is left to the duplicate check.

use std::collections::BTreeMap;

use db::Read;
use db::records::{Bin, Query, Sort};
use model::duplicate::matching::domain;
use model::role::FieldAccess;
use model::{Condition, Id, Object, Record};
use serde_json::{Value as Json, json};

use crate::records::{Refs, show};
use crate::{Ctx, Result, access};

/// Candidates that are offered of each object.
const OFFERED: usize = 6;
/// Records looked at for one reason.
const LOOKED_AT: u32 = 20;

/// A record that may be meant, with the reasons.
struct Alike {
    record: Record,
    why: Vec<&'static str>,
}

/// Accounts that may be meant by a lead, those of `contacts` among them.
pub(super) fn accounts(cx: &Ctx, tx: &mut Read, lead: &Record, contacts: &[Id], refs: &mut Refs) -> Result<Vec<Json>> {
    let Ok(object) = cx.object("account").cloned() else { return Ok(Vec::new()) };
    let mut reasons = vec![("name", eq("name", lead.text("company")))];
    if lead.text("company").is_empty() {
        reasons = vec![("name", eq("name", lead.text("name")))];
    }
    for key in ["phone", "mobile"] {
        reasons.push(("phone", eq("phone", lead.text(key))));
    }
    let domains = [domain::of_email(lead.text("email")), domain::of_url(lead.text("website"))];
    for domain in domains.into_iter().flatten() {
        reasons.push(("domain", json!({"field": "website", "op": "contains", "value": domain})));
    }
    let mut found = looked_for(cx, tx, &object, &reasons)?;
    for record in db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), contacts)? {
        let voided = record.text("lifecycle_status") == "voided";
        if !voided {
            note(&mut found, record, "contact");
        }
    }
    Ok(offered(cx, &object, found, &["city", "website", "owner"], refs))
}

/// Contacts that may be meant by a lead, and the accounts they belong to.
pub(super) fn contacts(cx: &Ctx, tx: &mut Read, lead: &Record, refs: &mut Refs) -> Result<(Vec<Json>, Vec<Id>)> {
    let Ok(object) = cx.object("contact").cloned() else { return Ok((Vec::new(), Vec::new())) };
    let mut reasons = vec![("email", eq("email", lead.text("email"))), ("name", eq("name", lead.text("name")))];
    for (from, to) in [("phone", "phone"), ("phone", "mobile"), ("mobile", "mobile"), ("mobile", "phone")] {
        reasons.push(("phone", eq(to, lead.text(from))));
    }
    let found = looked_for(cx, tx, &object, &reasons)?;
    let knows = object.field("account").is_some_and(|field| cx.who.rights.field("contact", field) > FieldAccess::Hidden);
    // Of one who only has the same name it does not follow that the company is meant.
    let sure = found.values().filter(|alike| alike.why.iter().any(|why| *why != "name"));
    let accounts = sure.filter(|_| knows).filter_map(|alike| alike.record.reference("account")).collect();
    Ok((offered(cx, &object, found, &["account", "title", "email", "owner"], refs), accounts))
}

fn eq(field: &str, value: &str) -> Json {
    json!({"field": field, "op": "eq", "value": value})
}

fn looked_for(cx: &Ctx, tx: &mut Read, object: &Object, reasons: &[(&'static str, Json)]) -> Result<BTreeMap<Id, Alike>> {
    let mut found = BTreeMap::new();
    let below = access::subordinates(cx, tx)?;
    let schema = cx.seen_schema();
    let reading = cx.reading(&schema, &below);
    for (why, json) in reasons.iter().filter(|(_, json)| json["value"].as_str().is_some_and(|value| !value.is_empty())) {
        // A field that he may not know of gives him no candidates.
        let Ok(condition) = Condition::from_json(json).map_err(|found| vec![found]).and_then(|it| it.resolve(&object.key, &reading)) else {
            continue;
        };
        let sort = Sort { field: "created_at".to_owned(), descending: true };
        let query = Query { condition: Some(&condition), words: None, sort, cursor: None, limit: LOOKED_AT, bin: Bin::Out };
        for record in db::records::list(tx, &schema, object, &cx.scope(), &query)?.records {
            note(&mut found, record, why);
        }
    }
    Ok(found)
}

fn note(found: &mut BTreeMap<Id, Alike>, record: Record, why: &'static str) {
    let alike = found.entry(record.id).or_insert_with(|| Alike { record, why: Vec::new() });
    if !alike.why.contains(&why) {
        alike.why.push(why);
    }
}

/// Those with the most reasons first.
fn offered(cx: &Ctx, object: &Object, found: BTreeMap<Id, Alike>, fields: &[&str], refs: &mut Refs) -> Vec<Json> {
    let mut all: Vec<Alike> = found.into_values().collect();
    all.sort_by_key(|alike| (std::cmp::Reverse(alike.why.len()), model::text::fold(alike.record.text("name")), alike.record.id));
    let only = fields.iter().chain(&["name"]).map(|key| (*key).to_owned()).collect();
    let shown = all.into_iter().take(OFFERED).map(|alike| {
        for field in object.fields.iter().filter(|field| fields.contains(&field.key.as_str())) {
            if cx.who.rights.field(&object.key, field) > FieldAccess::Hidden {
                refs.note_value(&field.kind, alike.record.get(&field.key));
            }
        }
        let mut shown = show(cx, object, &alike.record, Some(&only));
        shown["why"] = json!(alike.why);
        shown
    });
    shown.collect()
}
