//! Records that come to be together with something about a deal: each a plain `save` by the caller, in the same transaction, with all that
//! stands against any of them told at once.

use std::collections::BTreeSet;

use db::Write;
use model::field::FieldType;
use model::process::Fill;
use model::role::FieldAccess;
use model::{Field, Id, Patch, Record, Value, Violation, Violations};
use serde_json::{Map, Value as Json};

use super::filling::{self, Filled};
use crate::records::read_fields;
use crate::save::{Change, Deed, Under, save, save_as_system};
use crate::{Ctx, Error, Result};

/// A record that was created.
#[derive(Clone, Debug)]
pub(crate) struct Created {
    pub object: String,
    pub id: Id,
}

/// What a field that refers to a deal holds.
pub(crate) fn link_to(deal: &Record, field: &Field) -> Value {
    match field.kind {
        FieldType::Regarding => Value::Regarding { object: deal.object.clone(), id: deal.id },
        _ => deal.id.into(),
    }
}

/// Several saves that are one act.
pub(crate) struct Creating<'a> {
    cx: &'a Ctx,
    /// Part of an approval, as is what comes to be.
    under: Option<Under>,
    found: Violations,
    unmet: Violations,
    /// Where values could not be read, so that they are not told to be missing.
    unread: BTreeSet<String>,
    created: Vec<Created>,
}

/// A record that is to be created, which refers to the deal.
pub(crate) struct Wanted<'a> {
    pub object: &'a str,
    /// The field by which it refers to the deal.
    pub link: &'a str,
    /// What fields begin with that are not given.
    pub fill: &'a [Fill],
    pub fields: &'a Map<String, Json>,
    /// Where findings are told.
    pub place: &'a str,
}

impl<'a> Creating<'a> {
    /// By the caller.
    pub fn new(cx: &'a Ctx, under: Option<Under>) -> Creating<'a> {
        let under = under.filter(|under| matches!(under, Under::Executes(_)));
        Creating { cx, under, found: Violations::new(), unmet: Violations::new(), unread: BTreeSet::new(), created: Vec::new() }
    }

    /// What became of the change of the deal itself.
    pub fn deal<T>(&mut self, saved: Result<T>) -> Result<Option<T>> {
        self.take(saved, |violation| violation)
    }

    /// What became of a save; what stands against it is kept.
    fn take<T>(&mut self, saved: Result<T>, place: impl Fn(Violation) -> Violation) -> Result<Option<T>> {
        match saved {
            Ok(saved) => return Ok(Some(saved)),
            Err(Error::Invalid(found)) => {
                let found = found.into_iter().map(place).filter(|violation| !self.unread.contains(&violation.path));
                self.found.extend(found);
            }
            Err(Error::Unmet(found)) => self.unmet.extend(found.into_iter().map(place)),
            Err(other) => return Err(other),
        }
        Ok(None)
    }

    /// A record that nothing asks for.
    pub fn not_asked(&mut self, object: &str, place: &str) {
        self.found.push(Violation::new("field.not_an_option", format!("{place}/object")).with("value", object));
    }

    /// A new record, saved as the caller's own doing.
    pub fn create(&mut self, tx: &mut Write, deal: &Record, wanted: &Wanted<'_>) -> Result<()> {
        let Wanted { object, link, fill, fields, place } = *wanted;
        let cx = self.cx;
        let Ok(of) = cx.object(object).cloned() else {
            self.not_asked(object, place);
            return Ok(());
        };
        let placed = |violation: Violation| {
            let path = format!("{place}/{}", violation.path).trim_end_matches('/').to_owned();
            Violation { path, ..violation }.with("of", object)
        };
        let given = match read_fields(cx, &of, fields) {
            Ok(given) => given,
            // Values that cannot be read do not hide what stands against the others.
            Err(Error::Invalid(found)) => {
                let found: Violations = found.into_iter().map(placed).collect();
                self.unread.extend(found.iter().map(|violation| violation.path.clone()));
                self.found.extend(found);
                let one = |(key, value): (&String, &Json)| read_fields(cx, &of, &Map::from_iter([(key.clone(), value.clone())])).ok();
                fields.iter().filter_map(one).flatten().collect()
            }
            Err(other) => return Err(other),
        };
        let Filled { his, mut products } = filling::values(cx, tx, deal, &of, fill)?;
        products.retain(|field, _| !fields.contains_key(field));
        let mut change = Change::new(object, Deed::Create);
        change.under = self.under;
        change.patch = his.into_iter().filter(|(field, _)| !fields.contains_key(field)).chain(given).collect();
        if let Some(field) = of.field(link) {
            // Without what it cannot be without it would not come to be at all.
            let by_hand = field.required || cx.who.rights.field(object, field) == FieldAccess::Write;
            let patch = if by_hand { &mut change.patch } else { &mut products };
            patch.insert(link.to_owned(), link_to(deal, field));
        }
        tx.next_act();
        let Some(saved) = self.take(save(cx, tx, change), placed)? else { return Ok(()) };
        self.carry(tx, &saved.record, products)?;
        // An order that comes along with its deal has the lines that one made from it has.
        if object == model::objects::sales_order::KEY && deal.object == model::objects::opportunity::KEY {
            let under = self.under.or(saved.approval.map(Under::Fills));
            let copied = crate::orders::lines_of(cx, tx, deal, &saved.record, under);
            self.take(copied, placed)?;
        }
        self.created.push(Created { object: object.to_owned(), id: saved.record.id });
        Ok(())
    }

    /// What the product carries over by itself into a record that was just made.
    fn carry(&self, tx: &mut Write, record: &Record, mut products: Patch) -> Result<()> {
        products.retain(|field, _| record.get(field).is_null());
        if products.is_empty() {
            return Ok(());
        }
        tx.next_act();
        let change = Change { patch: products, ..Change::of(&record.object, record.id, Deed::Edit) };
        save_as_system(self.cx, tx, "what a deal hands on that its mover may not write", change).map(|_| ())
    }

    /// What was created; or the refusal of the whole where anything stands against it.
    pub fn finish(mut self) -> Result<Vec<Created>> {
        match (self.found.is_empty(), self.unmet.is_empty()) {
            (true, true) => Ok(self.created),
            (true, false) => Err(Error::Unmet(self.unmet)),
            (false, _) => {
                self.found.append(&mut self.unmet);
                Err(Error::Invalid(self.found))
            }
        }
    }
}
