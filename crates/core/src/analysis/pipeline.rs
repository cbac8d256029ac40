//! The pipeline: deals in progress as they stand now, by stage or by something else. A snapshot, unlike the stage conversion, which is history.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use db::Read;
use model::analysis::{By, Filter, Key, Pipeline, Standing};
use model::field::StageType;
use model::objects::opportunity;
use model::process::Process;
use model::{Id, Label, Object};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::asked::{self, ConversionRequest};
use super::behind::{self, Address, Asked, coin};
use super::conversion::{in_progress, types};
use super::export::{self, Column, Sheet, Told};
use super::labels::{Labels, from_address, in_address};
use super::memory::Memory;
use crate::{Ctx, Error, Result, veil};

/// The query of `GET /analysis/pipeline`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineRequest {
    /// By stage when absent.
    pub by: Option<By>,
    /// Deals of one process; of all when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// `csv` or `xlsx`: a file.
    pub format: Option<String>,
}

/// The query of `GET /analysis/pipeline/deals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineDealsRequest {
    pub by: Option<By>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// A row, nothing for the blank one; all deals in progress when absent.
    pub key: Option<String>,
    /// Those that are won instead.
    #[serde(default)]
    pub won: bool,
    pub worth: Option<Worth>,
    /// At most 200; 50 when absent.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// What deals behind a figure are added up by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    #[default]
    Amount,
    Weighted,
}

impl Worth {
    /// True where the caller may know it.
    pub(crate) fn is_told(self, cx: &Ctx, object: &Object) -> bool {
        let field = if self == Worth::Amount { "amount" } else { "forecast_amount" };
        !veil::hides(cx, &object.key, field)
    }

    pub(crate) fn of(self, (amount, weighted, id): (i64, i64, Id)) -> (i64, Id) {
        (if self == Worth::Amount { amount } else { weighted }, id)
    }
}

/// The pipeline, or the file that is asked for.
pub fn pipeline_told(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &PipelineRequest) -> Result<Told> {
    let answer = pipeline(cx, tx, memory, request)?;
    let field = cx.object(opportunity::KEY)?.field(request.by.unwrap_or(By::Stage).field()).map(|field| field.label.clone());
    export::told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| {
        let figure = |en, zh, place: &str| Column::figure(Label::new(en, zh), format!("/{place}"));
        let mut rows: Vec<Json> = answer["rows"].as_array().into_iter().flatten().map(export::named).collect();
        let mut total = answer["total"].clone();
        total["label"] = json!(Label::new("Total", "合计"));
        rows.push(total);
        Sheet {
            name: "pipeline",
            title: Label::new("Pipeline", "销售漏斗"),
            columns: vec![
                Column::text(field.unwrap_or_else(|| Label::new("Group", "分组")), "/label"),
                figure("Opportunities", "商机数", "count"),
                figure("Amount", "金额", "amount"),
                figure("Weighted amount", "加权金额", "weighted"),
                figure("Average age (seconds)", "平均存续时长（秒）", "average_age_seconds"),
            ],
            rows,
        }
    })
}

/// `GET /analysis/pipeline`.
pub fn pipeline(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &PipelineRequest) -> Result<Json> {
    let by = request.by.unwrap_or(By::Stage);
    let (object, process, types, filter) = about(cx, tx, request, by)?;
    let mut found = Pipeline::default();
    memory.ask_all(cx, tx, |all| {
        for (_, columns) in all.iter().filter(|(id, _)| process.is_none_or(|process| process.id == **id)) {
            let part = columns.pipeline(&types, cx.at, &filter, by);
            found.won += part.won;
            part.rows.into_iter().for_each(|(key, row)| *found.rows.entry(key).or_default() += row);
        }
    })?;
    let shown = Shown::of(cx, &object, request, by);
    let (total, won) = (found.total(), found.won);
    if by == By::Stage {
        let processes = cx.meta.processes.iter().filter(|one| process.map_or(one.active, |process| process.id == one.id));
        processes.flat_map(|process| in_progress(process, &types)).for_each(|stage| {
            found.rows.entry(Key::Option(stage)).or_default();
        });
    }
    let labels = Labels::of(cx, tx, &object, by, found.rows.keys())?;
    let mut rows: Vec<(Key, Standing)> = found.rows.into_iter().collect();
    let order: Vec<String> = process.map(|process| in_progress(process, &types)).unwrap_or_default();
    rows.sort_by_cached_key(|(key, row)| {
        let of_process = order.iter().position(|stage| *key == Key::Option(stage.clone())).unwrap_or(order.len());
        let worth = if shown.amount { row.amount } else { 0 };
        (*key == Key::Blank, of_process, labels.place(key), Reverse(worth), Reverse(row.count), labels.show(key).1.to_string(), key.clone())
    });
    let rows: Vec<Json> = rows
        .iter()
        .map(|(key, standing)| {
            let mut row = shown.figures(standing, &[("key", &in_address(key))]);
            (row["key"], row["label"], row["colour"]) = labels.show(key);
            row
        })
        .collect();
    let behind_won = shown.deals.to(&[("won", "true")]);
    Ok(json!({
        "by": by,
        "process": process.map(|process| json!({"id": process.id.to_string(), "name": process.name})),
        "rows": rows,
        "total": shown.figures(&total, &[]),
        "won": {
            "count": won.count,
            "amount": shown.amount.then(|| coin(cx, won.amount)),
            "behind": {"count": behind_won, "amount": behind_won},
        },
        "main_currency": cx.meta.rates.main().code(),
        "at": cx.at,
    }))
}

