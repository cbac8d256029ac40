//! What a deal is worth at its stage: win rate, forecast and the times that follow from the stage (spec/01, D4, D112).

use super::StageRules;
use crate::field::{Choice, StageType};
use crate::{Instant, Money, Number, Record, Value};

/// What happens to the deal when its figures are derived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occasion {
    /// It enters the stage at this instant; `None` for an edit.
    pub entering: Option<Instant>,
    /// Until when it may stay there, by the stage's duration and the calendar that holds for its owner.
    pub due_at: Option<Instant>,
    /// Somebody gives the win rate by hand with this change (an emptied one goes back to the stage's).
    pub win_rate_given: bool,
    /// Likewise the forecast category.
    pub category_given: bool,
}

/// Puts on the deal everything that follows from its stage and its own values. Called on every save, after the patch is applied
/// and, on a move, with the stage entered; `record` still carries the stage type it had before.
pub fn derive(record: &mut Record, stage: &Choice, rules: &StageRules, occasion: Occasion) {
    let stage_type = stage.stage_type.unwrap_or(StageType::InProgress);
    let was_closed = matches!(record.text("stage_type"), "won" | "lost" | "invalid");
    note_typed(record, "win_rate", "win_rate_typed", occasion.win_rate_given);
    note_typed(record, "forecast_category", "forecast_category_typed", occasion.category_given);
    record.set("stage", stage.key.as_str());
    record.set("stage_type", stage_type.key());
    if let Some(at) = occasion.entering {
        enter(record, stage_type, was_closed, at, occasion.due_at);
    }
    if stage_type.is_terminal() {
        close(record, stage_type);
    } else {
        follow_stage(record, rules);
    }
    reckon(record, stage_type);
}

/// Keeps in mind whether a value was given by hand.
fn note_typed(record: &mut Record, field: &str, mark: &str, given: bool) {
    if given {
        let typed = !record.get(field).is_null();
        record.set(mark, if typed { Value::Bool(true) } else { Value::Null });
    }
}

fn enter(record: &mut Record, stage_type: StageType, was_closed: bool, at: Instant, due_at: Option<Instant>) {
    record.set("stage_entered_at", at);
    record.set("stage_due_at", Value::from(due_at.filter(|_| !stage_type.is_terminal()).map(Value::Instant)));
    if stage_type.is_terminal() {
        if !was_closed {
            record.set("closing_win_rate", record.get("win_rate").clone());
        }
        record.set("closed_at", at);
    } else if was_closed {
        // Reopened: the stage's own values hold again, and nothing speaks of the closing any more; the history keeps it.
        for field in ["closed_at", "closing_win_rate", "main_rate", "lost_reason", "lost_note", "win_rate_typed", "forecast_category_typed"]
        {
            record.set(field, Value::Null);
        }
    }
}

/// A closed deal is sure: won 100 %, lost or invalid 0 %, whatever was typed.
fn close(record: &mut Record, stage_type: StageType) {
    let won = stage_type == StageType::Won;
    record.set("win_rate", Number::whole(if won { 100 } else { 0 }));
    record.set("forecast_category", if won { "closed" } else { "omitted" });
}

fn follow_stage(record: &mut Record, rules: &StageRules) {
    if !record.get("win_rate_typed").is_true() {
        record.set("win_rate", Value::from(rules.win_rate.map(Value::Number)));
    }
    if !record.get("forecast_category_typed").is_true() {
        record.set("forecast_category", Value::from(rules.forecast_category.clone().map(Value::Text)));
    }
}

/// Puts on the deal what another amount makes of its forecast and analysis, and nothing else.
pub fn follow_amount(record: &mut Record) {
    let stage_type = match record.text("stage_type") {
        "won" => StageType::Won,
        "lost" => StageType::Lost,
        "invalid" => StageType::Invalid,
        _ => StageType::InProgress,
    };
    reckon(record, stage_type);
}

