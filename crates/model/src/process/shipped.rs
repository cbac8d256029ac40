//! The sales process that the product ships.

use uuid::Uuid;

use super::{Process, StageRules};
use crate::{Id, Number};

/// Id of the shipped process, the same in every installation.
pub const SHIPPED: Id = Id(Uuid::from_u128(0x5a1e_5000_0000_8000_8000_0000_0000_0001));

const DAY: i64 = 86_400;

/// The shipped process in English.
pub fn shipped() -> Process {
    shipped_in("en")
}

/// The shipped process with its texts in `language`; from then on they are the organisation's own.
pub fn shipped_in(language: &str) -> Process {
    let say = |en: &str, zh: &str| if language == "zh-CN" { zh.to_owned() } else { en.to_owned() };
    let open = |stage: &str, days: i64, win_rate: i64, category: &str, guidance: String| StageRules {
        duration_seconds: Some(days * DAY),
        win_rate: Some(Number::whole(win_rate)),
        forecast_category: Some(category.to_owned()),
        guidance: Some(guidance),
        ..StageRules::new(stage)
    };
    let dead = |stage: &str, required: &[&str], prompt: String| StageRules {
        ignore_normal: true,
        required_fields: required.iter().map(|field| (*field).to_owned()).collect(),
        prompt: Some(prompt),
        ..StageRules::new(stage)
    };
    let guidance = [
        say("Learn who they are and what they need. Agree on a first conversation.", "了解客户及其需求，约定首次沟通。"),
        say(
            "Find out about need, budget, time and who decides. Leave early what will not come.",
            "确认需求、预算、时间和决策人；没有希望的尽早放手。",
        ),
        say("Show how their problem is solved, and at what price.", "说明如何解决客户的问题，并给出报价。"),
        say("Settle price and terms with those who decide, and the day of signing.", "与决策人谈妥价格、条款和签约日期。"),
    ];
    let [first, second, third, fourth] = guidance;
    let stages = vec![
        open("prospecting", 14, 10, "pipeline", first),
        open("qualification", 21, 25, "pipeline", second),
        StageRules { allow_skip: true, ..open("proposal", 30, 50, "best_case", third) },
        StageRules {
            required_fields: vec!["amount".to_owned(), "expected_close_date".to_owned()],
            ..open("negotiation", 30, 75, "commit", fourth)
        },
        StageRules {
            required_fields: vec!["amount".to_owned()],
            prompt: Some(say("Well done. Is the amount the one that was signed?", "恭喜！金额与签约金额一致吗？")),
            ..StageRules::new("won")
        },
        dead("lost", &["lost_reason"], say("What decided it? The next deal can learn from it.", "输在哪里？下一单可以借鉴。")),
        dead("invalid", &[], say("For what never was a chance: entered by mistake, or twice.", "用于并非真实商机的记录：误录或重复。")),
    ];
    Process {
        description: say("From first contact to signature.", "从初步接触到签约。"),
        ..Process::new(SHIPPED, &say("Standard sales process", "标准销售流程"), stages)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::reading;
    use super::super::{Around, check};
    use super::*;
    use crate::objects;

    #[test]
    fn it_is_without_fault_in_both_languages() {
        let object = objects::opportunity::object();
        for language in crate::organisation::LANGUAGES {
            reading(|reading| {
                let around = Around { options: object.options("stage"), occupied: &Default::default(), reading };
                let checked = check(&shipped_in(language), &around);
                assert_eq!((checked.refusals, checked.warnings), (vec![], vec![]));
            });
        }
    }

    #[test]
    fn the_document_reads_as_the_api_describes_it() {
        let process = shipped();
        let json = serde_json::to_value(&process).unwrap();
        assert_eq!(json["object"], "opportunity");
        assert_eq!(json["stages"][0]["win_rate"], "10");
        assert_eq!(serde_json::from_value::<Process>(json.clone()).unwrap(), process);
        let mut typo = json.clone();
        typo["stages"][0]["allow_skp"] = true.into();
        assert!(serde_json::from_value::<Process>(typo).is_err());
        let least: Process = serde_json::from_str(r#"{"name": "P", "stages": [{"stage": "won", "win_rate": 12.5}]}"#).unwrap();
        assert!(least.active && least.back_moves && least.who.is_everybody() && least.stages[0].win_rate == Number::parse("12.5"));
    }
}
