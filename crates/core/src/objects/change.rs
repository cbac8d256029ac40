//! Changing definitions: one at a time, judged as a whole, in force for the next transaction on every server.

use std::sync::Arc;

use db::Write;
use model::condition::Reading;
use model::{Object, Schema, Violations};

use crate::audit::{self, Note};
use crate::reckoning::Plan;
use crate::{Ctx, Error, Meta, Result, duplicates, jobs, meta};

/// The definitions while nobody else changes them and nobody writes records.
pub(super) struct Changing {
    /// The version that this change publishes.
    pub version: i64,
    /// Everything as it stood when the change began; newer than what the request began with where somebody published meanwhile.
    pub meta: Arc<Meta>,
    /// As they shall stand.
    pub definitions: Vec<Object>,
}

impl Changing {
    /// Waits until every other write has ended, and keeps them out until this one has (core rule 5).
    pub fn begin(cx: &Ctx, tx: &mut Write) -> Result<Changing> {
        let (version, meta) = meta::publish(cx, tx)?;
        Ok(Changing { version, definitions: meta.definitions.clone(), meta })
    }

    /// The definition of a key, put aside or not.
    pub fn object(&self, key: &str) -> Result<&Object> {
        self.definitions.iter().find(|object| object.key == key).ok_or(Error::NotFound)
    }

    /// Refuses a change that was made from another version than the present one, and shows that.
    pub fn must_be(&self, tx: &mut Write, object: &Object, seen: Option<i64>) -> Result<()> {
        if seen.is_none_or(|version| version == object.version) {
            return Ok(());
        }
        let jobs = jobs::open_of(tx, &object.key)?;
        Err(Error::Conflict { record: Box::new(super::show::whole(object, &jobs)) })
    }

    /// What would be in use.
    pub fn schema(&self) -> Schema {
        meta::in_use(&self.definitions)
    }

    /// How conditions of rules are read on a schema.
    pub fn reading<'a>(&'a self, cx: &'a Ctx, schema: &'a Schema) -> Reading<'a> {
        Reading {
            schema,
            me: None,
            my_department: None,
            subordinates: &[],
            departments: &self.meta.departments,
            now: cx.at,
            calendar: &self.meta.calendar,
            rates: &self.meta.rates,
        }
    }

    /// Stores a changed definition, or a new one, unless the whole does not hold together any more: a formula that cannot be read, a
    /// circle, a condition over what is not there. Errors carry what is wrong in the words of the field that brings it in.
    pub fn put(&mut self, cx: &Ctx, tx: &mut Write, mut object: Object) -> Result<()> {
        object.version += 1;
        let position = match self.definitions.iter().position(|known| known.key == object.key) {
            Some(at) => {
                self.definitions[at] = object;
                at
            }
            None => {
                self.definitions.push(object);
                self.definitions.len() - 1
            }
        };
        let found = self.judge(cx);
        if !found.is_empty() {
            return Err(found.into());
        }
        let before = self.meta.definitions.iter().find(|known| known.key == self.definitions[position].key);
        let (act, told) = (if before.is_some() { "edit" } else { "create" }, &self.definitions[position]);
        let note = Note::new(act, "object").of(&told.key).subject(told.label.in_language("en"));
        audit::note_of_person(cx, tx, note.changed(&before, told))?;
        // Preset objects that a later version ships are put before or among these by their own positions.
        meta::put_object(tx, position as i64, &self.definitions[position])?;
        self.follow(cx, tx)
    }

    /// What alike records are found by goes with the fields that there are.
    fn follow(&self, cx: &Ctx, tx: &mut Write) -> Result<()> {
        duplicates::index::settle(cx, tx, &self.schema(), &self.meta.organisation.country, false).map(|_| ())
    }

    /// What would be wrong with the whole if this were stored; nothing is.
    pub fn judge_with(&mut self, cx: &Ctx, object: Object) -> Result<()> {
        for known in self.definitions.iter_mut().filter(|known| known.key == object.key) {
            known.clone_from(&object);
        }
        let found = self.judge(cx);
        if found.is_empty() { Ok(()) } else { Err(found.into()) }
    }

    fn judge(&self, cx: &Ctx) -> Violations {
        let schema = self.schema();
        let (_, found) = Plan::of(&schema, &self.reading(cx, &schema));
        found
    }

    /// Removes a definition for good.
    pub fn remove(&mut self, cx: &Ctx, tx: &mut Write, key: &str) -> Result<()> {
        self.definitions.retain(|object| object.key != key);
        meta::remove_object(tx, key)?;
        self.follow(cx, tx)
    }
}
