//! E-mail on its way: written down, claimed, sent or put off.

use db::{Limits, Read, Write};
use model::{Id, Instant, Via};
use sea_query::{Cond, Expr, ExprTrait, Order, Query, Value as Sql};
use serde_json::Value as Json;

use crate::{Credential, Ctx, House, Result};

/// How long, in seconds, a server has what it has claimed; renewed every few seconds for as long as it lives.
pub const LEASE: i64 = 15;
/// After so many seconds one that could not be sent is given up: three days.
const GIVEN_UP: i64 = 3 * 86_400;
/// How long what was sent, and what failed, is kept to be looked at.
const KEPT: i64 = 30 * 86_400;
const POSTMAN: Credential = Credential::System("e-mail");

/// An e-mail to be written down.
pub(crate) struct New {
    pub person: Id,
    /// `notice` or `digest`.
    pub kind: &'static str,
    pub doc: Json,
    /// Not before.
    pub run_at: Instant,
}

/// One that is to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub id: Id,
    pub message_id: String,
    pub person: Id,
    pub kind: String,
    pub doc: Json,
    pub attempts: i64,
    pub created_at: Instant,
}

/// What came of sending one.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Sent,
    /// There is nothing to say any more, or nobody to say it to.
    Dropped(&'static str),
    /// The mail server will not have it, whenever it is asked.
    Refused(String),
    /// It may work later.
    Later(String),
}

/// Writes e-mails down, in the transaction of what they tell; nothing where none is sent from here.
pub(crate) fn write(cx: &Ctx, tx: &mut Write, mails: Vec<New>) -> Result<()> {
    let Some(way) = &cx.meta.mail else { return Ok(()) };
    let domain = way.settings.sender_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let row = |mail: New| {
        let id = cx.new_id();
        vec![
            Sql::from(id.0),
            Sql::from(format!("<{}@{domain}>", id.0.simple())),
            Sql::from(mail.person.0),
            Sql::from(mail.kind),
            Sql::from(mail.doc.to_string()),
            Sql::from("waiting"),
            Sql::from(0_i64),
            Sql::from(mail.run_at.0),
            Sql::from(cx.at.0),
        ]
    };
    let rows = mails.into_iter().map(row).collect();
    Ok(tx.insert_rows("mail", &["id", "message_id", "person", "kind", "doc", "state", "attempts", "run_at", "created_at"], rows)?)
}

fn mine(lease: Id) -> Expr {
    Expr::col("lease").eq(lease.0).and(Expr::col("state").eq("waiting"))
}

/// Takes some of what is due, for as long as a lease lasts; which lease.
pub fn claim(house: &House, many: u64) -> Result<(Id, Vec<Outgoing>)> {
    let due = |cx: &Ctx| {
        Query::select()
            .columns(["id", "message_id", "person", "kind", "doc", "attempts", "created_at"])
            .from("mail")
            .and_where(Expr::col("state").eq("waiting"))
            .and_where(Expr::col("run_at").lte(cx.at.0))
            .cond_where(Cond::any().add(Expr::col("lease_until").is_null()).add(Expr::col("lease_until").lte(cx.at.0)))
            .order_by("run_at", Order::Asc)
            .order_by("id", Order::Asc)
            .limit(many)
            .to_owned()
    };
    // Asked without writing first: mostly nothing is due.
    if house.read(&POSTMAN, Limits::default(), |cx, tx| Ok(tx.optional(due(cx).limit(1))?.is_none()))? {
        return Ok((Id::SYSTEM, Vec::new()));
    }
    house.write(&POSTMAN, Limits::default(), Via::System, |cx, tx| {
        let lease = cx.new_id();
        let rows = tx.claim(&due(cx))?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            claimed.push(Outgoing {
                id: row.get("id")?,
                message_id: row.get("message_id")?,
                person: row.get("person")?,
                kind: row.get("kind")?,
                doc: serde_json::from_str(&row.get::<String>("doc")?).unwrap_or_default(),
                attempts: row.get("attempts")?,
                created_at: row.get("created_at")?,
            });
        }
        if !claimed.is_empty() {
            let ids = claimed.iter().map(|mail| mail.id.0);
            let until = cx.at.plus_seconds(LEASE).0;
            let update = Query::update()
                .table("mail")
                .value("lease", lease.0)
                .value("lease_until", until)
                .and_where(Expr::col("id").is_in(ids))
                .to_owned();
            tx.execute(update)?;
        }
        Ok((lease, claimed))
    })
}

/// Goes on having what was claimed.
pub fn extend(house: &House, lease: Id) -> Result<()> {
    house.write(&POSTMAN, Limits::default(), Via::System, |cx, tx| {
        tx.execute(Query::update().table("mail").value("lease_until", cx.at.plus_seconds(LEASE).0).and_where(mine(lease)))?;
        Ok(())
    })
}

