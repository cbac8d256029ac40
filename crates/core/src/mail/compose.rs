//! What an e-mail says, with the eyes of its reader, at the moment when it is sent.

use std::collections::BTreeMap;

use db::Read;
use model::Id;
use sea_query::{Expr, ExprTrait};
use serde_json::{Value as Json, json};

use super::outgoing::Outgoing;
use crate::notices::to_write;
use crate::records::Refs;
use crate::{Ctx, Error, Result, identity};

/// What is to be said to whom; words are the server's.
#[derive(Clone, Debug)]
pub struct Letter {
    pub name: String,
    pub address: String,
    pub language: String,
    pub time_zone: String,
    /// As `GET /notifications` shows them, with `refs`; those that the reader no longer sees are left out.
    pub notices: Json,
    /// How many more there are than are told.
    pub more: i64,
}

/// The letters of these e-mails, in their order; none where there is nothing to say, with the reason.
pub fn compose(cx: &Ctx, tx: &mut Read, mails: &[Outgoing]) -> Result<Vec<std::result::Result<Letter, &'static str>>> {
    let mut by_person: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for (at, mail) in mails.iter().enumerate() {
        by_person.entry(mail.person).or_default().push(at);
    }
    let mut letters: Vec<std::result::Result<Letter, &'static str>> = mails.iter().map(|_| Err("nobody")).collect();
    for (person, places) in by_person {
        let reader = match identity::load_who(tx, &cx.meta, person) {
            Ok(who) => cx.seen_by(who),
            // He is no longer here.
            Err(Error::Unauthenticated(_)) => continue,
            Err(other) => return Err(other),
        };
        let ids: Vec<Id> = places.iter().flat_map(|at| told(&mails[*at])).collect();
        let found = notices(&reader, tx, &ids)?;
        for at in places {
            letters[at] = letter(&reader, tx, &mails[at], &found)?;
        }
    }
    Ok(letters)
}

/// The notices that an e-mail tells.
fn told(mail: &Outgoing) -> Vec<Id> {
    let list = mail.doc["notices"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|id| id.as_str()?.parse().ok()).collect()
}

fn notices(reader: &Ctx, tx: &mut Read, ids: &[Id]) -> Result<BTreeMap<Id, (Json, bool)>> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(200) {
        let mut select = to_write(reader, tx)?;
        select.and_where(Expr::col(("notice", "id")).is_in(chunk.iter().map(|id| id.0)));
        for row in tx.all_once(&select)? {
            let mut refs = Refs::default();
            let item = crate::notices::show(&row, &mut refs)?;
            let read = !item["read_at"].is_null();
            found.insert(row.get("id")?, (item, read));
        }
    }
    Ok(found)
}

fn letter(
    reader: &Ctx,
    tx: &mut Read,
    mail: &Outgoing,
    found: &BTreeMap<Id, (Json, bool)>,
) -> Result<std::result::Result<Letter, &'static str>> {
    let digest = mail.kind == "digest";
    // A digest tells what is still unread; what is told at once is told although it was seen meanwhile.
    let told = told(mail).into_iter().filter_map(|id| found.get(&id)).filter(|(_, read)| !(digest && *read));
    let items: Vec<Json> = told.map(|(item, _)| item.clone()).collect();
    if items.is_empty() {
        return Ok(Err(if digest { "read" } else { "out_of_sight" }));
    }
    if reader.who.email.is_empty() {
        return Ok(Err("no_address"));
    }
    let mut refs = Refs::default();
    let id = |json: &Json| json.as_str().and_then(|text| text.parse::<Id>().ok());
    for item in &items {
        if let (Some(object), Some(record)) = (item["object"].as_str(), id(&item["record"])) {
            refs.note(object, record);
        }
        [&item["by"], &item["on_behalf_of"]].into_iter().filter_map(id).for_each(|person| refs.note("employee", person));
    }
    let refs = refs.names(reader, tx)?;
    Ok(Ok(Letter {
        name: reader.who.name.clone(),
        address: reader.who.email.clone(),
        language: reader.who.language.clone(),
        time_zone: reader.who.time_zone.clone(),
        notices: json!({"items": items, "refs": refs}),
        more: mail.doc["more"].as_i64().unwrap_or(0),
    }))
}