/// `GET /analysis/pipeline/deals`: the deals behind a figure of the pipeline.
pub fn pipeline_deals(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &PipelineDealsRequest) -> Result<Json> {
    let page = Asked::new(request.limit, request.cursor.as_deref())?;
    let by = request.by.unwrap_or(By::Stage);
    let of = PipelineRequest {
        by: request.by,
        process: request.process.clone(),
        view: request.view.clone(),
        filter: request.filter.clone(),
        q: request.q.clone(),
        entered: request.entered.clone(),
        format: None,
    };
    let (object, process, types, filter) = about(cx, tx, &of, by)?;
    let (worth, key) = (request.worth.unwrap_or_default(), request.key.as_deref().map(|key| from_address(by, key)));
    let found = memory.ask_all(cx, tx, |all| {
        let of_process = all.iter().filter(|(id, _)| process.is_none_or(|process| process.id == **id));
        let found = of_process.flat_map(|(_, columns)| match request.won {
            true => columns.won_now(&types, &filter),
            false => columns.in_pipeline(&types, &filter, key.as_ref().map(|key| (by, key))),
        });
        found.map(|deal| worth.of(deal)).collect::<Vec<_>>()
    })?;
    behind::page(cx, tx, &object, found, worth.is_told(cx, &object), page)
}

type About<'a> = (Object, Option<&'a Process>, HashMap<String, StageType>, Filter);

/// What is asked of whom, for those alone who may know it.
fn about<'a>(cx: &'a Ctx, tx: &mut Read, request: &PipelineRequest, by: By) -> Result<About<'a>> {
    let object = cx.object(opportunity::KEY)?.clone();
    if veil::hides(cx, &object.key, "stage") || (request.process.is_some() && veil::hides(cx, &object.key, "sales_process")) {
        return Err(Error::NotFound);
    }
    if veil::hides(cx, &object.key, by.field()) {
        return Err(Error::invalid("field.unknown", "by"));
    }
    let process = request.process.as_deref().map(|id| cx.meta.process(id).ok_or(Error::NotFound)).transpose()?;
    let of = ConversionRequest {
        process: None,
        view: request.view.clone(),
        filter: request.filter.clone(),
        q: request.q.clone(),
        entered: request.entered.clone(),
        format: None,
    };
    let filter = asked::filter(cx, tx, &object, &of)?;
    let types = types(&object);
    Ok((object, process, types, filter))
}

/// What the caller may know of, and where the deals behind it are.
struct Shown<'a> {
    cx: &'a Ctx,
    deals: Address,
    hidden: BTreeSet<&'static str>,
    amount: bool,
}

impl Shown<'_> {
    fn of<'a>(cx: &'a Ctx, object: &Object, request: &PipelineRequest, by: By) -> Shown<'a> {
        let hidden = ["amount", "forecast_amount", "created_at"].into_iter().filter(|field| veil::hides(cx, &object.key, field));
        let hidden: BTreeSet<&str> = hidden.collect();
        let deals = Address::new("/analysis/pipeline/deals")
            .with("by", Some(by.field()))
            .with("process", request.process.as_deref())
            .with("view", request.view.as_deref())
            .with("filter", request.filter.as_deref())
            .with("q", request.q.as_deref())
            .with("entered", request.entered.as_deref());
        Shown { cx, deals, amount: !hidden.contains("amount"), hidden }
    }

    fn figures(&self, of: &Standing, key: &[(&str, &str)]) -> Json {
        let told = |field: &str| !self.hidden.contains(field);
        let weighted: Vec<(&str, &str)> = key.iter().copied().chain([("worth", "weighted")]).collect();
        let (all, weighted) = (self.deals.to(key), self.deals.to(&weighted));
        json!({
            "count": of.count,
            "amount": told("amount").then(|| coin(self.cx, of.amount)),
            "weighted": told("forecast_amount").then(|| coin(self.cx, of.weighted)),
            "average_age_seconds": told("created_at").then(|| of.average_age_seconds()).flatten(),
            "behind": {"count": all, "amount": all, "weighted": weighted, "average_age_seconds": all},
        })
    }
}
