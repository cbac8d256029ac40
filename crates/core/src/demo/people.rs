//! The organisation: settings, rates, departments, people.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Write;
use model::organisation::Organisation;
use model::{Id, Value};
use serde_json::json;

use super::cast::{DEPARTMENTS, PEOPLE};
use super::{DAY, Story, address, put};
use crate::organisation::{AddRate, add_rate};
use crate::save::{Change, Deed};
use crate::{Meta, Result, identity, organisation};

/// Rates of a day in the past: currency, days ago, rate.
const RATES: [(&str, i64, &str); 6] =
    [("EUR", 300, "1.08"), ("EUR", 150, "1.11"), ("EUR", 40, "1.09"), ("CNY", 300, "0.139"), ("CNY", 150, "0.14"), ("CNY", 40, "0.1385")];

/// Fills it, and gives the story as it goes on with these people.
pub fn fill<'a>(story: Story<'a>, tx: &mut Write, hash: &str) -> Result<Story<'a>> {
    let cx = story.system;
    let settings = Organisation { name: "Aurora Instruments".to_owned(), ..Organisation::default() };
    organisation::put(cx, tx, &settings)?;
    for (currency, days, rate) in RATES {
        let day = cx.at.plus_seconds(-days * DAY).date_in(&cx.meta.calendar.zone);
        add_rate(cx, tx, &AddRate { currency: currency.to_owned(), day: day.to_string(), rate: json!(rate) })?;
    }

    let begin = story.at(Id::SYSTEM, story.began);
    let mut departments: BTreeMap<&str, Id> = BTreeMap::new();
    for (name, above, _) in DEPARTMENTS {
        let mut change = Change::new("department", Deed::Create);
        change.patch.insert("name".into(), name.into());
        change.patch.insert("parent".into(), departments.get(above).copied().map(Value::Ref).into());
        departments.insert(name, put(&begin, tx, change)?);
    }
    let mut people: BTreeMap<&str, Id> = BTreeMap::new();
    for (key, name, title, department, manager, role, language) in PEOPLE {
        let mut change = Change::new("employee", Deed::Create);
        let fields: [(&str, Value); 7] = [
            ("name", name.into()),
            ("email", address(key).into()),
            ("title", title.into()),
            ("department", departments.get(department).copied().map(Value::Ref).into()),
            ("manager", people.get(manager).copied().map(Value::Ref).into()),
            ("roles", Value::Keys(vec![role.to_owned()])),
            ("language", language.into()),
        ];
        change.patch.extend(fields.map(|(field, value)| (field.to_owned(), value)));
        let id = put(&begin, tx, change)?;
        identity::set_password_of(cx, tx, id, hash)?;
        people.insert(key, id);
    }
    for (name, _, head) in DEPARTMENTS {
        if let (Some(department), Some(head)) = (departments.get(name), people.get(head)) {
            let mut change = Change::of("department", *department, Deed::Edit);
            change.patch.insert("head".into(), (*head).into());
            put(&begin, tx, change)?;
        }
    }
    let meta = Arc::new(Meta::load(tx)?);
    Ok(Story { meta, ..story })
}
