//! Charts that the demo company has drawn and shares.

use db::Write;
use serde_json::json;

use super::market::Market;
use super::{DAY, Story};
use crate::charts;
use crate::{Error, Result};

/// What everybody may put on his Home.
pub fn fill(story: &Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    let open = json!({"field": "stage_type", "op": "eq", "value": "in_progress"});
    let won = json!({"field": "stage_type", "op": "eq", "value": "won"});
    let amount = json!({"kind": "sum", "field": "amount"});
    let by = |field: &str, by: &str| json!({"field": field, "by": by});
    let drawn = [
        json!({
            "name": "Open amount by expected month and stage", "description": "What is to come when, and how far it is.",
            "chart": {"object": "opportunity", "chart_type": "column", "measure": amount, "group": by("expected_close_date", "month"),
                "series": {"field": "stage"}, "filter": open},
        }),
        json!({
            "name": "Won amount by month", "description": "Of all teams, by the month of closing.",
            "chart": {"object": "opportunity", "chart_type": "line", "measure": amount, "group": by("closed_at", "month"), "filter": won},
        }),
        json!({
            "name": "Leads by source and status", "description": "Where they come from, and what has become of them.",
            "chart": {"object": "lead", "chart_type": "bar", "measure": {"kind": "count"}, "group": {"field": "lead_source"},
                "series": {"field": "lead_status"}},
        }),
    ];
    let ada = story.at(market.people["ada"], story.now().plus_seconds(-30 * DAY));
    for mut chart in drawn {
        chart["sharing"] = json!({"scope": "everybody"});
        let wanted = serde_json::from_value(chart).map_err(|error| Error::Internal(error.to_string()))?;
        charts::save(&ada, tx, None, None, &wanted)?;
    }
    Ok(())
}
