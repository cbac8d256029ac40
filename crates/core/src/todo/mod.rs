//! What waits for a person: tasks, next steps, leads, deals that are late, tasks of their stages, requests to join, approvals; of those, too, for whom he stands in. Whatever kind it is, it is
//! chosen by the same scope as every list.

mod kinds;

use std::collections::BTreeMap;

use db::Read;
use db::records::{After, Due, Waiting};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use model::role::Act;
use model::{Date, Id, Instant, Object, Record};
use sea_query::Value as Sql;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use self::kinds::{KINDS, Kind, Which};
use crate::approvals::asking;
use crate::duplicates::waiting as joins;
use crate::notices::deputies::Standing;
use crate::records::{Refs, names_of};
use crate::stage_tasks::waiting;
use crate::{Ctx, Error, Result, access};

/// The query of `GET /todo`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TodoRequest {
    /// Items of one kind alone; the counts are of all.
    pub kind: Option<String>,
    pub cursor: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

/// One thing that waits, before it is shown.
struct Item<'a> {
    what: What<'a>,
    id: Id,
    due: Option<Instant>,
}

/// What an item is.
#[derive(Clone, Copy)]
enum What<'a> {
    Record(&'a Kind),
    /// No record of its own.
    StageTask,
    JoinRequest,
    /// With the number of the task in it.
    Approval(i64),
}

impl<'a> What<'a> {
    fn record(self) -> Option<&'a Kind> {
        match self {
            What::Record(kind) => Some(kind),
            What::StageTask | What::JoinRequest | What::Approval(_) => None,
        }
    }

    /// Tells apart what has one id.
    fn nth(self) -> i64 {
        if let What::Approval(n) = self { n } else { 0 }
    }
}

/// The person's clock.
struct Clock {
    now: Instant,
    today: Date,
    zone: TimeZone,
}

impl Clock {
    fn of(cx: &Ctx) -> Clock {
        let zone = TimeZone::get(&cx.who.time_zone).unwrap_or_else(|_| cx.meta.calendar.zone.clone());
        Clock { now: cx.at, today: cx.at.date_in(&zone), zone }
    }

    /// A day is over when the next one begins.
    fn end_of(&self, day: Date) -> Instant {
        Instant::start_of(day.saturating_add(1.days()), &self.zone)
    }

    /// Before which values of a field something is overdue, and before which it is due today.
    fn bounds(&self, is_day: bool) -> [Sql; 2] {
        match is_day {
            true => [self.today, self.today.saturating_add(1.days())].map(|day| Sql::from(day.to_string())),
            false => [self.now, self.end_of(self.today)].map(|at| Sql::from(at.0)),
        }
    }

    /// Behind which of its own values a kind's page begins, where the page of all begins behind an instant.
    fn after(&self, is_day: bool, due: Option<Instant>, id: Id) -> After {
        match due {
            None => After::Blank(id),
            Some(at) if !is_day => After::Value(Sql::from(at.0), id),
            Some(at) => {
                let day = at.date_in(&self.zone);
                let ended = day.saturating_sub(1.days());
                // Days end at midnight: only there an instant and the end of a day are the same.
                if self.end_of(ended) == at {
                    After::Value(Sql::from(ended.to_string()), id)
                } else {
                    After::From(Sql::from(day.to_string()))
                }
            }
        }
    }
}

