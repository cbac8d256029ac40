//! Asking to join the team of a record that one has met and may not see. The owner has seven days to answer; then asker and the owner's manager
//! are told.
//!
//! The asker learns nothing of the record by asking: what he is told of it is what the match told him, until he is let in.

use db::records::Scope;
use db::{Read, Write};
use model::role::Act;
use model::{Id, Instant, Violation, Violations};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::token;
use crate::notices::deputies::Standing;
use crate::notices::{Kind, Notice, tell};
use crate::records::{self, Refs};
use crate::reminders::{self, Reminder};
use crate::{Ctx, Error, Result};

/// How long an owner may take.
const DAYS: i64 = 7;
const DAY: i64 = 86_400;
/// Characters of a reason, and of an answer.
const LONGEST: usize = 1000;
/// Requests that are listed.
const LISTED: u64 = 200;
const WHY: Scope<'static> = Scope::All("whoever asks to join does not see it yet");

/// The body of `POST /duplicates/join`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    pub token: String,
    #[serde(default)]
    pub reason: Option<String>,
}

/// The body of an answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// `read` or `read_write`; `read` when absent.
    #[serde(default)]
    pub level: Option<String>,
    #[serde(default)]
    pub answer: Option<String>,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Accept,
    Decline,
    Withdraw,
}

/// A request, as kept.
pub(super) struct Request {
    pub id: Id,
    pub object: String,
    pub record: Id,
    pub by: Id,
    pub of: Id,
    reason: Option<String>,
    level: String,
    asked_at: Instant,
    pub answer_by: Instant,
    state: String,
    answered_at: Option<Instant>,
    answer: Option<String>,
}

pub(super) const COLUMNS: [&str; 12] =
    ["id", "object", "record", "by_id", "of_id", "reason", "level", "asked_at", "answer_by", "state", "answered_at", "answer"];

impl Request {
    pub fn read(row: &db::Row) -> Result<Request> {
        Ok(Request {
            id: row.get(0)?,
            object: row.get(1)?,
            record: row.get(2)?,
            by: row.get(3)?,
            of: row.get(4)?,
            reason: row.get(5)?,
            level: row.get(6)?,
            asked_at: Instant(row.get(7)?),
            answer_by: Instant(row.get(8)?),
            state: row.get(9)?,
            answered_at: row.get::<Option<i64>>(10)?.map(Instant),
            answer: row.get(11)?,
        })
    }

    /// One that nobody has answered in time is over.
    fn state(&self, cx: &Ctx) -> &str {
        if self.state == "open" && self.answer_by <= cx.at { "expired" } else { &self.state }
    }

    fn show(&self, cx: &Ctx, name: Option<String>, refs: &mut Refs) -> Json {
        let (state, asker) = (self.state(cx), self.by == cx.who.id);
        let known = name.is_some();
        refs.note("employee", self.by);
        refs.note("employee", self.of);
        let can: &[&str] = match (state, asker) {
            ("open", true) => &["withdraw"],
            ("open", false) => &["accept", "decline"],
            _ => &[],
        };
        json!({
            "id": self.id.to_string(), "object": self.object, "record": known.then(|| self.record.to_string()), "name": name,
            "by": self.by.to_string(), "of": self.of.to_string(), "reason": self.reason, "level": self.level,
            "asked_at": self.asked_at.to_string(), "answer_by": self.answer_by.to_string(), "state": state,
            "answered_at": self.answered_at.map(|at| at.to_string()), "answer": self.answer, "can": can,
        })
    }
}

fn text(given: Option<&String>, path: &str) -> Result<Option<String>> {
    let given = given.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match &given {
        Some(text) if text.chars().count() > LONGEST => Err(Violation::new("field.too_long", path).with("max", LONGEST).into()),
        Some(text) if !model::text::storable(text) => {
            Err(Violation::new("field.invalid", path).with("expected", "text without the character U+0000").into())
        }
        _ => Ok(given),
    }
}

