//! Four approval flows: of large deals as they are registered and as their offer goes out, which catch nothing of what is there; and of list
//! prices, with one change that waits, one that was agreed to and one that was not; and of discounts, for the quotes that come after.

use std::sync::Arc;

use db::Write;
use model::{Id, Instant};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::market::Market;
use super::{DAY, Story};
use crate::{Ctx, Error, Meta, Result, approvals, identity, records};

/// Draws them, and gives the story as it goes on with them.
pub fn fill<'a>(story: Story<'a>, tx: &mut Write, market: &Market) -> Result<Story<'a>> {
    let omar = story.at(market.people["omar"], story.now().plus_seconds(-40 * DAY));
    for flow in [large_deals(), large_offers(), list_prices(market.people["sven"]), discounts()] {
        approvals::save(&omar, tx, None, None, &read(flow)?)?;
    }
    let story = Story { meta: Arc::new(Meta::load(tx)?), ..story };
    let asks = |tx: &mut Write, days: i64, product: &str, price: &str| -> Result<Id> {
        let product = market.products.iter().find(|known| known.name == product).ok_or(Error::NotFound)?;
        let wanted = read(json!({"fields": {"list_price": {"amount": price, "currency": "USD"}}}))?;
        let omar = by(&story, tx, market.people["omar"], days)?;
        let saved = records::update(&omar, tx, "product", product.id, None, &wanted)?;
        let id = saved["approval"].as_str().and_then(|id| id.parse().ok());
        id.ok_or_else(|| Error::Internal("a price that nobody has to approve".into()))
    };
    let answers = |tx: &mut Write, days: i64, approval: Id, answer: Json| -> Result<()> {
        let sven = by(&story, tx, market.people["sven"], days)?;
        approvals::act(&sven, tx, approval, &read(answer)?).map(|_| ())
    };
    let agreed = asks(tx, 30, "Gateway GW-2", "1040")?;
    answers(tx, 28, agreed, json!({"act": "agree", "comment": "In line with what the others take."}))?;
    let refused = asks(tx, 16, "Level switch LS-1", "290")?;
    answers(tx, 15, refused, json!({"act": "reject", "comment": "Too much at once; we would lose the dairies."}))?;
    asks(tx, 2, "Gas analyser GA-3", "13600")?;
    Ok(story)
}

/// Somebody with his own rights, so many days ago: what he does is caught.
fn by(story: &Story<'_>, tx: &mut Write, person: Id, days: i64) -> Result<Ctx> {
    himself(story, tx, person, story.now().plus_seconds(-days * DAY - 5_400))
}

/// The same at an instant.
pub(super) fn himself(story: &Story<'_>, tx: &mut Write, person: Id, at: Instant) -> Result<Ctx> {
    let who = identity::load_who(tx, &story.meta, person)?;
    Ok(Ctx { who, ..story.at(person, at) })
}

pub(super) fn read<T: DeserializeOwned>(wanted: Json) -> Result<T> {
    serde_json::from_value(wanted).map_err(|error| Error::Internal(error.to_string()))
}

fn node(key: &str, name: &str, at: (i32, i32), does: Json) -> Json {
    json!({"key": key, "name": name, "at": at, "does": does})
}

fn approve(who: Json, next: &str) -> Json {
    json!({"type": "approve", "method": {"type": "standard"}, "who": [who], "next": next})
}

/// From a million US dollars on.
fn large() -> Json {
    json!({"field": "amount", "op": "ge", "value": {"amount": "1000000", "currency": "USD"}})
}

fn large_deals() -> Json {
    let mut manager = approve(json!({"type": "manager", "of": "owner"}), "head");
    manager["rejects"] = json!({"type": "initiator"});
    manager["submitter"] = "agrees".into();
    manager["limit"] = json!({"hours": 16, "remind_hours_before": [4]});
    let mut head = approve(json!({"type": "department_head", "of": "owner", "up": 1}), "approved");
    head["rejects"] = json!({"type": "previous"});
    json!({
        "api_name": "large_deals", "name": "Registration of large deals", "object": "opportunity", "trigger": "create", "condition": large(),
        "description": "A deal from a million US dollars on ties up people for months: the manager and the head of sales agree before it counts.",
        "nodes": [
            node("start", "", (0, 120), json!({"type": "start", "next": "manager"})),
            node("manager", "Manager", (220, 120), manager), node("head", "Head of sales", (440, 120), head),
            node("approved", "", (660, 120), json!({"type": "approved"})),
        ],
        "approved": [{"type": "notify", "who": [{"type": "owner"}], "text": "Your large deal is registered and counts from now on."}],
    })
}

fn large_offers() -> Json {
    let mut both = approve(json!({"type": "role", "role": "sales_manager"}), "approved");
    both["method"] = json!({"type": "countersign", "percent": 60});
    let manager = approve(json!({"type": "manager", "of": "owner"}), "approved");
    json!({
        "api_name": "large_offers", "name": "Offers of large projects", "object": "opportunity", "trigger": "stage", "stages": ["proposal"],
        "condition": large(), "description": "Before a large project is negotiated, its offer is agreed to; the largest by most managers.",
        "nodes": [
            node("start", "", (0, 120), json!({"type": "start", "next": "size"})),
            node("size", "How large", (220, 120), json!({
                "type": "branch", "otherwise": "manager",
                "ways": [{
                    "name": "From five million", "to": "managers",
                    "when": {"field": "amount", "op": "ge", "value": {"amount": "5000000", "currency": "USD"}},
                }],
            })),
            node("managers", "Sales managers", (440, 40), both), node("manager", "Manager", (440, 200), manager),
            node("approved", "", (660, 120), json!({"type": "approved"})),
        ],
    })
}

fn list_prices(sven: Id) -> Json {
    json!({
        "api_name": "list_prices", "name": "List prices", "object": "product", "trigger": "edit", "fields": ["list_price"],
        "condition": {"field": "list_price", "op": "ge", "value": {"amount": "260", "currency": "USD"}},
        "description": "What stands in the list is what every offer begins with; small parts are left to whoever keeps it.",
        "nodes": [
            node("start", "", (0, 120), json!({"type": "start", "next": "sales"})),
            node("sales", "Sales", (220, 120), approve(json!({"type": "person", "id": sven.to_string()}), "approved")),
            node("approved", "", (440, 120), json!({"type": "approved"})),
        ],
    })
}

fn discounts() -> Json {
    json!({
        "api_name": "discounts", "name": "Discounts above 15 %", "object": "quote", "trigger": "edit", "fields": ["quote_status"],
        "condition": {"all": [
            {"field": "quote_status", "op": "changed_to", "value": "sent"}, {"field": "total_discount", "op": "gt", "value": "15"},
        ]},
        "description": "Whoever takes more than 15 % off list prices asks his manager before the customer reads it.",
        "nodes": [
            node("start", "", (0, 120), json!({"type": "start", "next": "manager"})),
            node("manager", "Manager", (220, 120), approve(json!({"type": "manager", "of": "owner"}), "approved")),
            node("approved", "", (440, 120), json!({"type": "approved"})),
        ],
    })
}