/// Writes down what came of one, and tells in the same transaction whether the next is still this server's to send: one round between
/// two messages, and never more than one of which it is not known whether it went.
pub fn next(house: &House, lease: Id, done: Option<(&Outgoing, &Letterhead<'_>, &Outcome)>, next: Option<Id>) -> Result<bool> {
    house.write(&POSTMAN, Limits::default(), Via::System, |cx, tx| {
        if let Some((mail, head, outcome)) = done {
            settle(cx, tx, lease, mail, head, outcome)?;
        }
        let Some(next) = next else { return Ok(false) };
        let mut update = Query::update();
        update.table("mail").value("lease_until", cx.at.plus_seconds(LEASE).0).and_where(mine(lease));
        Ok(tx.execute(update.and_where(Expr::col("id").eq(next.0)))? == 1)
    })
}

/// To whom it went, and about what: for those who look after it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Letterhead<'a> {
    pub address: &'a str,
    pub subject: &'a str,
}

fn settle(cx: &Ctx, tx: &mut Write, lease: Id, mail: &Outgoing, head: &Letterhead<'_>, outcome: &Outcome) -> Result<()> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut update = Query::update();
    update
        .table("mail")
        .value("lease", Sql::Uuid(None))
        .value("lease_until", Sql::BigInt(None))
        .value("attempts", mail.attempts + 1)
        .value("address", text(head.address))
        .value("subject", text(head.subject));
    let (state, message) = match outcome {
        Outcome::Sent => ("sent", None),
        Outcome::Dropped(why) => ("dropped", Some((*why).to_owned())),
        Outcome::Refused(why) => ("failed", Some(why.clone())),
        Outcome::Later(why) if cx.at.seconds_since(mail.created_at) >= GIVEN_UP => ("failed", Some(why.clone())),
        Outcome::Later(why) => {
            update.value("run_at", cx.at.plus_seconds(later(mail.attempts)).0);
            ("waiting", Some(why.clone()))
        }
    };
    update.value("state", state).value("message", message).value("ended_at", (state != "waiting").then_some(cx.at.0));
    tx.execute(update.and_where(mine(lease)).and_where(Expr::col("id").eq(mail.id.0)))?;
    Ok(())
}

/// Seconds until it is tried again: a minute, then twice as long each time, up to an hour; a fifth more or less, so that what failed together
/// does not come again together.
fn later(attempts: i64) -> i64 {
    let usual = std::cmp::min(60 << attempts.clamp(0, 6), 3_600);
    usual * rand::random_range(80..=120) / 100
}

/// The mail server cannot be spoken to: what was claimed waits, each as long as its attempts say.
pub fn put_off(house: &House, lease: Id, mails: &[Outgoing], why: &str) -> Result<()> {
    house.write(&POSTMAN, Limits::default(), Via::System, |cx, tx| {
        for mail in mails {
            settle(cx, tx, lease, mail, &Letterhead::default(), &Outcome::Later(why.to_owned()))?;
        }
        Ok(())
    })
}

/// Gives back what was not sent: somebody else may have it at once.
pub fn release(house: &House, lease: Id) -> Result<()> {
    house.write(&POSTMAN, Limits::default(), Via::System, |_, tx| {
        tx.execute(
            Query::update().table("mail").value("lease", Sql::Uuid(None)).value("lease_until", Sql::BigInt(None)).and_where(mine(lease)),
        )?;
        Ok(())
    })
}

/// Lets go of what has long been sent; how many.
pub fn prune(house: &House) -> Result<u64> {
    const CHUNK: u64 = 1_000;
    let mut gone = 0;
    loop {
        let some = house.write(&POSTMAN, Limits::default(), Via::System, |cx, tx| {
            let old = Query::select()
                .column("id")
                .from("mail")
                .and_where(Expr::col("created_at").lt(cx.at.plus_seconds(-KEPT).0))
                .and_where(Expr::col("state").ne("waiting"))
                .limit(CHUNK)
                .to_owned();
            Ok(tx.execute(Query::delete().from_table("mail").and_where(Expr::col("id").in_subquery(old)))?)
        })?;
        gone += some;
        if some < CHUNK {
            return Ok(gone);
        }
    }
}

/// How many wait, and how many failed.
pub(crate) fn counts(tx: &mut Read) -> Result<(i64, i64)> {
    let count = |state: &str| Query::select().expr(Expr::cust("COUNT(1)")).from("mail").and_where(Expr::col("state").eq(state)).to_owned();
    Ok((tx.one(&count("waiting"))?.get(0)?, tx.one(&count("failed"))?.get(0)?))
}

#[cfg(test)]
mod tests {
    use super::later;

    #[test]
    fn it_is_tried_again_ever_later_and_not_all_at_once() {
        for (attempts, from, to) in [(0, 48, 72), (1, 96, 144), (5, 1_536, 2_304), (6, 2_880, 4_320), (60, 2_880, 4_320)] {
            for _ in 0..50 {
                assert!((from..=to).contains(&later(attempts)), "{attempts}");
            }
        }
    }
}