/// Asks the owner of a met record to let one into its team; whoever has asked already is given what he asked.
pub fn join(cx: &Ctx, tx: &mut Write, wanted: &Join) -> Result<Json> {
    let reason = text(wanted.reason.as_ref(), "reason")?;
    let (_, key, id) = token::open(&cx.meta.duplicate_rules, &wanted.token).ok_or(Error::NotFound)?;
    let object = cx.object(&key)?.clone();
    // Of two who ask at once each has his own; of one who asks twice the second finds the first.
    tx.lock(&[format!("join:{id}:{}", cx.who.id)])?;
    let record = db::records::load(tx, &cx.meta.schema, &object, &WHY, &[id])?.pop().ok_or(Error::NotFound)?;
    let seen = !db::records::names(tx, &cx.meta.schema, &object, &cx.scope(), &[id])?.is_empty();
    let owner = record.owner().filter(|owner| *owner != cx.who.id && !seen && record.text("lifecycle_status") != "voided");
    let Some(owner) = owner else { return Err(Violation::new("duplicate.nothing_to_join", "token").into()) };
    let mine = Query::select()
        .columns(COLUMNS)
        .from("join_request")
        .and_where(Expr::col("record").eq(id.0))
        .and_where(Expr::col("by_id").eq(cx.who.id.0))
        .and_where(Expr::col("state").eq("open"))
        .and_where(Expr::col("answer_by").gt(cx.at.0))
        .to_owned();
    if let Some(row) = tx.optional(&mine)? {
        let there = Request::read(&row)?;
        return one(cx, tx, &there);
    }
    let request = Request {
        id: cx.new_id(),
        object: key,
        record: id,
        by: cx.who.id,
        of: owner,
        reason,
        level: "read".to_owned(),
        asked_at: cx.at,
        answer_by: cx.at.plus_seconds(DAYS * DAY),
        state: "open".to_owned(),
        answered_at: None,
        answer: None,
    };
    let row = vec![
        request.id.0.into(),
        request.object.as_str().into(),
        request.record.0.into(),
        request.by.0.into(),
        request.of.0.into(),
        request.reason.clone().into(),
        request.level.as_str().into(),
        request.asked_at.0.into(),
        request.answer_by.0.into(),
        request.state.as_str().into(),
    ];
    tx.insert_rows("join_request", &COLUMNS[..10], vec![row])?;
    tell(cx, tx, Notice::new(owner, Kind::JoinAsked).about(&request.object, id).once(request.id.to_string()))?;
    let mut due = vec![expiry(&request, request.by)];
    // The owner's manager can let him in as well.
    let manager = manager(cx, tx, owner)?.filter(|manager| *manager != request.by);
    due.extend(manager.map(|manager| Reminder { params: json!({"manager": manager}), ..expiry(&request, manager) }));
    reminders::set(cx, tx, &due)?;
    one(cx, tx, &request)
}

/// Who is told when nobody has answered in time.
fn expiry(request: &Request, to: Id) -> Reminder {
    Reminder::new(Kind::JoinExpired, (&request.object, request.record), &request.id.to_string(), to, request.answer_by)
}

fn manager(cx: &Ctx, tx: &mut Read, person: Id) -> Result<Option<Id>> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let found = db::records::load(tx, &cx.meta.schema, employee, &Scope::All("whose manager is told"), &[person])?.pop();
    Ok(found.and_then(|person| person.reference("manager")))
}

