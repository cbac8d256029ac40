//! The forecast as a file: a line for each row, the figures of each period beside each other.

use db::Read;
use model::Label;
use model::objects::opportunity;
use serde_json::{Value as Json, json};

use super::show::{ForecastRequest, forecast};
use crate::analysis::Memory;
use crate::analysis::export::{Column, Sheet, Told, told};
use crate::{Ctx, Result};

/// What a cell tells: English, Chinese, where.
const FIGURES: [(&str, &str, &str); 12] = [
    ("Closed", "已成交", "closed/amount"),
    ("Commit", "承诺", "commit/amount"),
    ("Best case", "乐观预测", "best_case/amount"),
    ("Pipeline", "商机储备", "pipeline/amount"),
    ("Weighted", "加权金额", "open/weighted"),
    ("Submitted commit", "提交的承诺", "submitted/commit"),
    ("Submitted best case", "提交的乐观预测", "submitted/best_case"),
    ("Adjusted commit", "调整后承诺", "adjusted/commit"),
    ("Adjusted best case", "调整后乐观预测", "adjusted/best_case"),
    ("Target", "目标", "target"),
    ("Actual", "实际", "actual"),
    ("Attainment (%)", "完成率（%）", "attainment"),
];

/// The forecast, or the file that is asked for.
pub fn forecast_told(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &ForecastRequest) -> Result<Told> {
    let answer = forecast(cx, tx, memory, request)?;
    told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| {
        let mut columns = vec![Column::text(Label::new("Name", "名称"), "/name")];
        for (at, period) in answer["periods"].as_array().into_iter().flatten().enumerate() {
            let period = period["period"].as_str().unwrap_or_default();
            let figures = FIGURES.iter().map(|(en, zh, place)| {
                Column::figure(Label::new(&format!("{period} {en}"), &format!("{period} {zh}")), format!("/cells/{at}/{place}"))
            });
            columns.extend(figures);
        }
        let rows = answer["rows"].as_array().into_iter().flatten().chain([&answer["total"]]).map(named).collect();
        Sheet { name: "forecast", title: Label::new("Forecast", "销售预测"), columns, rows }
    })
}

fn named(row: &Json) -> Json {
    let mut row = row.clone();
    match row["kind"].as_str() {
        Some("total") => row["name"] = json!(Label::new("Total", "合计")),
        Some("elsewhere") => row["name"] = json!(Label::new("(people of other departments)", "（其他部门人员）")),
        Some("nobody") => row["name"] = json!(Label::new("(without an owner)", "（无负责人）")),
        _ => {}
    }
    row
}
