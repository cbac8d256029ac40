//! Files of configuration.

use serde_json::Value as Json;

#[path = "../../crates/core/src/config_files/text.rs"]
mod text;

pub fn read(content: &str) -> Result<Json, String> {
    text::read(content)
}

pub fn write(document: &Json) -> crate::Result<String> {
    text::write(document)
}
