//! The acts of which applying consists, each that of a room; those that wait for others are done after them.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Write;
use model::{Id, Violations};
use serde_json::Value as Json;

use super::apply::How;
use super::export::Definition;
use super::kinds::Kind;
use super::names::{Missing, Names, references_in};
use super::plan::{fields_of, unknown, violations_of};
use super::{difference::Change, difference::Sort, objects};
use crate::{Ctx, Error, Meta, Result};

/// One act, with the file that asks for it.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub file: String,
    pub what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// Makes an object, or names it anew.
    Shape {
        key: String,
        document: Json,
    },
    Field {
        object: String,
        key: String,
        document: Json,
    },
    /// Layouts and rules of an object.
    Screens {
        key: String,
        document: Json,
    },
    Save {
        kind: Kind,
        key: String,
        document: Json,
    },
    Order {
        kind: Kind,
        keys: Vec<String>,
    },
    RemoveField {
        object: String,
        key: String,
    },
    Remove {
        kind: Kind,
        key: String,
    },
}

impl Act {
    /// True for what may ask for tables and columns.
    pub fn makes_room(&self) -> bool {
        matches!(self.what, What::Shape { .. } | What::Field { .. })
    }

    /// What it is about, as others name it.
    pub fn key(&self) -> &str {
        match &self.what {
            What::Shape { key, .. }
            | What::Field { key, .. }
            | What::Screens { key, .. }
            | What::Save { key, .. }
            | What::RemoveField { key, .. }
            | What::Remove { key, .. } => key,
            What::Order { kind, .. } => kind.place(),
        }
    }

    /// True where it speaks of one of these keys.
    pub fn mentions(&self, keys: &[String]) -> bool {
        let text = match &self.what {
            What::Shape { document, .. } | What::Field { document, .. } | What::Screens { document, .. } | What::Save { document, .. } => {
                document.to_string()
            }
            What::Order { .. } | What::RemoveField { .. } | What::Remove { .. } => String::new(),
        };
        let own = match &self.what {
            What::Field { object, .. } => object.as_str(),
            What::Shape { key, .. } | What::Screens { key, .. } => key.as_str(),
            _ => "",
        };
        keys.iter().any(|key| text.contains(key.as_str()) || own == key)
    }
}

/// The acts that make these definitions of what there is, in an order in which most can be done at once.
pub(super) fn acts<'a>(
    documents: impl Iterator<Item = (&'a str, Kind, &'a str, &'a Json)>,
    order: &BTreeMap<Kind, Vec<String>>,
) -> Vec<Act> {
    let (mut shapes, mut fields, mut screens, mut saves) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (file, kind, key, document) in documents {
        let (file, key, document) = (file.to_owned(), key.to_owned(), document.clone());
        if kind != Kind::Object {
            saves.push((kind, Act { file, what: What::Save { kind, key, document } }));
            continue;
        }
        for (field, told) in fields_of(&document).into_iter().filter(|(field, _)| !objects::comes_with_object(&document, field)) {
            fields.push(Act { file: file.clone(), what: What::Field { object: key.clone(), key: field, document: told } });
        }
        shapes.push(Act { file: file.clone(), what: What::Shape { key: key.clone(), document: document.clone() } });
        screens.push(Act { file, what: What::Screens { key, document } });
    }
    saves.sort_by_key(|(kind, _)| *kind);
    let (first, then): (Vec<_>, Vec<_>) = saves.into_iter().partition(|(kind, _)| *kind < Kind::Object);
    let (roles, then): (Vec<_>, Vec<_>) = then.into_iter().partition(|(kind, _)| *kind == Kind::Role);
    let act = |(_, act): (Kind, Act)| act;
    let mut acts: Vec<Act> = first.into_iter().map(act).chain(shapes).chain(fields).collect();
    acts.extend(roles.into_iter().map(act).chain(screens).chain(then.into_iter().map(act)));
    let orders = order.iter().filter(|(kind, _)| acts.iter().any(|act| matches!(&act.what, What::Save { kind: of, .. } if of == *kind)));
    let orders: Vec<Act> =
        orders.map(|(kind, keys)| Act { file: String::new(), what: What::Order { kind: *kind, keys: keys.clone() } }).collect();
    acts.extend(orders);
    acts
}

/// What is removed, last: nothing names it any more.
pub(super) fn removals(changes: &[Change], wanted: &[Definition]) -> Vec<Act> {
    let act = |what| Act { file: String::new(), what };
    let mut acts: Vec<Act> = Vec::new();
    for change in changes.iter().rev() {
        match change.sort {
            Sort::Removed => acts.push(act(What::Remove { kind: change.kind, key: change.key.clone() })),
            Sort::Changed if change.kind == Kind::Object => {
                let shall = wanted.iter().find(|one| one.kind == Kind::Object && one.key == change.key);
                let kept = shall.map(|one| fields_of(&one.document)).unwrap_or_default();
                let gone = change.places.iter().filter_map(|(path, before, _)| {
                    let key = path.strip_prefix("fields/")?.split('/').next()?;
                    (before.is_some() && key.starts_with("x_") && !kept.contains_key(key)).then(|| key.to_owned())
                });
                let mut gone: Vec<String> = gone.collect();
                gone.dedup();
                acts.extend(gone.into_iter().map(|key| act(What::RemoveField { object: change.key.clone(), key })));
            }
            _ => {}
        }
    }
    acts
}

/// What could not be done, with what stands against it.
pub(super) type Refused = Vec<(Act, Violations)>;

