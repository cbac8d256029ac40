//! How a person wishes to be told of things.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::calendar::{Clock, WEEKDAYS};
use model::{Id, Violation, Violations};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::Kind;
use crate::{Ctx, Error, Result, mail};

/// Whether something is told by e-mail, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Never,
    /// As it happens.
    AtOnce,
    /// Once a day, what is unread by then.
    Digest,
}

/// How one kind is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    pub in_app: bool,
    pub email: By,
}

impl Wishes {
    /// As long as nobody has chosen.
    pub fn usual(kind: Kind) -> Wishes {
        Wishes { in_app: true, email: kind.usually_by() }
    }

    /// Nothing is to be told at all.
    pub fn nothing(self) -> bool {
        !self.in_app && self.email == By::Never
    }
}

/// What a person has chosen. Kinds that are absent are told as is usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Preferences {
    pub kinds: BTreeMap<String, Wishes>,
    /// When the digest comes, by the person's clock.
    pub digest_at: Clock,
    pub digest_days: Vec<String>,
}

impl Default for Preferences {
    fn default() -> Preferences {
        Preferences {
            kinds: BTreeMap::new(),
            digest_at: Clock(8 * 60),
            digest_days: WEEKDAYS[..5].iter().map(|day| (*day).to_owned()).collect(),
        }
    }
}

impl Preferences {
    /// How a kind is told.
    pub fn wishes(&self, kind: Kind) -> Wishes {
        self.kinds.get(kind.key()).copied().unwrap_or_else(|| Wishes::usual(kind))
    }
}

/// `PUT /me/notification-preferences`: the whole of it, as `GET` gave it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub kinds: Vec<WantedKind>,
    /// `HH:MM`.
    pub digest_at: String,
    pub digest_days: Vec<String>,
    /// The product's own; changes nothing.
    #[serde(rename = "email_available")]
    pub _email_available: Option<bool>,
    /// The version it is based on.
    pub version: Option<i64>,
}

/// See [`Wanted`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedKind {
    pub kind: String,
    pub in_app: bool,
    pub email: String,
    /// The product's own; changes nothing.
    #[serde(rename = "label")]
    pub _label: Option<String>,
}

/// What these people have chosen.
pub(crate) fn of(tx: &mut Read, people: impl IntoIterator<Item = Id>) -> Result<BTreeMap<Id, Preferences>> {
    let people: BTreeSet<Id> = people.into_iter().collect();
    let people: Vec<Id> = people.into_iter().collect();
    let mut found = BTreeMap::new();
    for chunk in people.chunks(500) {
        let select = Query::select()
            .columns(["person", "doc"])
            .from("notice_preference")
            .and_where(Expr::col("person").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all(&select)? {
            found.insert(row.get("person")?, parse(&row.get::<String>("doc")?)?);
        }
    }
    Ok(found)
}

fn parse(text: &str) -> Result<Preferences> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("stored preferences cannot be read: {error}")))
}

fn load(tx: &mut Read, person: Id) -> Result<(Preferences, i64)> {
    let select =
        Query::select().columns(["doc", "version"]).from("notice_preference").and_where(Expr::col("person").eq(person.0)).to_owned();
    match tx.optional(&select)? {
        Some(row) => Ok((parse(&row.get::<String>("doc")?)?, row.get("version")?)),
        None => Ok((Preferences::default(), 0)),
    }
}

/// The caller's own, every kind with what holds for it.
pub fn show(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let (preferences, version) = load(tx, cx.who.id)?;
    let kinds: Vec<Json> = Kind::ALL
        .iter()
        .map(|kind| {
            let wishes = preferences.wishes(*kind);
            json!({"kind": kind.key(), "in_app": wishes.in_app, "email": wishes.email})
        })
        .collect();
    Ok(json!({
        "kinds": kinds, "digest_at": preferences.digest_at, "digest_days": preferences.digest_days,
        "email_available": cx.meta.mail.is_some(), "version": version,
    }))
}

/// Chooses anew. Error: somebody else, or another window, was faster.
pub fn save(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.as_oneself()?;
    tx.lock(&[format!("notice_preference:{}", cx.who.id)])?;
    let (before, version) = load(tx, cx.who.id)?;
    if seen.or(wanted.version).is_some_and(|seen| seen != version) {
        return Err(Error::Conflict { record: Box::new(show(cx, tx)?) });
    }
    let after = judge(wanted, &before)?;
    if after != before {
        let doc = serde_json::to_string(&after).map_err(|error| Error::Internal(error.to_string()))?;
        tx.execute(
            Query::insert()
                .into_table("notice_preference")
                .columns(["person", "version", "doc"])
                .values_panic([cx.who.id.0.into(), (version + 1).into(), doc.into()])
                .on_conflict(OnConflict::column("person").update_columns(["version", "doc"]).to_owned()),
        )?;
    }
    mail::reschedule(tx, cx.who.id)?;
    show(cx, tx)
}

/// The wishes, or all that is wrong with them. Kinds that are not named stay as they were.
fn judge(wanted: &Wanted, before: &Preferences) -> Result<Preferences> {
    let mut found = Violations::new();
    let mut after = before.clone();
    for (at, one) in wanted.kinds.iter().enumerate() {
        let kind = Kind::of(&one.kind);
        let email = [By::Never, By::AtOnce, By::Digest].into_iter().find(|by| by.key() == one.email);
        if kind.is_none() {
            found.push(Violation::new("field.not_an_option", format!("kinds/{at}/kind")).with("value", one.kind.as_str()));
        }
        if email.is_none() {
            found.push(Violation::new("field.not_an_option", format!("kinds/{at}/email")).with("value", one.email.as_str()));
        }
        if let (Some(kind), Some(email)) = (kind, email) {
            after.kinds.insert(kind.key().to_owned(), Wishes { in_app: one.in_app, email });
        }
    }
    match Clock::parse(&wanted.digest_at).filter(|clock| clock.0 < 24 * 60) {
        Some(clock) => after.digest_at = clock,
        None => found.push(Violation::new("field.invalid", "digest_at").with("expected", "a time of day, as 09:30")),
    }
    for (at, day) in wanted.digest_days.iter().enumerate() {
        if !WEEKDAYS.contains(&day.as_str()) {
            found.push(Violation::new("field.not_an_option", format!("digest_days/{at}")).with("value", day.as_str()));
        }
    }
    after.digest_days =
        WEEKDAYS.iter().filter(|day| wanted.digest_days.iter().any(|chosen| chosen == *day)).map(|day| (*day).to_owned()).collect();
    if found.is_empty() { Ok(after) } else { Err(found.into()) }
}

impl By {
    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            By::Never => "never",
            By::AtOnce => "at_once",
            By::Digest => "digest",
        }
    }
}
