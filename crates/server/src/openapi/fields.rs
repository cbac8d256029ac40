//! The fields of an object as a JSON schema.

use model::field::{FieldType, MOST_RECORDS, ResultType};
use model::{Field, Object};
use serde_json::{Map, Value as Json, json};

/// The schema of an object's fields.
pub(super) fn of(object: &Object) -> Json {
    let properties: Map<String, Json> = object.fields.iter().map(|field| (field.key.clone(), property(field))).collect();
    json!({
        "type": "object",
        "title": object.label.in_language("en"),
        "description": format!("Fields of the object `{}`. On the way in give those that you mean; `null` empties one.", object.key),
        "properties": properties,
    })
}

fn property(field: &Field) -> Json {
    let mut schema = kind(&field.kind);
    let mut says = field.label.in_language("en").to_owned();
    if let Some(help) = &field.help {
        says = format!("{says}. {}", help.in_language("en"));
    }
    if field.required {
        says.push_str(" (required)");
    }
    schema["description"] = says.into();
    if field.read_only || field.is_reckoned() || matches!(field.kind, FieldType::AutoNumber { .. }) {
        schema["readOnly"] = true.into();
    }
    schema
}

fn kind(kind: &FieldType) -> Json {
    let text = |format: &str| json!({"type": ["string", "null"], "format": format});
    match kind {
        FieldType::Text { max_length, .. } => json!({"type": ["string", "null"], "maxLength": max_length}),
        FieldType::LongText | FieldType::AutoNumber { .. } | FieldType::Phone => json!({"type": ["string", "null"]}),
        FieldType::Email => text("email"),
        FieldType::Url => text("uri"),
        FieldType::Number { .. } | FieldType::Percent { .. } => text("decimal"),
        FieldType::Currency => json!({"anyOf": [{"$ref": "#/components/schemas/Money"}, {"type": "null"}]}),
        FieldType::Boolean => json!({"type": ["boolean", "null"]}),
        FieldType::Date => text("date"),
        FieldType::Datetime => text("date-time"),
        FieldType::Select { options } => {
            let keys: Vec<Json> = options.iter().map(|option| option.key.as_str().into()).chain([Json::Null]).collect();
            json!({"type": ["string", "null"], "enum": keys})
        }
        FieldType::MultiSelect { options } => {
            let keys: Vec<&str> = options.iter().map(|option| option.key.as_str()).collect();
            json!({"type": ["array", "null"], "items": {"type": "string", "enum": keys}})
        }
        FieldType::Reference { object } | FieldType::Master { object } => json!({"type": ["string", "null"], "x-object": object}),
        FieldType::References { object } => {
            json!({"type": ["array", "null"], "items": {"type": "string"}, "maxItems": MOST_RECORDS, "x-object": object})
        }
        FieldType::Employee => json!({"type": ["string", "null"], "x-object": "employee"}),
        FieldType::Department => json!({"type": ["string", "null"], "x-object": "department"}),
        FieldType::Process => json!({"type": ["string", "null"], "x-object": "sales_process"}),
        FieldType::Attachment => json!({"type": ["array", "null"], "items": {"type": "string"}, "x-object": "file"}),
        FieldType::Calculated { result, .. } | FieldType::Statistical { result, .. } => match result {
            ResultType::Text => json!({"type": ["string", "null"]}),
            ResultType::Number { .. } | ResultType::Percent { .. } => text("decimal"),
            ResultType::Currency => json!({"anyOf": [{"$ref": "#/components/schemas/Money"}, {"type": "null"}]}),
            ResultType::Boolean => json!({"type": ["boolean", "null"]}),
            ResultType::Date => text("date"),
            ResultType::Datetime => text("date-time"),
        },
        FieldType::Regarding => json!({"anyOf": [{"$ref": "#/components/schemas/Regarding"}, {"type": "null"}]}),
    }
}
