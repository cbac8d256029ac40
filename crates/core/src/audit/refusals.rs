//! Acts that were refused. Their transaction is undone, so they are written after it in one of their own.
//!
//! The same refusal of the same person within a minute is written once and then counted, and whoever is refused very often is counted as
//! a whole: a flood of refusals fills no disk and slows nobody down. What was counted is written with the next refusal after that minute, or by
//! housekeeping.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use db::{Db, Limits};
use model::{Id, Instant};

use super::Origin;
use crate::house::Ids;
use crate::{Error, Result};

/// Within which the same counts as the same again, in microseconds.
const MINUTE: i64 = 60_000_000;
/// Different refusals of one person that are written in a minute.
const OF_ONE: usize = 30;
/// Refusals remembered at a time, of all.
const REMEMBERED: usize = 10_000;

/// What a call was about to do, as far as it had come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempt {
    /// Nobody where nobody was known yet; the product itself is never refused.
    pub by: Option<Id>,
    pub at: Option<Instant>,
    pub act: String,
    pub object: Option<String>,
    pub record: Option<Id>,
    pub subject: String,
    /// Only a question: a dry run.
    pub asks: bool,
    /// The name of the token that it came with.
    pub token: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    by: Id,
    act: String,
    object: Option<String>,
    record: Option<Id>,
    codes: String,
}

struct Counted {
    since: Instant,
    again: i64,
    entry: db::audit::Entry,
}

/// Refusals of the last minute.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<HashMap<Key, Counted>>);

impl Refusals {
    /// Keeps a refusal, unless it is none of the trace's concern.
    pub fn keep(&self, db: &Db, ids: &Arc<Ids>, origin: &Origin, attempt: Attempt, error: &Error) -> Result<()> {
        let Some((codes, act, object)) = told(error) else { return Ok(()) };
        let (Some(by), Some(at), false) = (attempt.by, attempt.at, attempt.asks) else { return Ok(()) };
        let named = if attempt.act.is_empty() { act.unwrap_or_default() } else { attempt.act };
        let object = attempt.object.or(object);
        let kind = if attempt.record.is_some() { "record" } else { "" };
        let entry = db::audit::Entry {
            id: ids.next(at),
            at,
            by,
            via: origin.via.key().to_owned(),
            origin: origin.id(),
            act: named,
            kind: kind.to_owned(),
            object,
            record: attempt.record,
            subject: attempt.subject,
            refused: true,
            codes,
            detail: None,
            times: 1,
        };
        let due = self.due(ids, entry);
        write(db, &due)
    }

    /// What is to be written: this one where it is new, and what was counted until a minute ago.
    fn due(&self, ids: &Arc<Ids>, entry: db::audit::Entry) -> Vec<db::audit::Entry> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = settle(&mut counted, ids, entry.at);
        let mut key =
            Key { by: entry.by, act: entry.act.clone(), object: entry.object.clone(), record: entry.record, codes: entry.codes.clone() };
        if !counted.contains_key(&key) && counted.keys().filter(|known| known.by == entry.by).count() >= OF_ONE {
            // Whatever else it is: the person as a whole.
            key = Key { act: String::new(), object: None, record: None, codes: String::new(), ..key };
        }
        if let Some(known) = counted.get_mut(&key) {
            known.again += 1;
        } else if counted.len() < REMEMBERED {
            let of_all = key.act.is_empty();
            let told = if of_all {
                db::audit::Entry { record: None, object: None, kind: String::new(), subject: String::new(), ..entry }
            } else {
                entry
            };
            counted.insert(key, Counted { since: told.at, again: 0, entry: told.clone() });
            due.push(told);
        }
        due
    }

    /// Writes what was counted until a minute before `now`.
    pub fn settle(&self, db: &Db, ids: &Arc<Ids>, now: Instant) -> Result<()> {
        let due = settle(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), ids, now);
        write(db, &due)
    }
}

fn settle(counted: &mut HashMap<Key, Counted>, ids: &Arc<Ids>, now: Instant) -> Vec<db::audit::Entry> {
    let mut due = Vec::new();
    counted.retain(|_, one| {
        let goes_on = now.0 - one.since.0 < MINUTE;
        if !goes_on && one.again > 0 {
            due.push(db::audit::Entry { id: ids.next(now), at: now, times: one.again, ..one.entry.clone() });
        }
        goes_on
    });
    due
}

