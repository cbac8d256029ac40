//! What formulas mean: each line is a sentence of the language.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::*;
use crate::field::FieldType;
use crate::objects::preset;
use crate::{Field, Label, Money, Number};

pub(super) fn schema() -> Schema {
    let mut objects = preset();
    let opportunity = objects.iter_mut().find(|object| object.key == "opportunity").unwrap();
    let mut own = |key: &str, kind| opportunity.fields.push(Field::new(key, Label::en(key), kind));
    own("x_count", FieldType::Number { scale: 0, min: None, max: None });
    own("x_factor", FieldType::Number { scale: 6, min: None, max: None });
    own("x_strategic", FieldType::Boolean);
    own("x_regions", FieldType::MultiSelect { options: vec![] });
    own("x_partner", FieldType::Reference { object: "account".to_owned() });
    own("x_about", FieldType::Regarding);
    Schema::new(objects)
}

pub(super) fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn money(text: &str, currency: &str) -> Money {
    Money { amount: Amount::parse(text).unwrap(), currency: currency.parse().unwrap() }
}

/// A deal of 1,000 USD with a revenue of 2,000 EUR (rate 1.1) on its account.
pub(super) fn sample() -> (Record, World, Moment) {
    let mut deal = Record::new("opportunity", id(1));
    deal.set("name", "Server Renewal");
    deal.set("account", id(2));
    deal.set("owner", id(3));
    deal.set("amount", money("1000", "USD"));
    deal.set("lines_total", money("500", "EUR"));
    deal.mains = BTreeMap::from([("amount".into(), Amount::parse("1000").unwrap()), ("lines_total".into(), Amount::parse("550").unwrap())]);
    deal.set("win_rate", Number::whole(40));
    deal.set("stage", "proposal");
    deal.set("expected_close_date", jiff::civil::date(2026, 11, 23));
    deal.set("created_at", Instant::parse("2026-11-01T23:30:00Z").unwrap());
    deal.set("stage_entered_at", Instant::parse("2026-11-03T11:30:00Z").unwrap());
    deal.set("x_count", Number::whole(3));
    deal.set("x_regions", Value::Keys(vec!["east".into(), "west".into()]));
    let mut account = Record::new("account", id(2));
    account.set("name", "Acme");
    account.set("annual_revenue", money("2000", "EUR"));
    account.mains.insert("annual_revenue".into(), Amount::parse("2200").unwrap());
    account.set("owner", id(3));
    let mut owner = Record::new("employee", id(3));
    owner.set("name", "Kim");
    owner.set("department", id(4));
    owner.set("active", true);
    let mut department = Record::new("department", id(4));
    department.set("name", "North");
    let mut world = World::default();
    for record in [account, owner, department] {
        world.add(record);
    }
    let moment = Moment {
        now: Instant::parse("2026-11-20T20:00:00Z").unwrap(),
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        me: Some(id(3)),
        main: Currency::USD,
    };
    (deal, world, moment)
}

const NUMBER: ResultType = ResultType::Number { scale: 6 };

/// What a formula comes to on the sample, as one would print it; `!code` for a note.
fn of(source: &str, result: ResultType) -> String {
    let (deal, world, moment) = sample();
    let formula = Formula::compile(source, "opportunity", &schema(), result).unwrap_or_else(|found| panic!("{source}: {found:?}"));
    let evaluated = formula.evaluate(&deal, &world, &moment);
    match (evaluated.note, evaluated.value) {
        (Some(note), value) => {
            assert!(value.is_null(), "{source}");
            format!("!{}", note.code)
        }
        (None, Value::Null) => "()".to_owned(),
        (None, Value::Money(money)) => money.to_string(),
        (None, value) => match crate::field::show(&value) {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        },
    }
}

#[track_caller]
fn all(result: ResultType, cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(of(source, result), *expected, "{source}");
    }
}

/// Why a formula is refused: `code expected/found from-to`.
fn refused(source: &str, result: ResultType) -> Vec<String> {
    let found = Formula::compile(source, "opportunity", &schema(), result).map(|_| ()).expect_err(source);
    let word = |violation: &Violation, key: &str| violation.params.get(key).map(|v| v.as_str().map_or(v.to_string(), str::to_owned));
    let told = |v: &Violation| {
        assert_eq!(v.path, "formula");
        let about = ["name", "reason", "expected", "found"].iter().filter_map(|key| word(v, key)).collect::<Vec<_>>().join("/");
        let place = word(v, "from").zip(word(v, "to")).map_or_else(String::new, |(from, to)| format!(" {from}-{to}"));
        format!("{} {about}{place}", v.code.trim_start_matches("formula."))
    };
    found.iter().map(told).collect()
}

