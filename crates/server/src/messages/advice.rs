//! What an assistant should do about a refusal: what people see on screens by themselves, it must be told.

use super::Language;

/// By code, in English and Chinese.
const ADVICE: &[(&str, &str, &str)] = &[
    (
        "stage.requirements_unmet",
        "Call move_stage with the missing fields in `fields` and missing records in `create`, or do the tasks first. get_record with path tells what every stage asks for.",
        "请在 move_stage 的 `fields` 中补充缺少的字段、在 `create` 中补充缺少的记录，或先完成任务。get_record 的 path 会列出每个阶段的要求。",
    ),
    (
        "record.invalid",
        "Look the fields up with describe_object, correct the arguments and try again.",
        "请用 describe_object 查看字段，更正参数后重试。",
    ),
    (
        "record.version_conflict",
        "Read it again, try again without a plan, and show the person what would change now.",
        "请重新读取，不带 plan 再试一次，并向用户说明现在会发生什么变化。",
    ),
    (
        "record.duplicate_warning",
        "Show the person what was found. If it is another one, call again with accept_duplicates and the tokens of what was found.",
        "请向用户展示查到的记录。如果确实不同，请带上 accept_duplicates 和查到记录的 token 再次调用。",
    ),
    ("record.duplicate", "Use the record that there is already.", "请使用已有的记录。"),
    ("not_found", "Look it up with search or list_records.", "请用 search 或 list_records 查找。"),
    ("auth.scope", "Ask the person for a token with a wider scope.", "请向用户索取权限范围更大的令牌。"),
    ("access.act_not_allowed", "Tell the person; only an administrator can change this.", "请告知用户；只有管理员才能更改。"),
    ("request.timeout", "Ask for less: a filter, a shorter period, fewer fields.", "请缩小范围：加筛选条件、缩短期间、减少字段。"),
];

/// What to do about a refusal of this code, where it can be said.
pub fn advice(code: &str, language: Language) -> Option<&'static str> {
    let (_, english, chinese) = ADVICE.iter().find(|(known, ..)| *known == code)?;
    Some(match language {
        Language::English => english,
        Language::Chinese => chinese,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_given_about_codes_that_there_are() {
        let (known, _) = crate::messages::codes();
        for (code, english, chinese) in ADVICE {
            assert!(known.contains(code), "{code}");
            assert!(english.ends_with('.') && chinese.ends_with('。'), "{code}");
        }
    }
}
