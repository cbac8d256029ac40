//! A condition in words, so that nobody is blocked by a rule that he cannot read.

use serde_json::Value as Json;

use super::Language;
use super::fill::Filler;

/// How deep a condition is put into words; deeper ones end in an ellipsis.
const DEPTH: usize = 4;

/// The condition as a person would say it: `Amount at least 1000 and Sector is medical`.
pub(super) fn in_words(condition: &Json, filler: &Filler<'_>) -> String {
    words(condition, filler, 0)
}

fn words(condition: &Json, filler: &Filler<'_>, depth: usize) -> String {
    let chinese = filler.language == Language::Chinese;
    if depth > DEPTH {
        return "…".to_owned();
    }
    let joined = |list: &Json, word: &str| {
        let parts: Vec<String> = list.as_array().into_iter().flatten().map(|c| words(c, filler, depth + 1)).collect();
        let text = parts.join(word);
        if depth > 0 && parts.len() > 1 { format!("({text})") } else { text }
    };
    if let Some(all) = condition.get("all") {
        return joined(all, if chinese { " 且 " } else { " and " });
    }
    if let Some(any) = condition.get("any") {
        return joined(any, if chinese { " 或 " } else { " or " });
    }
    if let Some(not) = condition.get("not") {
        return format!("{} ({})", if chinese { "并非" } else { "not" }, words(not, filler, depth + 1));
    }
    if let Some(exists) = condition.get("exists") {
        return existing(exists, filler, depth);
    }
    let field = condition.get("field").and_then(Json::as_str).unwrap_or("");
    let operator = condition.get("op").and_then(Json::as_str).unwrap_or("");
    let value = condition.get("value").map(|value| shown(value, field, filler)).unwrap_or_default();
    format!("{} {} {value}", filler.field(field), said(operator, chinese)).trim_end().to_owned()
}

fn existing(exists: &Json, filler: &Filler<'_>, depth: usize) -> String {
    let chinese = filler.language == Language::Chinese;
    let object = exists.get("object").and_then(Json::as_str).unwrap_or("");
    let name = filler.meta.schema.object(object).map_or_else(|| object.to_owned(), |o| filler.label(&o.plural));
    let least = exists.get("at_least").and_then(Json::as_i64).unwrap_or(1);
    let inner = Filler { language: filler.language, meta: filler.meta, about: object };
    let filter = exists.get("where").map(|c| words(c, &inner, depth + 1)).filter(|text| !text.is_empty());
    match (filter, chinese) {
        (Some(filter), false) => format!("at least {least} of {name} with {filter}"),
        (None, false) => format!("at least {least} of {name}"),
        (Some(filter), true) => format!("至少 {least} 个{name}（{filter}）"),
        (None, true) => format!("至少 {least} 个{name}"),
    }
}

fn shown(value: &Json, field: &str, filler: &Filler<'_>) -> String {
    match value {
        Json::String(text) => option(text, field, filler).unwrap_or_else(|| text.clone()),
        Json::Array(items) => items.iter().map(|item| shown(item, field, filler)).collect::<Vec<_>>().join(", "),
        Json::Object(map) => match (map.get("amount").and_then(Json::as_str), map.get("currency").and_then(Json::as_str)) {
            (Some(amount), Some(currency)) => format!("{amount} {currency}"),
            _ => map.values().map(|item| shown(item, field, filler)).collect::<Vec<_>>().join(" "),
        },
        other => other.to_string(),
    }
}

/// The label of an option of the object in question.
fn option(key: &str, field: &str, filler: &Filler<'_>) -> Option<String> {
    let object = filler.meta.schema.object(filler.about)?;
    object.options(field).iter().find(|option| option.key == key).map(|option| filler.label(&option.label))
}

fn said(operator: &str, chinese: bool) -> &str {
    const WORDS: [(&str, &str, &str); 23] = [
        ("eq", "is", "为"),
        ("ne", "is not", "不为"),
        ("lt", "less than", "小于"),
        ("le", "at most", "至多"),
        ("gt", "more than", "大于"),
        ("ge", "at least", "至少"),
        ("between", "between", "介于"),
        ("in", "one of", "属于"),
        ("not_in", "none of", "不属于"),
        ("contains", "contains", "包含"),
        ("not_contains", "does not contain", "不包含"),
        ("starts_with", "starts with", "开头为"),
        ("ends_with", "ends with", "结尾为"),
        ("is_empty", "is empty", "为空"),
        ("is_not_empty", "is filled", "已填写"),
        ("within", "within", "在期间"),
        ("in_department", "in the department", "属于部门"),
        ("is_me", "is me", "是我"),
        ("my_department", "in my department", "在我的部门"),
        ("my_subordinates", "among my people", "是我的下属"),
        ("changed", "changes", "发生变更"),
        ("changed_from", "changes from", "原值为"),
        ("changed_to", "changes to", "新值为"),
    ];
    WORDS.iter().find(|(key, ..)| *key == operator).map_or(operator, |(_, en, zh)| if chinese { zh } else { en })
}