#[test]
fn numbers_are_exact_decimals() {
    all(
        NUMBER,
        &[
            ("10 / 4", "2.5"),
            ("10/4*4", "10"),
            ("0.1 + 0.2", "0.3"),
            ("1 + 1.5", "2.5"),
            ("1 / 3", "0.333333"),
            ("2 / 3", "0.666667"),
            ("-2 / 3", "-0.666667"),
            ("7 % 3", "1"),
            ("2 + 3 * 4", "14"),
            ("(2 + 3) * 4", "20"),
            ("-x_count + 1", "-2"),
            ("win_rate / 100", "0.4"),
            ("1_000 + 0x10", "1016"),
            ("9223372036854", "9223372036854"),
            ("99999999999999999999 / 10000000000", "10000000000"),
            ("round(2.5) + round(-2.5)", "0"),
            ("round(2.5)", "3"),
            ("round(-2.5)", "-3"),
            ("round(1234.567, 2)", "1234.57"),
            ("round(1250, -2)", "1300"),
            ("round(1250, -40) + round(1.5, 90)", "1.5"),
            ("floor(-1.5) + ceil(1.2) + abs(-3)", "3"),
            ("min(3, 1, 2) + max(3, 1, 2)", "4"),
        ],
    );
    all(ResultType::Number { scale: 0 }, &[("2.5", "3"), ("-2.5", "-3"), ("2.4999999", "2")]);
    all(ResultType::Percent { scale: 2 }, &[("amount / lines_total", "1.82"), ("win_rate", "40")]);
}

#[test]
fn whole_numbers_never_divide_as_whole_numbers() {
    for (a, b) in (1..=30).flat_map(|a| (1..=30).map(move |b| (a, b))) {
        let expected = crate::number::div_half_up(i128::from(a) * 1_000_000, i128::from(b));
        assert_eq!(of(&format!("{a} / {b}"), NUMBER), Number(i64::try_from(expected).unwrap()).to_string(), "{a} / {b}");
    }
}

#[test]
fn what_cannot_be_is_blank_and_says_why() {
    all(
        NUMBER,
        &[
            ("1 / 0", "!formula.division_by_zero"),
            ("1 % 0", "!formula.division_by_zero"),
            ("x_count / (x_count - 3)", "!formula.division_by_zero"),
            ("amount / (amount - amount)", "!formula.division_by_zero"),
            ("9999999999999", "!formula.overflow"),
            ("79228162514264337593543950335 + 1", "!formula.overflow"),
            ("79228162514264337593543950335 * 79228162514264337593543950335", "!formula.overflow"),
            // A branch that is not taken is not worked out.
            ("if x_count == 0 { 1 / 0 } else { 6 / x_count }", "2"),
            ("x_count ?? 1 / 0", "3"),
        ],
    );
    all(ResultType::Boolean, &[("1 / 0 > 5", "!formula.division_by_zero"), ("x_count == 3 || 1 / 0 > 5", "true")]);
    all(ResultType::Currency, &[("amount * 999999999999", "!formula.overflow"), ("amount / 0", "!formula.division_by_zero")]);
    all(
        ResultType::Date,
        &[
            ("date(2026, 2, 30)", "!formula.no_such_day"),
            ("date(2026.5, 2, 3)", "!formula.no_such_day"),
            ("expected_close_date + 99999999999", "!formula.overflow"),
            ("date(1, 1, 1) - 1", "!formula.overflow"),
            ("add_months(expected_close_date, 99999999999)", "!formula.overflow"),
        ],
    );
    all(ResultType::Datetime, &[("created_at + 99999999", "!formula.overflow"), ("created_at - 999999", "!formula.overflow")]);
}

