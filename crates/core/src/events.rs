//! What has happened, for those who may see it: the outbox read behind its safe horizon.

use std::collections::BTreeSet;
use std::sync::Arc;

use db::Read;
use db::outbox::{EVERYBODY, Event, Eyes, Position};
use db::veil::Veils;
use model::role::FieldAccess;
use model::{Base, Id};
use serde_json::{Value as Json, json};

use crate::{Ctx, Result, access, notices};

/// What a stream of one person needs to judge events in memory.
#[derive(Clone, Debug)]
pub struct Listener {
    pub person: Id,
    /// Metadata version as of which `sees` holds.
    pub meta_version: i64,
    sees: BTreeSet<Id>,
    sees_all: bool,
    principals: Vec<Id>,
    /// Objects that the person's roles let him read, and whether everybody sees all of their records.
    objects: Vec<(String, Sight)>,
    /// Fields that the person may not know of; neither may he know that they have changed.
    hidden: BTreeSet<(String, String)>,
    /// Fields that are blank to the person while a record lies in a pool.
    veils: Arc<Veils>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sight {
    /// Whoever may read the object.
    Everybody,
    /// Those by whose eyes it is seen, as the event tells: owners, teams, shares, and those of the records that it belongs to.
    ByEyes,
}

/// What a listener is told of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Nothing,
    Hint(Json),
    Gone(Json),
    /// A notice has come for him; none: fewer of his are unread.
    Notice(Option<Id>),
}

/// The end of what has safely happened.
pub fn position(tx: &mut Read) -> Result<Position> {
    Ok(db::outbox::head(tx)?)
}

/// Events after a position, and the position to ask from next.
pub fn after(tx: &mut Read, position: &Position, limit: u32) -> Result<(Vec<(Position, Event)>, Position)> {
    Ok(db::outbox::after(tx, position, limit)?)
}

/// The caller as a listener.
pub fn listener(cx: &Ctx, tx: &mut Read) -> Result<Listener> {
    let mut sees: BTreeSet<Id> = access::subordinates(cx, tx)?.into_iter().collect();
    sees.insert(cx.who.id);
    let sight = |base: &Base| if matches!(base, Base::PublicRead | Base::PublicWrite) { Sight::Everybody } else { Sight::ByEyes };
    let objects = cx.meta.order.iter().filter_map(|key| cx.object(key).ok()).map(|o| (o.key.clone(), sight(&o.base))).collect();
    let hidden = cx.meta.schema.objects().flat_map(|object| {
        let unknown = object.fields.iter().filter(|field| cx.who.rights.field(&object.key, field) == FieldAccess::Hidden);
        unknown.map(|field| (object.key.clone(), field.key.clone()))
    });
    Ok(Listener {
        hidden: hidden.collect(),
        veils: cx.who.viewer.veils.clone(),
        person: cx.who.id,
        meta_version: cx.meta.version,
        sees,
        sees_all: cx.who.viewer.sees_all,
        principals: cx.who.viewer.principals.clone(),
        objects,
    })
}

impl Listener {
    /// What this listener is told. Those who lose sight of a record are told that it is gone.
    pub fn told(&self, event: &Event) -> Told {
        if event.object == notices::STREAM {
            let mine = event.after.given.contains(&self.person);
            return if mine { Told::Notice((event.act == "tell").then_some(event.record)) } else { Told::Nothing };
        }
        let gone = || Told::Gone(json!({"object": event.object, "id": event.record.to_string()}));
        match self.sees(event) {
            (_, true) if event.act == "void" => gone(),
            (_, true) => Told::Hint(json!({
                "object": event.object, "id": event.record.to_string(), "revision": event.revision, "columns": self.known(event), "act": event.act,
            })),
            (true, false) => gone(),
            (false, false) => Told::Nothing,
        }
    }

    /// Whether the record was seen before an event, and whether it is seen after it.
    pub(crate) fn sees(&self, event: &Event) -> (bool, bool) {
        let Some((_, sight)) = self.objects.iter().find(|(key, _)| *key == event.object) else { return (false, false) };
        let sees = |who: &Eyes| match sight {
            _ if self.sees_all => true,
            Sight::Everybody => true,
            Sight::ByEyes => {
                let given = |id: &Id| self.principals.contains(id) || *id == EVERYBODY;
                who.owners.iter().any(|owner| self.sees.contains(owner)) || who.given.iter().any(given)
            }
        };
        (sees(&event.before), sees(&event.after))
    }

    fn known<'a>(&self, event: &'a Event) -> Vec<&'a String> {
        // What lies in a pool has no owner, and is given to the pool.
        let lies_in = |pool: &Id| event.after.owners.is_empty() && event.after.given.contains(pool);
        let veils = self.veils.get(&event.object).map_or(&[][..], Vec::as_slice);
        let covered = |column: &str| veils.iter().any(|veil| veil.fields.contains(column) && lies_in(&veil.pool));
        let known = |column: &&String| !self.hidden.contains(&(event.object.clone(), (*column).clone())) && !covered(column);
        event.columns.iter().filter(known).collect()
    }
}
