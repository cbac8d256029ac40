//! Lines of a quote or a deal that go over into an order.

use std::collections::BTreeMap;

use db::Write;
use model::objects::lines::{CURRENCY, KEYS};
use model::objects::sales_order_line;
use model::{Currency, Object, Patch, Record, Value, Violation};
use serde_json::{Value as Json, json};

use crate::quotes::copying;
use crate::save::Under;
use crate::{Ctx, Result, veil};

/// Lines of an order at most.
const MOST: usize = 2000;

/// What has gone over.
#[derive(Default)]
pub(crate) struct Copied {
    pub lines: usize,
    /// Amounts that were in another currency: per currency how many lines, and at which rates.
    pub converted: BTreeMap<Currency, usize>,
}

impl Copied {
    /// As the API tells it.
    pub fn told(&self) -> Json {
        let converted: Vec<Json> =
            self.converted.iter().map(|(currency, lines)| json!({"currency": currency.code(), "lines": lines})).collect();
        json!({"lines": self.lines, "converted": converted})
    }
}

/// Copies the lines of `from` (a quote or a deal) into a draft order, as the product on behalf of the caller: what he may not know of there and
/// may here stays behind. Prices in another currency are converted at today's rates.
pub(crate) fn copy_lines(cx: &Ctx, tx: &mut Write, from: &Record, order: &Record, under: Option<Under>) -> Result<Copied> {
    let mut copied = Copied::default();
    let of = KEYS.iter().find(|(_, master)| *master == from.object).and_then(|(key, _)| cx.meta.schema.object(key));
    let (Some(lines), Some(to)) = (of, cx.meta.schema.object(sales_order_line::KEY)) else { return Ok(copied) };
    let found = copying::lines_of(cx, tx, lines, &cx.scope(), from.id)?;
    if found.len() > MOST {
        return Err(Violation::new("order.too_many_lines", "lines").with("max", MOST).into());
    }
    let currency: Option<Currency> = order.text(CURRENCY).parse().ok();
    let mut patches = Vec::with_capacity(found.len());
    for line in &found {
        let mut patch = known(cx, lines, to, copying::patch_of(line, lines, to));
        if let Some(currency) = currency {
            convert(cx, &mut patch, currency, &mut copied)?;
        }
        patches.push(patch);
    }
    copied.lines = patches.len();
    copying::save_lines(&cx.as_system("lines go over into an order"), tx, to, order.id, patches, under)?;
    Ok(copied)
}

/// What the caller may read in the new line he must know of in the old one, or he would learn of it.
fn known(cx: &Ctx, from: &Object, to: &Object, mut patch: Patch) -> Patch {
    let hidden = |object: &Object, field: &str| veil::hides(cx, &object.key, field);
    patch.retain(|field, _| !hidden(from, field) || hidden(to, field));
    patch
}

fn convert(cx: &Ctx, patch: &mut Patch, to: Currency, copied: &mut Copied) -> Result<()> {
    let mut other = None;
    for (field, value) in patch.iter_mut() {
        let Some(money) = value.as_money().filter(|money| money.currency != to) else { continue };
        other = Some(money.currency);
        let there = cx.meta.rates.between(money, to, cx.today());
        *value = Value::Money(there.ok_or_else(|| Violation::new("money.no_rate", field).with("currency", money.currency.code()))?);
    }
    if let Some(currency) = other {
        *copied.converted.entry(currency).or_default() += 1;
    }
    Ok(())
}