#[test]
fn blank_goes_through() {
    all(
        NUMBER,
        &[
            ("x_factor + 1", "()"),
            ("x_factor / 0", "()"),
            ("-x_factor", "()"),
            ("round(x_factor, 2)", "()"),
            ("max(x_factor, 1)", "()"),
            ("x_factor ?? 7", "7"),
            ("(x_factor ?? x_count) + 1", "4"),
            ("x_factor ?? win_rate ?? 1", "40"),
            ("if x_strategic { 1 } else { 2 }", "2"),
            ("if x_count > 5 { 1 }", "()"),
            ("()", "()"),
        ],
    );
    all(
        ResultType::Boolean,
        &[
            ("x_factor == 1", "false"),
            ("x_factor != 1", "true"),
            ("x_factor < 1 || x_factor >= 1", "false"),
            ("!(x_factor < 1)", "true"),
            ("is_blank(x_factor)", "true"),
            ("is_blank(x_count)", "false"),
            ("is_blank(x_about)", "true"),
            ("x_strategic", "false"),
            ("x_strategic == false", "true"),
            ("!x_strategic", "true"),
            ("account.parent.name == \"x\"", "false"),
            ("next_step != \"x\"", "true"),
            ("contains(next_step, \"x\")", "false"),
            ("if true { () } else { true }", "false"),
        ],
    );
    all(ResultType::Text, &[("name + next_step", "()"), ("next_step ?? \"none\"", "none"), ("\"  \"", "()")]);
    all(ResultType::Date, &[("date(2026, x_factor, 1)", "()"), ("date_of(closed_at)", "()")]);
}

#[test]
fn money_never_mixes() {
    all(
        ResultType::Currency,
        &[
            ("amount * win_rate / 100", "400.00 USD"),
            ("amount / 3", "333.33 USD"),
            ("lines_total * 2", "1000.00 EUR"),
            ("2 * lines_total", "1000.00 EUR"),
            ("-lines_total", "-500.00 EUR"),
            ("lines_total + lines_total", "1000.00 EUR"),
            // Two currencies come to the main one.
            ("amount + lines_total", "1550.00 USD"),
            ("lines_total - amount", "-450.00 USD"),
            ("account.annual_revenue + lines_total", "2500.00 EUR"),
            // Nothing takes no currency away.
            ("(analysis_amount ?? 0) + lines_total", "500.00 EUR"),
            ("lines_total - (analysis_amount ?? 0)", "500.00 EUR"),
            ("analysis_amount ?? 12.345", "12.35 USD"),
            ("if x_count > 1 { lines_total } else { 0 }", "500.00 EUR"),
            ("12.5", "12.50 USD"),
            ("max(amount, lines_total)", "1000.00 USD"),
            ("min(amount, lines_total, 700)", "500.00 EUR"),
            ("min(lines_total, 100)", "100.00 USD"),
            ("round(lines_total / 3)", "167.00 EUR"),
            ("abs(lines_total * -1)", "500.00 EUR"),
        ],
    );
    all(
        NUMBER,
        &[("amount / lines_total", "1.818182"), ("lines_total / account.annual_revenue", "0.25"), ("main_amount(lines_total)", "550")],
    );
    all(
        ResultType::Boolean,
        &[
            ("amount > lines_total", "true"),
            ("amount == 1000", "true"),
            ("lines_total > 549 && lines_total < 551", "true"),
            ("1000 <= amount", "true"),
            ("account.annual_revenue > 2100", "true"),
        ],
    );
}

#[test]
fn money_carries_its_amount_in_the_main_currency() {
    let (mut deal, world, moment) = sample();
    let schema = schema();
    let reckon = |source, deal: &Record| {
        Formula::compile(source, "opportunity", &schema, ResultType::Currency).unwrap().evaluate(deal, &world, &moment)
    };
    assert_eq!(reckon("lines_total * 2", &deal).main, Amount::parse("1100"));
    assert_eq!(reckon("amount * 2", &deal).main, Amount::parse("2000"));
    assert_eq!(reckon("7", &deal).main, Amount::parse("7"));
    // 167.00 EUR at 1.1, and not 183 for 183.33.
    assert_eq!(reckon("round(lines_total / 3)", &deal).main, Amount::parse("183.7"));
    assert_eq!(reckon("abs(-lines_total)", &deal).main, Amount::parse("550"));
    deal.mains.clear();
    assert_eq!(reckon("lines_total * 2", &deal).main, None);
    // The main currency needs no rate, a sum with another one does.
    assert_eq!(reckon("amount * 2", &deal).main, Amount::parse("2000"));
    let mixed = reckon("amount + lines_total", &deal);
    assert_eq!((mixed.value, mixed.note.unwrap().code), (Value::Null, "formula.no_rate"));
    // A coin of the result's currency.
    deal.set("lines_total", money("1000", "JPY"));
    assert_eq!(reckon("lines_total / 3", &deal).value, Value::Money(money("333", "JPY")));
}

