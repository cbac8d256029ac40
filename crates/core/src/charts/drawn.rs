//! What a chart draws: records of an object, counted or measured, by one or two of their fields.

use model::field::Kind;
use model::role::FieldAccess;
use model::{Field, Object, Violation, Violations};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::Ctx;

/// Groups that one may ask for; more are one behind them.
pub const MOST_GROUPS: u32 = 200;

/// How it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartType {
    Column,
    Bar,
    Line,
    Pie,
    Funnel,
    /// One figure alone.
    Number,
    Table,
}

/// What is reckoned of the records of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    Count,
    Sum,
    Average,
    Min,
    Max,
}

/// The figure of each group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    pub kind: MeasureKind,
    /// An amount, a number or a percent; none where records are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// How long the stretches of time are, in the organisation's days and fiscal years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    Day,
    Week,
    #[default]
    Month,
    Quarter,
    Year,
}

/// By what records are told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    pub field: String,
    /// Of days and instants; months when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Stretch>,
}

/// The order of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The greatest first.
    Value,
    Label,
    /// That of options and of time.
    Order,
}

/// What a chart draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    pub object: String,
    pub chart_type: ChartType,
    pub measure: Measure,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<By>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<By>,
    /// A condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Json>,
    /// By options and time in their order, else by value, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Order>,
    /// The greatest of so many groups; what remains is one behind them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

impl Chart {
    /// All that stands against it, for this caller, but its filter. A field that he may not know of is unknown.
    pub fn judge(&self, cx: &Ctx, object: &Object) -> Violations {
        let mut found = Violations::new();
        match (self.measure.kind, &self.measure.field) {
            (MeasureKind::Count, None) => {}
            (MeasureKind::Count, Some(_)) => {
                found.push(Violation::new("field.invalid", "measure/field").with("expected", "no field where records are counted"));
            }
            (_, None) => found.push(Violation::new("field.required", "measure/field")),
            (_, Some(key)) => match known(cx, object, key) {
                None => found.push(Violation::new("field.unknown", "measure/field")),
                Some(field) if is_measured(field) => {}
                Some(_) => {
                    found.push(Violation::new("field.invalid", "measure/field").with("expected", "an amount, a number or a percent"));
                }
            },
        }
        match (&self.group, self.chart_type) {
            (None, ChartType::Number) => {}
            (None, _) => found.push(Violation::new("field.required", "group")),
            (Some(_), ChartType::Number) => {
                found.push(Violation::new("field.invalid", "group").with("expected", "none for a single figure"))
            }
            (Some(group), _) => judge_by(cx, object, group, "group", &mut found),
        }
        if let Some(series) = &self.series {
            match self.chart_type {
                ChartType::Column | ChartType::Bar | ChartType::Line | ChartType::Table => {
                    judge_by(cx, object, series, "series", &mut found)
                }
                _ => found.push(Violation::new("field.invalid", "series").with("expected", "none for this type of chart")),
            }
            if self.group.as_ref().is_some_and(|group| group.field == series.field) {
                found.push(Violation::new("field.invalid", "series").with("expected", "another field than that of the groups"));
            }
        }
        if self.most.is_some_and(|most| !(1..=MOST_GROUPS).contains(&most)) {
            found.push(Violation::new("field.out_of_range", "most").with("min", 1).with("max", MOST_GROUPS));
        }
        found
    }

    /// Every field of its own object that it names, with where: `measure`, `group` or `series`.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let measured = self.measure.field.as_deref().map(|field| ("measure", field));
        measured
            .into_iter()
            .chain(self.group.as_ref().map(|group| ("group", group.field.as_str())))
            .chain(self.series.as_ref().map(|series| ("series", series.field.as_str())))
    }
}

/// The field of a key, where the caller may know of it.
pub(crate) fn known<'a>(cx: &Ctx, object: &'a Object, key: &str) -> Option<&'a Field> {
    object.field(key).filter(|field| cx.who.system.is_some() || cx.who.rights.field(&object.key, field) > FieldAccess::Hidden)
}

/// True for fields whose values are summed and compared.
fn is_measured(field: &Field) -> bool {
    field.is_stored() && matches!(field.kind.kind(), Kind::Money | Kind::Number)
}

fn judge_by(cx: &Ctx, object: &Object, by: &By, place: &str, found: &mut Violations) {
    let Some(field) = known(cx, object, &by.field) else {
        return found.push(Violation::new("field.unknown", format!("{place}/field")));
    };
    match field.kind.kind() {
        _ if !field.is_stored() => found.push(Violation::new("field.not_groupable", format!("{place}/field"))),
        Kind::Date | Kind::Instant => {}
        Kind::Text | Kind::Key | Kind::Number | Kind::Bool | Kind::Ref => {
            if by.by.is_some() {
                found.push(Violation::new("field.invalid", format!("{place}/by")).with("expected", "none but for days and instants"));
            }
        }
        _ => found.push(Violation::new("field.not_groupable", format!("{place}/field"))),
    }
}
