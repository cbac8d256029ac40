//! What people are told: titles, details and messages by code, in English and Simplified Chinese.
//!
//! The core refuses with codes and data; here they become sentences that say what to do. Fields, stages and objects are called
//! by their labels.

mod advice;
mod chinese;
mod condition;
mod english;
mod fill;
pub mod mail;
pub mod notices;

use model::Violation;
use serde_json::{Map, Value as Json, json};
use stagecraft_core::Meta;
use stagecraft_core::audit::AuditWords;
use stagecraft_core::exports::Words;
use stagecraft_core::processes::replay::TryoutWords;

use crate::problem::Problem;
pub use advice::advice;
use fill::Filler;

/// A language the product speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

/// All of them.
pub const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

impl Language {
    /// Its tag, as `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
    }

    /// The language of a tag; English when it is not one of ours.
    pub fn of_tag(tag: &str) -> Language {
        let main = tag.split(['-', '_']).next().unwrap_or("");
        if main.eq_ignore_ascii_case("zh") { Language::Chinese } else { Language::English }
    }

    /// The best of an `Accept-Language`.
    pub fn accepted(header: &str) -> Language {
        let mut wishes: Vec<(f32, &str)> = header
            .split(',')
            .filter_map(|part| {
                let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
                let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse().ok())?;
                Some((weight, tag.trim()))
            })
            .filter(|(_, tag)| ["en", "zh"].iter().any(|ours| tag.to_ascii_lowercase().starts_with(ours)))
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.first().map_or(Language::English, |(_, tag)| Language::of_tag(tag))
    }

    fn problem(self, code: &str) -> Option<(&'static str, &'static str)> {
        let table = match self {
            Language::English => english::PROBLEMS,
            Language::Chinese => chinese::PROBLEMS,
        };
        table.iter().find(|(known, ..)| *known == code).map(|(_, title, detail)| (*title, *detail))
    }

    fn violation(self, code: &str) -> Option<&'static str> {
        let table = match self {
            Language::English => english::VIOLATIONS,
            Language::Chinese => chinese::VIOLATIONS,
        };
        table.iter().find(|(known, _)| *known == code).map(|(_, message)| *message)
    }
}

/// Findings that are told at once. Nobody reads more, and who sends many must not be sent many times as much.
const MOST_TOLD: usize = 500;

/// Every code that has a text: problems first, then violations.
pub fn codes() -> (Vec<&'static str>, Vec<&'static str>) {
    (english::PROBLEMS.iter().map(|(code, ..)| *code).collect(), english::VIOLATIONS.iter().map(|(code, _)| *code).collect())
}

/// The few words of an exported file that are no labels.
pub fn export_words(language: &str) -> Words {
    match Language::of_tag(language) {
        Language::English => Words { yes: "Yes", no: "No", id: "ID", overdue: "Overdue", currency: "{} (currency)" },
        Language::Chinese => Words { yes: "是", no: "否", id: "编号", overdue: "已逾期", currency: "{}（币种）" },
    }
}

/// The words of an exported audit log.
pub fn audit_words(language: &str) -> AuditWords {
    match Language::of_tag(language) {
        Language::English => AuditWords {
            sheet: "Audit log",
            titles: [
                "When", "Who", "Act", "Kind", "Object", "What", "Outcome", "Codes", "Times", "Reason", "Changes", "Way", "Address",
                "Program",
            ],
            done: "Done",
            refused: "Refused",
        },
        Language::Chinese => AuditWords {
            sheet: "审计日志",
            titles: ["时间", "人员", "操作", "类别", "对象", "内容", "结果", "代码", "次数", "原因", "变更", "途径", "地址", "程序"],
            done: "已执行",
            refused: "已拒绝",
        },
    }
}

/// The words of the files in which the deals of a trial are taken away.
pub fn tryout_words(language: &str) -> TryoutWords {
    fn say_in(violation: &Violation, language: &str, meta: &Meta) -> String {
        say(violation, Language::of_tag(language), meta, "opportunity")
    }
    match Language::of_tag(language) {
        Language::English => TryoutWords {
            deal: ["Opportunity", "ID", "Owner", "Amount", "Currency"],
            held_back: ["Moved at", "From", "To", "Moved by", "Held back by"],
            overdue: ["Stage", "Entered at", "Due at", "Due until now"],
            stuck: ["Stage", "What stands in the way"],
            stage_missing: "The process does not have this stage.",
            say: say_in,
        },
        Language::Chinese => TryoutWords {
            deal: ["商机", "编号", "负责人", "金额", "币种"],
            held_back: ["推进时间", "原阶段", "目标阶段", "推进人", "拦截原因"],
            overdue: ["阶段", "进入时间", "到期时间", "现行到期时间"],
            stuck: ["阶段", "阻碍"],
            stage_missing: "流程中没有该阶段。",
            say: say_in,
        },
    }
}

/// True when a form that the core expects, or a reason that it gives, can be said in every language; `{…}` stands for anything.
pub fn is_translated(english: &str) -> bool {
    chinese::EXPECTED.iter().any(|(known, _)| *known == english || fill::carried_over(english, known, known).is_some())
}

