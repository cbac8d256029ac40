//! The conversion itself.

use db::Write;
use model::approval::Trigger;
use model::lead::{Mapping, PARTS};
use model::objects::lead::KEY;
use model::role::{Act, FieldAccess};
use model::{Id, Object, Patch, Record, Value, Violation, Violations};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::offer::carried_for_him;
use crate::leads::{is_converted, standing};
use crate::records::{self, read_fields, show_one};
use crate::save::{Became, Change, Deed, Under, save, save_as_system, whole};
use crate::{Ctx, Error, Result, approvals};

/// `POST /records/lead/{id}/convert`. What is absent or null is left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convert {
    #[serde(default)]
    pub account: Option<Part>,
    #[serde(default)]
    pub contact: Option<Part>,
    #[serde(default)]
    pub opportunity: Option<Part>,
    #[serde(default)]
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may; with a reason.
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// A record that is there, or the fields of a new one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub fields: Option<Map<String, Json>>,
}

/// A conversion on its way.
struct Turn<'a> {
    cx: &'a Ctx,
    object: &'a Object,
    lead: &'a Record,
    mapping: &'a Mapping,
    /// As what it is part of an approval.
    under: Option<Under>,
    became: Became,
    /// Parts that were asked for and could not be had: what refers to them is not held against the others.
    failed: Vec<&'static str>,
    found: Violations,
    unmet: Violations,
}

/// Converts a lead. All that stands against any part is told at once, under the part's name; then nothing is stored.
pub fn convert(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Convert) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(KEY)?.clone();
    // Whoever comes second waits here, and then finds what it has become.
    tx.lock_rows(&[(object.rank, KEY, vec![id])])?;
    let lead = records::load(cx, tx, &object, id)?;
    cx.attempts(Act::Convert.key(), KEY, Some((id, lead.text("name"))));
    cx.must_be_allowed(Act::Convert, KEY)?;
    if is_converted(&object, &lead) {
        return Err(standing::converted(&lead).into());
    }
    if version.is_some_and(|version| version != lead.version) {
        return Err(Error::Conflict { record: Box::new(show_one(cx, tx, &object, &lead)?) });
    }
    let skips = wanted.skip_approval.then_some(Under::Skips);
    if !approvals::may_catch(cx, KEY, Trigger::Convert) {
        let became = go(cx, tx, (&object, &lead), wanted, (wanted.reason.as_deref(), skips))?.0;
        return answer(cx, tx, id, became, None, wanted.dry_run);
    }
    // All of it is judged; what comes to be with it is undone where the lead has to wait.
    let mut waits = false;
    let done = whole(tx, |tx| match go(cx, tx, (&object, &lead), wanted, (wanted.reason.as_deref(), skips))? {
        (became, None) => Ok(became),
        (_, Some(_)) => {
            waits = true;
            Err(Error::NotFound)
        }
    })?;
    match done {
        Err(_) if waits => {
            let mut change = Change::of(KEY, id, Deed::Convert(Became::default()));
            change.reason.clone_from(&wanted.reason);
            let becomes = Convert { skip_approval: false, dry_run: false, ..wanted.clone() };
            change.becomes = Some(serde_json::to_value(becomes).map_err(|e| Error::Internal(e.to_string()))?);
            tx.next_act();
            let approval = save(cx, tx, change)?.approval;
            answer(cx, tx, id, Became::default(), approval, wanted.dry_run)
        }
        done => answer(cx, tx, id, done?, None, wanted.dry_run),
    }
}

/// Does a conversion that was held back.
pub(crate) fn carry_out(cx: &Ctx, tx: &mut Write, id: Id, becomes: &Json, how: (Option<&str>, Option<Under>)) -> Result<()> {
    let object = cx.object(KEY)?.clone();
    let lead = records::load(cx, tx, &object, id)?;
    let wanted: Convert = serde_json::from_value(becomes.clone()).map_err(|e| Error::Internal(e.to_string()))?;
    go(cx, tx, (&object, &lead), &wanted, how).map(|_| ())
}

/// Saves the parts and the lead; gives what it became, and the approval for which the lead waits.
fn go(
    cx: &Ctx,
    tx: &mut Write,
    (object, lead): (&Object, &Record),
    wanted: &Convert,
    (reason, under): (Option<&str>, Option<Under>),
) -> Result<(Became, Option<Id>)> {
    let (mapping, _) = super::in_force(tx)?;
    let mut turn = Turn {
        cx,
        object,
        lead,
        mapping: &mapping,
        under,
        became: Became::default(),
        failed: Vec::new(),
        found: Violations::new(),
        unmet: Violations::new(),
    };
    for part in PARTS {
        let asked = match part {
            "account" => &wanted.account,
            "contact" => &wanted.contact,
            _ => &wanted.opportunity,
        };
        if let Some(asked) = asked {
            turn.part(tx, part, asked)?;
        }
    }
    if [&wanted.account, &wanted.contact, &wanted.opportunity].iter().all(|part| part.is_none()) {
        turn.found.push(Violation::new("lead.becomes_nothing", ""));
    }
    // The lead is asked last, also where a part has failed: all that stands against it is told at once.
    let became = turn.became;
    Ok((became, turn.lead(tx, reason)?))
}

