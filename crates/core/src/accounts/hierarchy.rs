//! An account with those above and below it, and what each and all of them come to.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Grouping;
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::objects::{opportunity, sales_order};
use model::{Amount, Currency, Id, Object, Record, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::records::{self, Refs};
use crate::{Ctx, Error, Result, veil};

pub(super) const KEY: &str = "account";
pub(super) const UPWARD: &str = "parent";
/// How high a tree is at most.
pub(super) const LEVELS: usize = 50;
/// Accounts that are added up at most; a larger tree says that there are more.
const MOST: usize = 5000;
/// Accounts that are shown where nothing else is asked for, and at most.
const SHOWN: usize = 200;
const MOST_SHOWN: usize = 500;

/// The query of `GET /records/account/{id}/hierarchy`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HierarchyRequest {
    /// Accounts shown at most, level by level.
    pub limit: Option<usize>,
    /// Only what is below the account, with itself: not the whole tree in which it is.
    #[serde(default)]
    pub below: bool,
}

/// One figure: how many, and what they come to by currency and in the main one.
#[derive(Clone, Default)]
struct Figure {
    count: i64,
    by_currency: BTreeMap<Currency, i128>,
    main: i128,
}

impl Figure {
    fn add(&mut self, other: &Figure) {
        self.count += other.count;
        self.main += other.main;
        for (currency, sum) in &other.by_currency {
            *self.by_currency.entry(*currency).or_default() += sum;
        }
    }

    fn amount(&self, main: Currency) -> Json {
        let by_currency: Vec<Json> = self
            .by_currency
            .iter()
            .map(|(currency, sum)| json!({"currency": currency.code(), "amount": Amount::show_sum(*sum, *currency)}))
            .collect();
        json!({"main_amount": Amount::show_sum(self.main, main), "by_currency": by_currency})
    }
}

/// What an account has open, has won and has ordered.
#[derive(Clone, Default)]
struct Figures([Figure; 3]);

/// Which of them the reader may know of; of open ones how many and what they come to.
struct Known {
    deals: bool,
    amounts: bool,
    orders: bool,
}

/// The tree, level by level, with figures over what the caller sees: accounts, deals and orders out of his sight count nowhere.
pub fn hierarchy(cx: &Ctx, tx: &mut Read, id: Id, request: &HierarchyRequest) -> Result<Json> {
    let object = cx.object(KEY)?.clone();
    let account = records::load(cx, tx, &object, id)?;
    let limit = request.limit.unwrap_or(SHOWN).clamp(1, MOST_SHOWN);
    let tree_is_known = !veil::hides(cx, KEY, UPWARD);
    let root = if request.below || !tree_is_known { account } else { top(cx, tx, &object, account)? };
    let (order, above, whole) = if tree_is_known { below(cx, tx, &object, root.id)? } else { (vec![root.id], BTreeMap::new(), true) };
    let known = known(cx);
    let own = figures(cx, tx, &order, &known)?;
    let mut total = own.clone();
    // Children come after their parents, so from the end on each is complete when it is added to the one above.
    for id in order.iter().rev() {
        let Some(parent) = above.get(id) else { continue };
        let sum = total.get(id).cloned().unwrap_or_default();
        let into = total.entry(*parent).or_default();
        into.0.iter_mut().zip(&sum.0).for_each(|(into, sum)| into.add(sum));
    }
    let shown: Vec<Id> = order.iter().take(limit).copied().collect();
    let records: BTreeMap<Id, Record> =
        db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), &shown)?.into_iter().map(|record| (record.id, record)).collect();
    let there: BTreeSet<Id> = shown.iter().copied().collect();
    let left_out = |id: &Id| order.iter().skip(limit).filter(|other| above.get(*other) == Some(id)).count();
    let mut refs = Refs::default();
    let mut nodes = Vec::with_capacity(shown.len());
    for record in shown.iter().filter_map(|id| records.get(id)) {
        let value = |field: &str| {
            if veil::hides(cx, KEY, field) || veil::covers(cx, Some(record), field) {
                Json::Null
            } else {
                model::field::show(record.get(field))
            }
        };
        record.owner().into_iter().filter(|_| !value("owner").is_null()).for_each(|owner| refs.note("employee", owner));
        let of = |figures: &BTreeMap<Id, Figures>| tell(cx, figures.get(&record.id).cloned().unwrap_or_default(), &known);
        nodes.push(json!({
            "id": record.id.to_string(),
            "parent": above.get(&record.id).filter(|id| there.contains(*id)).map(ToString::to_string),
            "name": value("name"), "status": value("status"), "owner": value("owner"),
            "own": of(&own), "total": of(&total), "more": left_out(&record.id),
        }));
    }
    Ok(json!({
        "root": root.id.to_string(), "nodes": nodes, "accounts": order.len(), "more": order.len() > shown.len() || !whole, "complete": whole,
        "refs": refs.names(cx, tx)?, "main_currency": cx.meta.rates.main().code(),
    }))
}

