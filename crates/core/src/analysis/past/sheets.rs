//! Past days as files.

use db::Read;
use model::Label;
use model::objects::opportunity;
use serde_json::{Value as Json, json};

use super::as_of::{AsOfRequest, as_of};
use super::reading::Past;
use super::waterfall::{WaterfallRequest, waterfall};
use crate::analysis::export::{self, Column, Sheet, Told};
use crate::{Ctx, Result};

/// As [`as_of`]; with a `format` as a file.
pub fn as_of_told(cx: &Ctx, tx: &mut Read, past: &Past, request: &AsOfRequest) -> Result<Told> {
    let answer = as_of(cx, tx, past, request)?;
    let by = request.by.unwrap_or(model::analysis::By::Stage).field();
    let group = cx.object(opportunity::KEY)?.field(by).map_or_else(|| Label::new(by, by), |field| field.label.clone());
    export::told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| Sheet {
        name: "as-of",
        title: Label::new("Pipeline of a past day", "历史商机储备"),
        columns: vec![
            Column::text(Label::new("Day", "日期"), "/day"),
            Column::text(group, "/label"),
            Column::figure(Label::new("Deals", "商机数"), "/count"),
            Column::figure(Label::new("Amount", "金额"), "/amount"),
            Column::figure(Label::new("Weighted amount", "加权金额"), "/weighted"),
            Column::figure(Label::new("Average age (seconds)", "平均存续时间（秒）"), "/average_age_seconds"),
            Column::text(Label::new("Currency", "币种"), "/currency"),
        ],
        rows: rows(answer, "rows").map(|row| with(&export::named(row), answer)).collect(),
    })
}

/// As [`waterfall`]; with a `format` as a file.
pub fn waterfall_told(cx: &Ctx, tx: &mut Read, past: &Past, request: &WaterfallRequest) -> Result<Told> {
    let answer = waterfall(cx, tx, past, request)?;
    export::told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| {
        let parts = [&answer["opening"]].into_iter().chain(rows(answer, "parts")).chain([&answer["closing"]]);
        Sheet {
            name: "waterfall",
            title: Label::new("Pipeline between two days", "两日之间的商机变化"),
            columns: vec![
                Column::text(Label::new("Part", "组成"), "/label"),
                Column::figure(Label::new("Deals behind it", "相关商机数"), "/deals"),
                Column::figure(Label::new("Change in number", "数量变化"), "/count"),
                Column::figure(Label::new("Amount", "金额"), "/amount"),
                Column::figure(Label::new("Weighted amount", "加权金额"), "/weighted"),
                Column::text(Label::new("Currency", "币种"), "/currency"),
            ],
            rows: parts.map(|part| with(&labelled(part), answer)).collect(),
        }
    })
}

pub(crate) fn rows<'a>(answer: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    answer[key].as_array().map_or(&[][..], Vec::as_slice).iter()
}

fn with(row: &Json, answer: &Json) -> Json {
    let mut row = row.clone();
    row["day"] = answer["day"].clone();
    row["currency"] = answer["main_currency"].clone();
    row
}

fn labelled(part: &Json) -> Json {
    let mut part = part.clone();
    part["label"] = json!(match part["part"].as_str().unwrap_or_default() {
        "opening" => Label::new("At the beginning", "期初"),
        "new" => Label::new("New", "新增"),
        "reopened" => Label::new("Reopened", "重新打开"),
        "restored" => Label::new("Restored", "恢复"),
        "moved_in" => Label::new("Moved into the period", "移入期间"),
        "handed_in" => Label::new("Came to be asked for", "转入"),
        "grown" => Label::new("Grown", "金额增加"),
        "shrunk" => Label::new("Shrunk", "金额减少"),
        "revalued" => Label::new("Other exchange rate", "汇率变动"),
        "moved_out" => Label::new("Moved out of the period", "移出期间"),
        "handed_out" => Label::new("No longer asked for", "转出"),
        "won" => Label::new("Won", "赢单"),
        "lost" => Label::new("Lost", "输单"),
        "removed" => Label::new("Removed", "移除"),
        _ => Label::new("At the end", "期末"),
    });
    part
}