impl Turn<'_> {
    fn part(&mut self, tx: &mut Write, part: &'static str, asked: &Part) -> Result<()> {
        let id = match (&asked.id, &asked.fields) {
            (Some(id), None) => self.existing(tx, part, id)?,
            (None, Some(fields)) => self.new_one(tx, part, fields)?,
            _ => {
                self.found.push(Violation::new("lead.part_unclear", part));
                None
            }
        };
        if id.is_none() {
            self.failed.push(part);
        }
        match part {
            "account" => self.became.account = id,
            "contact" => self.became.contact = id,
            _ => self.became.opportunity = id,
        }
        Ok(())
    }

    /// A record that is there already, if the caller sees it.
    fn existing(&mut self, tx: &mut Write, part: &'static str, id: &str) -> Result<Option<Id>> {
        let path = format!("{part}/id");
        let object = match (self.cx.object(part), id.parse::<Id>()) {
            (Ok(object), Ok(id)) => db::records::load(tx, &self.cx.meta.schema, object, &self.cx.scope(), &[id])?.pop(),
            _ => None,
        };
        let Some(record) = object else {
            self.found.push(Violation::new("field.reference_not_found", path));
            return Ok(None);
        };
        if record.text("lifecycle_status") == "voided" {
            self.found.push(Violation::new("record.voided", path));
            return Ok(None);
        }
        let elsewhere = |account: Id| self.became.account.is_some_and(|chosen| chosen != account);
        if part == "contact" && self.access(part, "account") > FieldAccess::Hidden && record.reference("account").is_some_and(elsewhere) {
            self.found.push(Violation::new("lead.contact_elsewhere", path));
            return Ok(None);
        }
        Ok(Some(record.id))
    }

    /// A new record, saved as the caller's own doing.
    fn new_one(&mut self, tx: &mut Write, part: &'static str, fields: &Map<String, Json>) -> Result<Option<Id>> {
        let Ok(object) = self.cx.object(part).cloned() else {
            self.found.push(Violation::new("field.unknown", part).with("field", part));
            return Ok(None);
        };
        let mut change = Change::new(part, Deed::Create);
        change.under = self.under.filter(|under| matches!(under, Under::Executes(_)));
        // Values that cannot be read do not hide what stands against the others.
        match read_fields(self.cx, &object, fields) {
            Ok(patch) => change.patch = patch,
            Err(Error::Invalid(found)) => {
                self.place(part, found, false);
                let readable = fields.iter().filter_map(|(key, json)| {
                    let field = object.field(key).filter(|_| self.access(part, key) > FieldAccess::Hidden)?;
                    Some((key.clone(), field.parse(json, self.cx.meta.organisation.main_currency).ok()?))
                });
                change.patch = readable.collect();
            }
            Err(other) => return Err(other),
        }
        let (links, by_product) = self.links(part, &change.patch);
        change.patch.extend(links);
        self.owner(part, &mut change.patch);
        tx.next_act();
        let already = self.found.len();
        let record = match save(self.cx, tx, change) {
            Ok(saved) => saved.record,
            Err(Error::Invalid(found)) => {
                self.place(part, found, false);
                return Ok(None);
            }
            Err(Error::Unmet(found)) => {
                self.place(part, found, true);
                return Ok(None);
            }
            Err(other) => return Err(other),
        };
        if already > 0 && self.found.iter().any(|violation| violation.path.starts_with(&format!("{part}/"))) {
            // Its values could not all be read; the transaction ends without it.
            return Ok(None);
        }
        self.carry(tx, &object, &record, by_product)?;
        Ok(Some(record.id))
    }

    fn access(&self, object: &str, field: &str) -> FieldAccess {
        let field = self.cx.meta.schema.object(object).and_then(|object| object.field(field));
        field.map_or(FieldAccess::Hidden, |field| self.cx.who.rights.field(object, field))
    }

    /// What ties a part to the others: given by the caller, or by the product where he may not write it.
    fn links(&self, part: &str, given: &Patch) -> (Patch, Patch) {
        let ties: &[(&str, Option<Id>)] = match part {
            "contact" => &[("account", self.became.account)],
            "opportunity" => &[("account", self.became.account), ("primary_contact", self.became.contact), ("lead", Some(self.lead.id))],
            _ => &[],
        };
        let (mut his, mut products) = (Patch::new(), Patch::new());
        for (field, id) in ties.iter().filter_map(|(field, id)| Some((*field, (*id)?))) {
            if given.get(field).is_some_and(|value| !value.is_null()) {
                continue;
            }
            let links = if self.access(part, field) == FieldAccess::Write { &mut his } else { &mut products };
            links.insert(field.to_owned(), id.into());
        }
        (his, products)
    }

    /// What becomes of a lead belongs to whoever has the lead, where the caller may say so; else to the caller.
    fn owner(&self, part: &str, patch: &mut Patch) {
        let rights = &self.cx.who.rights;
        let may_give = |owner: &Id| *owner == self.cx.who.id || rights.may(Act::ChangeOwner, part) || rights.may(Act::Assign, part);
        if let (false, Some(owner)) = (patch.contains_key("owner"), self.lead.owner().filter(may_give)) {
            patch.insert("owner".to_owned(), owner.into());
        }
    }

    /// What the product carries over by itself into a record that was just made.
    fn carry(&self, tx: &mut Write, object: &Object, record: &Record, mut patch: Patch) -> Result<()> {
        let carried = carried_for_him(self.cx, (self.object, self.lead), object, self.mapping);
        let blank = |(key, _): &(String, Value)| record.get(key).is_null();
        patch.extend(carried.into_iter().filter(blank));
        if patch.is_empty() {
            return Ok(());
        }
        tx.next_act();
        let change = Change { patch, ..Change::of(&object.key, record.id, Deed::Edit) };
        save_as_system(self.cx, tx, "what a lead hands on that its converter may not write", change).map(|_| ())
    }

    /// Findings under the name of their part. What a part refers to and could not be had is told at its own place.
    fn place(&mut self, part: &str, found: Violations, unmet: bool) {
        let follows = |violation: &Violation| {
            let tie = |of: &str, field: &str| self.failed.contains(&of) && violation.path == field;
            tie("account", "account") || part == "opportunity" && tie("contact", "primary_contact")
        };
        let placed: Violations = found
            .into_iter()
            .filter(|violation| !follows(violation))
            .map(|violation| Violation { path: format!("{part}/{}", violation.path).trim_end_matches('/').to_owned(), ..violation })
            .filter(|violation| {
                violation.code == "duplicate.found"
                    || !self.found.iter().any(|known| known.code == violation.code && known.path == violation.path)
            })
            .collect();
        if unmet { self.unmet.extend(placed) } else { self.found.extend(placed) }
    }

    /// Saves the lead as what it became, and gives the approval for which it waits. Errors: what stands against any part of it.
    fn lead(mut self, tx: &mut Write, reason: Option<&str>) -> Result<Option<Id>> {
        tx.next_act();
        let mut change = Change::of(KEY, self.lead.id, Deed::Convert(self.became));
        (change.reason, change.under) = (reason.map(str::to_owned), self.under);
        let mut approval = None;
        match save(self.cx, tx, change) {
            Ok(saved) => approval = saved.approval,
            Err(Error::Invalid(found)) => self.found.extend(found),
            Err(Error::Unmet(found)) => self.unmet.extend(found),
            Err(other) => return Err(other),
        }
        match (self.found.is_empty(), self.unmet.is_empty()) {
            (true, true) if self.failed.is_empty() => Ok(approval),
            (true, _) => Err(Error::Unmet(self.unmet)),
            (false, _) => {
                self.found.append(&mut self.unmet);
                Err(Error::Invalid(self.found))
            }
        }
    }
}

