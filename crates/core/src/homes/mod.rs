//! The Home: a page of cards, of a person, else of his role, else as the product ships it.
//!
//! A page says what is shown, never whose: every card asks for its figures with the reader's eyes. A card that a reader cannot be shown (of
//! a kind that there is no more, of a chart that was removed, of what his roles hide) is told as not there, and the page stays whole.

mod document;
mod gallery;
mod shipped;
mod sight;
mod store;

use db::{Read, Write};
use model::Violation;
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result};

pub use document::{Card, KINDS, Page, Wanted};
pub use gallery::gallery;
pub(crate) use store::forget_role;

use store::{Holder, Kept};

/// The caller's Home.
pub fn mine(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let own = store::load(tx, &Holder::Person(cx.who.id))?;
    let version = own.as_ref().map_or(0, |kept| kept.version);
    if let Some(page) = own.and_then(|kept| kept.page) {
        return shown(cx, tx, &page, "own", None, version, &["edit", "reset"]);
    }
    for role in cx.who.rights.roles() {
        if let Some(page) = store::load(tx, &Holder::Role(role.key.clone()))?.and_then(|kept| kept.page) {
            return shown(cx, tx, &page, "role", Some(&role.key), version, &["edit"]);
        }
    }
    let first = cx.who.rights.roles().first().map_or("", |role| role.key.as_str());
    shown(cx, tx, &shipped::page(first), "shipped", Some(first), version, &["edit"])
}

/// Saves the caller's own Home. `seen` is the version that he worked on; 0 where he had none.
pub fn save_mine(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.at_large()?;
    let holder = Holder::Person(cx.who.id);
    tx.lock(&[holder.key()])?;
    let before = store::load(tx, &holder)?;
    if behind(before.as_ref(), seen) {
        return Err(Error::Conflict { record: Box::new(mine(cx, tx)?) });
    }
    let page = judged(cx, tx, before.as_ref(), wanted)?;
    store::put(tx, &holder, before.map(|kept| kept.version), Some(&page))?;
    mine(cx, tx)
}

/// Takes the caller's own Home away: he begins with that of his role again.
pub fn reset_mine(cx: &Ctx, tx: &mut Write) -> Result<Json> {
    cx.at_large()?;
    let holder = Holder::Person(cx.who.id);
    tx.lock(&[holder.key()])?;
    if let Some(before) = store::load(tx, &holder)?.filter(|kept| kept.page.is_some()) {
        store::put(tx, &holder, Some(before.version), None)?;
    }
    mine(cx, tx)
}

/// The Home of a role; administrators only.
pub fn of_role(cx: &Ctx, tx: &mut Read, role: &str) -> Result<Json> {
    cx.administrators_only("read", "home")?;
    known(cx, role)?;
    let kept = store::load(tx, &Holder::Role(role.to_owned()))?;
    let version = kept.as_ref().map_or(0, |kept| kept.version);
    match kept.and_then(|kept| kept.page) {
        Some(page) => shown(cx, tx, &page, "role", Some(role), version, &["edit", "reset"]),
        None => shown(cx, tx, &shipped::page(role), "shipped", Some(role), version, &["edit"]),
    }
}

/// Saves the Home of a role; administrators only. Whoever has one of his own keeps it.
pub fn save_role(cx: &Ctx, tx: &mut Write, role: &str, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("edit", "home")?;
    known(cx, role)?;
    let holder = Holder::Role(role.to_owned());
    tx.lock(&[holder.key()])?;
    let before = store::load(tx, &holder)?;
    if behind(before.as_ref(), seen) {
        return Err(Error::Conflict { record: Box::new(of_role(cx, tx, role)?) });
    }
    let page = judged(cx, tx, before.as_ref(), wanted)?;
    store::put(tx, &holder, before.as_ref().map(|kept| kept.version), Some(&page))?;
    let earlier = before.and_then(|kept| kept.page);
    audit::note(cx, tx, Note::new("edit", "home").subject(role).changed(&earlier, &Some(&page)))?;
    of_role(cx, tx, role)
}

/// Takes the Home of a role away: it begins with the shipped one again; administrators only.
pub fn reset_role(cx: &Ctx, tx: &mut Write, role: &str) -> Result<Json> {
    cx.administrators_only("edit", "home")?;
    known(cx, role)?;
    let holder = Holder::Role(role.to_owned());
    tx.lock(&[holder.key()])?;
    if let Some(before) = store::load(tx, &holder)?.filter(|kept| kept.page.is_some()) {
        store::put(tx, &holder, Some(before.version), None)?;
        audit::note(cx, tx, Note::new("delete", "home").subject(role).changed(&before.page, &None::<Page>))?;
    }
    of_role(cx, tx, role)
}

fn known(cx: &Ctx, role: &str) -> Result<()> {
    cx.meta.role(role).map(|_| ()).ok_or(Error::NotFound)
}

/// True where somebody else, or the caller at another screen, was faster.
fn behind(before: Option<&Kept>, seen: Option<i64>) -> bool {
    seen.is_some_and(|seen| seen != before.map_or(0, |kept| kept.version))
}

fn judged(cx: &Ctx, tx: &mut Read, before: Option<&Kept>, wanted: &Wanted) -> Result<Page> {
    let page = wanted.tidy();
    let stood = before.and_then(|kept| kept.page.as_ref());
    let found: Vec<Violation> = document::judge(cx, tx, &page, stood)?;
    if found.is_empty() { Ok(page) } else { Err(found.into()) }
}

fn shown(cx: &Ctx, tx: &mut Read, page: &Page, source: &str, role: Option<&str>, version: i64, can: &[&str]) -> Result<Json> {
    let mut cards = Vec::with_capacity(page.cards.len());
    for card in &page.cards {
        let mut shown = json!(card);
        shown["there"] = sight::is_there(cx, tx, card)?.into();
        cards.push(shown);
    }
    Ok(json!({"cards": cards, "source": source, "role": role.filter(|role| !role.is_empty()), "version": version, "can": can}))
}
