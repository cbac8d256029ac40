//! Comments: what people write to each other about a record.
//!
//! Whoever sees a record reads its comments; whoever may write down what was done about records writes one. Nobody changes another's; an
//! administrator may delete it, which the trace tells. Who is mentioned is told, if he sees the record, and the author learns who does not.

mod mentions;
mod store;

use std::collections::BTreeSet;

use db::outbox::Event;
use db::{Read, Write};
use model::objects::activity;
use model::role::Act;
use model::{Id, Instant, Object, Record, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::audit::{self, Note, Tokens};
use crate::notices::{self, Kind, Notice};
use crate::records::{self, Refs};
use crate::sight::Sight;
use crate::{Ctx, Error, Result};

pub use mentions::{MentionableRequest, mentionable};
pub(crate) use store::{Comment, before};

/// Characters of a comment.
const LONGEST: usize = 10_000;
/// People, departments and groups in one.
const MOST_MENTIONS: usize = 50;
/// In one answer.
const PAGE: u32 = 50;

/// `POST …/comments`, `PATCH /comments/{id}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub text: String,
}

/// The query of `GET …/comments`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommentsRequest {
    pub cursor: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

/// A record's comments, newest first.
pub fn list(cx: &Ctx, tx: &mut Read, object: &str, id: Id, request: &CommentsRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    records::load(cx, tx, &object, id)?;
    let limit = request.limit.unwrap_or(PAGE).clamp(1, 200);
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let place = request.cursor.as_deref().map(|text| place(text).ok_or_else(strange)).transpose()?;
    let mut found = before(tx, id, place.map(|(at, id)| db::records::Bound::Behind(at, id)), limit + 1)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.at.0, last.id));
    let mut refs = Refs::default();
    let tokens = Tokens::of(tx, found.iter().map(|comment| comment.origin))?;
    let items: Vec<Json> = found.iter().map(|comment| show(cx, comment, &tokens, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}

fn place(text: &str) -> Option<(Instant, Id)> {
    let (at, id) = text.split_once('.')?;
    Some((Instant(at.parse().ok()?), id.parse().ok()?))
}

/// One comment, with the names in it.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let (comment, ..) = find(cx, tx, id)?;
    answer(cx, tx, &comment, &BTreeSet::new())
}

/// Writes one.
pub fn create(cx: &Ctx, tx: &mut Write, object: &str, id: Id, wanted: &Wanted) -> Result<Json> {
    let object = cx.object(object)?.clone();
    let record = records::load(cx, tx, &object, id)?;
    cx.attempts("comment", &object.key, Some((id, record.text("name"))));
    may_comment(cx, &object)?;
    // What is about to be spoken of must not be deleted meanwhile.
    if db::records::hold(tx, &cx.meta.schema, &object, &cx.scope(), &[id])?.is_empty() {
        return Err(Error::NotFound);
    }
    let text = read(wanted)?;
    if record.text("lifecycle_status") == "voided" {
        return Err(Violation::new("record.voided", "").into());
    }
    let comment = Comment {
        id: cx.new_id(),
        object: object.key.clone(),
        record: id,
        text,
        at: cx.at,
        by: cx.who.id,
        edited_at: None,
        version: 1,
        origin: cx.origin,
    };
    store::insert(tx, &comment)?;
    told(cx, tx, &object, &record)?;
    let not_seeing = mentioned(cx, tx, &object, &comment)?;
    answer(cx, tx, &comment, &not_seeing)
}

/// Words one's own comment anew. `seen` is the version that the caller worked on.
pub fn edit(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    tx.lock(&[format!("comment:{id}")])?;
    let (before, object, record) = find(cx, tx, id)?;
    cx.attempts("comment", &object.key, Some((record.id, record.text("name"))));
    if !can_edit(cx, &before) {
        return Err(Error::Forbidden { act: "comment".into(), object: object.key.clone() });
    }
    if seen.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { record: Box::new(answer(cx, tx, &before, &BTreeSet::new())?) });
    }
    let text = read(wanted)?;
    if text == before.text {
        return answer(cx, tx, &before, &BTreeSet::new());
    }
    let comment = Comment { text, edited_at: Some(cx.at), version: before.version + 1, ..before };
    store::update(tx, &comment)?;
    told(cx, tx, &object, &record)?;
    let not_seeing = mentioned(cx, tx, &object, &comment)?;
    answer(cx, tx, &comment, &not_seeing)
}

/// Deletes a comment: one's own, or as an administrator.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    tx.lock(&[format!("comment:{id}")])?;
    let (comment, object, record) = find(cx, tx, id)?;
    cx.attempts("delete_comment", &object.key, Some((record.id, record.text("name"))));
    if !can_delete(cx, &comment) {
        return Err(Error::Forbidden { act: "delete_comment".into(), object: object.key.clone() });
    }
    store::delete(tx, id)?;
    let note = Note::new("delete", "comment").record(&object.key, record.id).subject(record.text("name"));
    audit::note(cx, tx, note.detail(json!({"comment": id.to_string(), "by": comment.by.to_string(), "at": comment.at.to_string()})))?;
    told(cx, tx, &object, &record)
}

