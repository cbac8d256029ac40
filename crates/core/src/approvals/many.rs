//! One answer to many approvals: each for itself, each reported.

use db::{Limits, Write};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::act::{self, Acting, Name};
use super::store;
use crate::audit::Origin;
use crate::idempotency::{self, Done, Key};
use crate::{Credential, Ctx, Error, House, Result, identity};

/// Approvals that are answered with one request.
const MOST: usize = 500;

/// `POST /approvals/act-many`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Many {
    pub act: Answer,
    #[serde(default)]
    pub comment: Option<String>,
    pub items: Vec<Item>,
}

/// What is answered to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Agree,
    Reject,
}

/// One of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: String,
    /// The caller's own when absent.
    #[serde(default)]
    pub task: Option<usize>,
}

/// Answers each in a transaction of its own, so that none waits for all of them, and what is refused leaves the others as they are. A request
/// that comes again goes on with those that were refused then, and answers none twice.
pub fn act_many(house: &House, credential: &Credential, origin: impl Into<Origin>, wanted: &Many, key: Option<&Key>) -> Result<Json> {
    if wanted.items.is_empty() || wanted.items.len() > MOST {
        return Err(model::Violation::new("field.out_of_range", "items").with("min", 1).with("max", MOST).into());
    }
    let origin = origin.into();
    // Who may not come in at all is told so once.
    house.read(credential, Limits::default(), |cx, _| cx.at_large())?;
    let mut results = Vec::with_capacity(wanted.items.len());
    for item in &wanted.items {
        let done = house.write(credential, Limits::default(), &origin, |cx, tx| one(cx, tx, wanted, item, key));
        let mut told = match done {
            Ok(state) => json!({"ok": true, "state": state}),
            Err(Error::Invalid(found) | Error::Unmet(found)) => refused(found.first()),
            Err(Error::NotFound) => json!({"ok": false, "code": "not_found", "path": "", "params": {}}),
            Err(Error::Forbidden { act, .. }) => json!({"ok": false, "code": "access.act_not_allowed", "path": "", "params": {"act": act}}),
            Err(other) => return Err(other),
        };
        (told["id"], told["task"]) = (item.id.as_str().into(), item.task.into());
        results.push(told);
    }
    let ok = results.iter().filter(|result| result["ok"] == true).count();
    Ok(json!({"results": results, "done": ok, "refused": results.len() - ok}))
}

fn refused(violation: Option<&model::Violation>) -> Json {
    let (code, path) = violation.map_or(("record.invalid", ""), |violation| (violation.code, violation.path.as_str()));
    json!({"ok": false, "code": code, "path": path, "params": violation.map(|violation| &violation.params)})
}

/// Gives how the approval stands then.
fn one(cx: &Ctx, tx: &mut Write, wanted: &Many, item: &Item, key: Option<&Key>) -> Result<&'static str> {
    let id = item.id.parse().map_err(|_| Error::NotFound)?;
    let own = key.map(|key| (identity::digest(&format!("{}\n{}\n{:?}", key.key, item.id, item.task)), &key.request));
    let again = match &own {
        Some((key, request)) => idempotency::begin(cx, tx, key, request)?.is_some(),
        None => false,
    };
    if !again {
        let name = if wanted.act == Answer::Agree { Name::Agree } else { Name::Reject };
        let acting = Acting {
            act: name,
            task: item.task,
            comment: wanted.comment.clone(),
            fields: Map::new(),
            to: None,
            person: None,
            place: None,
            node: None,
            approve: None,
        };
        act::go(cx, tx, id, &acting)?;
        if let Some((key, _)) = &own {
            idempotency::finish(cx, tx, key, &Done { status: 200, object: None, record: Some(id) })?;
        }
    }
    Ok(store::state(&store::load(tx, id)?.run))
}
