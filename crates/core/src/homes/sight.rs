//! Whether a reader can be shown what a card or an entry of the gallery shows.

use db::Read;
use model::objects::opportunity;
use serde_json::Value as Json;

use super::document::{Card, KINDS};
use crate::charts::{self, Chart};
use crate::{Ctx, Error, Result, veil, views};

/// The card as the caller may know it, and whether he can be shown it: of what he cannot be shown no settings are told, and of several figures
/// those alone that he can be shown.
pub(super) fn seen(cx: &Ctx, tx: &mut Read, mut card: Card) -> Result<(Card, bool)> {
    let there = is_there(cx, tx, &card)?;
    if !there {
        card.settings.clear();
    } else if card.kind == "figures" {
        let items = card.settings.get("items").and_then(Json::as_array).cloned().unwrap_or_default();
        let mut kept = Vec::new();
        for item in items {
            if chart(cx, tx, item.get("chart"))? {
                kept.push(item);
            }
        }
        card.settings.insert("items".into(), kept.into());
    }
    Ok((card, there))
}

/// True where the caller can be shown the card.
fn is_there(cx: &Ctx, tx: &mut Read, card: &Card) -> Result<bool> {
    let filter = card.settings.get("filter");
    match card.kind.as_str() {
        "chart" => chart(cx, tx, card.settings.get("chart")),
        "list" => list(cx, tx, card),
        // Each of its figures stands or falls by itself.
        "figures" => Ok(true),
        // What their conditions are over, their analysis says.
        "leaderboard" | "activity" => Ok(reads(cx, &card.kind)),
        kind if !KINDS.contains(&kind) || !reads(cx, kind) => Ok(false),
        _ => Ok(filter.is_none() || views::judge_filter(cx, tx, opportunity::KEY, filter)?.is_empty()),
    }
}

/// True where the caller may know what an analysis of this kind tells.
pub(super) fn reads(cx: &Ctx, kind: &str) -> bool {
    let deals = || cx.object(opportunity::KEY).is_ok();
    let hidden = |fields: &[&str]| fields.iter().any(|field| veil::hides(cx, opportunity::KEY, field));
    match kind {
        "stage_conversion" | "pipeline" | "ageing" => deals() && !hidden(&["stage", "sales_process"]),
        "forecast" | "projection" | "waterfall" | "win_loss" | "leaderboard" => deals() && !hidden(&["stage"]),
        "activity" => cx.object(model::objects::activity::KEY).is_ok(),
        _ => true,
    }
}

fn chart(cx: &Ctx, tx: &mut Read, chart: Option<&Json>) -> Result<bool> {
    match chart {
        Some(Json::String(id)) => match id.parse() {
            Ok(id) => found(charts::find(cx, tx, id)),
            Err(_) => Ok(false),
        },
        Some(document) => {
            let Ok(chart) = serde_json::from_value::<Chart>(document.clone()) else { return Ok(false) };
            let Ok(object) = cx.object(&chart.object).cloned() else { return Ok(false) };
            Ok(charts::judge(cx, tx, &object, &chart)?.is_empty())
        }
        None => Ok(false),
    }
}

fn list(cx: &Ctx, tx: &mut Read, card: &Card) -> Result<bool> {
    let object = card.settings.get("object").and_then(Json::as_str).and_then(|key| cx.object(key).ok().cloned());
    let Some(object) = object else { return Ok(false) };
    match card.settings.get("view").and_then(Json::as_str) {
        Some(view) => found(views::named(cx, tx, &object, view)),
        None => Ok(views::judge_filter(cx, tx, &object.key, card.settings.get("filter"))?.is_empty()),
    }
}

fn found<T>(looked_for: Result<T>) -> Result<bool> {
    match looked_for {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}