/// A comment on a record that the caller sees.
fn find(cx: &Ctx, tx: &mut Read, id: Id) -> Result<(Comment, Object, Record)> {
    let comment = store::load(tx, id)?.ok_or(Error::NotFound)?;
    let object = Object::clone(cx.object(&comment.object)?);
    let record = records::load(cx, tx, &object, comment.record)?;
    Ok((comment, object, record))
}

/// Whoever writes down what was done about records may also speak of them.
fn may_comment(cx: &Ctx, object: &Object) -> Result<()> {
    if may_comment_at_all(cx) { Ok(()) } else { Err(Error::Forbidden { act: "comment".into(), object: object.key.clone() }) }
}

fn can_edit(cx: &Ctx, comment: &Comment) -> bool {
    comment.by == cx.who.id && may_comment_at_all(cx)
}

fn can_delete(cx: &Ctx, comment: &Comment) -> bool {
    can_edit(cx, comment) || cx.is_administrator()
}

fn may_comment_at_all(cx: &Ctx) -> bool {
    cx.who.system.is_some() || cx.who.rights.may(Act::Create, activity::KEY)
}

fn read(wanted: &Wanted) -> Result<String> {
    let text = wanted.text.trim();
    if text.is_empty() {
        return Err(Error::invalid("field.required", "text"));
    }
    if text.chars().count() > LONGEST {
        return Err(Violation::new("field.too_long", "text").with("max", LONGEST).into());
    }
    if !model::text::storable(text) {
        return Err(Violation::new("field.invalid", "text").with("expected", "text without the character U+0000").into());
    }
    if mentions::in_text(text).len() > MOST_MENTIONS {
        return Err(Violation::new("comment.too_many_mentions", "text").with("max", MOST_MENTIONS).into());
    }
    Ok(text.to_owned())
}

/// Whoever has the record open reads on.
fn told(cx: &Ctx, tx: &mut Write, object: &Object, record: &Record) -> Result<()> {
    let sight = Sight::of(cx, tx, object, std::iter::once((Some(record), record)))?;
    let eyes = sight.present(record);
    let event = Event {
        object: object.key.clone(),
        record: record.id,
        revision: record.revision,
        act: "comment".to_owned(),
        at: cx.at,
        by: cx.who.id,
        columns: vec!["comments".to_owned()],
        before: eyes.clone(),
        after: eyes,
    };
    Ok(db::outbox::insert(tx, &[event])?)
}

/// Tells those who are mentioned and see the record, each once of a comment however often it is worded anew; gives those who do not see it.
fn mentioned(cx: &Ctx, tx: &mut Write, object: &Object, comment: &Comment) -> Result<BTreeSet<Id>> {
    let (seeing, not_seeing) = mentions::people(cx, tx, object, comment.record, &comment.text)?;
    let notice = |person: Id| {
        let notice = Notice::new(person, Kind::Mention).about(&comment.object, comment.record);
        notice.with(json!({"comment": comment.id.to_string()})).once(format!("comment:{}", comment.id))
    };
    notices::tell_all(cx, tx, seeing.into_iter().map(notice).collect())?;
    Ok(not_seeing)
}

fn answer(cx: &Ctx, tx: &mut Read, comment: &Comment, not_seeing: &BTreeSet<Id>) -> Result<Json> {
    let mut refs = Refs::default();
    let tokens = Tokens::of(tx, [comment.origin])?;
    let mut shown = show(cx, comment, &tokens, &mut refs);
    not_seeing.iter().for_each(|person| refs.note("employee", *person));
    shown["not_seeing"] = not_seeing.iter().map(Id::to_string).collect();
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

/// A comment as the API shows it.
pub(crate) fn show(cx: &Ctx, comment: &Comment, tokens: &Tokens, refs: &mut Refs) -> Json {
    refs.note("employee", comment.by);
    let mentioned = mentions::in_text(&comment.text);
    mentioned.iter().for_each(|mention| refs.note(mention.object, mention.id));
    let mentions: BTreeSet<String> = mentioned.iter().map(|mention| mention.id.to_string()).collect();
    json!({
        "id": comment.id.to_string(), "object": comment.object, "record": comment.record.to_string(), "text": comment.text,
        "at": comment.at.to_string(), "by": comment.by.to_string(), "token": tokens.name(comment.origin), "edited_at": comment.edited_at.map(|at| at.to_string()),
        "version": comment.version, "can": {"edit": can_edit(cx, comment), "delete": can_delete(cx, comment)},
        "mentions": mentions, "not_seeing": [],
    })
}