#[test]
fn days_and_instants() {
    all(
        ResultType::Date,
        &[
            ("expected_close_date + 8", "2026-12-01"),
            ("8 + expected_close_date", "2026-12-01"),
            ("expected_close_date - 1.9", "2026-11-22"),
            ("today()", "2026-11-21"),
            ("date_of(created_at)", "2026-11-02"),
            ("date(2026, 2, 28) + 1", "2026-03-01"),
            ("add_months(date(2026, 1, 31), 1)", "2026-02-28"),
            ("add_days(expected_close_date, -23)", "2026-10-31"),
            ("if is_blank(closed_at) { () } else { today() }", "()"),
        ],
    );
    all(
        NUMBER,
        &[
            ("expected_close_date - today()", "2"),
            ("today() - expected_close_date", "-2"),
            ("stage_entered_at - created_at", "1.5"),
            ("days_between(created_at, stage_entered_at)", "1"),
            ("days_between(expected_close_date, created_at)", "-21"),
            ("year(created_at) * 10000 + month(created_at) * 100 + day(created_at)", "20261102"),
            ("weekday(expected_close_date)", "1"),
            ("quarter(expected_close_date)", "4"),
            ("date(9999, 12, 31) - date(1, 1, 1)", "3652058"),
        ],
    );
    all(
        ResultType::Datetime,
        &[
            ("created_at + 0.5", "2026-11-02T11:30:00.000000Z"),
            ("add_days(created_at, 1)", "2026-11-02T23:30:00.000000Z"),
            ("now()", "2026-11-20T20:00:00.000000Z"),
        ],
    );
    all(ResultType::Boolean, &[("expected_close_date > today()", "true"), ("created_at < now()", "true")]);
}

