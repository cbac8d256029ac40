//! The digest: one e-mail a day of what is still unread, by the clock of each person.

use db::{Limits, Read, Write};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::calendar::name_of;
use model::{Id, Instant, Via};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use serde_json::json;

use super::outgoing::{New, write};
use crate::notices::preferences::{self, Preferences};
use crate::notices::to_write;
use crate::{Credential, Ctx, Error, House, Result, identity};

/// Told one by one; the rest by their number.
const TOLD: usize = 50;
const CHUNK: u64 = 20;
const EDITOR: Credential = Credential::System("a digest");

/// Something waits for these people's digests. When they are due is reckoned behind the answer.
pub(crate) fn wanted(cx: &Ctx, tx: &mut Write, people: &[Id]) -> Result<()> {
    if cx.meta.mail.is_none() || people.is_empty() {
        return Ok(());
    }
    let mut people = people.to_vec();
    people.sort_unstable();
    people.dedup();
    let mut insert = Query::insert();
    insert.into_table("digest").columns(["person", "due_at"]);
    for person in people {
        insert.values_panic([person.0.into(), 0_i64.into()]);
    }
    tx.execute(insert.on_conflict(OnConflict::column("person").do_nothing().to_owned()))?;
    Ok(())
}

/// The person has chosen anew: it is reckoned again when his digest is due.
pub(crate) fn reschedule(tx: &mut Write, person: Id) -> Result<()> {
    tx.execute(Query::update().table("digest").value("due_at", 0_i64).and_where(Expr::col("person").eq(person.0)))?;
    Ok(())
}

/// Writes some of the digests that are due; true when there may be more.
pub fn work(house: &House) -> Result<bool> {
    if house.read(&EDITOR, Limits::default(), |cx, tx| Ok(tx.optional(&due(cx, 1))?.is_none()))? {
        return Ok(false);
    }
    let done = house.write(&EDITOR, Limits::default(), Via::System, |cx, tx| {
        let rows = tx.claim(&due(cx, CHUNK))?;
        for row in &rows {
            one(cx, tx, row.get("person")?, row.get("due_at")?)?;
        }
        Ok(rows.len())
    })?;
    Ok(done as u64 == CHUNK)
}

fn due(cx: &Ctx, limit: u64) -> SelectStatement {
    Query::select()
        .columns(["person", "due_at"])
        .from("digest")
        .and_where(Expr::col("due_at").lte(cx.at.0))
        .order_by("due_at", Order::Asc)
        .order_by("person", Order::Asc)
        .limit(limit)
        .to_owned()
}

fn one(cx: &Ctx, tx: &mut Write, person: Id, due_at: i64) -> Result<()> {
    let reader = match identity::load_who(tx, &cx.meta, person) {
        Ok(who) => cx.seen_by(who),
        Err(Error::Unauthenticated(_)) => return forget(tx, person),
        Err(other) => return Err(other),
    };
    let chosen = preferences::of(tx, [person])?.remove(&person).unwrap_or_default();
    let zone = TimeZone::get(&reader.who.time_zone).unwrap_or(TimeZone::UTC);
    if due_at == 0 {
        return match next(&chosen, &zone, cx.at) {
            Some(at) => {
                tx.execute(Query::update().table("digest").value("due_at", at.0).and_where(Expr::col("person").eq(person.0)))?;
                Ok(())
            }
            None => forget(tx, person),
        };
    }
    let ids = unread(&reader, tx)?;
    let mine = || Expr::col("person").eq(person.0);
    tx.execute(Query::update().table("notice").value("digest", 0_i64).and_where(mine()).and_where(Expr::col("digest").eq(1_i64)))?;
    if !ids.is_empty() {
        let told: Vec<String> = ids.iter().take(TOLD).map(Id::to_string).collect();
        let doc = json!({"notices": told, "more": ids.len().saturating_sub(TOLD)});
        write(cx, tx, vec![New { person, kind: "digest", doc, run_at: cx.at }])?;
    }
    forget(tx, person)
}

fn forget(tx: &mut Write, person: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("digest").and_where(Expr::col("person").eq(person.0)))?;
    Ok(())
}

/// What waits for a person's digest, is unread and about nothing that he does not see; the newest first.
fn unread(reader: &Ctx, tx: &mut Read) -> Result<Vec<Id>> {
    let mut select = to_write(reader, tx)?;
    select
        .and_where(Expr::col(("notice", "digest")).eq(1_i64))
        .and_where(Expr::col(("notice", "read_at")).is_null())
        .order_by(("notice", "at"), Order::Desc)
        .order_by(("notice", "id"), Order::Desc);
    tx.all_once(&select)?.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// The next time, after `now`, at which a person's clock shows what he has chosen on a day that he has chosen; none: he has chosen no day.
pub(super) fn next(chosen: &Preferences, zone: &TimeZone, now: Instant) -> Option<Instant> {
    let today: Date = now.date_in(zone);
    (0..8).find_map(|days| {
        let day = today.checked_add(jiff::Span::new().days(days)).ok()?;
        if !chosen.digest_days.iter().any(|name| name == name_of(day.weekday())) {
            return None;
        }
        let clock = day.at((chosen.digest_at.0 / 60) as i8, (chosen.digest_at.0 % 60) as i8, 0, 0);
        // An hour that is left out when clocks are put forward is the one after it.
        let at: Timestamp = clock.to_zoned_datetime(zone.clone()).ok()?.timestamp();
        let at = Instant(at.as_microsecond());
        (at > now).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use model::calendar::Clock;

    use super::*;

    #[test]
    fn a_digest_is_due_by_the_persons_own_clock_on_the_days_that_he_has_chosen() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let usual = Preferences::default();
        let early = Preferences { digest_at: Clock(2 * 60 + 30), digest_days: vec!["sunday".into()], ..Preferences::default() };
        let none = Preferences { digest_days: Vec::new(), ..Preferences::default() };
        for (chosen, zone, now, then) in [
            // Thursday noon in Shanghai: Friday at eight there.
            (&usual, &shanghai, "2026-11-26T04:00:00Z", Some("2026-11-27T00:00:00.000000Z")),
            (&usual, &shanghai, "2026-11-26T23:59:00Z", Some("2026-11-27T00:00:00.000000Z")),
            // Exactly then it is tomorrow's, and on Friday Monday's.
            (&usual, &shanghai, "2026-11-27T00:00:00Z", Some("2026-11-30T00:00:00.000000Z")),
            // Clocks are put forward at two: half past two is half past three.
            (&early, &berlin, "2026-03-28T12:00:00Z", Some("2026-03-29T01:30:00.000000Z")),
            (&none, &berlin, "2026-03-28T12:00:00Z", None),
        ] {
            let next = next(chosen, zone, Instant::parse(now).unwrap());
            assert_eq!(next.map(|at| at.to_string()).as_deref(), then, "{now}");
        }
    }
}
