//! The Home: a page of cards, of a person, else of his role, else as the product ships it.
//!
//! A page says what is shown, never whose: every card asks for its figures with the reader's eyes. A card that a reader cannot be shown (of
//! a kind that there is no more, of a chart that was removed, of what his roles hide) is told as not there, and the page stays whole.

mod document;
mod first_steps;
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
pub use first_steps::{dismiss_first_steps, first_steps};
pub use gallery::gallery;
pub(crate) use store::forget_role;

use store::Holder;

/// The page that holds for somebody or for a role, and where it comes from.
struct Standing {
    page: Page,
    source: &'static str,
    role: Option<String>,
    /// Of the page that is kept here, whoever's it is that is shown.
    version: i64,
}

fn of_caller(cx: &Ctx, tx: &mut Read) -> Result<Standing> {
    let own = store::load(tx, &Holder::Person(cx.who.id))?;
    let version = own.as_ref().map_or(0, |kept| kept.version);
    if let Some(page) = own.and_then(|kept| kept.page) {
        return Ok(Standing { page, source: "own", role: None, version });
    }
    for role in cx.who.rights.roles() {
        if let Some(page) = store::load(tx, &Holder::Role(role.key.clone()))?.and_then(|kept| kept.page) {
            return Ok(Standing { page, source: "role", role: Some(role.key.clone()), version });
        }
    }
    let first = cx.who.rights.roles().first().map(|role| role.key.clone());
    Ok(Standing { page: shipped::page(first.as_deref().unwrap_or("")), source: "shipped", role: first, version })
}

fn of(cx: &Ctx, tx: &mut Read, role: &str) -> Result<Standing> {
    cx.meta.role(role).ok_or(Error::NotFound)?;
    let kept = store::load(tx, &Holder::Role(role.to_owned()))?;
    let version = kept.as_ref().map_or(0, |kept| kept.version);
    let (page, source) = match kept.and_then(|kept| kept.page) {
        Some(page) => (page, "role"),
        None => (shipped::page(role), "shipped"),
    };
    Ok(Standing { page, source, role: Some(role.to_owned()), version })
}

/// The caller's Home.
pub fn mine(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let standing = of_caller(cx, tx)?;
    let own = standing.source == "own";
    shown(cx, tx, standing, own)
}

/// Saves the caller's own Home. `seen` is the version that he worked on; 0 where he had none.
pub fn save_mine(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.at_large()?;
    let holder = Holder::Person(cx.who.id);
    tx.lock(&[holder.key()])?;
    let before = of_caller(cx, tx)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(Error::Conflict { record: Box::new(mine(cx, tx)?) });
    }
    let page = judged(cx, tx, &before.page, wanted)?;
    store::put(tx, &holder, before.version, Some(&page))?;
    mine(cx, tx)
}

/// Takes the caller's own Home away: he begins with that of his role again.
pub fn reset_mine(cx: &Ctx, tx: &mut Write) -> Result<Json> {
    cx.at_large()?;
    let holder = Holder::Person(cx.who.id);
    tx.lock(&[holder.key()])?;
    if let Some(before) = store::load(tx, &holder)?.filter(|kept| kept.page.is_some()) {
        store::put(tx, &holder, before.version, None)?;
    }
    mine(cx, tx)
}

/// The Home of a role; administrators only.
pub fn of_role(cx: &Ctx, tx: &mut Read, role: &str) -> Result<Json> {
    cx.administrators_only("read", "home")?;
    let standing = of(cx, tx, role)?;
    let arranged = standing.source == "role";
    shown(cx, tx, standing, arranged)
}

/// Saves the Home of a role; administrators only. Whoever has one of his own keeps it.
pub fn save_role(cx: &Ctx, tx: &mut Write, role: &str, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("edit", "home")?;
    let holder = Holder::Role(role.to_owned());
    tx.lock(&[holder.key()])?;
    let before = of(cx, tx, role)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(Error::Conflict { record: Box::new(of_role(cx, tx, role)?) });
    }
    let page = judged(cx, tx, &before.page, wanted)?;
    store::put(tx, &holder, before.version, Some(&page))?;
    audit::note(cx, tx, Note::new("edit", "home").subject(role).changed(&before.page, &page))?;
    of_role(cx, tx, role)
}

/// Takes the Home of a role away: it begins with the shipped one again; administrators only.
pub fn reset_role(cx: &Ctx, tx: &mut Write, role: &str) -> Result<Json> {
    cx.administrators_only("edit", "home")?;
    cx.meta.role(role).ok_or(Error::NotFound)?;
    let holder = Holder::Role(role.to_owned());
    tx.lock(&[holder.key()])?;
    if let Some(before) = store::load(tx, &holder)?.filter(|kept| kept.page.is_some()) {
        store::put(tx, &holder, before.version, None)?;
        audit::note(cx, tx, Note::new("delete", "home").subject(role).changed(&before.page, &None::<Page>))?;
    }
    of_role(cx, tx, role)
}

fn judged(cx: &Ctx, tx: &mut Read, before: &Page, wanted: &Wanted) -> Result<Page> {
    let mut page = wanted.tidy();
    page.keep_untold(before);
    let found: Vec<Violation> = document::judge(cx, tx, &page, before)?;
    if found.is_empty() { Ok(page) } else { Err(found.into()) }
}

fn shown(cx: &Ctx, tx: &mut Read, standing: Standing, arranged: bool) -> Result<Json> {
    let mut cards = Vec::with_capacity(standing.page.cards.len());
    for card in standing.page.cards {
        let (card, there) = sight::seen(cx, tx, card)?;
        let mut shown = json!(card);
        shown["there"] = there.into();
        cards.push(shown);
    }
    let can: &[&str] = if arranged { &["edit", "reset"] } else { &["edit"] };
    Ok(json!({"cards": cards, "source": standing.source, "role": standing.role, "version": standing.version, "can": can}))
}
