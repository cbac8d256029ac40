//! What is reckoned of the records of a group.

use db::records::Figure;
use model::field::Kind;
use model::number::{SCALE, div_half_up, show_scaled};
use model::{Amount, Label, Object};
use serde_json::{Value as Json, json};

use crate::analysis::behind::coin;
use crate::charts::{Chart, MeasureKind};
use crate::{Ctx, Error, Result};

/// The records of a group, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub records: i64,
    pub sum: i128,
    pub least: Option<i64>,
    pub greatest: Option<i64>,
}

impl Tally {
    pub fn of(figure: &Figure) -> Tally {
        Tally { records: figure.count, sum: figure.sum, least: figure.least, greatest: figure.greatest }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Tally) -> Tally {
        let either = |a: Option<i64>, b: Option<i64>, of: fn(i64, i64) -> i64| match (a, b) {
            (Some(a), Some(b)) => Some(of(a, b)),
            (one, other) => one.or(other),
        };
        Tally {
            records: self.records + other.records,
            sum: self.sum + other.sum,
            least: either(self.least, other.least, i64::min),
            greatest: either(self.greatest, other.greatest, i64::max),
        }
    }
}

/// The measure of a chart.
pub(super) struct Measured {
    pub kind: MeasureKind,
    field: Option<(String, Kind)>,
}

impl Measured {
    pub fn of(chart: &Chart, object: &Object) -> Result<Measured> {
        let field = match &chart.measure.field {
            Some(key) => Some((key.clone(), object.field(key).ok_or(Error::NotFound)?.kind.kind())),
            None => None,
        };
        Ok(Measured { kind: chart.measure.kind, field })
    }

    pub fn field(&self) -> Option<(&str, Kind)> {
        self.field.as_ref().map(|(field, kind)| (field.as_str(), *kind))
    }

    /// What groups are put in order by; blank ones last.
    pub fn rank(&self, tally: &Tally) -> Option<i128> {
        match self.kind {
            MeasureKind::Count => Some(i128::from(tally.records)),
            MeasureKind::Sum => Some(tally.sum),
            MeasureKind::Average => (tally.records > 0).then(|| div_half_up(tally.sum, i128::from(tally.records))),
            MeasureKind::Min => tally.least.map(i128::from),
            MeasureKind::Max => tally.greatest.map(i128::from),
        }
    }

    /// A count as a number, an amount in the main currency or another number as text; none of nothing.
    pub fn show(&self, cx: &Ctx, tally: &Tally) -> Json {
        match (self.kind, self.rank(tally)) {
            (MeasureKind::Count, _) => tally.records.into(),
            (_, None) => Json::Null,
            (_, Some(value)) => self.text(cx, value).into(),
        }
    }

    /// What the records behind a figure come to, where it is a sum.
    pub fn amount(&self, cx: &Ctx, tally: &Tally) -> Option<String> {
        (self.kind == MeasureKind::Sum).then(|| self.text(cx, tally.sum))
    }

    fn text(&self, cx: &Ctx, value: i128) -> String {
        match self.field {
            Some((_, Kind::Money)) if self.kind == MeasureKind::Average => coin(cx, value),
            Some((_, Kind::Money)) => Amount::show_sum(value, cx.meta.rates.main()),
            _ => show_scaled(value, SCALE, 0),
        }
    }

    /// What is measured, for the axis.
    pub fn told(&self, object: &Object) -> Json {
        let field = self.field.as_ref().and_then(|(key, _)| object.field(key));
        let kind = match (&self.field, field) {
            (None, _) | (_, None) => "count",
            (Some((_, Kind::Money)), _) => "amount",
            (_, Some(field)) if matches!(field.kind, model::field::FieldType::Percent { .. }) => "percent",
            _ => "number",
        };
        let label = field.map_or_else(|| Label::new("Number of records", "记录数"), |field| field.label.clone());
        json!({"kind": self.kind, "field": self.field.as_ref().map(|(key, _)| key), "label": label, "type": kind})
    }
}
