//! What is asked for when somebody leaves.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::pool::Pool;
use model::{Id, Record, Violation, Violations};
use serde::Deserialize;

use super::{MOST, Part, WHY};
use crate::{Ctx, Error, Result, identity};

/// `POST /people/{id}/disable`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disable {
    /// Who gets what he owns. What is owned and not named here belongs to nobody yet, and stands against the act.
    #[serde(default)]
    pub spread: Vec<Spread>,
    /// Who is the manager of those who reported to him; his own when absent.
    #[serde(default)]
    pub reports: Option<Heir>,
    /// Who is the head of the departments that he led; nobody when absent.
    #[serde(default)]
    pub heads: Option<Heir>,
    /// Whether he leaves the teams in which he works, and who takes his place there; he stays in them when absent.
    #[serde(default)]
    pub teams: Option<Heir>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// Who gets the records of one object.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    pub object: String,
    /// `open` or `closed` opportunities; `all` of other objects.
    #[serde(default)]
    pub part: Option<String>,
    /// People among whom they are spread evenly.
    #[serde(default)]
    pub receivers: Vec<String>,
    /// Records that go to somebody certain.
    #[serde(default)]
    pub records: Vec<Named>,
    /// The pool into which what goes to nobody else is put.
    #[serde(default)]
    pub pool: Option<String>,
    /// They stay with him: what is closed alone may.
    #[serde(default)]
    pub stay: bool,
}

/// A record that goes to somebody certain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub id: String,
    pub to: String,
}

/// Who takes a place; nobody when `to` is null.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heir {
    #[serde(default)]
    pub to: Option<String>,
}

/// `POST /people/{id}/enable`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enable {
    #[serde(default)]
    pub reason: Option<String>,
}

/// The request, read.
pub(super) struct Plan {
    pub parts: Vec<Given>,
    pub manager: Option<Id>,
    pub head: Option<Id>,
    pub team: Option<Id>,
}

/// One part of what he owns, and who gets it.
pub(super) struct Given {
    pub part: Part,
    pub ids: Vec<Id>,
    pub receivers: Vec<Id>,
    pub named: BTreeMap<Id, Id>,
    pub pool: Option<Id>,
    pub stays: bool,
}

/// Reads the request against what the leaver owns. Errors, all at once.
pub(super) fn read(cx: &Ctx, tx: &mut Write, leaver: &Record, wanted: &Disable) -> Result<Plan> {
    let mut reader = Reader { found: Violations::new(), people: BTreeMap::new() };
    let mut asked: BTreeMap<(String, String), usize> = BTreeMap::new();
    let parts = Part::all(cx);
    for (at, spread) in wanted.spread.iter().enumerate() {
        let known: Vec<&Part> = parts.iter().filter(|part| part.object.key == spread.object).collect();
        let part = spread.part.clone().unwrap_or_else(|| "all".to_owned());
        if known.is_empty() {
            reader.found.push(Violation::new("field.not_an_option", format!("spread/{at}/object")).with("value", spread.object.as_str()));
        } else if !known.iter().any(|one| one.part == part) {
            reader.found.push(Violation::new("field.not_an_option", format!("spread/{at}/part")).with("value", part));
        } else if asked.insert((spread.object.clone(), part), at).is_some() {
            reader.found.push(Violation::new("field.not_unique", format!("spread/{at}/object")).with("value", spread.object.as_str()));
        }
    }
    let (mut given, mut total) = (Vec::with_capacity(parts.len()), 0);
    for part in parts {
        let ids = part.ids(cx, tx, leaver.id, &WHY, MOST)?;
        let at = asked.get(&(part.object.key.clone(), part.part.to_owned())).copied();
        let one = reader.one(&cx.meta.pools, part, ids, at.map(|at| (at, &wanted.spread[at])));
        total += if one.stays { 0 } else { one.ids.len() };
        given.push(one);
    }
    if total > MOST {
        reader.found.push(Violation::new("disable.too_many", "spread").with("count", total).with("max", MOST));
    }
    let mut heir = |wanted: &Option<Heir>, path: &str| {
        let to = wanted.as_ref().and_then(|heir| heir.to.as_deref());
        to.and_then(|text| reader.person(text, format!("{path}/to")))
    };
    let manager = match &wanted.reports {
        None => leaver.reference("manager"),
        some => heir(some, "reports"),
    };
    let (head, team) = (heir(&wanted.heads, "heads"), heir(&wanted.teams, "teams"));
    reader.check_people(cx, tx, leaver.id)?;
    if reader.found.is_empty() { Ok(Plan { parts: given, manager, head, team }) } else { Err(reader.found.into()) }
}

/// What has been read, with the places at which each person is named.
struct Reader {
    found: Violations,
    people: BTreeMap<Id, Vec<String>>,
}

impl Reader {
    fn one(&mut self, pools: &[Pool], part: Part, ids: Vec<Id>, spread: Option<(usize, &Spread)>) -> Given {
        let Some((at, spread)) = spread else {
            return Given { part, ids, receivers: Vec::new(), named: BTreeMap::new(), pool: None, stays: false };
        };
        if spread.stay && !part.may_stay() {
            self.found.push(Violation::new("disable.may_not_stay", format!("spread/{at}/stay")));
        }
        let mut receivers: Vec<Id> = Vec::new();
        for (n, text) in spread.receivers.iter().enumerate() {
            let person = self.person(text, format!("spread/{at}/receivers/{n}"));
            receivers.extend(person.filter(|id| !receivers.contains(id)));
        }
        let (his, mut named): (BTreeSet<Id>, _) = (ids.iter().copied().collect(), BTreeMap::new());
        for (n, one) in spread.records.iter().enumerate() {
            let to = self.person(&one.to, format!("spread/{at}/records/{n}/to"));
            match one.id.parse::<Id>().ok().filter(|id| his.contains(id)) {
                Some(id) => named.extend(to.map(|to| (id, to))),
                None => self.found.push(Violation::new("field.reference_not_found", format!("spread/{at}/records/{n}/id"))),
            }
        }
        let pool = spread.pool.as_deref().and_then(|text| {
            let known = text.parse::<Id>().ok().filter(|id| pools.iter().any(|pool| pool.id == *id && pool.object == part.object.key));
            if known.is_none() {
                self.found.push(Violation::new("field.reference_not_found", format!("spread/{at}/pool")).with("id", text));
            }
            known
        });
        Given { part, ids, receivers, named, pool, stays: spread.stay }
    }

    fn person(&mut self, text: &str, path: String) -> Option<Id> {
        match text.parse::<Id>() {
            Ok(id) => {
                self.people.entry(id).or_default().push(path);
                Some(id)
            }
            Err(_) => {
                self.found.push(Violation::new("field.reference_not_found", path));
                None
            }
        }
    }

    /// Everybody who is to get something works here, and is not the one who leaves.
    fn check_people(&mut self, cx: &Ctx, tx: &mut Write, leaver: Id) -> Result<()> {
        let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
        let ids: Vec<Id> = self.people.keys().copied().collect();
        let found = db::records::load(tx, &cx.meta.schema, employee, &cx.scope(), &ids)?;
        for (id, paths) in &self.people {
            let code = match found.iter().find(|person| person.id == *id) {
                None => "field.reference_not_found",
                Some(_) if *id == leaver => "disable.to_himself",
                Some(person) if !identity::is_active(person) => "owner.not_active",
                Some(_) => continue,
            };
            self.found.extend(paths.iter().map(|path| Violation::new(code, path.as_str())));
        }
        Ok(())
    }
}
