//! Projections as files.

use db::Read;
use model::Label;
use model::objects::opportunity;
use serde_json::json;

use super::answers::{BackTestRequest, ProjectionRequest, projection, projection_back_test};
use super::courses::Courses;
use crate::analysis::export::{self, Column, Sheet, Told};
use crate::analysis::past::rows;
use crate::{Ctx, Result};

fn figure(en: &str, zh: &str, place: &str) -> Column {
    Column::figure(Label::new(en, zh), place)
}

fn text(en: &str, zh: &str, place: &str) -> Column {
    Column::text(Label::new(en, zh), place)
}

/// As [`projection`]; with a `format` as a file.
pub fn projection_told(cx: &Ctx, tx: &mut Read, courses: &Courses, request: &ProjectionRequest) -> Result<Told> {
    let answer = projection(cx, tx, courses, request)?;
    export::told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| {
        let mut row = answer.clone();
        row["reliable"] = json!(if answer["reliable"] == true { Label::new("yes", "是") } else { Label::new("no", "否") });
        Sheet {
            name: "projection",
            title: Label::new("Projection", "结果推算"),
            columns: vec![
                text("Period", "期间", "/period"),
                figure("Won so far", "已赢单", "/closed/amount"),
                figure("Open deals", "进行中商机数", "/open/count"),
                figure("Amount of open deals", "进行中商机金额", "/open/amount"),
                figure("Expected", "预期", "/expected"),
                figure("Of it from deals not there yet", "其中来自尚未出现的商机", "/coming"),
                figure("10 %", "10 %", "/p10"),
                figure("50 %", "50 %", "/p50"),
                figure("90 %", "90 %", "/p90"),
                text("Reliable", "是否可靠", "/reliable"),
                text("Currency", "币种", "/main_currency"),
            ],
            rows: vec![row],
        }
    })
}

/// As [`projection_back_test`]; with a `format` as a file.
pub fn projection_back_test_told(cx: &Ctx, tx: &mut Read, courses: &Courses, request: &BackTestRequest) -> Result<Told> {
    let answer = projection_back_test(cx, tx, courses, request)?;
    export::told(cx, request.format.as_deref(), opportunity::KEY, answer, |answer| Sheet {
        name: "projection-tested",
        title: Label::new("Projections tested", "推算回测"),
        columns: vec![
            text("Period", "期间", "/period"),
            figure("Came to", "实际", "/actual"),
            figure("Expected", "预期", "/expected"),
            figure("10 %", "10 %", "/p10"),
            figure("50 %", "50 %", "/p50"),
            figure("90 %", "90 %", "/p90"),
            figure("Error in percent", "误差（%）", "/error"),
            figure("Stage win rates", "阶段赢率法", "/naive/stage_rates/expected"),
            figure("Same period last year", "去年同期法", "/naive/last_year/expected"),
            figure("The period before", "上一期法", "/naive/period_before/expected"),
        ],
        rows: rows(answer, "rows").cloned().collect(),
    })
}
