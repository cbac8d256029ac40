//! Who decides in a deal, and accounts that belong together.

use std::collections::BTreeMap;

use utoipa::{IntoParams, ToSchema};

use super::Ref;

#[derive(ToSchema)]
pub struct DecisionPerson {
    /// Of the contact role.
    pub id: String,
    pub version: i64,
    pub contact: Option<String>,
    pub name: Option<String>,
    pub title: Option<String>,
    pub role: Option<String>,
    pub attitude: Option<String>,
    pub influence: Option<String>,
    pub note: Option<String>,
    /// Another role of the deal.
    pub reports_to: Option<String>,
}

#[derive(ToSchema)]
pub struct DecisionGap {
    #[schema(example = "no_decision_maker")]
    pub code: String,
    /// The roles that it concerns.
    pub people: Vec<String>,
}

#[derive(ToSchema)]
pub struct DecisionMap {
    pub people: Vec<DecisionPerson>,
    pub gaps: Vec<DecisionGap>,
    pub more: bool,
    /// What one may do with its roles: `create`, `edit`, `void`.
    pub can: Vec<String>,
    pub refs: BTreeMap<String, Ref>,
}

/// What to show of a hierarchy.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub struct HierarchyQuery {
    /// Accounts shown, 1 to 500 (200).
    pub limit: Option<u32>,
    /// Only the account with those below it.
    pub below: Option<bool>,
}

#[derive(ToSchema)]
pub struct CurrencyAmount {
    #[schema(example = "EUR")]
    pub currency: String,
    pub amount: String,
}

/// An amount in each currency, and each converted for itself and added in the main one.
#[derive(ToSchema)]
pub struct FigureAmount {
    pub main_amount: String,
    pub by_currency: Vec<CurrencyAmount>,
}

/// What is hidden from the reader is null.
#[derive(ToSchema)]
pub struct AccountFigures {
    pub open_deals: Option<i64>,
    pub open_amount: Option<FigureAmount>,
    pub won_amount: Option<FigureAmount>,
    pub ordered_amount: Option<FigureAmount>,
}

#[derive(ToSchema)]
pub struct HierarchyNode {
    pub id: String,
    pub parent: Option<String>,
    pub name: Option<String>,
    pub status: Option<String>,
    pub owner: Option<String>,
    pub own: AccountFigures,
    pub total: AccountFigures,
    /// How many right below it are not shown.
    pub more: u64,
}

#[derive(ToSchema)]
pub struct Hierarchy {
    pub root: String,
    pub nodes: Vec<HierarchyNode>,
    /// How many there are, shown or not.
    pub accounts: u64,
    pub more: bool,
    /// False where the tree is larger than what is added up.
    pub complete: bool,
    pub refs: BTreeMap<String, Ref>,
    pub main_currency: String,
}
