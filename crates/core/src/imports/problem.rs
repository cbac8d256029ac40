//! What could not be placed, and how it is told.

use model::{Id, Violation};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::saving::Outcome;

/// A row that stayed out, a value that stayed out, or a notice about a row that went in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    pub line: u64,
    /// Empty when it concerns the whole row.
    pub column: String,
    pub code: String,
    /// The text of the cell.
    pub value: String,
    pub message: String,
    /// A known value that is near the unknown one.
    #[serde(skip)]
    pub offer: Option<String>,
    /// Of a refusal for want of room: what the sentence tells, as data.
    pub params: Option<Json>,
    /// Where the row is like something: what became of it.
    pub outcome: Option<String>,
    /// And what it is like.
    pub met: Option<Met>,
}

/// What a row is like.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Met {
    pub object: String,
    /// The record, where the importing person may open it and it is there.
    pub id: Option<Id>,
    /// The row of the file, by its line.
    pub line: Option<u64>,
}

/// The code whose params are kept: a screen tells each rule that was met with a bar.
const TOLD_AS_DATA: &str = "holding.limit_reached";

impl Problem {
    /// A problem told in `language`.
    pub fn new(line: u64, column: &str, value: &str, violation: &Violation, language: &str) -> Problem {
        Problem {
            line,
            column: column.to_owned(),
            code: violation.code.to_owned(),
            value: value.chars().take(255).collect(),
            message: sentence(violation.code, &violation.params, language),
            offer: None,
            params: (violation.code == TOLD_AS_DATA).then(|| Json::Object(violation.params.clone())),
            outcome: None,
            met: None,
        }
    }

    /// True for what only tells something about a row that went in whole, or was left out as was asked.
    pub fn is_notice(&self) -> bool {
        const NOTICES: [&str; 3] = ["import.created_at_unknown", "import.there_already", "import.not_there"];
        NOTICES.contains(&self.code.as_str()) || self.outcome.as_ref().is_some_and(|outcome| outcome != Outcome::Refused.key())
    }
}

