//! Business calendars: when the organisation and its departments work. What working time is, is reckoned in [`model::calendar`].

mod store;
mod try_out;

use std::collections::BTreeSet;

use db::{Read, Write};
use model::calendar::{BusinessCalendar, check};
use model::{Id, Violation};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::records::Refs;
use crate::{Ctx, Error, Meta, Result, meta};

pub(crate) use store::{install, load};
pub use try_out::{Reckon, Text, days, reckon};

/// A calendar as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub id: Id,
    pub version: i64,
    /// The organisation's own.
    pub standard: bool,
    /// Departments for which it holds, with those below that have no other.
    pub departments: BTreeSet<Id>,
    pub calendar: BusinessCalendar,
}

/// The body of `POST /calendars` and `PUT /calendars/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub name: String,
    #[serde(default)]
    pub time_zone: Option<String>,
    #[serde(default)]
    pub week: Json,
    #[serde(default)]
    pub days: Json,
    #[serde(default)]
    pub standard: bool,
    #[serde(default)]
    pub departments: Vec<String>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

impl Kept {
    fn show(&self) -> Json {
        let mut shown = json!(self.calendar);
        shown["id"] = self.id.to_string().into();
        shown["version"] = self.version.into();
        shown["standard"] = self.standard.into();
        shown["departments"] = self.departments.iter().map(Id::to_string).collect();
        shown
    }

    fn with_refs(&self, cx: &Ctx, tx: &mut Read) -> Result<Json> {
        let mut refs = Refs::default();
        self.departments.iter().for_each(|id| refs.note("department", *id));
        let mut shown = self.show();
        shown["refs"] = refs.names(cx, tx)?;
        Ok(shown)
    }
}

/// The calendar that holds for a department: its own, else that of the nearest one above, else the organisation's.
pub fn of_department(meta: &Meta, department: Option<Id>) -> Option<&Kept> {
    crate::access::department_chain(&meta.departments, department)
        .iter()
        .find_map(|id| meta.calendars.iter().find(|kept| kept.departments.contains(id)))
        .or_else(|| meta.calendars.iter().find(|kept| kept.standard))
}

/// All calendars, the organisation's first, then by name; everybody may know when others work.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut refs = Refs::default();
    cx.meta.calendars.iter().flat_map(|kept| &kept.departments).for_each(|id| refs.note("department", *id));
    let items: Vec<Json> = cx.meta.calendars.iter().map(Kept::show).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// One calendar.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    named(&cx.meta, id)?.with_refs(cx, tx)
}

/// The calendar that holds for a department, with the department that it is said of.
pub fn holding(cx: &Ctx, tx: &mut Read, department: Id) -> Result<Json> {
    let object = cx.object("department")?;
    if db::records::names(tx, &cx.meta.schema, object, &cx.scope(), &[department])?.is_empty() {
        return Err(Error::NotFound);
    }
    of_department(&cx.meta, Some(department)).ok_or(Error::NotFound)?.with_refs(cx, tx)
}

fn named(meta: &Meta, id: Id) -> Result<&Kept> {
    meta.calendars.iter().find(|kept| kept.id == id).ok_or(Error::NotFound)
}

/// Adds a calendar, or replaces one; administrators only. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only(if id.is_some() { "edit" } else { "create" }, "calendar")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let before = id.map(|id| named(&meta, id)).transpose()?;
    if let Some(before) = before.filter(|before| seen.is_some_and(|version| version != before.version)) {
        return Err(Error::Conflict { record: Box::new(before.with_refs(cx, tx)?) });
    }
    let kept = read(cx, tx, &meta, before, wanted)?;
    store::put(tx, &kept)?;
    let act = if before.is_some() { "edit" } else { "create" };
    let note = Note::new(act, "calendar").subject(kept.calendar.name.as_str());
    audit::note(cx, tx, note.changed(&before.map(Kept::show), &kept.show()))?;
    kept.with_refs(cx, tx)
}

/// The calendar that a document describes, or all that stands against it.
fn read(cx: &Ctx, tx: &mut Read, meta: &Meta, before: Option<&Kept>, wanted: &Wanted) -> Result<Kept> {
    let document = json!({
        "name": wanted.name.trim(),
        "time_zone": wanted.time_zone.as_deref().map(str::trim).filter(|zone| !zone.is_empty()),
        "week": if wanted.week.is_null() { json!({}) } else { wanted.week.clone() },
        "days": if wanted.days.is_null() { json!([]) } else { wanted.days.clone() },
    });
    let calendar: BusinessCalendar = serde_json::from_value(document).map_err(|error| Error::Malformed(error.to_string()))?;
    let mut found = check(&calendar);
    let others = || meta.calendars.iter().filter(|kept| before.is_none_or(|before| before.id != kept.id));
    let fold = |name: &str| model::text::fold(name);
    if others().any(|kept| fold(&kept.calendar.name) == fold(&calendar.name)) {
        found.push(Violation::new("field.not_unique", "name").with("value", calendar.name.as_str()));
    }
    if before.is_some_and(|before| before.standard) && !wanted.standard {
        found.push(Violation::new("calendar.one_must_hold", "standard"));
    }
    let mut departments = BTreeSet::new();
    for (at, text) in wanted.departments.iter().enumerate() {
        match text.parse::<Id>() {
            Ok(id) => drop(departments.insert(id)),
            Err(_) => found.push(Violation::new("field.reference_not_found", format!("departments/{at}")).with("id", text.as_str())),
        }
    }
    let ids: Vec<Id> = departments.iter().copied().collect();
    let object = meta.schema.object("department").ok_or(Error::NotFound)?;
    let there: BTreeSet<Id> = db::records::names(tx, &meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|(id, _)| id).collect();
    for id in departments.difference(&there) {
        found.push(Violation::new("field.reference_not_found", "departments").with("id", id.to_string()));
    }
    for other in others() {
        for id in other.departments.intersection(&departments) {
            let taken = Violation::new("calendar.department_taken", "departments").with("id", id.to_string());
            found.push(taken.with("calendar", other.calendar.name.as_str()));
        }
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let (id, version) = before.map_or((cx.new_id(), 1), |before| (before.id, before.version + 1));
    Ok(Kept { id, version, standard: wanted.standard, departments, calendar })
}

/// Removes a calendar that nobody works by; administrators only.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "calendar")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let kept = named(&meta, id)?;
    if seen.is_some_and(|version| version != kept.version) {
        return Err(Error::Conflict { record: Box::new(kept.with_refs(cx, tx)?) });
    }
    if kept.standard {
        return Err(Violation::new("calendar.one_must_hold", "").into());
    }
    if !kept.departments.is_empty() {
        let uses: Vec<String> = kept.departments.iter().map(Id::to_string).collect();
        return Err(Violation::new("calendar.in_use", "").with("name", kept.calendar.name.as_str()).with("departments", uses).into());
    }
    store::remove(tx, id)?;
    let note = Note::new("delete", "calendar").subject(kept.calendar.name.as_str());
    audit::note(cx, tx, note.changed(&Some(kept.show()), &None::<Json>))
}
