//! Urging: whoever keeps an approval waiting is told again, once an hour at most.

use db::Write;
use model::{Id, Instant, Object, Violation};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::json;

use super::store::Approval;
use crate::notices::{self, Kind, Notice};
use crate::{Ctx, Result};

/// Seconds between two times that one is urged.
const PAUSE: i64 = 3600;

/// Tells those whose turn it is and who have not been urged within the hour. Errors: that is nobody.
pub(super) fn urge(cx: &Ctx, tx: &mut Write, approval: &Approval, object: &Object) -> Result<()> {
    let select = Query::select()
        .columns(["n", "person", "urged_at"])
        .from("approval_task")
        .and_where(Expr::col("approval").eq(approval.id.0))
        .and_where(Expr::col("state").eq("open"))
        .to_owned();
    let mut told: Vec<(i64, Id)> = Vec::new();
    for row in tx.all(&select)? {
        let urged: Option<Instant> = row.get::<Option<i64>>("urged_at")?.map(Instant);
        if urged.is_none_or(|urged| urged.plus_seconds(PAUSE) <= cx.at) {
            told.push((row.get("n")?, row.get("person")?));
        }
    }
    if told.is_empty() {
        return Err(Violation::new("approval.urged_already", "").with("minutes", PAUSE / 60).into());
    }
    for (n, _) in &told {
        tx.execute(
            Query::update()
                .table("approval_task")
                .value("urged_at", cx.at.0)
                .and_where(Expr::col("approval").eq(approval.id.0))
                .and_where(Expr::col("n").eq(*n))
                .to_owned(),
        )?;
    }
    let params = json!({"approval": approval.id.to_string()});
    let notice =
        |(_, person): &(i64, Id)| Notice::new(*person, Kind::ApprovalUrged).about(&object.key, approval.record).with(params.clone());
    notices::tell_all(cx, tx, told.iter().map(notice).collect())
}
