//! What comes in.

use db::{Read, Write};
use model::objects::lead::KEY;
use model::{Id, Patch, Value, Violation, Violations};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Map, Value as Json};

use super::document::{Assigned, Form};
use crate::notices::{self, Kind, Notice};
use crate::save::{Change, Deed, save};
use crate::{Ctx, Error, Result, idempotency, meta};

/// What has become of a sending.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub lead: Option<Id>,
    /// The same had come in before.
    pub again: bool,
}

/// The form of a public key, as long as it takes leads.
pub fn open(tx: &mut Read, key: &str) -> Result<Form> {
    let select = Query::select().column("doc").from("web_form").and_where(Expr::col("public_key").eq(key)).to_owned();
    let form: Option<Form> = tx.optional(&select)?.as_ref().map(meta::doc).transpose()?;
    form.filter(|form| form.active).ok_or(Error::NotFound)
}

/// Takes a lead in. `cx` is the product's own; the form is named as the reason.
///
/// Errors: all that is wrong with what was filled in, by field. Only fields that the form offers are taken; that there are others is told like
/// any field that is not there.
pub fn receive(cx: &Ctx, tx: &mut Write, form: &Form, sent: &Map<String, Json>) -> Result<Received> {
    let object = cx.meta.schema.object(KEY).ok_or(Error::NotFound)?.clone();
    let main = cx.meta.organisation.main_currency;
    let (mut patch, mut found) = (Patch::new(), Violations::new());
    for key in sent.keys().filter(|key| !form.fields.iter().any(|offered| offered.field == **key)) {
        found.push(Violation::new("field.unknown", key));
    }
    for offered in &form.fields {
        let Some(field) = form.field(&object, offered) else { continue };
        let value = match sent.get(&offered.field).map_or(Ok(Value::Null), |json| field.parse(json, main)) {
            Ok(value) => value,
            Err(violation) => {
                found.push(violation);
                continue;
            }
        };
        if value.is_null() && (offered.required || field.required) {
            found.push(Violation::new("field.required", &offered.field));
        }
        if !value.is_null() {
            patch.insert(offered.field.clone(), value);
        }
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    for (key, json) in &form.values {
        if let Some(value) = object.field(key).and_then(|field| field.parse(json, main).ok()) {
            patch.insert(key.clone(), value);
        }
    }
    // A double click, or the same page sent again.
    let once = format!("web form {} {}", form.id, crate::identity::digest(&serde_json::to_string(sent).unwrap_or_default()));
    if let Some(done) = idempotency::begin(cx, tx, &once, "")? {
        return Ok(Received { lead: done.record, again: true });
    }
    patch.insert("web_form".to_owned(), form.name.as_str().into());
    let mut change = Change::new(KEY, Deed::Create);
    change.by_rules = Some(form.assignment == Assigned::Rules);
    if let Assigned::Person { person } = &form.assignment
        && let Some(person) = person.parse().ok().filter(|person| works_here(cx, tx, *person))
    {
        patch.insert("owner".to_owned(), Value::Ref(person));
    }
    change.patch = patch;
    change.reason = Some(form.name.clone());
    let saved = save(cx, tx, change)?;
    let lead = saved.record.id;
    if let Some(owner) = saved.record.owner() {
        notices::tell(cx, tx, Notice::new(owner, Kind::LeadArrived).about(KEY, lead))?;
    }
    idempotency::finish(cx, tx, &once, &idempotency::Done { status: 201, object: Some(KEY.to_owned()), record: Some(lead) })?;
    Ok(Received { lead: Some(lead), again: false })
}

/// One who has left gets nothing any more: his leads lie until somebody assigns them.
fn works_here(cx: &Ctx, tx: &mut Read, person: Id) -> bool {
    let Some(employee) = cx.meta.schema.object("employee") else { return false };
    let scope = db::records::Scope::All("whether a lead may go to him");
    let found = db::records::load(tx, &cx.meta.schema, employee, &scope, &[person]);
    found.is_ok_and(|found| found.first().is_some_and(crate::identity::is_active))
}
