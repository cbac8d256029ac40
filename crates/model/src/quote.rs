//! What a quote may become, and what stands against it: a pure decision over what is known of it.

use crate::objects::quote::status::{ACCEPTED, DRAFT, IN_REVIEW, REJECTED, SENT};
use crate::{Currency, Date, Id, Violation, Violations};

/// What becomes of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The customer gets it.
    Send,
    /// The customer agrees, and the deal becomes what was offered.
    Accept,
    /// The customer does not.
    Reject,
    /// What the customer is said to have answered does not hold: it is out again as before.
    Reopen,
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 4] = [Step::Send, Step::Accept, Step::Reject, Step::Reopen];

    /// The step between two states, if there is one. `None`: no way leads there. What is in review is sent by the approval alone (`approved`).
    pub fn between(from: &str, to: &str, approved: bool) -> Option<Step> {
        match (from, to) {
            (DRAFT, SENT) => Some(Step::Send),
            (IN_REVIEW, SENT) if approved => Some(Step::Send),
            (SENT, ACCEPTED) => Some(Step::Accept),
            (SENT, REJECTED) => Some(Step::Reject),
            (ACCEPTED | REJECTED, SENT) => Some(Step::Reopen),
            _ => None,
        }
    }

    /// True where it can begin in this state.
    pub fn begins_in(self, status: &str) -> bool {
        match self {
            Step::Send => status == DRAFT,
            Step::Accept | Step::Reject => status == SENT,
            Step::Reopen => matches!(status, ACCEPTED | REJECTED),
        }
    }

    /// The state to which it leads.
    pub fn leads_to(self) -> &'static str {
        match self {
            Step::Send | Step::Reopen => SENT,
            Step::Accept => ACCEPTED,
            Step::Reject => REJECTED,
        }
    }

    /// As a record says what can be done with it.
    pub fn key(self) -> &'static str {
        match self {
            Step::Send => "send",
            Step::Accept => "accept",
            Step::Reject => "reject",
            Step::Reopen => "reopen",
        }
    }

    /// As the history and webhooks tell it.
    pub fn told_as(self) -> &'static str {
        match self {
            Step::Send => "quote_sent",
            Step::Accept => "quote_accepted",
            Step::Reject => "quote_rejected",
            Step::Reopen => "quote_reopened",
        }
    }
}

/// A line of a quote, as far as it matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The currency of its amount; none where it has none.
    pub currency: Option<Currency>,
}

/// The deal of a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deal {
    pub voided: bool,
    /// A lock stands against whoever asks.
    pub locked: bool,
    pub in_approval: bool,
    /// It was lost, or found to be none.
    pub lost: bool,
}

/// What is known of a quote and its surroundings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What it is in; none where nobody has said.
    pub currency: Option<Currency>,
    pub lines: Vec<Line>,
    pub valid_until: Option<Date>,
    pub today: Option<Date>,
    /// It was never approved, and so does not count.
    pub aside: bool,
    /// The version that has taken its place.
    pub newer: Option<Id>,
    /// Another quote of the deal that the customer has accepted.
    pub accepted: Option<Id>,
    /// Orders that rest on it.
    pub orders: usize,
    /// A reason is given, or there already.
    pub reason: bool,
    pub deal: Deal,
}

impl Facts {
    /// True when its time is over.
    pub fn has_expired(&self) -> bool {
        self.valid_until.zip(self.today).is_some_and(|(until, today)| until < today)
    }
}

/// Everything that stands against a step of a quote in the state `from`.
pub fn judge(step: Step, from: &str, facts: &Facts) -> Violations {
    let mut found = Violations::new();
    match step {
        Step::Send => send(facts, &mut found),
        Step::Accept => accept(facts, &mut found),
        Step::Reject if !facts.reason => found.push(Violation::new("field.required", "rejected_reason")),
        Step::Reject => {}
        Step::Reopen => reopen(from, facts, &mut found),
    }
    found
}

fn send(facts: &Facts, found: &mut Violations) {
    if facts.aside {
        found.push(Violation::new("quote.not_approved", "quote_status"));
    }
    outdated(facts, found);
    if facts.lines.is_empty() {
        found.push(Violation::new("quote.no_lines", "quote_status"));
    }
    let without = facts.lines.iter().filter(|line| line.currency.is_none()).count();
    if without > 0 {
        found.push(Violation::new("quote.line_without_price", "quote_status").with("count", without));
    }
    found.extend(in_another_currency(facts));
}

/// Lines in another currency than the quote's: no total would come of them.
fn in_another_currency(facts: &Facts) -> Option<Violation> {
    let currency = facts.currency?;
    let others = facts.lines.iter().filter(|line| line.currency.is_some_and(|own| own != currency)).count();
    (others > 0).then(|| Violation::new("quote.line_currency", "quote_status").with("count", others).with("currency", currency.code()))
}

fn outdated(facts: &Facts, found: &mut Violations) {
    if let Some(newer) = facts.newer {
        found.push(Violation::new("quote.newer_version", "quote_status").with("quote", newer.to_string()));
    }
    if facts.has_expired() {
        let until = facts.valid_until.map(|day| day.to_string());
        found.push(Violation::new("quote.expired", "quote_status").with("until", until));
    }
}

fn accept(facts: &Facts, found: &mut Violations) {
    outdated(facts, found);
    if let Some(other) = facts.accepted {
        found.push(Violation::new("quote.another_accepted", "quote_status").with("quote", other.to_string()));
    }
    deal(facts, found);
    if facts.deal.lost {
        found.push(Violation::new("quote.deal_lost", "opportunity"));
    }
}

