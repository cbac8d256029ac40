//! Which deals a question about the past is about: a condition as everywhere, as far as it looks at what is known of then.

use std::collections::HashSet;

use db::Read;
use db::records::Bin;
use jiff::ToSpan;
use model::analysis::past::{Asked, place_of};
use model::condition::Resolved;
use model::objects::opportunity;
use model::{Date, Id, Instant, Object, Violation, Violations};

use super::reading::end_of;
use crate::analysis::sight;
use crate::records::asked;
use crate::{Ctx, Error, Result, veil};

/// What is asked of past days.
pub(super) struct Question {
    pub object: Object,
    process: Option<Id>,
    condition: Option<Resolved>,
    visible: Option<HashSet<Id>>,
    except: HashSet<Id>,
}

impl Question {
    /// Reads process, view and filter with the caller's eyes. `since`: the earliest instant that is asked about.
    pub fn of(
        cx: &Ctx,
        tx: &mut Read,
        since: Instant,
        process: Option<&str>,
        view: Option<&str>,
        filter: Option<&str>,
    ) -> Result<Question> {
        let object = cx.object(opportunity::KEY)?.clone();
        let hides = |field: &str| veil::hides(cx, &object.key, field);
        if hides("stage") || (process.is_some() && hides("sales_process")) {
            return Err(Error::NotFound);
        }
        let process = process.map(|id| cx.meta.process(id).map(|process| process.id).ok_or(Error::NotFound)).transpose()?;
        let condition = asked(cx, tx, &object, view, filter, None)?.condition;
        let mut found = Violations::new();
        condition.iter().for_each(|condition| unknown(condition, &mut found));
        if !found.is_empty() {
            return Err(found.into());
        }
        let (visible, except) = (visible(cx, tx, &object, since)?, sight::covered(cx, tx, &object)?);
        Ok(Question { object, process, condition, visible, except })
    }

    /// As the definitions ask it.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            process: self.process,
            condition: self.condition.as_ref(),
            visible: self.visible.as_ref(),
            except: Some(&self.except).filter(|except| !except.is_empty()),
        }
    }

    /// The process that is asked for.
    pub fn process(&self) -> Option<Id> {
        self.process
    }
}

/// What a condition looks at that is not known of then.
fn unknown(condition: &Resolved, found: &mut Violations) {
    let mut not_known = |field: &str| found.push(Violation::new("analysis.not_known_then", "filter").with("field", field));
    match condition {
        Resolved::Always(_) => {}
        Resolved::All(list) | Resolved::Any(list) => list.iter().for_each(|part| unknown(part, found)),
        Resolved::Not(inner) => unknown(inner, found),
        Resolved::Test(test) => match test.hops.first() {
            Some(hop) => not_known(&format!("{}.{}", hop.field, test.field)),
            None if place_of(&test.field).is_none() => not_known(&test.field),
            None => {}
        },
        Resolved::Exists(test) => not_known(&test.object),
        Resolved::Changed(test) => not_known(&test.field),
    }
}

/// The deals that the caller sees today, and those deleted since whose last owner's deals he sees; `None` for one who sees every one.
fn visible(cx: &Ctx, tx: &mut Read, object: &Object, since: Instant) -> Result<Option<HashSet<Id>>> {
    let Some((owners, _)) = db::records::owners_and_given(tx, &cx.meta.schema, object, &cx.scope())? else { return Ok(None) };
    let owners: HashSet<Id> = owners.into_iter().collect();
    let seen = db::records::all_ids(tx, &cx.meta.schema, object, &cx.scope(), None, None, Bin::Too)?;
    let mut seen: HashSet<Id> = seen.into_iter().collect();
    let buried = db::past::buried(tx, (since, Instant(i64::MAX)))?;
    let theirs =
        buried.iter().filter(|deal| deal.values.get("owner").and_then(model::Value::as_id).is_some_and(|owner| owners.contains(&owner)));
    seen.extend(theirs.map(|deal| deal.id));
    Ok(Some(seen))
}

/// A day of the past; today where none is named.
pub(super) fn day(cx: &Ctx, text: Option<&str>, path: &'static str) -> Result<Date> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(cx.today()) };
    let day: Date = text.trim().parse().map_err(|_| Error::Malformed(format!("{path}: a day, as 2026-09-30")))?;
    if day > cx.today() {
        return Err(Violation::new("analysis.day_to_come", path).with("today", cx.today().to_string()).into());
    }
    // Days whose end is no instant any more.
    if day.checked_add(1.day()).is_err() || end_of(day, &cx.meta.calendar.zone) == Instant(-1) {
        return Err(Error::Malformed(format!("{path}: a day, as 2026-09-30")));
    }
    Ok(day)
}

/// A day of expected closing, of any time.
pub(super) fn any_day(text: Option<&str>, path: &'static str) -> Result<Option<Date>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| Error::Malformed(format!("{path}: a day, as 2026-09-30")))).transpose()
}