/// The one at the top, as far up as the caller sees without a gap.
fn top(cx: &Ctx, tx: &mut Read, object: &Object, account: Record) -> Result<Record> {
    let mut at = account;
    let mut passed = BTreeSet::from([at.id]);
    for _ in 0..LEVELS {
        let Some(parent) = at.reference(UPWARD).filter(|id| passed.insert(*id)) else { break };
        match records::load(cx, tx, object, parent) {
            Ok(record) if record.text("lifecycle_status") != "voided" => at = record,
            Ok(_) | Err(Error::NotFound) => break,
            Err(other) => return Err(other),
        }
    }
    Ok(at)
}

/// Ids level by level from the root on; which is above each; whether it is all of them.
type Below = (Vec<Id>, BTreeMap<Id, Id>, bool);

fn below(cx: &Ctx, tx: &mut Read, object: &Object, root: Id) -> Result<Below> {
    let (mut order, mut above) = (vec![root], BTreeMap::new());
    let mut level = vec![root];
    for _ in 0..LEVELS {
        let room = MOST - order.len();
        let found = db::records::children(tx, &cx.meta.schema, object, UPWARD, &cx.scope(), &level, room + 1)?;
        let whole = found.len() <= room;
        level.clear();
        for (parent, child) in found.into_iter().take(room) {
            // Were there ever a circle, it would be gone round once.
            if child != root && !above.contains_key(&child) {
                above.insert(child, parent);
                level.push(child);
            }
        }
        order.extend(&level);
        if level.is_empty() || !whole {
            return Ok((order, above, whole));
        }
    }
    Ok((order, above, true))
}

fn known(cx: &Ctx) -> Known {
    let open = |object: &str, fields: &[&str]| cx.object(object).is_ok() && fields.iter().all(|field| !veil::hides(cx, object, field));
    Known {
        deals: open(opportunity::KEY, &["account", "stage_type"]),
        amounts: open(opportunity::KEY, &["account", "stage_type", "amount"]),
        orders: open(sales_order::KEY, &["account", sales_order::STATUS, "total"]),
    }
}

fn tell(cx: &Ctx, Figures([open, won, ordered]): Figures, known: &Known) -> Json {
    let main = cx.meta.rates.main();
    let amount = |known: bool, figure: &Figure| if known { figure.amount(main) } else { Json::Null };
    json!({
        "open_deals": known.deals.then_some(open.count),
        "open_amount": amount(known.amounts, &open), "won_amount": amount(known.amounts, &won), "ordered_amount": amount(known.orders, &ordered),
    })
}

/// What each of these accounts has itself, in the caller's sight.
fn figures(cx: &Ctx, tx: &mut Read, accounts: &[Id], known: &Known) -> Result<BTreeMap<Id, Figures>> {
    let mut figures: BTreeMap<Id, Figures> = BTreeMap::new();
    let amounts: &[&str] = if known.amounts { &["amount"] } else { &[] };
    let counted: [(&str, bool, &[&str], (&str, &str)); 3] = [
        (opportunity::KEY, known.deals, amounts, ("stage_type", "in_progress")),
        (opportunity::KEY, known.amounts, &["amount"], ("stage_type", "won")),
        (sales_order::KEY, known.orders, &["total"], (sales_order::STATUS, sales_order::status::CONFIRMED)),
    ];
    for (at, (key, is_known, amounts, (field, value))) in counted.into_iter().enumerate() {
        let Some(object) = cx.meta.schema.object(key).filter(|_| is_known) else { continue };
        for some in accounts.chunks(1000) {
            let test = |field: &str, kind: Kind, check: Check| {
                Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
            };
            let among = Check::In(some.iter().copied().map(Value::Ref).collect());
            let is = test(field, Kind::Key, Check::Equal(Value::Text(value.to_owned())));
            let condition = Resolved::All(vec![test(KEY, Kind::Ref, among), is]);
            let grouping = Grouping { field: KEY, amounts, numbers: &[], limit: some.len() as u32 + 1 };
            for group in db::records::groups(tx, &cx.meta.schema, object, &cx.scope(), Some(&condition), None, &grouping)? {
                let Some(account) = group.value.as_id() else { continue };
                figures.entry(account).or_default().0[at] = Figure {
                    count: group.count,
                    main: group.mains.first().copied().unwrap_or_default(),
                    by_currency: group.by_currency.into_iter().next().unwrap_or_default().into_iter().collect(),
                };
            }
        }
    }
    Ok(figures)
}
