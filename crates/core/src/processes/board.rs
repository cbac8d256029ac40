//! The board: a column per stage, with counts and sums over all rows in scope, and the first cards of each.

use std::collections::BTreeMap;

use db::Read;
use db::records::{Bin, Firsts, Page, Query, Seen, Sort};
use db::search::Words;
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::objects::lifecycle;
use model::process::{Process, StageRules};
use model::role::FieldAccess;
use model::{Amount, Currency, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::records::{Refs, asked, show_rows};
use crate::{Ctx, Error, Result, reckoning, veil};

/// The query of `GET /records/opportunity/board`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardRequest {
    /// Id of the process; the first active one when absent.
    pub process: Option<String>,
    /// The id of a view whose filter holds besides.
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// Cards in each column, at most 100; 25 when absent, 0 for totals alone.
    pub limit: Option<u32>,
}

/// What one column counts.
#[derive(Default)]
struct Column {
    count: i64,
    overdue: i64,
    sums: BTreeMap<String, i128>,
    main: i128,
    weighted: i128,
}

/// The board of one process.
pub fn board(cx: &Ctx, tx: &mut Read, request: &BoardRequest) -> Result<Json> {
    let object = cx.object("opportunity")?.clone();
    // Whoever may not know the stages has no board of them.
    if veil::hides(cx, &object.key, "stage") {
        return Err(Error::NotFound);
    }
    let process = match &request.process {
        Some(id) => cx.meta.process(id).ok_or(Error::NotFound)?,
        None => cx.meta.processes.iter().find(|p| p.active).ok_or(Error::NotFound)?,
    };
    let limit = request.limit.unwrap_or(25);
    if limit > 100 {
        return Err(Error::Malformed("limit: a whole number from 0 to 100".into()));
    }
    let asked = asked(cx, tx, &object, request.view.as_deref(), request.filter.as_deref(), request.q.as_deref())?;
    // What waits for the approval of its creation, or did not get it, has not come into the process.
    let here = [equals("sales_process", process.id.to_string()), counting()];
    let condition = Resolved::All(here.into_iter().chain(asked.condition.clone()).collect());
    let words = asked.words.as_ref();

    let mut columns: BTreeMap<String, Column> = BTreeMap::new();
    for total in db::records::totals(
        tx,
        &cx.meta.schema,
        &object,
        &cx.scope(),
        Some(&condition),
        words,
        "stage",
        "amount",
        &["amount", "forecast_amount"],
        Some(&open_and_due(cx)),
    )? {
        let column = columns.entry(total.group.as_text().unwrap_or_default().to_owned()).or_default();
        column.count += total.count;
        column.overdue += total.among;
        column.main += total.mains[0];
        column.weighted += total.mains[1];
        if let Some(currency) = total.currency {
            *column.sums.entry(currency.code().to_owned()).or_default() += total.sums[0];
        }
    }
    let seen = |field: &str| object.field(field).is_some_and(|f| cx.who.rights.field(&object.key, f) > FieldAccess::Hidden);
    let (amounts_seen, forecast_seen) = (seen("amount"), seen("forecast_amount"));
    let main = cx.meta.rates.main();
    let options = object.options("stage");
    // Who sees few has them gone through once; who sees many has each column's first cards looked for.
    let mut firsts = match limit {
        0 => Firsts::Apart(None),
        _ => db::records::firsts(tx, &cx.meta.schema, &object, &cx.scope(), &first(&condition, words, limit), "stage")?,
    };
    let mut refs = Refs::default();
    let stages = with_given_up(cx, process, &columns);
    let mut shown = Vec::with_capacity(stages.len());
    for rules in stages {
        let option = options.iter().find(|option| option.key == rules.stage);
        let column = columns.remove(&rules.stage).unwrap_or_default();
        let (mut cards, mut next) = (Vec::new(), None);
        if limit > 0 && column.count > 0 {
            let condition = Resolved::All(vec![condition.clone(), equals("stage", rules.stage.clone())]);
            let mut page = match &mut firsts {
                Firsts::Together(pages) => pages.remove(&rules.stage).unwrap_or(Page { records: Vec::new(), next: None }),
                Firsts::Apart(seen) => {
                    let known = seen.map(|seen| Seen { meeting: column.count.unsigned_abs(), ..seen });
                    db::records::list_of_seen(tx, &cx.meta.schema, &object, &cx.scope(), &first(&condition, words, limit), known)?
                }
            };
            reckoning::on_read(cx, tx, &object, &mut page.records, None)?;
            cards = show_rows(cx, tx, &object, &page.records, None, &mut refs)?;
            next = page.next.map(|cursor| cursor.encode());
        }
        let totals: Vec<Json> = column
            .sums
            .iter()
            .filter(|_| amounts_seen)
            .map(|(code, sum)| {
                let currency: Currency = code.parse().unwrap_or(main);
                json!({"currency": code, "amount": Amount::show_sum(*sum, currency)})
            })
            .collect();
        shown.push(json!({
            "stage": rules.stage,
            "label": option.map(|o| &o.label),
            "type": option.and_then(|o| o.stage_type),
            "colour": option.and_then(|o| o.colour.as_ref()),
            "win_rate": rules.win_rate,
            "given_up": process.position(&rules.stage).is_none(),
            "count": column.count,
            "totals": totals,
            "amount_main": amounts_seen.then(|| Amount::show_sum(column.main, main)),
            "weighted_main": forecast_seen.then(|| Amount::show_sum(column.weighted, main)),
            "overdue": super::shows_overdue(cx, &object).then_some(column.overdue),
            "items": cards,
            "next_cursor": next,
        }));
    }
    Ok(json!({
        "process": {"id": process.id.to_string(), "name": process.name},
        "columns": shown,
        "main_currency": main.code(),
        "refs": refs.names(cx, tx)?,
    }))
}

