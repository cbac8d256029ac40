//! What the dialog of a conversion begins with.

use db::Read;
use model::lead::PARTS;
use model::objects::lead::KEY;
use model::role::{Act, FieldAccess};
use model::{Field, Id, Object, Record, Value};
use serde_json::{Map, Value as Json, json};

use super::alike;
use crate::leads::{is_converted, is_invalid};
use crate::records::{self, Refs};
use crate::{Ctx, Result, access, duplicates};

/// `GET /records/lead/{id}/conversion`: whether it can be converted, the fields of each part as the mapping fills them, accounts and contacts
/// that may be meant, and what may be made.
pub fn offer(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let object = cx.object(KEY)?.clone();
    let lead = records::load(cx, tx, &object, id)?;
    let (mapping, _) = super::in_force(tx)?;
    let mut refs = Refs::default();
    let would_be = |part: &str| would_be(cx, (&object, &lead), &mapping, part);
    let (contacts, their_accounts) = alike::contacts(cx, tx, (&lead, &would_be("contact")), &mut refs)?;
    let accounts = alike::accounts(cx, tx, (&lead, &would_be("account")), &their_accounts, &mut refs)?;
    let mut candidates = [("account", accounts), ("contact", contacts)];
    let mut parts = Map::new();
    for part in PARTS {
        let Ok(to) = cx.object(part).cloned() else { continue };
        let mut fields = Map::new();
        for (field, value) in carried_by_him(cx, (&object, &lead), &to, &mapping) {
            refs.note_value(&field.kind, &value);
            fields.insert(field.key.clone(), model::field::show(&value));
        }
        let asked = to.fields.iter().filter(|field| field.required && !field.is_kept_by_product());
        let asked = asked
            .filter(|field| cx.who.rights.field(part, field) == FieldAccess::Write && field.key != "sales_process" && field.key != "stage");
        let candidates = candidates.iter_mut().find(|(key, _)| *key == part).map(|(_, found)| std::mem::take(found)).unwrap_or_default();
        parts.insert(
            part.to_owned(),
            json!({
                "may_create": cx.who.rights.may(Act::Create, part), "fields": fields,
                "required": asked.map(|field| field.key.as_str()).collect::<Vec<_>>(), "candidates": candidates,
            }),
        );
    }
    let code = stands_against(cx, tx, &object, &lead)?;
    for field in ["account", "contact", "opportunity"] {
        if let Some(field) = object.field(field).filter(|field| sees(cx, &object, field)) {
            refs.note_value(&field.kind, lead.get(&field.key));
        }
    }
    let became = |field: &str| {
        object.field(field).filter(|field| sees(cx, &object, field)).and_then(|_| lead.reference(field)).map(|id| id.to_string())
    };
    Ok(json!({
        "lead": {"id": id.to_string(), "version": lead.version, "name": lead.text("name")},
        "can": code.is_none(), "code": code,
        "became": is_converted(&object, &lead).then(|| json!({"account": became("account"), "contact": became("contact"), "opportunity": became("opportunity")})),
        "parts": parts, "refs": refs.names(cx, tx)?,
    }))
}

/// What the mapping gives to fields that the caller may write, of those that he may know of.
fn carried_by_him<'o>(cx: &Ctx, lead: (&Object, &Record), to: &'o Object, mapping: &model::lead::Mapping) -> Vec<(&'o Field, Value)> {
    let known = |from: &Field, field: &Field| sees(cx, lead.0, from) && cx.who.rights.field(&to.key, field) == FieldAccess::Write;
    mapping.carried(lead, to, known, &cx.meta.organisation.language, cx.meta.organisation.main_currency)
}

/// What a lead would become as a new record of a part.
fn would_be(cx: &Ctx, lead: (&Object, &Record), mapping: &model::lead::Mapping, part: &str) -> Record {
    let Ok(to) = cx.object(part) else { return Record::new(part, Id::SYSTEM) };
    let mut record = duplicates::begun(cx, to);
    carried_by_him(cx, lead, to, mapping).into_iter().for_each(|(field, value)| record.set(&field.key, value));
    record
}

fn sees(cx: &Ctx, object: &Object, field: &Field) -> bool {
    cx.who.rights.field(&object.key, field) > FieldAccess::Hidden
}

/// Why it cannot be converted by the caller, if that is known beforehand.
fn stands_against(cx: &Ctx, tx: &mut Read, object: &Object, lead: &Record) -> Result<Option<&'static str>> {
    Ok(if is_converted(object, lead) {
        Some("lead.converted")
    } else if is_invalid(lead) {
        Some("lead.invalid")
    } else if lead.text("lifecycle_status") == "voided" {
        Some("record.voided")
    } else if lead.get("locked").is_true() && !cx.who.rights.may(Act::Unlock, KEY) {
        Some("record.locked")
    } else if !cx.who.rights.may(Act::Convert, KEY) || !access::writable(cx, tx, object, &[lead])?.contains(&lead.id) {
        Some("access.act_not_allowed")
    } else {
        None
    })
}

/// What the mapping gives to fields that the caller may not write himself: the product carries it. What he may read there he must know here,
/// or he would learn of it.
pub(super) fn carried_for_him(cx: &Ctx, lead: (&Object, &Record), to: &Object, mapping: &model::lead::Mapping) -> Vec<(String, Value)> {
    let known = |from: &Field, field: &Field| match cx.who.rights.field(&to.key, field) {
        FieldAccess::Write => false,
        FieldAccess::Read => sees(cx, lead.0, from),
        FieldAccess::Hidden => true,
    };
    let carried = mapping.carried(lead, to, known, &cx.meta.organisation.language, cx.meta.organisation.main_currency);
    carried.into_iter().map(|(field, value)| (field.key.clone(), value)).collect()
}
