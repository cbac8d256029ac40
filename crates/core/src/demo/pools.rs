//! Two pools and a limit: leads of advertising that nobody has, with a rule that takes back what is not followed up; accounts that somebody has
//! given up; and how many open leads a salesperson may have.

use std::collections::BTreeSet;
use std::sync::Arc;

use db::Write;
use db::records::Scope;
use model::{Id, Instant, Value};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::market::{Account, Market, new};
use super::{DAY, Story, put};
use crate::save::{Change, Deed};
use crate::{Error, Meta, Result, holding, pools};

/// Name, company, city, country, phone, what is asked for, days ago.
type Lead = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, i64);

#[rustfmt::skip]
const LEADS: [Lead; 5] = [
    ("Agnes Holm", "Kattegat Canning", "Varberg", "Sweden", "+46 340 555 014", "Saw the level radar in a magazine; wants a price for six.", 3),
    ("Bruno Wolff", "Wolff Metallveredelung", "Pforzheim", "Germany", "+49 7231 555 027", "Flow meters for two baths, the old ones drift.", 18),
    ("Carla Nunes", "Adega do Douro", "Peso da Régua", "Portugal", "+351 254 555 031", "Temperature and level for forty tanks.", 12),
    ("周明", "绍兴东湖包装", "绍兴", "中国", "+86 575 5550 1044", "需要防爆流量计，请联系。", 5),
    ("Oonagh Byrne", "Shannon Seaweed", "Ennis", "Ireland", "+353 65 555 0158", "Dryer control for a new hall.", 20),
];
/// Accounts that are given up.
const GIVEN_UP: usize = 2;

/// Fills them.
pub fn fill(story: Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    let person = |key: &str| json!({"kind": "person", "id": market.people[key].to_string()});
    let managers: Vec<Json> = ["mona", "sven", "omar"].map(person).into();
    let members: Vec<Json> = ["kim", "tara", "wei", "lee", "nina", "lina"].map(person).into();
    let leads = json!({
        "object": "lead", "name": "Advertising", "mode": "claimable", "administrators": managers, "members": members,
        "condition": {"field": "source_detail", "op": "eq", "value": "Advertising"}, "hidden": ["email", "phone"], "claims_per_day": 5,
        "not_again_for_days": 14, "clears": {"team": true},
        "reclaim": [{"key": "idle", "without": "follow_up", "days": 30, "warn_days_before": [7, 1]}],
    });
    let accounts = json!({
        "object": "account", "name": "Given up", "mode": "claimable", "administrators": managers, "members": members,
        "hidden": ["annual_revenue"],
    });
    let limit = json!({
        "object": "lead", "name": "Open leads of a salesperson", "note": "Whoever has more than these follows none of them up.",
        "subject": {"kind": "employees", "condition": {"field": "roles", "op": "in", "value": ["salesperson"]}},
        "limit": {"kind": "number", "number": 12},
    });
    let omar = story.at(market.people["omar"], story.now().plus_seconds(-60 * DAY));
    pools::save(&omar, tx, None, None, &read(leads)?)?;
    let given_up = pools::save(&omar, tx, None, None, &read(accounts)?)?;
    let given_up: Id =
        given_up["id"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::Internal("a pool without an id".into()))?;
    let story = Story { meta: Arc::new(Meta::load(tx)?), ..story };
    let come: Vec<Id> = LEADS.iter().map(|lead| comes(&story, tx, lead)).collect::<Result<_>>()?;
    // Tara works on one of them; Wei has had another and given it back.
    let ago = |days: i64| story.now().plus_seconds(-days * DAY);
    put(&story.at(market.people["tara"], ago(17)), tx, Change::of("lead", come[1], Deed::Claim))?;
    put(&story.at(market.people["wei"], ago(18)), tx, Change::of("lead", come[4], Deed::Claim))?;
    gives_back(&story, tx, ("lead", come[4]), market.people["wei"], ago(6), None, "They build the hall next year")?;
    for account in idle(&story, tx, market)? {
        gives_back(&story, tx, ("account", account.id), account.owner, ago(9), Some(given_up), "No demand for a year")?;
    }
    // Last, since what it counts is counted as it is made, and this transaction goes on by what held when it began.
    let omar = story.at(market.people["omar"], ago(1));
    holding::save(&omar, tx, None, None, &read(limit)?).map(|_| ())
}

fn read<T: DeserializeOwned>(wanted: Json) -> Result<T> {
    serde_json::from_value(wanted).map_err(|error| Error::Internal(error.to_string()))
}

/// The product takes it in, and it lies where such leads lie.
fn comes(story: &Story<'_>, tx: &mut Write, lead: &Lead) -> Result<Id> {
    let (name, company, city, country, phone, request, days) = *lead;
    let fields: [(&str, Value); 9] = [
        ("name", name.into()),
        ("company", company.into()),
        ("city", city.into()),
        ("country", country.into()),
        ("phone", phone.into()),
        ("email", format!("office@pool{days}.example").into()),
        ("description", request.into()),
        ("lead_source", "advertisement".into()),
        ("source_detail", "Advertising".into()),
    ];
    put(&story.at(Id::SYSTEM, story.now().plus_seconds(-days * DAY - 3_600)), tx, new("lead", fields))
}

fn gives_back(story: &Story<'_>, tx: &mut Write, what: (&str, Id), by: Id, at: Instant, pool: Option<Id>, why: &str) -> Result<()> {
    let mut change = Change::of(what.0, what.1, Deed::Return { pool });
    change.reason = Some(why.to_owned());
    put(&story.at(by, at), tx, change).map(|_| ())
}

/// Accounts with which nothing is going on.
fn idle<'a>(story: &Story<'_>, tx: &mut Write, market: &'a Market) -> Result<Vec<&'a Account>> {
    let deal = story.meta.schema.object(model::objects::opportunity::KEY).ok_or(Error::NotFound)?;
    let ids: Vec<Id> = market.accounts.iter().map(|account| account.id).collect();
    let deals = db::records::referring(tx, &story.meta.schema, deal, "account", &Scope::All("what is going on in the demo"), &ids)?;
    let open = deals.iter().filter(|deal| deal.text("stage_type") == "in_progress");
    let busy: BTreeSet<Id> = open.filter_map(|deal| deal.reference("account")).collect();
    Ok(market.accounts.iter().filter(|account| !busy.contains(&account.id)).take(GIVEN_UP).collect())
}
