//! Which rule would take a lead, and who would get it.

use db::Read;
use model::objects::lead::KEY;
use model::{Id, Record};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::turn;
use crate::records::{self, Refs};
use crate::{Ctx, Error, Result, world};

/// The body of `POST /lead-assignment-rules/trial`: a lead that is there, or the fields of one that might be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    #[serde(default)]
    pub lead: Option<String>,
    #[serde(default)]
    pub fields: Map<String, Json>,
}

/// Tries the rules in force; administrators only. Nobody's turn is taken.
pub fn trial(cx: &Ctx, tx: &mut Read, wanted: &Trial) -> Result<Json> {
    cx.administrators_only("read", "lead_rule")?;
    let object = cx.object(KEY)?.clone();
    let record = match &wanted.lead {
        Some(id) => records::load(cx, tx, &object, id.parse().map_err(|_| Error::NotFound)?)?,
        None => {
            let mut record = Record::new(KEY, Id::SYSTEM);
            records::read_fields(cx, &object, &wanted.fields)?.into_iter().for_each(|(key, value)| record.set(&key, value));
            record
        }
    };
    let world = world::around(cx, tx, &[&record], cx.meta.lead_rules.iter().map(|live| &live.condition))?;
    let (mut refs, mut taken, mut rules) = (Refs::default(), None, Vec::new());
    for live in &cx.meta.lead_rules {
        let means = live.condition.holds(&record, &world);
        let receivers = turn::receivers(cx, tx, &live.rule)?;
        receivers.iter().for_each(|person| refs.note("employee", person.id));
        if means && taken.is_none() && !receivers.is_empty() {
            taken = turn::next(cx, tx, &live.rule)?.map(|person| (live.rule.id, person.id));
        }
        let receivers: Vec<String> = receivers.iter().map(|person| person.id.to_string()).collect();
        rules.push(json!({"id": live.rule.id.to_string(), "name": live.rule.name, "means": means, "receivers": receivers}));
    }
    Ok(json!({
        "rule": taken.map(|(rule, _)| rule.to_string()), "person": taken.map(|(_, person)| person.to_string()),
        "rules": rules, "refs": refs.names(cx, tx)?,
    }))
}