/// What waits for the caller: how much of it, and a page, the first due first.
pub fn list(cx: &Ctx, tx: &mut Read, request: &TodoRequest) -> Result<Json> {
    let limit = u64::from(request.limit.unwrap_or(50).clamp(1, 200));
    let others = [waiting::KIND, joins::KIND, asking::KIND];
    if request.kind.as_deref().is_some_and(|key| !others.contains(&key) && !KINDS.iter().any(|kind| kind.key == key)) {
        return Err(Error::Malformed(
            "kind: task, follow_up, lead, close_date, stage_overdue, stage_task, join_request or approval".into(),
        ));
    }
    let after = request.cursor.as_deref().map(|text| place(text).ok_or_else(|| Error::Malformed("cursor: not one of this list's".into())));
    let after = after.transpose()?;
    let mut people = Standing::load(cx, tx)?.by_person(cx.who.id);
    people.insert(0, cx.who.id);
    let clock = Clock::of(cx);
    let (mut items, mut counts, mut by_kind) = (Vec::new(), [0_i64; 4], Map::new());
    for kind in KINDS.iter().filter(|kind| kind.is_known(cx)) {
        let object = cx.object(kind.object)?.clone();
        let is_day = kind.due.and_then(|due| object.field(due)).is_some_and(|field| field.kind == model::FieldType::Date);
        let wanted = wanted(kind, &object, &people, &clock, is_day);
        let some = db::records::count_waiting(tx, &cx.meta.schema, &cx.scope(), &wanted, clock.bounds(is_day))?;
        counts.iter_mut().zip(some).for_each(|(all, more)| *all += more);
        by_kind.insert(kind.key.to_owned(), some.iter().sum::<i64>().into());
        if request.kind.as_deref().is_some_and(|key| key != kind.key) || some == [0; 4] {
            continue;
        }
        let from = after.map(|(due, id)| clock.after(is_day, due, id));
        for (id, due) in db::records::waiting(tx, &cx.meta.schema, &cx.scope(), &wanted, from.as_ref(), limit + 1)? {
            let due = match due {
                Due::At(at) => Some(Instant(at)),
                Due::Day(day) => day.parse().ok().map(|day| clock.end_of(day)),
                Due::Never => None,
            };
            items.push(Item { what: What::Record(kind), id, due });
        }
    }
    let deals = waiting::deals(cx);
    if let Some(object) = &deals {
        let some = waiting::count(cx, tx, object, &people, clock.bounds(false))?;
        counts.iter_mut().zip(some).for_each(|(all, more)| *all += more);
        by_kind.insert(waiting::KIND.to_owned(), some.iter().sum::<i64>().into());
        if request.kind.as_deref().is_none_or(|key| key == waiting::KIND) && some != [0; 4] {
            let found = waiting::ids(cx, tx, object, &people, after, limit + 1)?;
            items.extend(found.into_iter().map(|(id, due)| Item { what: What::StageTask, id, due }));
        }
    }
    let requests = joins::open(cx, tx, &people)?;
    let wanted = request.kind.as_deref().is_none_or(|key| key == joins::KIND);
    by_kind.insert(joins::KIND.to_owned(), requests.len().into());
    let mut badge = counts[0] + counts[1];
    for request in &requests {
        let today = request.due() <= clock.end_of(clock.today);
        counts[if today { 1 } else { 2 }] += 1;
        // Somebody waits for the answer, whenever it is due.
        badge += 1;
        let behind = after.is_none_or(|(due, id)| due.is_some_and(|due| (request.due(), request.id()) > (due, id)));
        if wanted && behind {
            items.push(Item { what: What::JoinRequest, id: request.id(), due: Some(request.due()) });
        }
    }
    let asked = asking::count(tx, &people, clock.now, clock.end_of(clock.today))?;
    counts.iter_mut().zip(asked).for_each(|(all, more)| *all += more);
    let approvals = asked.iter().sum::<i64>();
    badge += approvals;
    by_kind.insert(asking::KIND.to_owned(), approvals.into());
    if request.kind.as_deref().is_none_or(|key| key == asking::KIND) && approvals > 0 {
        // Whoever is asked more than once in one approval finds all of it on one page.
        let found = asking::tasks(tx, &people, after, limit + 10)?;
        items.extend(found.into_iter().map(|(id, n, due)| Item { what: What::Approval(n), id, due }));
    }
    items.sort_by_key(|item| (item.due.is_none(), item.due, item.id, item.what.nth()));
    let same = |at: usize| items.get(at).zip(items.get(at - 1)).is_some_and(|(a, b)| (a.due, a.id) == (b.due, b.id));
    let end = (limit as usize..).find(|at| !same(*at)).unwrap_or(limit as usize);
    let more = items.len() > end;
    items.truncate(end);
    let next = items.last().filter(|_| more).map(|item| format!("{}.{}", item.due.map_or("-".to_owned(), |at| at.0.to_string()), item.id));
    let mut refs = Refs::default();
    let mut tasks = BTreeMap::new();
    if let Some(object) = &deals {
        let ids: Vec<Id> = items.iter().filter(|item| matches!(item.what, What::StageTask)).map(|item| item.id).collect();
        if !ids.is_empty() {
            tasks = waiting::show(cx, tx, object, &ids, &mut refs)?;
        }
    }
    let mut others: Others = tasks.into_iter().map(|(id, task)| ((id, 0), task)).collect();
    for request in requests.iter().filter(|request| items.iter().any(|item| item.id == request.id())) {
        others.insert((request.id(), 0), request.show(cx, &mut refs));
    }
    let asked: Vec<(Id, i64)> =
        items.iter().filter(|item| matches!(item.what, What::Approval(_))).map(|item| (item.id, item.what.nth())).collect();
    if !asked.is_empty() {
        others.extend(asking::show(cx, tx, &asked, &mut refs)?);
    }
    let shown = show(cx, tx, &items, others, &clock, &mut refs)?;
    Ok(json!({
        "counts": {"overdue": counts[0], "today": counts[1], "later": counts[2], "none": counts[3], "badge": badge, "kinds": by_kind},
        "items": shown, "refs": refs.names(cx, tx)?, "next_cursor": next,
    }))
}