/// The body of a refusal. `about` is the object whose fields are meant.
pub fn tell(problem: &Problem, language: Language, meta: &Meta, about: &str, request_id: &str) -> Json {
    let filler = Filler { language, meta, about };
    let (title, detail) = language.problem(problem.code).unwrap_or((problem.code, ""));
    let violations: Vec<Json> = problem.violations.iter().take(MOST_TOLD).map(|violation| told(violation, &filler)).collect();
    let mut body = json!({
        "type": format!("urn:stagecraft:problem:{}", problem.code),
        "title": title,
        "status": problem.status.as_u16(),
        "detail": filler.fill(detail, "", &problem.params),
        "code": problem.code,
        "request_id": request_id,
        "violations": violations,
    });
    if let Some(record) = &problem.record {
        body["record"] = record.clone();
    }
    body
}

fn told(violation: &Violation, filler: &Filler<'_>) -> Json {
    let message = message(violation.code, &violation.path, &violation.params, filler);
    json!({"code": violation.code, "path": violation.path, "message": message, "params": violation.params})
}

fn message(code: &str, path: &str, params: &Map<String, Json>, filler: &Filler<'_>) -> String {
    match filler.language.violation(code) {
        Some(template) => filler.fill(template, path, params),
        None => code.to_owned(),
    }
}

/// The message of one code, for those who speak without HTTP: the command line.
pub fn say(violation: &Violation, language: Language, meta: &Meta, about: &str) -> String {
    message(violation.code, &violation.path, &violation.params, &Filler { language, meta, about })
}

/// A problem in one sentence, for the command line.
pub fn say_problem(problem: &Problem, language: Language, meta: &Meta, about: &str) -> String {
    let filler = Filler { language, meta, about };
    let (title, detail) = language.problem(problem.code).unwrap_or((problem.code, ""));
    format!("{title}. {}", filler.fill(detail, "", &problem.params))
}

/// Adds `message` to every finding in an answer: whatever has a `code` and no message yet (requirements of a path, warnings of a
/// draft, problems of an import).
pub fn with_messages(answer: &mut Json, language: Language, meta: &Meta, about: &str) {
    let filler = Filler { language, meta, about };
    walk(answer, &filler);
}

/// Adds the titles of problems to results that carry nothing but the code of one.
pub fn with_titles(results: &mut Json, language: Language) {
    for result in results.as_array_mut().into_iter().flatten().filter(|result| result["message"].is_null()) {
        if let Some((title, _)) = result["code"].as_str().and_then(|code| language.problem(code)) {
            result["message"] = title.into();
        }
    }
}

fn walk(json: &mut Json, filler: &Filler<'_>) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| walk(item, filler)),
        Json::Object(map) => {
            let code = map.get("code").and_then(Json::as_str).filter(|code| filler.language.violation(code).is_some()).map(str::to_owned);
            if let (Some(code), false) = (code, map.get("message").is_some_and(Json::is_string)) {
                let empty = Map::new();
                let mut params = map.get("params").and_then(Json::as_object).unwrap_or(&empty).clone();
                // An import's problem carries what it speaks of beside its code.
                for key in ["stage", "value", "column", "line"] {
                    if let (Some(value), false) = (map.get(key), params.contains_key(key)) {
                        params.insert(key.to_owned(), value.clone());
                    }
                }
                let path = map.get("path").or_else(|| map.get("column")).and_then(Json::as_str).unwrap_or("").to_owned();
                map.insert("message".to_owned(), message(&code, &path, &params, filler).into());
            }
            map.values_mut().for_each(|value| walk(value, filler));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_texts_in_both_languages_with_the_same_places() {
        assert_eq!(english::PROBLEMS.iter().map(|p| p.0).collect::<Vec<_>>(), chinese::PROBLEMS.iter().map(|p| p.0).collect::<Vec<_>>());
        assert_eq!(
            english::VIOLATIONS.iter().map(|v| v.0).collect::<Vec<_>>(),
            chinese::VIOLATIONS.iter().map(|v| v.0).collect::<Vec<_>>()
        );
        for ((code, en), (_, zh)) in english::VIOLATIONS.iter().zip(chinese::VIOLATIONS) {
            assert_eq!(fill::places(en), fill::places(zh), "{code}");
            assert!(en.len() > 10 && zh.chars().count() > 4, "{code}");
        }
        for ((code, _, en), (_, _, zh)) in english::PROBLEMS.iter().zip(chinese::PROBLEMS) {
            assert_eq!(fill::places(en), fill::places(zh), "{code}");
        }
    }

    #[test]
    fn the_expected_forms_are_translated_too() {
        for (en, zh) in chinese::EXPECTED {
            assert!(!en.is_empty() && zh.chars().any(|c| c > '\u{2e80}'), "{en}");
        }
    }

    #[test]
    fn the_best_of_the_accepted_languages_wins() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en;q=0.5, zh-Hans;q=0.9", Language::Chinese),
            ("de-DE, en;q=0.3", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
