//! What is kept added up for boards, so that they need not look at every deal.

use crate::Object;
use crate::objects::opportunity;

/// Fields by whose values deals are kept counted and summed, the currency of the amount besides. Conditions on these alone, and groups by
/// one of them, are answered from what is kept.
pub const BY: [&str; 6] = ["owner", "owner_department", "sales_process", "stage", "stage_type", "lifecycle_status"];

/// Amounts that are kept summed, in their own currency and in the main one.
pub const SUMMED: [&str; 2] = ["amount", "forecast_amount"];

/// True for the object whose sums are kept.
pub fn are_kept_of(object: &Object) -> bool {
    object.key == opportunity::KEY && BY.iter().chain(&SUMMED).all(|key| object.field(key).is_some())
}