fn write(db: &Db, due: &[db::audit::Entry]) -> Result<()> {
    if due.is_empty() {
        return Ok(());
    }
    db.write_with(Limits::default(), |tx| db::audit::insert(tx, due).map_err(Error::from))
}

/// Codes, act and object of a refusal that the trace keeps: an act that was not allowed, and one that a rule stood against. What was only
/// written wrongly is no act, and what is not there for somebody is not told of anywhere.
fn told(error: &Error) -> Option<(String, Option<String>, Option<String>)> {
    match error {
        Error::Forbidden { act, object } => Some(("access.act_not_allowed".to_owned(), Some(act.clone()), Some(object.clone()))),
        Error::Unmet(violations) | Error::Invalid(violations) => {
            let mut codes: Vec<&str> = violations.iter().map(|violation| violation.code).filter(|code| is_of_rules(code)).collect();
            codes.sort_unstable();
            codes.dedup();
            (!codes.is_empty()).then(|| (codes.join(" "), None, None))
        }
        _ => None,
    }
}

fn is_of_rules(code: &str) -> bool {
    const ROOMS: [&str; 9] = ["stage", "record", "validation", "owner", "delete", "approval", "people", "clone", "role"];
    let room = code.split('.').next().unwrap_or(code);
    ROOMS.contains(&room) || matches!(code, "field.no_access" | "field.read_only")
}

#[cfg(test)]
mod tests {
    use model::Violation;

    use super::*;

    fn refused(by: u8, record: u8, second: i64) -> db::audit::Entry {
        db::audit::Entry {
            id: Id::from_parts(0, [0; 10]),
            at: Instant(second * 1_000_000),
            by: Id::from_parts(u64::from(by), [0; 10]),
            via: "api".into(),
            origin: None,
            act: "move".into(),
            kind: "record".into(),
            object: Some("opportunity".into()),
            record: Some(Id::from_parts(u64::from(record), [1; 10])),
            subject: String::new(),
            refused: true,
            codes: "stage.no_way".into(),
            detail: None,
            times: 1,
        }
    }

    #[test]
    fn the_same_again_is_counted_and_told_after_its_minute() {
        let (refusals, ids) = (Refusals::default(), Arc::new(Ids::counting()));
        let times = |due: Vec<db::audit::Entry>| due.iter().map(|entry| entry.times).collect::<Vec<_>>();
        assert_eq!(times(refusals.due(&ids, refused(1, 1, 0))), [1]);
        for second in 1..=5 {
            assert_eq!(times(refusals.due(&ids, refused(1, 1, second))), [0; 0]);
        }
        assert_eq!(times(refusals.due(&ids, refused(2, 1, 6))), [1]);
        // The minute is over: what was counted, and the next one anew.
        assert_eq!(times(refusals.due(&ids, refused(1, 1, 61))), [5, 1]);
        assert_eq!(times(settle(&mut refusals.0.lock().unwrap(), &ids, Instant(200_000_000))), [0; 0]);
    }

    #[test]
    fn a_flood_is_counted_as_a_whole() {
        let (refusals, ids) = (Refusals::default(), Arc::new(Ids::counting()));
        let written: usize = (0..200).map(|record| refusals.due(&ids, refused(1, record, 1)).len()).sum();
        assert_eq!(written, OF_ONE + 1);
        // Somebody else is told as ever.
        assert_eq!(refusals.due(&ids, refused(2, 1, 2)).len(), 1);
        let counted = settle(&mut refusals.0.lock().unwrap(), &ids, Instant(100_000_000));
        assert_eq!(counted.iter().map(|entry| entry.times).sum::<i64>(), 200 - written as i64);
    }

    #[test]
    fn what_is_only_written_wrongly_is_no_act() {
        let invalid = |code| Error::Invalid(vec![Violation::new(code, "x")]);
        assert_eq!(told(&invalid("field.required")), None);
        assert_eq!(told(&Error::NotFound), None);
        assert_eq!(told(&invalid("record.locked")).unwrap().0, "record.locked");
        let forbidden = Error::Forbidden { act: "void".into(), object: "account".into() };
        assert_eq!(told(&forbidden).unwrap().1.as_deref(), Some("void"));
    }
}