/// The stages of the process, and those that it has given up and in which deals stand all the same: each behind the one that it stood behind.
fn with_given_up(cx: &Ctx, process: &Process, columns: &BTreeMap<String, Column>) -> Vec<StageRules> {
    let mut stages = process.stages.clone();
    let stands = |stage: &str| columns.get(stage).is_some_and(|column| column.count > 0);
    let mut earlier: Vec<&Process> = cx.meta.earlier(process.id).kept.iter().collect();
    earlier.sort_by_key(|kept| std::cmp::Reverse(kept.version));
    for version in earlier {
        let mut behind = 0;
        for rules in &version.stages {
            match stages.iter().position(|known| known.stage == rules.stage) {
                Some(at) => behind = at + 1,
                None if stands(&rules.stage) => {
                    stages.insert(behind, rules.clone());
                    behind += 1;
                }
                None => {}
            }
        }
    }
    // Closed in a stage that no version in force has any more.
    let known = |stages: &[StageRules], key: &str| stages.iter().any(|rules| rules.stage == key);
    let left: Vec<&String> = columns.keys().filter(|key| stands(key) && !known(&stages, key)).collect();
    let left: Vec<StageRules> = left.into_iter().map(|key| StageRules::new(key)).collect();
    stages.extend(left);
    stages
}

/// The first cards: those that came last into their stage.
fn first<'a>(condition: &'a Resolved, words: Option<&'a Words>, limit: u32) -> Query<'a> {
    let sort = Sort { field: "stage_entered_at".into(), descending: true };
    Query { condition: Some(condition), words, sort, cursor: None, limit, bin: Bin::Out }
}

fn equals(field: &str, key: String) -> Resolved {
    Resolved::Test(Test { hops: Vec::new(), field: field.into(), kind: Kind::Key, folded: false, check: Check::Equal(Value::Text(key)) })
}

fn counting() -> Resolved {
    let check = Check::In(lifecycle::COUNTING.iter().map(|status| Value::Text((*status).to_owned())).collect());
    Resolved::Test(Test { hops: Vec::new(), field: "lifecycle_status".into(), kind: Kind::Key, folded: false, check })
}

fn open_and_due(cx: &Ctx) -> Resolved {
    let due = Test { hops: Vec::new(), field: "stage_due_at".into(), kind: Kind::Instant, folded: false, check: Check::Less(cx.at.into()) };
    Resolved::All(vec![equals("stage_type", "in_progress".into()), Resolved::Test(due)])
}
