//! Accounts and contacts that may be meant: what the duplicate rules find of the lead and of what it would become, as the caller may know of it.
//! Two hints stand beside it that no rule gives: the account of a contact that was found, and one under the lead's web domain.

use std::collections::BTreeMap;

use db::Read;
use db::records::{Bin, Query, Sort};
use model::duplicate::matching::domain;
use model::role::FieldAccess;
use model::{Condition, Id, Object, Record};
use serde_json::{Value as Json, json};

use crate::duplicates::{self, Alike};
use crate::records::{Refs, show};
use crate::{Ctx, Result, access};

/// Candidates that are offered of each object.
const OFFERED: usize = 6;
/// Records looked at for one web domain.
const LOOKED_AT: u32 = 20;

/// A record that may be meant, with the reasons.
struct Candidate {
    record: Record,
    /// What the rules say of it.
    alike: Option<Alike>,
    why: Vec<&'static str>,
}

/// Those found so far.
#[derive(Default)]
struct Candidates(BTreeMap<Id, Candidate>);

impl Candidates {
    fn of(&mut self, record: Record) -> &mut Candidate {
        self.0.entry(record.id).or_insert_with(|| Candidate { record, alike: None, why: Vec::new() })
    }

    /// What the rules find: of the lead itself, and of the record that it would become.
    fn by_rules(&mut self, cx: &Ctx, tx: &mut Read, object: &Object, lead: &Record, new: &Record) -> Result<()> {
        for probe in [new, lead] {
            for alike in duplicates::alike(cx, tx, probe)? {
                if alike.record.object != object.key || alike.record.text("lifecycle_status") == "voided" {
                    continue;
                }
                let candidate = self.of(alike.record.clone());
                if candidate.alike.as_ref().is_none_or(|known| known.rank() < alike.rank()) {
                    candidate.alike = Some(alike);
                }
            }
        }
        Ok(())
    }

    fn hint(&mut self, record: Record, why: &'static str) {
        let candidate = self.of(record);
        if !candidate.why.contains(&why) {
            candidate.why.push(why);
        }
    }

    /// What the rules find first, the most alike before the others.
    fn offered(self, cx: &Ctx, object: &Object, fields: &[&str], refs: &mut Refs) -> Vec<Json> {
        let mut all: Vec<Candidate> = self.0.into_values().collect();
        let rank = |one: &Candidate| (one.alike.as_ref().map(Alike::rank), one.why.len());
        all.sort_by_key(|one| (std::cmp::Reverse(rank(one)), model::text::fold(one.record.text("name")), one.record.id));
        let only = fields.iter().chain(&["name"]).map(|key| (*key).to_owned()).collect();
        let shown = all.into_iter().take(OFFERED).map(|one| {
            for field in object.fields.iter().filter(|field| fields.contains(&field.key.as_str())) {
                if cx.who.rights.field(&object.key, field) > FieldAccess::Hidden {
                    refs.note_value(&field.kind, one.record.get(&field.key));
                }
            }
            let mut shown = show(cx, object, &one.record, Some(&only));
            shown["why"] = json!(one.why);
            shown["alike"] = one.alike.map_or(Json::Null, |alike| alike.told);
            shown
        });
        shown.collect()
    }
}

/// Accounts that may be meant by a lead that would become `new`, those of `contacts` among them.
pub(super) fn accounts(cx: &Ctx, tx: &mut Read, (lead, new): (&Record, &Record), contacts: &[Id], refs: &mut Refs) -> Result<Vec<Json>> {
    let Ok(object) = cx.object("account").cloned() else { return Ok(Vec::new()) };
    let mut found = Candidates::default();
    found.by_rules(cx, tx, &object, lead, new)?;
    let domains = [domain::of_email(lead.text("email")), domain::of_url(lead.text("website"))];
    for domain in domains.into_iter().flatten() {
        for record in under(cx, tx, &object, &domain)? {
            found.hint(record, "domain");
        }
    }
    for record in db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), contacts)? {
        if record.text("lifecycle_status") != "voided" {
            found.hint(record, "contact");
        }
    }
    Ok(found.offered(cx, &object, &["city", "website", "owner"], refs))
}

/// Contacts that may be meant by a lead that would become `new`, and the accounts they belong to.
pub(super) fn contacts(cx: &Ctx, tx: &mut Read, (lead, new): (&Record, &Record), refs: &mut Refs) -> Result<(Vec<Json>, Vec<Id>)> {
    let Ok(object) = cx.object("contact").cloned() else { return Ok((Vec::new(), Vec::new())) };
    let mut found = Candidates::default();
    found.by_rules(cx, tx, &object, lead, new)?;
    let knows = object.field("account").is_some_and(|field| cx.who.rights.field("contact", field) > FieldAccess::Hidden);
    // Of one who only has the same name it does not follow that the company is meant.
    let sure = found.0.values().filter(|one| one.alike.as_ref().is_some_and(|alike| alike.says_more_than("name")));
    let accounts = sure.filter(|_| knows).filter_map(|one| one.record.reference("account")).collect();
    Ok((found.offered(cx, &object, &["account", "title", "email", "owner"], refs), accounts))
}

/// Accounts with a page under a domain, as far as the caller may know of pages.
fn under(cx: &Ctx, tx: &mut Read, object: &Object, domain: &str) -> Result<Vec<Record>> {
    let below = access::subordinates(cx, tx)?;
    let schema = cx.seen_schema();
    let reading = cx.reading(&schema, &below);
    let condition = json!({"field": "website", "op": "contains", "value": domain});
    let resolved = Condition::from_json(&condition).map_err(|found| vec![found]).and_then(|it| it.resolve(&object.key, &reading));
    let Ok(condition) = resolved else { return Ok(Vec::new()) };
    let sort = Sort { field: "created_at".to_owned(), descending: true };
    let query = Query { condition: Some(&condition), words: None, sort, cursor: None, limit: LOOKED_AT, bin: Bin::Out };
    Ok(db::records::list(tx, &schema, object, &cx.scope(), &query)?.records)
}