/// A sentence for a code in English or Simplified Chinese.
fn sentence(code: &str, params: &Map<String, Json>, language: &str) -> String {
    let chinese = language.starts_with("zh");
    let Some((_, en, zh)) = SENTENCES.iter().find(|(known, ..)| *known == code) else {
        let details = params.iter().map(|(key, value)| format!("{key}: {}", plain(value))).collect::<Vec<_>>().join(", ");
        let lead = if chinese { "未通过规则" } else { "A rule stands against it" };
        return if details.is_empty() { format!("{lead} ({code})") } else { format!("{lead} ({code}; {details})") };
    };
    let mut text = (if chinese { *zh } else { *en }).to_owned();
    for (key, value) in params {
        text = text.replace(&format!("{{{key}}}"), &plain(value));
    }
    text
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => "–".to_owned(),
        Json::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Code, English, Simplified Chinese.
const SENTENCES: [(&str, &str, &str); 43] = [
    (
        "field.reference_not_found",
        "No record of this name or id was found; the value was left out.",
        "未找到该名称或编号的记录，此值未导入。",
    ),
    ("field.not_an_option", "This is not an option of the field; the value was left out.", "不是该字段的选项，此值未导入。"),
    ("field.invalid", "Not a value for this field: {expected} is expected.", "值不符合该字段的要求，应为：{expected}。"),
    ("field.required", "The field must not be blank; the row stayed out.", "该字段必填，此行未导入。"),
    ("field.too_long", "Longer than {max} characters; the value was left out.", "超过 {max} 个字符，此值未导入。"),
    ("field.out_of_range", "Outside the range that the field allows.", "超出该字段允许的范围。"),
    ("field.not_unique", "Another record has this value already; the row stayed out.", "已有其他记录使用该值，此行未导入。"),
    ("field.no_access", "You may not write this field.", "您无权填写该字段。"),
    ("field.read_only", "The product writes this field itself.", "该字段由系统维护。"),
    ("external_id.taken", "This id belongs to another record; the row stayed out.", "该外部编号已属于其他记录，此行未导入。"),
    ("owner.not_active", "This person is not active; the row stayed out.", "该员工未启用，此行未导入。"),
    (
        "money.no_rate",
        "There is no exchange rate for {currency}; add one and import the row again.",
        "没有 {currency} 的汇率，请先添加汇率再导入此行。",
    ),
    ("money.overflow", "The amount is too large.", "金额过大。"),
    ("process.none_applicable", "No sales process applies to this row; the row stayed out.", "没有适用的销售流程，此行未导入。"),
    ("process.stage_unknown", "The sales process has no such stage; the row stayed out.", "销售流程中没有该阶段，此行未导入。"),
    ("stage.unknown", "The sales process has no such stage; the row stayed out.", "销售流程中没有该阶段，此行未导入。"),
    (
        "stage.not_skippable",
        "Stages before it may not be skipped: {stages}. Deals that are under way come in as they stand by the switch at the stage, in the mapping; the row stayed out.",
        "之前的阶段不能跳过：{stages}。进行中的商机请按现状导入（映射步骤中阶段列的开关），此行未导入。",
    ),
    (
        "stage.missing_field",
        "The stage asks for the field {field}: map a column to it, or let deals come in as they stand (the switch at the stage); the row stayed out.",
        "该阶段要求填写字段 {field}：请为其映射一列，或按现状导入（阶段列的开关），此行未导入。",
    ),
    (
        "stage.terminal_action",
        "Closing a deal asks for the field {field}: map a column to it, or let deals come in as they stand (the switch at the stage); the row stayed out.",
        "结束商机要求填写字段 {field}：请为其映射一列，或按现状导入（阶段列的开关），此行未导入。",
    ),
    (
        "stage.task_open",
        "Tasks of the stages before are not done. Deals that are under way come in as they stand by the switch at the stage, in the mapping; the row stayed out.",
        "之前阶段的任务尚未完成。进行中的商机请按现状导入（映射步骤中阶段列的开关），此行未导入。",
    ),
    ("access.act_not_allowed", "Your roles do not allow this for the record; the row stayed out.", "您的角色不允许此操作，此行未导入。"),
    ("not_found", "The record of this key is out of your sight; the row stayed out.", "无法查看该键对应的记录，此行未导入。"),
    ("record.version_conflict", "The record was changed meanwhile; import the row again.", "记录已被他人修改，请重新导入此行。"),
    (
        "import.created_at_unknown",
        "The file gives no date of creation: the time of the import was taken.",
        "文件未提供创建日期，已采用导入时间。",
    ),
    (
        "import.dates_out_of_order",
        "Its end lies before its beginning: the stay in between was left out.",
        "结束日期早于开始日期，未记录其间的阶段停留。",
    ),
    (
        "import.stages_not_in_order",
        "The instants of its stages do not follow each other; the row stayed out.",
        "各阶段的时间先后有误，此行未导入。",
    ),
    ("import.not_closed", "The stage is not a closing one: the closing date was left out.", "该阶段不是结束阶段，结束日期未导入。"),
    (
        "import.date_ambiguous",
        "Day and month could be exchanged; say which comes first and import again. The value was left out.",
        "无法判断日与月的先后，请指定日期格式后重新导入。此值未导入。",
    ),
    (
        "import.ambiguous",
        "Several records have this name; give an id instead. The value was left out.",
        "有多条记录使用该名称，请改用编号。此值未导入。",
    ),
    ("import.key_ambiguous", "Several records have this key; the row stayed out.", "有多条记录使用该键值，此行未导入。"),
    ("import.key_blank", "The row has no key; the row stayed out.", "此行没有键值，未导入。"),
    ("import.key_twice", "An earlier row of the file has this key; the row stayed out.", "文件中前面的行已使用该键值，此行未导入。"),
    (
        "import.there_already",
        "The record is there already, and only new ones were asked for; the row was skipped.",
        "记录已存在，且仅导入新记录，此行已跳过。",
    ),
    ("duplicate.found", "There is a record like it: {name} ({why}; {rule}).", "已有相似的记录：{name}（{why}；{rule}）。"),
    ("duplicate.in_file", "Row {row} of the file is like it ({why}; {rule}).", "与文件第 {row} 行相似（{why}；{rule}）。"),
    (
        "holding.limit_reached",
        "{of} holds {held} of {limit} under the rule {name}; the row stayed out.",
        "{of}在规则“{name}”下已保有 {held} 个，上限为 {limit} 个，此行未导入。",
    ),
    ("import.not_there", "There is no record of this key to update; the row was skipped.", "没有可更新的对应记录，此行已跳过。"),
    ("import.id_invalid", "This is no id of a record; the row stayed out.", "不是有效的记录编号，此行未导入。"),
    (
        "import.would_not_be_unique",
        "An earlier row of the file has this value, which must be unique; the row stayed out.",
        "文件中前面的行已使用该唯一值，此行未导入。",
    ),
    (
        "import.not_made",
        "A record of this name could not be made: {reason}; the value was left out.",
        "无法创建该名称的记录：{reason}，此值未导入。",
    ),
    (
        "import.reference_needed",
        "Nothing is called so, and the row needs it; the row stayed out.",
        "未找到对应的记录，而此行必须引用它，此行未导入。",
    ),
    ("import.master_differs", "The rows of this record differ here: the first one counts.", "同一记录的多行在此列不一致，以第一行为准。"),
    (
        "import.row_shape",
        "The row has {cells} cells and the first line {columns}; the row stayed out.",
        "此行有 {cells} 个单元格，而首行有 {columns} 个，此行未导入。",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_in_both_languages() {
        let violation = Violation::new("import.row_shape", "").with("cells", 3).with("columns", 2);
        assert_eq!(Problem::new(2, "", "", &violation, "en").message, "The row has 3 cells and the first line 2; the row stayed out.");
        assert_eq!(Problem::new(2, "", "", &violation, "zh-CN").message, "此行有 3 个单元格，而首行有 2 个，此行未导入。");
        let unknown = Violation::new("custom.rule", "").with("limit", 3);
        assert_eq!(Problem::new(2, "", "", &unknown, "en").message, "A rule stands against it (custom.rule; limit: 3)");
        let full =
            Violation::new("holding.limit_reached", "owner").with("of", Json::Null).with("held", 3).with("limit", 3).with("name", "Each");
        let problem = Problem::new(2, "", "", &full, "en");
        assert_eq!(problem.message, "– holds 3 of 3 under the rule Each; the row stayed out.");
        assert_eq!(problem.params.unwrap()["held"], 3);
    }
}