fn one(cx: &Ctx, tx: &mut Read, request: &Request) -> Result<Json> {
    let mut refs = Refs::default();
    let name = name(cx, tx, request)?;
    let mut shown = request.show(cx, name, &mut refs);
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

/// What the record is called, for those who see it.
pub(super) fn name(cx: &Ctx, tx: &mut Read, request: &Request) -> Result<Option<String>> {
    let Ok(object) = cx.object(&request.object) else { return Ok(None) };
    Ok(records::names_of(cx, tx, object, &[request.record])?.pop().map(|(_, name)| name))
}

/// The caller, and those for whom he stands in.
pub(super) fn those(cx: &Ctx, tx: &mut Read) -> Result<Vec<Id>> {
    let mut people = Standing::load(cx, tx)?.by_person(cx.who.id);
    people.insert(0, cx.who.id);
    Ok(people)
}

/// What one has asked (`mine`), or is asked (`asked`), the latest first.
pub fn requests(cx: &Ctx, tx: &mut Read, boxed: &str) -> Result<Json> {
    let column = match boxed {
        "mine" => "by_id",
        "asked" => "of_id",
        _ => return Err(Error::Malformed("box: mine or asked".into())),
    };
    let whose = if boxed == "mine" { vec![cx.who.id] } else { those(cx, tx)? };
    let select = Query::select()
        .columns(COLUMNS)
        .from("join_request")
        .and_where(Expr::col(column).is_in(whose.iter().map(|id| id.0)))
        .order_by("asked_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(LISTED)
        .to_owned();
    let (mut refs, mut items) = (Refs::default(), Vec::new());
    for row in tx.all(&select)? {
        let request = Request::read(&row)?;
        let name = name(cx, tx, &request)?;
        items.push(request.show(cx, name, &mut refs));
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": null}))
}

/// Answers a request, or takes it back. What is not one's own is not there.
pub fn turn(cx: &Ctx, tx: &mut Write, id: Id, turn: Turn, wanted: &Answer) -> Result<Json> {
    let answer = text(wanted.answer.as_ref(), "answer")?;
    tx.lock(&[format!("join_request:{id}")])?;
    let select = Query::select().columns(COLUMNS).from("join_request").and_where(Expr::col("id").eq(id.0)).to_owned();
    let row = tx.optional(&select)?.ok_or(Error::NotFound)?;
    let mut request = Request::read(&row)?;
    let may = match turn {
        Turn::Withdraw => request.by == cx.who.id,
        // Nobody answers himself, also where he stands in for the owner.
        Turn::Accept | Turn::Decline => request.by != cx.who.id && those(cx, tx)?.contains(&request.of),
    };
    if !may {
        return Err(Error::NotFound);
    }
    if request.state(cx) != "open" {
        return Err(Violation::new("duplicate.request_over", "").with("state", request.state(cx)).into());
    }
    let level = wanted.level.clone().unwrap_or_else(|| "read".to_owned());
    if turn == Turn::Accept {
        let mut found = Violations::new();
        if !matches!(level.as_str(), "read" | "read_write") {
            found.push(
                Violation::new("field.not_an_option", "level").with("value", level.as_str()).with("options", vec!["read", "read_write"]),
            );
        }
        if !found.is_empty() {
            return Err(found.into());
        }
        let object = cx.object(&request.object)?.clone();
        cx.must_be_allowed(Act::Team, &object.key)?;
        records::team::let_in(cx, tx, &object, request.record, request.by, &level)?;
        request.level = level;
    }
    request.state = match turn {
        Turn::Accept => "accepted",
        Turn::Decline => "declined",
        Turn::Withdraw => "withdrawn",
    }
    .to_owned();
    (request.answered_at, request.answer) = (Some(cx.at), answer);
    tx.execute(
        Query::update()
            .table("join_request")
            .value("state", request.state.as_str())
            .value("level", request.level.as_str())
            .value("answered_at", cx.at.0)
            .value("answered_by", cx.who.id.0)
            .value("answer", request.answer.clone())
            .and_where(Expr::col("id").eq(id.0)),
    )?;
    reminders::clear(tx, request.record, Kind::JoinExpired, Some(&id.to_string()), None)?;
    if turn != Turn::Withdraw {
        let notice = Notice::new(request.by, Kind::JoinAnswered).with(json!({ "state": request.state })).once(id.to_string());
        let notice = if turn == Turn::Accept { notice.about(&request.object, request.record) } else { notice };
        tell(cx, tx, notice)?;
    }
    one(cx, tx, &request)
}
