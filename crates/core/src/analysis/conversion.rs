//! The stage conversion of a process, as the chart shows it.

use std::collections::HashMap;

use db::Read;
use model::analysis::{Conversion, Frame, StageFigures};
use model::field::StageType;
use model::number::div_half_up;
use model::objects::opportunity;
use model::process::Process;
use model::{Label, Number, Object};
use serde_json::{Value as Json, json};

use super::asked::{self, ConversionRequest};
use super::behind::{Address, coin};
use super::export::{self, Column, Sheet, Told};
use super::memory::Memory;
use crate::{Ctx, Error, Result, veil};

/// The stage conversion, or the file that is asked for.
pub fn conversion_told(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &ConversionRequest) -> Result<Told> {
    let answer = conversion(cx, tx, memory, request)?;
    export::told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| {
        let figure = |en, zh, place: &str| Column::figure(Label::new(en, zh), format!("/{place}"));
        Sheet {
            name: "stage-conversion",
            title: Label::new("Stage conversion", "阶段转化分析"),
            columns: vec![
                Column::text(Label::new("Stage", "阶段"), "/label"),
                figure("Total opportunities", "商机总数", "total"),
                figure("Total amount", "商机总金额", "amount"),
                figure("Average time in stage (seconds)", "平均停留时长（秒）", "average_seconds"),
                figure("Transitioned", "已转化", "transitioned"),
                figure("Retained", "停留", "retained"),
                figure("Lost", "流失", "lost"),
                figure("Loss rate (%)", "流失率（%）", "loss_rate"),
                figure("Overall conversion rate (%)", "整体转化率（%）", "conversion"),
            ],
            rows: answer["stages"].as_array().cloned().unwrap_or_default(),
        }
    })
}

/// `GET /analysis/stage-conversion`: how many deals came to each stage of a process, what became of them, and how long it took.
pub fn conversion(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &ConversionRequest) -> Result<Json> {
    let object = cx.object(opportunity::KEY)?.clone();
    let process = chosen(cx, &object, request.process.as_deref())?;
    let filter = asked::filter(cx, tx, &object, request)?;
    let types = types(&object);
    let stages = in_progress(process, &types);
    let frame = Frame { process: process.id, stages: &stages, types: &types, now: cx.at };
    let found = memory.ask(cx, tx, process.id, |columns| columns.conversion(&frame, &filter))?;
    let shown = Shown::of(cx, &object, request.address(process.id));
    let stages: Vec<Json> = found.stages.iter().map(|stage| shown.stage(&object, &found, stage)).collect();
    let behind = |of: &str| shown.deals.to(&[("of", of)]);
    Ok(json!({
        "process": {"id": process.id.to_string(), "name": process.name},
        "stages": stages,
        "deals": found.deals,
        "won": found.won,
        "sales_cycle_seconds": shown.cycle.then(|| found.sales_cycle()).flatten(),
        "average_deal_size": shown.size.then(|| found.average_deal_size()).flatten().map(|size| coin(cx, i128::from(size))),
        "main_currency": cx.meta.rates.main().code(),
        "at": cx.at,
        "behind": {"deals": behind("deals"), "won": behind("won"), "cycle": behind("won"), "size": behind("sized")},
    }))
}

/// The process asked for, the first active one where none is; for those alone who may know the stages.
pub(super) fn chosen<'a>(cx: &'a Ctx, object: &Object, asked: Option<&str>) -> Result<&'a Process> {
    if veil::hides(cx, &object.key, "stage") || veil::hides(cx, &object.key, "sales_process") {
        return Err(Error::NotFound);
    }
    match asked {
        Some(id) => cx.meta.process(id).ok_or(Error::NotFound),
        None => cx.meta.processes.iter().find(|process| process.active).ok_or(Error::NotFound),
    }
}

/// The stages of the version in force that are in progress, in order.
pub(super) fn in_progress(process: &Process, types: &HashMap<String, StageType>) -> Vec<String> {
    let open = |stage: &&String| types.get(*stage).is_none_or(|kind| *kind == StageType::InProgress);
    process.stages.iter().map(|rules| &rules.stage).filter(open).cloned().collect()
}

/// What kind of stage each option is.
pub(crate) fn types(object: &Object) -> HashMap<String, StageType> {
    let options = object.options("stage").iter();
    options.filter_map(|option| Some((option.key.clone(), option.stage_type?))).collect()
}

/// What the caller may know of, and where the deals behind it are.
struct Shown<'a> {
    cx: &'a Ctx,
    deals: Address,
    amount: bool,
    cycle: bool,
    size: bool,
}

impl Shown<'_> {
    fn of<'a>(cx: &'a Ctx, object: &Object, deals: Address) -> Shown<'a> {
        let seen = |fields: &[&str]| fields.iter().all(|field| !veil::hides(cx, &object.key, field));
        Shown { cx, deals, amount: seen(&["analysis_amount"]), cycle: seen(&["created_at", "closed_at"]), size: seen(&["amount"]) }
    }

    fn stage(&self, object: &Object, of: &Conversion, stage: &StageFigures) -> Json {
        let option = object.options("stage").iter().find(|option| option.key == stage.stage);
        // Two digits after the point.
        let percent = |millionths: Option<i64>| {
            millionths.and_then(|n| i64::try_from(div_half_up(i128::from(n), 10_000) * 10_000).ok()).map(|n| Number(n).to_string())
        };
        let behind = |part: &str| self.deals.to(&[("stage", &stage.stage), ("part", part)]);
        json!({
            "stage": stage.stage,
            "label": option.map(|option| &option.label),
            "colour": option.and_then(|option| option.colour.as_ref()),
            "former": stage.former,
            "total": stage.total,
            "amount": self.amount.then(|| coin(self.cx, stage.amount)),
            "average_seconds": stage.average_seconds(),
            "transitioned": stage.transitioned(),
            "retained": stage.retained,
            "lost": stage.lost,
            "loss_rate": percent(stage.loss_rate()),
            "conversion": percent(of.overall_conversion(stage)),
            "behind": {
                "total": behind("total"),
                "amount": behind("total"),
                "average": behind("total"),
                "transitioned": behind("transitioned"),
                "retained": behind("retained"),
                "lost": behind("lost"),
                "loss_rate": behind("lost"),
                "conversion": behind("total"),
            },
        })
    }
}