/// Does what can be done; what waits for something else that is asked for too is done after it. How much was done, and what was refused.
pub(super) fn carry(mut cx: Ctx, tx: &mut Write, mut acts: Vec<Act>, how: &How<'_>) -> Result<(Ctx, usize, Refused)> {
    let mut names = Names::load(&cx, tx)?;
    let mut done = 0;
    // An order is of all that there are.
    let (orders, others): (Vec<Act>, Vec<Act>) = acts.into_iter().partition(|act| matches!(act.what, What::Order { .. }));
    acts = others;
    let mut last = false;
    loop {
        let (before, mut refused) = (done, Refused::new());
        for act in acts {
            match attempt(tx, |tx| run(&cx, tx, &act, &mut names, how))? {
                Ok(()) => {
                    done += usize::from(!matches!(act.what, What::Order { .. }));
                    cx = fresh(cx, tx)?;
                }
                Err(error) => refused.push((act, violations_of(error)?)),
            }
        }
        if last {
            return Ok((cx, done, refused));
        }
        let stuck = refused.is_empty() || done == before;
        acts = refused.into_iter().map(|(act, _)| act).collect();
        if stuck {
            // What was refused is asked for once more, and with it the orders.
            acts.extend(orders.clone());
            last = true;
        }
    }
}

/// Does it, or leaves everything as it was.
fn attempt<T>(tx: &mut Write, mut f: impl FnMut(&mut Write) -> Result<T>) -> Result<Result<T>> {
    let mut outcome = None;
    let tried = tx.attempt(|tx| match f(tx) {
        Ok(value) => {
            outcome = Some(Ok(value));
            Ok(())
        }
        Err(Error::Db(error)) => Err(error),
        Err(other) => {
            outcome = Some(Err(other));
            // What was written on the way to it is taken back; the refusal itself is kept beside.
            Err(db::Error::NoRow)
        }
    })?;
    match (tried, outcome) {
        (_, Some(outcome)) => Ok(outcome),
        (Err(error), None) => Err(error.into()),
        (Ok(()), None) => Err(Error::Internal("an act came to nothing".into())),
    }
}

/// The call under the definitions as they stand by now.
pub(super) fn fresh(cx: Ctx, tx: &mut Write) -> Result<Ctx> {
    if tx.meta_version() == cx.meta.version {
        return Ok(cx);
    }
    let mut meta = Meta::load(tx)?;
    // The server's own configuration is no part of the database.
    if cx.meta.mail.as_ref().is_some_and(|way| way.own.is_some()) {
        meta.mail.clone_from(&cx.meta.mail);
    }
    tx.follow(meta.followed.clone());
    Ok(cx.under(Arc::new(meta)))
}

fn run(cx: &Ctx, tx: &mut Write, act: &Act, names: &mut Names, how: &How<'_>) -> Result<()> {
    let mut with_ids = |tx: &mut Write, document: &Json| -> Result<Json> {
        let mut named = false;
        references_in(document, &mut |_| named = true);
        if named {
            names.definitions(cx, tx)?;
            names.find_records(cx, tx, document)?;
        }
        let mut missing = Missing::new();
        let read = names.read(document, &mut missing);
        let found: Violations = missing.into_iter().map(|(path, reference)| unknown(path, &reference)).collect();
        if found.is_empty() { Ok(read) } else { Err(found.into()) }
    };
    match &act.what {
        What::Shape { key, document } => {
            let document = with_ids(tx, document)?;
            objects::shape(cx, tx, key, &document)
        }
        What::Field { object, key, document } => {
            let placed = |error| placed(error, &format!("fields/{key}"));
            let document = with_ids(tx, document).map_err(placed)?;
            objects::shape_field(cx, tx, object, key, &document).map_err(placed)
        }
        What::Screens { key, document } => {
            let document = with_ids(tx, document)?;
            objects::screens(cx, tx, key, &document)
        }
        What::Save { kind, key, document } => {
            let document = with_ids(tx, document)?;
            let id = here(cx, tx, *kind, key)?;
            kind.save(cx, tx, id, &document, how)
        }
        What::Order { kind, keys } => {
            let there = super::export::listed(*kind, cx, tx)?;
            let place = |key: &str| keys.iter().position(|known| known == key).unwrap_or(keys.len());
            let mut ids: Vec<(usize, usize, Id)> =
                there.iter().enumerate().filter_map(|(at, (key, id, _))| Some((place(key), at, (*id)?))).collect();
            ids.sort_unstable();
            let ids: Vec<Id> = ids.into_iter().map(|(.., id)| id).collect();
            let now: Vec<Id> = there.iter().filter_map(|(_, id, _)| *id).collect();
            if ids == now { Ok(()) } else { kind.order(cx, tx, &ids) }
        }
        What::RemoveField { object, key } => objects::remove_field(cx, tx, object, key)
            .map_err(|error| placed(error, &format!("{}/{object}/fields/{key}", Kind::Object.place()))),
        What::Remove { kind, key } => {
            let id = here(cx, tx, *kind, key)?;
            kind.remove(cx, tx, id, key).map_err(|error| placed(error, &format!("{}/{key}", kind.place())))
        }
    }
}

/// The id under which a definition is known here.
fn here(cx: &Ctx, tx: &mut Write, kind: Kind, key: &str) -> Result<Option<Id>> {
    Ok(super::export::listed(kind, cx, tx)?.into_iter().find(|(known, ..)| known == key).and_then(|(_, id, _)| id))
}

/// What stands against a part, with its place in the file.
fn placed(error: Error, path: &str) -> Error {
    match error {
        Error::Invalid(mut found) => {
            for violation in &mut found {
                violation.path = if violation.path.is_empty() { path.to_owned() } else { format!("{path}/{}", violation.path) };
            }
            Error::Invalid(found)
        }
        other => other,
    }
}
