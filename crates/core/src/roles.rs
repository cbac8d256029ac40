//! Roles, as data.

use serde_json::{Value as Json, json};

use crate::Ctx;

/// All roles; everybody may know what there is.
pub fn list(cx: &Ctx) -> Json {
    json!({ "items": cx.meta.roles })
}