#[test]
fn texts() {
    all(
        ResultType::Text,
        &[
            ("name + \" (\" + account.name + \")\"", "Server Renewal (Acme)"),
            ("upper(left(name, 6)) + lower(right(name, 7))", "SERVERrenewal"),
            ("left(name, -1) + right(name, 99999999999999999999)", "Server Renewal"),
            ("trim(\"  x \") + replace(\"a.b.c\", \".\", \"-\")", "xa-b-c"),
            ("replace(name, \"\", \"x\")", "Server Renewal"),
            ("text(12.50) + \"/\" + text(win_rate) + \"/\" + text(true)", "12.5/40/true"),
            ("text(lines_total / 3)", "166.67 EUR"),
            ("text(expected_close_date) + \" \" + text(created_at)", "2026-11-23 2026-11-02 07:30"),
            ("stage", "proposal"),
            ("stage + \"!\"", "proposal!"),
            ("if stage == \"proposal\" { \"P\" } else if stage == \"won\" { \"W\" } else { stage }", "P"),
            ("`商机` + \"\\n\" + 'x'", "商机\nx"),
            ("owner.name + account.owner.department.name", "KimNorth"),
            ("name // with a remark", "Server Renewal"),
        ],
    );
    all(NUMBER, &[("len(\"商机\")", "2"), ("len(name)", "14")]);
    all(
        ResultType::Boolean,
        &[
            ("name == \"server renewal\"", "true"),
            ("stage == \"Proposal\"", "false"),
            ("stage == \"proposal\"", "true"),
            ("stage != \"won\"", "true"),
            ("contains(name, \"RENEW\") && starts_with(name, \"server\") && ends_with(name, \"al\")", "true"),
            ("\"renew\" in name", "true"),
            ("\"renew\" !in name", "false"),
            ("name < \"t\"", "true"),
            ("has(x_regions, \"east\")", "true"),
            ("has(x_regions, \"Ea\")", "false"),
            ("owner == me()", "true"),
            ("account.owner == owner", "true"),
            ("x_partner == account", "false"),
            ("account.id == account", "true"),
            ("is_blank(x_regions)", "false"),
            ("owner.active", "true"),
        ],
    );
    let long = format!("\"{}\"", "x".repeat(255));
    assert_eq!(of(&long, ResultType::Text).len(), 255);
    all(ResultType::Text, &[(&format!("{long} + \"y\""), "!formula.text_too_long")]);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let mut wrong = Vec::new();
    for (source, result, expected) in [
        ("", NUMBER, "syntax the formula is empty"),
        ("1 +", NUMBER, "syntax the formula ends too early 3-3"),
        ("(1 + 2", NUMBER, "syntax “)” is missing 6-6"),
        ("1 + \"abc", NUMBER, "syntax a text is not closed 4-8"),
        ("1; 2", NUMBER, "syntax “;” has no place here 1-2"),
        ("x_count = 3", NUMBER, "syntax “=” has no place here 8-9"),
        ("let x = 1", NUMBER, "syntax “let” has no place here 0-3"),
        ("name.upper()", ResultType::Text, "syntax functions are called as upper(name) 5-10"),
        ("1..2", NUMBER, "syntax “..” has no place here 1-2"),
        ("1.5.2 + 3", NUMBER, "syntax this has no place in a formula 4-5"),
        ("`a${name}`", ResultType::Text, "syntax this has no place in a formula 0-10"),
        ("switch x_count { 1 => 2 }", NUMBER, "syntax this has no place in a formula 0-6"),
        ("#{a: 1}", NUMBER, "syntax this has no place in a formula 0-1"),
        ("if x_count > 1 { let y = 1; y }", NUMBER, "syntax “let” has no place here 17-20"),
        ("if x_count > 1 { }", NUMBER, "syntax “}” has no place here 17-18"),
        ("amuont * 2", NUMBER, "unknown_field amuont 0-6"),
        ("1 +\n  account.sectr", ResultType::Text, "unknown_field account.sectr 6-19"),
        ("1 // one\r\n + x\r + y", NUMBER, "unknown_field x 13-14"),
        ("account .sectr", ResultType::Text, "unknown_field account.sectr 0-7"),
        ("name.x", ResultType::Text, "unknown_field name.x 0-6"),
        ("sum(1, 2)", NUMBER, "unknown_function sum 0-3"),
        ("eval(\"1\")", NUMBER, "unknown_function eval 0-4"),
        ("2 ** 3", NUMBER, "syntax “**” has no place here 2-3"),
        ("round()", NUMBER, "arguments round 0-5"),
        ("today(1)", ResultType::Date, "arguments today 0-5"),
        ("min(1)", NUMBER, "arguments min 0-3"),
        ("upper(amount)", ResultType::Text, "type text/an amount of money 6-12"),
        ("amount + 1", ResultType::Currency, "type an amount of money/a number 9-10"),
        ("1 + amount", ResultType::Currency, "type a number/an amount of money 4-10"),
        ("amount * lines_total", ResultType::Currency, "type a number or an amount of money/an amount of money 9-20"),
        ("name * 2", NUMBER, "type a number/text 0-4"),
        ("name + 2", ResultType::Text, "type text/a number 7-8"),
        ("win_rate + name", NUMBER, "type a number/text 11-15"),
        ("if x_count { 1 } else { 2 }", NUMBER, "type true or false/a number 3-10"),
        ("if true { 1 } else { \"a\" }", NUMBER, "type a number/text 21-24"),
        ("x_count ?? \"a\"", NUMBER, "type a number/text 11-14"),
        ("name && true", ResultType::Boolean, "type true or false/text 0-4"),
        ("!x_count", ResultType::Boolean, "type true or false/a number 1-8"),
        ("-name", NUMBER, "type a number or an amount of money/text 1-5"),
        ("expected_close_date > created_at", ResultType::Boolean, "type a day/an instant 22-32"),
        ("owner == account", ResultType::Boolean, "type a reference/a reference 9-16"),
        ("owner < me()", ResultType::Boolean, "type a value that can be compared so/a reference 0-5"),
        ("x_regions == \"east\"", ResultType::Boolean, "type a value that can be compared so/several options 0-9"),
        ("x_factor == ()", ResultType::Boolean, "type a number/nothing 12-14"),
        ("stage < \"won\"", ResultType::Boolean, "type a value that can be compared so/text 0-5"),
        ("name", NUMBER, "result_type a number/text 0-4"),
        ("amount * 2", NUMBER, "result_type a number/an amount of money 0-10"),
        ("account", ResultType::Text, "result_type text/a reference 0-7"),
    ] {
        let told = refused(source, result);
        if told.first().is_none_or(|first| first != expected) {
            wrong.push(format!("{source}\n     told {told:?}\n expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(Formula::compile("account.parent.parent.name", "opportunity", &schema(), ResultType::Text).is_ok());
    let far = refused("account.parent.parent.parent.name", ResultType::Text);
    assert_eq!(far, ["syntax a path crosses at most 3 references 0-33"]);
    // All that is wrong at once.
    assert_eq!(refused("a + b * round()", NUMBER), ["unknown_field a 0-1", "unknown_field b 4-5", "arguments round 8-13"]);
}

#[test]
fn a_hidden_field_is_as_unknown_as_one_that_never_was() {
    let hidden = schema().seen_through(|object, field| !(object.key == "account" && field.key == "annual_revenue"));
    let told = |source: &str| {
        let found = Formula::compile(source, "opportunity", &hidden, ResultType::Boolean).map(|_| ()).unwrap_err();
        (found[0].code, found[0].params["from"].clone())
    };
    assert_eq!(told("account.annual_revenue > 1"), told("account.annual_revenux > 1"));
    let hop = schema().seen_through(|object, field| !(object.key == "opportunity" && field.key == "account"));
    assert!(Formula::compile("account.name", "opportunity", &hop, ResultType::Text).is_err());
}

#[test]
fn what_one_may_not_see_is_blank() {
    let (deal, _, moment) = sample();
    let formula = Formula::compile("account.name ?? \"?\"", "opportunity", &schema(), ResultType::Text).unwrap();
    assert_eq!(formula.evaluate(&deal, &World::default(), &moment).value, Value::from("?"));
}

#[test]
fn tells_what_it_reads() {
    let formula = |source| Formula::compile(source, "opportunity", &schema(), ResultType::Text).unwrap();
    let read = formula("text(amount) + account.owner.name + text(amount)");
    let paths: Vec<String> = read.paths().iter().map(|p| format!("{}:{}.{}", p.hops.len(), p.object, p.field)).collect();
    assert_eq!(paths, ["0:opportunity.amount", "2:employee.name"]);
    assert!(!read.is_volatile());
    assert!(formula("text(today())").is_volatile() && formula("text(now())").is_volatile());
    assert!(formula("if owner == me() { name } else { \"\" }").is_volatile());
}

#[test]
fn every_function_is_told_of_and_its_example_compiles() {
    let results = [ResultType::Text, NUMBER, ResultType::Currency, ResultType::Boolean, ResultType::Date, ResultType::Datetime];
    for function in functions() {
        assert!(function.signature.starts_with(&format!("{}(", function.name)), "{}", function.name);
        assert!(function.help.in_language("zh-CN").chars().any(|c| c > '\u{2e80}'), "{}", function.name);
        let compiles = results.iter().any(|result| Formula::compile(function.example, "opportunity", &schema(), *result).is_ok());
        assert!(compiles && function.example.contains(function.name), "{}", function.example);
        assert!(function_is_documented(&function), "{}", function.name);
    }
}

fn function_is_documented(function: &FunctionHelp) -> bool {
    include_str!("../../../../docs/formulas.md").contains(&format!("`{}`", function.signature))
}

#[test]
fn every_preset_field_has_a_name_that_formulas_can_say() {
    for object in preset() {
        for field in &object.fields {
            let source = format!("is_blank({})", field.key);
            assert!(Formula::compile(&source, &object.key, &schema(), ResultType::Boolean).is_ok(), "{}.{}", object.key, field.key);
        }
    }
}

#[test]
fn many_threads_may_use_one_formula() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&Formula::compile("amount", "opportunity", &schema(), ResultType::Currency).unwrap());
}

/// For docs/decisions/0005: `cargo test --release -p model how_long -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn how_long_it_takes() {
    let (deal, world, moment) = sample();
    let schema = schema();
    for (source, result) in [
        ("amount * win_rate / 100", ResultType::Currency),
        ("amount + lines_total", ResultType::Currency),
        ("account.annual_revenue > 1000000", ResultType::Boolean),
        ("if is_blank(next_step) { \"none\" } else { next_step }", ResultType::Text),
        ("days_between(created_at, expected_close_date)", NUMBER),
        ("upper(left(name, 6)) + \" \" + account.owner.department.name + \" \" + text(amount)", ResultType::Text),
    ] {
        let took = |times: u32, act: &dyn Fn()| {
            let begun = std::time::Instant::now();
            (0..times).for_each(|_| act());
            begun.elapsed().as_nanos() as f64 / f64::from(times) / 1000.0
        };
        let formula = Formula::compile(source, "opportunity", &schema, result).unwrap();
        let compile = took(2_000, &|| drop(std::hint::black_box(Formula::compile(source, "opportunity", &schema, result))));
        let evaluate = took(200_000, &|| drop(std::hint::black_box(formula.evaluate(&deal, &world, &moment))));
        eprintln!("| `{source}` | {compile:.1} | {evaluate:.2} |");
    }
}