/// The lead and what it became, as the caller sees them.
fn answer(cx: &Ctx, tx: &mut Write, lead: Id, became: Became, approval: Option<Id>, dry_run: bool) -> Result<Json> {
    let parts = [("lead", Some(lead)), ("account", became.account), ("contact", became.contact), ("opportunity", became.opportunity)];
    let mut shown = json!({"result": "saved", "dry_run": dry_run});
    if let Some(approval) = approval {
        (shown["result"], shown["approval"]) = ("pending_approval".into(), approval.to_string().into());
    }
    for (part, id) in parts {
        shown[part] = match (id, cx.object(part).cloned()) {
            (Some(id), Ok(object)) => match records::load(cx, tx, &object, id) {
                Ok(record) => show_one(cx, tx, &object, &record)?,
                Err(Error::NotFound) => Json::Null,
                Err(other) => return Err(other),
            },
            _ => Json::Null,
        };
    }
    if dry_run {
        tx.abandon();
    }
    Ok(shown)
}

/// A conversion that was done before, told again.
pub fn again(cx: &Ctx, tx: &mut Write, lead: Id) -> Result<Json> {
    let object = cx.object(KEY)?.clone();
    let record = records::load(cx, tx, &object, lead)?;
    let became = |field: &str| record.reference(field);
    let became = Became { account: became("account"), contact: became("contact"), opportunity: became("opportunity") };
    let approval = approvals::running(tx, lead)?.filter(|_| approvals::waits_for(&record).is_some());
    answer(cx, tx, lead, became, approval, false)
}