/// Owners see what they own, and assignees their tasks; of others' the scope decides.
fn wanted<'a>(kind: &'a Kind, object: &'a Object, people: &'a [Id], clock: &Clock, is_day: bool) -> Waiting<'a> {
    let [overdue, _] = clock.bounds(is_day);
    Waiting {
        object,
        of: kind.of,
        people,
        own: people.first().copied(),
        is: kind.is,
        due: kind.due,
        before: (kind.which == Which::Overdue).then_some(overdue),
        dated: kind.which != Which::All,
        newest: match kind.which {
            Which::Newest(regarding, by) => Some((regarding, by)),
            _ => None,
        },
    }
}

fn place(text: &str) -> Option<(Option<Instant>, Id)> {
    let (due, id) = text.split_once('.')?;
    let due = if due == "-" { None } else { Some(Instant(due.parse().ok()?)) };
    Some((due, id.parse().ok()?))
}

/// What is shown by others, by its id and number.
type Others = BTreeMap<(Id, i64), Json>;

fn show(cx: &Ctx, tx: &mut Read, items: &[Item<'_>], mut others: Others, clock: &Clock, refs: &mut Refs) -> Result<Vec<Json>> {
    let mut by_object: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for (kind, id) in items.iter().filter_map(|item| Some((item.what.record()?, item.id))) {
        by_object.entry(kind.object).or_default().push(id);
    }
    let mut known: BTreeMap<(&str, Id), (Record, String, bool)> = BTreeMap::new();
    for (key, ids) in by_object {
        let object = cx.object(key)?.clone();
        let records = db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), &ids)?;
        let names: BTreeMap<Id, String> = names_of(cx, tx, &object, &ids)?.into_iter().collect();
        let writable = access::writable(cx, tx, &object, &records.iter().collect::<Vec<_>>())?;
        for record in records {
            let may = writable.contains(&record.id) && cx.who.rights.may(Act::Edit, key);
            known.insert((key, record.id), (record.clone(), names.get(&record.id).cloned().unwrap_or_default(), may));
        }
    }
    let mut shown = Vec::with_capacity(items.len());
    for item in items {
        let Some(kind) = item.what.record() else {
            shown.extend(others.remove(&(item.id, item.what.nth())));
            continue;
        };
        let Some((record, name, may)) = known.get(&(kind.object, item.id)) else { continue };
        shown.push(one(cx, (kind, item), (record, name, *may), clock, refs));
    }
    Ok(shown)
}

fn one(cx: &Ctx, (kind, item): (&Kind, &Item<'_>), (record, name, may): (&Record, &str, bool), clock: &Clock, refs: &mut Refs) -> Json {
    let readable = |field: &str| !crate::veil::hides(cx, kind.object, field);
    let whose = record.reference(kind.of);
    whose.iter().for_each(|person| refs.note("employee", *person));
    // What it is about: what a task or a next step regards, else the record itself.
    let about = match record.get("regarding") {
        model::Value::Regarding { object, id } if readable("regarding") => Some((object.clone(), *id)),
        _ if kind.object == "task" => None,
        _ => Some((kind.object.to_owned(), item.id)),
    };
    if let Some((object, id)) = &about {
        refs.note(object, *id);
    }
    let next_step = (kind.key == "follow_up" && readable("next_step")).then(|| record.text("next_step")).filter(|text| !text.is_empty());
    let priority = readable("priority").then(|| record.text("priority")).filter(|text| !text.is_empty());
    json!({
        "kind": kind.key, "id": item.id.to_string(), "title": next_step.unwrap_or(name),
        "object": about.as_ref().map(|(object, _)| object), "record": about.as_ref().map(|(_, id)| id.to_string()),
        "item_object": kind.object, "version": record.version, "due_at": item.due.map(|at| at.to_string()),
        "overdue": item.due.is_some_and(|at| at <= clock.now), "priority": priority, "assignee": whose.map(|id| id.to_string()),
        "can": if may { kind.can } else { &[] },
        "on_behalf_of": whose.filter(|id| *id != cx.who.id).map(|id| id.to_string()),
    })
}
