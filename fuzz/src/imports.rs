//! Files that are imported.

#[path = "../../crates/core/src/imports/decode.rs"]
pub mod decode;
#[path = "../../crates/core/src/imports/profile.rs"]
pub mod profile;
#[path = "../../crates/core/src/imports/sheets.rs"]
pub mod sheets;
#[path = "../../crates/core/src/imports/spelling.rs"]
pub mod spelling;
#[path = "../../crates/core/src/imports/table.rs"]
pub mod table;