fn deal(facts: &Facts, found: &mut Violations) {
    if facts.deal.voided {
        found.push(Violation::new("record.voided", "opportunity"));
    }
    if facts.deal.locked {
        found.push(Violation::new("record.locked", "opportunity"));
    }
    if facts.deal.in_approval {
        found.push(Violation::new("quote.deal_in_approval", "opportunity"));
    }
}

fn reopen(from: &str, facts: &Facts, found: &mut Violations) {
    if from != ACCEPTED {
        return;
    }
    if !facts.reason {
        found.push(Violation::new("field.required", "reason"));
    }
    if facts.orders > 0 {
        found.push(Violation::new("quote.ordered", "quote_status").with("count", facts.orders));
    }
    deal(facts, found);
}

/// What stands against another version of a quote in the state `status`.
pub fn judge_version(status: &str, facts: &Facts) -> Violations {
    let mut found = Violations::new();
    if matches!(status, DRAFT | IN_REVIEW) {
        found.push(Violation::new("quote.still_draft", ""));
    }
    if let Some(newer) = facts.newer {
        found.push(Violation::new("quote.newer_version", "").with("quote", newer.to_string()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn sound() -> Facts {
        let line = Line { currency: Some(Currency::USD) };
        Facts { currency: Some(Currency::USD), lines: vec![line, line], reason: true, ..Facts::default() }
    }

    fn codes(step: Step, from: &str, facts: &Facts) -> Vec<&'static str> {
        judge(step, from, facts).into_iter().map(|violation| violation.code).collect()
    }

    #[test]
    fn the_ways_between_states_are_these_and_no_others() {
        const STATES: [&str; 5] = [DRAFT, IN_REVIEW, SENT, ACCEPTED, REJECTED];
        let mut ways = Vec::new();
        for from in STATES {
            for to in STATES {
                for approved in [false, true] {
                    if let Some(step) = Step::between(from, to, approved) {
                        assert_eq!(step.leads_to(), to);
                        ways.push((from, to, approved));
                    }
                }
            }
        }
        let mut expected = vec![(IN_REVIEW, SENT, true)];
        for way in [(DRAFT, SENT), (SENT, ACCEPTED), (SENT, REJECTED), (ACCEPTED, SENT), (REJECTED, SENT)] {
            expected.extend([(way.0, way.1, false), (way.0, way.1, true)]);
        }
        ways.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ways, expected);
        for from in STATES {
            for step in Step::ALL {
                assert_eq!(step.begins_in(from), Step::between(from, step.leads_to(), false) == Some(step), "{from} {step:?}");
            }
        }
    }

    #[test]
    fn nothing_stands_against_what_is_sound() {
        for (step, from) in
            [(Step::Send, DRAFT), (Step::Accept, SENT), (Step::Reject, SENT), (Step::Reopen, ACCEPTED), (Step::Reopen, REJECTED)]
        {
            assert_eq!(codes(step, from, &sound()), [""; 0], "{step:?}");
        }
    }

    #[test]
    fn whatever_stands_against_it_is_told_at_once() {
        let known = Facts {
            lines: vec![Line::default(), Line { currency: "EUR".parse().ok() }],
            valid_until: Some(date(2026, 11, 25)),
            today: Some(date(2026, 11, 26)),
            aside: true,
            newer: Some(Id::from_parts(1, [1; 10])),
            accepted: Some(Id::from_parts(2, [1; 10])),
            orders: 2,
            reason: false,
            deal: Deal { voided: true, locked: true, in_approval: true, lost: true },
            ..sound()
        };
        assert_eq!(
            codes(Step::Send, DRAFT, &known),
            ["quote.not_approved", "quote.newer_version", "quote.expired", "quote.line_without_price", "quote.line_currency"]
        );
        assert_eq!(codes(Step::Send, DRAFT, &Facts { lines: Vec::new(), ..sound() }), ["quote.no_lines"]);
        assert_eq!(
            codes(Step::Accept, SENT, &known),
            [
                "quote.newer_version",
                "quote.expired",
                "quote.another_accepted",
                "record.voided",
                "record.locked",
                "quote.deal_in_approval",
                "quote.deal_lost"
            ]
        );
        assert_eq!(codes(Step::Reject, SENT, &known), ["field.required"]);
        assert_eq!(
            codes(Step::Reopen, ACCEPTED, &known),
            ["field.required", "quote.ordered", "record.voided", "record.locked", "quote.deal_in_approval"]
        );
        assert_eq!(codes(Step::Reopen, REJECTED, &known), [""; 0], "whoever thinks again needs no reason");
    }

    #[test]
    fn it_holds_through_its_last_day() {
        let on = |day| Facts { valid_until: Some(date(2026, 11, 26)), today: Some(day), ..sound() }.has_expired();
        assert_eq!([on(date(2026, 11, 25)), on(date(2026, 11, 26)), on(date(2026, 11, 27))], [false, false, true]);
        assert!(!Facts { today: Some(date(2026, 11, 26)), ..sound() }.has_expired());
    }

    #[test]
    fn only_what_is_out_gets_another_version() {
        let of = |status: &str, newer: Option<Id>| -> Vec<&str> {
            judge_version(status, &Facts { newer, ..Facts::default() }).into_iter().map(|one| one.code).collect()
        };
        assert_eq!(of(DRAFT, None), ["quote.still_draft"]);
        assert_eq!(of(IN_REVIEW, None), ["quote.still_draft"]);
        for status in [SENT, ACCEPTED, REJECTED] {
            assert_eq!(of(status, None), [""; 0]);
            assert_eq!(of(status, Some(Id::SYSTEM)), ["quote.newer_version"]);
        }
    }
}