fn reckon(record: &mut Record, stage_type: StageType) {
    let amount = record.get("amount").as_money();
    let share = |field: &str| -> Value {
        let part: Option<Money> = amount.zip(record.get(field).as_number()).and_then(|(amount, percent)| amount.percent(percent));
        part.map(Value::Money).into()
    };
    let forecast = share("win_rate");
    let analysis = match stage_type {
        StageType::Lost | StageType::Invalid => share("closing_win_rate"),
        StageType::InProgress | StageType::Won => forecast.clone(),
    };
    record.set("forecast_amount", forecast);
    record.set("analysis_amount", analysis);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::shipped;
    use crate::{Amount, Id, objects};

    struct Deal(Record);

    impl Deal {
        fn new(amount: &str) -> Deal {
            let mut record = Record::new("opportunity", Id::SYSTEM);
            record.set("amount", Money { amount: Amount::parse(amount).unwrap(), currency: "USD".parse().unwrap() });
            Deal(record)
        }

        fn derive(&mut self, stage: &str, occasion: Occasion) {
            let object = objects::opportunity::object();
            let choice = object.options("stage").iter().find(|o| o.key == stage).unwrap();
            derive(&mut self.0, choice, shipped().stage(stage).unwrap(), occasion);
        }

        fn enters(&mut self, stage: &str, at: i64) -> &mut Deal {
            let due_at = shipped().stage(stage).unwrap().duration_seconds.map(|seconds| Instant(at).plus_seconds(seconds));
            self.derive(stage, Occasion { entering: Some(Instant(at)), due_at, ..Occasion::default() });
            self
        }

        fn types(&mut self, field: &str, value: impl Into<Value>) -> &mut Deal {
            self.0.set(field, value);
            let stage = self.0.text("stage").to_owned();
            let occasion =
                Occasion { win_rate_given: field == "win_rate", category_given: field == "forecast_category", ..Occasion::default() };
            self.derive(&stage, occasion);
            self
        }

        fn figures(&self) -> (String, String, String, String) {
            let money = |field: &str| self.0.get(field).as_money().map_or("–".into(), |m| m.amount.show(m.currency));
            let rate = self.0.get("win_rate").as_number().map_or("–".into(), |n| n.to_string());
            (rate, money("forecast_amount"), money("analysis_amount"), self.0.text("forecast_category").to_owned())
        }
    }

    fn expect(deal: &Deal, rate: &str, forecast: &str, analysis: &str, category: &str) {
        assert_eq!(deal.figures(), (rate.into(), forecast.into(), analysis.into(), category.into()));
    }

    #[test]
    fn the_stage_gives_the_win_rate_until_somebody_types_one() {
        let mut deal = Deal::new("1000.01");
        expect(deal.enters("prospecting", 0), "10", "100.00", "100.00", "pipeline");
        expect(deal.enters("qualification", 1), "25", "250.00", "250.00", "pipeline");
        expect(deal.types("win_rate", Number::parse("33.33").unwrap()), "33.33", "333.30", "333.30", "pipeline");
        expect(deal.enters("proposal", 2), "33.33", "333.30", "333.30", "best_case");
        expect(deal.types("win_rate", Value::Null), "50", "500.01", "500.01", "best_case");
        expect(deal.types("forecast_category", "commit"), "50", "500.01", "500.01", "commit");
        expect(deal.enters("negotiation", 3), "75", "750.01", "750.01", "commit");
        expect(deal.enters("proposal", 4), "50", "500.01", "500.01", "commit");
    }

    #[test]
    fn closing_is_sure_and_reopening_forgets_it() {
        let mut deal = Deal::new("50");
        deal.enters("prospecting", 0).types("win_rate", Number::whole(20));
        deal.0.set("lost_reason", "price");
        deal.enters("lost", 5);
        expect(&deal, "0", "0.00", "10.00", "omitted");
        assert_eq!(deal.0.get("closed_at").as_instant(), Some(Instant(5)));
        assert_eq!(deal.0.get("closing_win_rate").as_number(), Some(Number::whole(20)));
        assert_eq!(deal.0.text("stage_type"), "lost");
        expect(deal.types("win_rate", Number::whole(90)), "0", "0.00", "10.00", "omitted");
        deal.enters("qualification", 9);
        expect(&deal, "25", "12.50", "12.50", "pipeline");
        for field in ["closed_at", "closing_win_rate", "win_rate_typed", "lost_reason"] {
            assert!(deal.0.get(field).is_null(), "{field}");
        }
        expect(deal.enters("won", 10), "100", "50.00", "50.00", "closed");
        assert_eq!(deal.0.get("closing_win_rate").as_number(), Some(Number::whole(25)));
        // A correction from one end to another keeps what was true before the close.
        expect(deal.enters("lost", 11), "0", "0.00", "12.50", "omitted");
    }

    #[test]
    fn a_stage_is_due_after_its_duration() {
        let mut deal = Deal::new("1");
        deal.enters("prospecting", 7_000_000);
        let days = |n: i64| Instant(7_000_000).plus_seconds(n * 86_400);
        assert_eq!(deal.0.get("stage_due_at").as_instant(), Some(days(14)));
        deal.types("amount", Value::Null);
        assert_eq!(deal.0.get("stage_due_at").as_instant(), Some(days(14)));
        assert!(deal.0.get("forecast_amount").is_null());
        deal.enters("won", 8_000_000);
        assert!(deal.0.get("stage_due_at").is_null());
    }
}
