//! Companies that belong together, who decides in two large deals, and who else was after those that were lost.

use db::Write;
use db::records::{Bin, Query, Scope, Sort};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::{Id, Money, Number, Record, Value};

use super::dice::Dice;
use super::market::{Market, new, owned};
use super::{DAY, Story, put};
use crate::save::{Change, Deed};
use crate::{Error, Result};

/// Companies below others, by name: the lower one first.
const GROUPS: [(&str, &str); 6] = [
    ("Prairie Potash", "St. Lawrence Mining"),
    ("Atacama Lithium", "Prairie Potash"),
    ("Bayou City Terminals", "Gulf Shore Refining"),
    ("High Plains Ethanol", "Gulf Shore Refining"),
    ("南京金陵自来水", "苏州清源水务"),
    ("宁波海恒化工", "天津滨城石化"),
];

/// The people of a map, of one deal and of the other: names, title, role, attitude, influence, and at which place stands whom they report to.
const PEOPLE: [([&str; 2], &str, &str, &str, &str, Option<usize>); 5] = [
    (["Helena Brandt", "Pilar Cortés"], "Managing director", "decision_maker", "neutral", "high", None),
    (["Oskar Lind", "Ruben Haas"], "Chief financial officer", "economic_buyer", "opponent", "high", Some(0)),
    (["Marta Sokol", "Lena Novak"], "Head of engineering", "technical_evaluator", "supporter", "medium", Some(0)),
    (["Jonas Weber", "Tom Archer"], "Shift supervisor", "user", "supporter", "low", Some(2)),
    (["Ida Falk", "Nora Ferrand"], "Purchasing", "gatekeeper", "neutral", "medium", Some(1)),
];
/// Deals in which they have a say.
const MAPPED: [&str; 2] = ["Custody transfer station", "Boiler house renewal"];

const OFFERS: [(&str, &str, &str); 3] = [
    ("Complete package with service", "Known at the site for years", "Slow delivery"),
    ("Hardware only", "Low price", "No calibration of their own"),
    ("Rented instruments", "No investment needed", "Dear after three years"),
];

/// Fills it.
pub fn fill(story: &Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    groups(story, tx)?;
    maps(story, tx)?;
    lost(story, tx, market)
}

fn groups(story: &Story<'_>, tx: &mut Write) -> Result<()> {
    let object = story.meta.schema.object("account").ok_or(Error::NotFound)?;
    let names: Vec<Value> = GROUPS.iter().flat_map(|(below, above)| [Value::from(*below), Value::from(*above)]).collect();
    let found = db::records::find_by(tx, object, "name", &names)?;
    let id = |name: &str| found.iter().find(|(known, _)| *known == Value::from(name)).map(|(_, id)| *id);
    for (below, above) in GROUPS {
        let (Some(below), Some(above)) = (id(below), id(above)) else { continue };
        let mut change = Change::of("account", below, Deed::Edit);
        change.patch.insert("parent".to_owned(), above.into());
        let owner = db::records::load(tx, &story.meta.schema, object, &Scope::All("demo data"), &[below])?.first().and_then(Record::owner);
        put(&story.at(owner.unwrap_or(Id::SYSTEM), story.began.plus_seconds(6 * DAY)), tx, change)?;
    }
    Ok(())
}

fn maps(story: &Story<'_>, tx: &mut Write) -> Result<()> {
    let check = Check::In(MAPPED.map(|name| Value::Text(model::text::fold(name))).to_vec());
    let test = Test { hops: Vec::new(), field: "name".into(), kind: Kind::Text, folded: true, check };
    for (n, deal) in deals(story, tx, test, 2)?.iter().enumerate() {
        let Some(owner) = deal.owner() else { continue };
        let cx = story.at(owner, story.now().plus_seconds(-2 * DAY));
        let mut roles: Vec<Id> = Vec::new();
        for (names, title, role, attitude, influence, above) in PEOPLE {
            let fields: [(&str, Value); 4] = [
                ("name", names[n % 2].into()),
                ("title", title.into()),
                ("account", deal.get("account").clone()),
                ("attitude", attitude.into()),
            ];
            let contact = put(&cx, tx, owned(new("contact", fields), owner))?;
            let fields: [(&str, Value); 6] = [
                ("opportunity", deal.id.into()),
                ("contact", contact.into()),
                ("role", role.into()),
                ("attitude", attitude.into()),
                ("influence", influence.into()),
                ("reports_to", above.and_then(|at| roles.get(at)).copied().map(Value::Ref).into()),
            ];
            roles.push(put(&cx, tx, new("contact_role", fields))?);
        }
    }
    Ok(())
}

/// Of a deal that was lost it is known who else offered, and of every second one why it went so.
fn lost(story: &Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    let mut dice = Dice::new(77);
    let check = Check::Equal(Value::from("lost"));
    let test = Test { hops: Vec::new(), field: "stage_type".into(), kind: Kind::Key, folded: false, check };
    for (n, deal) in deals(story, tx, test, 400)?.iter().enumerate() {
        let (Some(closed), Some(owner), Some(money)) = (deal.get("closed_at").as_instant(), deal.owner(), deal.get("amount").as_money())
        else {
            continue;
        };
        let at = closed.plus_seconds(dice.between(1, 4) * DAY);
        let cx = story.at(owner, if at < story.now() { at } else { story.now() });
        let winner = deal.reference("competitor");
        let other = *dice.one(&market.competitors);
        let mut price = money;
        for (place, competitor) in winner.into_iter().chain(Some(other).filter(|other| Some(*other) != winner)).enumerate() {
            let (offer, strengths, weaknesses) = OFFERS[(n + place) % OFFERS.len()];
            let part = Number::whole(if place == 0 { dice.between(82, 95) } else { dice.between(96, 120) });
            let quoted: Money = money.percent(part).unwrap_or(money);
            if place == 0 {
                price = quoted;
            }
            let standing = if place == 0 { "ahead" } else { "behind" };
            let fields: [(&str, Value); 8] = [
                ("opportunity", deal.id.into()),
                ("name", offer.into()),
                ("competitor", competitor.into()),
                ("quoted_price", quoted.into()),
                ("standing", standing.into()),
                ("strengths", strengths.into()),
                ("weaknesses", weaknesses.into()),
                ("won", Value::Bool(Some(competitor) == winner)),
            ];
            put(&cx, tx, new("opportunity_competitor", fields))?;
        }
        if n % 2 == 0 {
            let gap = Money { amount: model::Amount(money.amount.0 - price.amount.0), ..money };
            let mut fields: Vec<(&str, Value)> = vec![
                ("opportunity", deal.id.into()),
                ("price_gap", gap.into()),
                ("do_better", "Meet whoever decides before the offer".into()),
            ];
            if !matches!(deal.text("lost_reason"), "price" | "competitor" | "no_budget" | "timing" | "product_fit" | "other") {
                fields.push(("main_reason", "relationship".into()));
            }
            let mut change = Change::new("win_loss_review", Deed::Create);
            change.patch.extend(fields.into_iter().map(|(field, value)| (field.to_owned(), value)));
            put(&cx, tx, change)?;
        }
    }
    Ok(())
}

fn deals(story: &Story<'_>, tx: &mut Write, test: Test, limit: u32) -> Result<Vec<Record>> {
    let object = story.meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    let (condition, sort) = (Resolved::Test(test), Sort { field: "id".into(), descending: false });
    let query = Query { condition: Some(&condition), words: None, sort, cursor: None, limit, bin: Bin::Out };
    Ok(db::records::list(tx, &story.meta.schema, object, &Scope::All("demo data"), &query)?.records)
}
