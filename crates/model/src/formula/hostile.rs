//! Formulas that mean harm: each ends at once, with a code, on a small stack.

use std::time::{Duration, Instant as Clock};

use super::tests::{sample, schema};
use super::*;

/// What a formula comes to, on half a megabyte of stack: the code of the first refusal, else that of the note, else `fine`.
fn fate(source: &str, result: ResultType) -> &'static str {
    let source = source.to_owned();
    let work = move || {
        let schema = schema();
        let (mut deal, world, moment) = sample();
        deal.set("description", "x".repeat(100_000));
        let begun = Clock::now();
        let fate = match Formula::compile(&source, "opportunity", &schema, result) {
            Err(found) => found[0].code,
            Ok(formula) => formula.evaluate(&deal, &world, &moment).note.map_or("fine", |note| note.code),
        };
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?}: {}", source.chars().take(80).collect::<String>());
        fate
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().expect("no panic")
}

#[test]
fn hostile_formulas_end_quickly_with_a_code() {
    let number = ResultType::Number { scale: 6 };
    let within = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    // Chains at every level of nesting: each is as long as the parser allows at its level.
    let mut spine = "1".to_owned();
    while spine.len() < 4_500 {
        spine = format!("({spine}){}", "+1".repeat(90));
    }
    let mut choices = "1".to_owned();
    while choices.len() < 4_900 {
        choices = format!("if true {{ {choices} }} else {{ 2 }}");
    }
    let cases = [
        ("deep brackets", within("(", ")", 2_400), "formula.too_deep"),
        ("deep minus", within("- ", "", 2_400), "formula.too_deep"),
        ("deep not", format!("{}true", "!".repeat(4_900)), "formula.too_deep"),
        ("deep plus", within("+ ", "", 2_400), "formula.too_deep"),
        ("deep calls", within("abs(", ")", 900), "formula.too_deep"),
        ("deep blocks", within("{", "}", 2_400), "formula.syntax"),
        ("deep maps", within("#{a:", "}", 900), "formula.too_deep"),
        ("deep lists", within("[", "]", 2_400), "formula.syntax"),
        ("deep choices", choices, "formula.too_deep"),
        ("long else", format!("{}{{2}}", "if true{1}else ".repeat(330)), "formula.too_deep"),
        ("long sum", format!("1{}", "+1".repeat(2_400)), "formula.too_deep"),
        ("long power", format!("1{}", "**1".repeat(1_600)), "formula.too_deep"),
        ("long default", format!("x_count{}", "??1".repeat(1_600)), "formula.too_deep"),
        ("long path", format!("account{}.name", ".parent".repeat(650)), "formula.too_deep"),
        ("spine", spine, "formula.too_deep"),
        ("deep text", format!("\"{}", "`${".repeat(1_500)), "formula.syntax"),
        ("deep interpolation", "`${".repeat(1_600), "formula.too_deep"),
        ("deep switch", "switch 1 { 1 => ".repeat(300), "formula.too_deep"),
        ("deep closure", "|x| ".repeat(1_200), "formula.syntax"),
        ("100 kB", "1+".repeat(50_000) + "1", "formula.too_long"),
        ("100 kB of blanks", " ".repeat(100_000), "formula.too_long"),
        ("many characters of four bytes", format!("len(\"{}\")", "😀".repeat(4_990)), "fine"),
        ("open remark", format!("1 /*{}", "/*".repeat(2_000)), "fine"),
        ("huge number", "9".repeat(4_900), "formula.syntax"),
        ("huge fraction", format!("0.{}", "3".repeat(4_900)), "fine"),
        ("huge power", "1e999999999".to_owned(), "formula.syntax"),
        ("huge hex", format!("0x{}", "f".repeat(4_000)), "formula.syntax"),
        ("product", format!("9999999999{}", "*9999999999".repeat(60)), "formula.overflow"),
        ("tiny", format!("0.0000001{}", "*0.0000001".repeat(60)), "fine"),
        ("endless loop", "loop {}".to_owned(), "formula.syntax"),
        ("endless loop in a choice", "if true { while true {} }".to_owned(), "formula.syntax"),
        ("function", "fn f() { f() } f()".to_owned(), "formula.syntax"),
        ("eval", "eval(\"loop {}\")".to_owned(), "formula.unknown_function"),
        ("import", "import \"/etc/passwd\"".to_owned(), "formula.syntax"),
        ("assignment", "amount = 1".to_owned(), "formula.syntax"),
        ("this", "this".to_owned(), "formula.syntax"),
        ("zero byte", "\"\u{0}\"".to_owned(), "formula.syntax"),
    ];
    for (name, source, expected) in cases {
        let told = fate(&source, number);
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn texts_cannot_grow_without_end() {
    let mut doubled = "replace(\"aaaaaaaaaa\", \"a\", \"aaaaaaaaaa\")".to_owned();
    for _ in 0..20 {
        doubled = format!("replace({doubled}, \"a\", \"aaaaaaaaaa\")");
    }
    assert_eq!(fate(&doubled, ResultType::Text), "formula.text_too_long");
    let joined = format!("\"{0}\"{1}", "x".repeat(500), format!("+\"{}\"", "x".repeat(500)).repeat(8));
    assert_eq!(fate(&joined, ResultType::Text), "formula.text_too_long");
    // A hundred thousand characters read again and again.
    let slow = format!("if {} true {{ 1 }}", "contains(description, \"y\") || ".repeat(90));
    assert_eq!(fate(&slow, ResultType::Number { scale: 0 }), "formula.too_slow");
    assert_eq!(fate("upper(description)", ResultType::Text), "formula.text_too_long");
    assert_eq!(fate("left(description, 5)", ResultType::Text), "fine");
}

/// As deep as the language allows, it works out on a small stack.
#[test]
fn the_deepest_formula_is_worked_out() {
    let number = ResultType::Number { scale: 0 };
    let deep = |n: usize| format!("{}1{}", "abs(".repeat(n), ")".repeat(n));
    assert_eq!(fate(&deep(45), number), "fine");
    assert_eq!(fate(&format!("1{}", "+1".repeat(95)), number), "fine");
    assert_eq!(fate(&format!("1{}{}", "+(1".repeat(30), ")".repeat(30)), number), "fine");
}

const WORDS: &[&str] = &[
    "amount",
    "win_rate",
    "account",
    "owner",
    "name",
    "stage",
    "expected_close_date",
    "created_at",
    "x_count",
    "x_factor",
    "x_regions",
    "lines_total",
    ".",
    ".name",
    ".parent",
    ".annual_revenue",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    "??",
    "(",
    ")",
    "{",
    "}",
    ",",
    "if ",
    " else ",
    "true",
    "false",
    "()",
    "\"",
    "\"a\"",
    "'",
    "`",
    "${",
    "0",
    "1",
    "2.5",
    "9999999999999999999999999999",
    "1e9",
    "0x7f",
    "round(",
    "min(",
    "today()",
    "me()",
    "date(",
    "text(",
    "replace(",
    "contains(",
    "in ",
    "switch ",
    "=>",
    "|",
    ";",
    "//",
    "/*",
    "\n",
    " ",
    "#{",
    "[",
    "..",
    "?.",
    "::",
    "fn",
    "let ",
    "商",
    "\u{301}",
    "\\",
];

/// A random formula: half of them of the grammar, half of words thrown together.
fn thrown(random: &mut impl FnMut(usize) -> usize) -> String {
    if random(2) == 0 {
        return (0..random(25)).map(|_| WORDS[random(WORDS.len())]).collect();
    }
    fn grown(depth: usize, random: &mut impl FnMut(usize) -> usize) -> String {
        let leaf = [
            "amount",
            "lines_total",
            "win_rate",
            "x_count",
            "x_factor",
            "1",
            "0",
            "2.5",
            "0.000001",
            "999999999999",
            "name",
            "account.name",
            "\"ab\"",
            "expected_close_date",
            "created_at",
            "now()",
            "owner",
            "x_strategic",
            "account.annual_revenue",
            "()",
        ];
        if depth == 0 {
            return leaf[random(leaf.len())].to_owned();
        }
        let operators = ["+", "-", "*", "/", "%", "==", "!=", "<", ">", "&&", "||", "??"];
        let names: Vec<_> = functions();
        match random(6) {
            0 => format!("if {} {{ {} }} else {{ {} }}", grown(depth - 1, random), grown(depth - 1, random), grown(depth - 1, random)),
            1 => format!("-{}", grown(depth - 1, random)),
            2 => {
                let arguments: Vec<String> = (0..random(4)).map(|_| grown(depth - 1, random)).collect();
                format!("{}({})", names[random(names.len())].name, arguments.join(", "))
            }
            _ => format!("({} {} {})", grown(depth - 1, random), operators[random(operators.len())], grown(depth - 1, random)),
        }
    }
    grown(1 + random(3), random)
}

/// Nothing that anybody may type panics, and what compiles gives a value of its type or a note.
#[test]
fn random_formulas_end_well() {
    let mut state = 0x5EED_u64;
    let mut random = |below: usize| {
        // xorshift: the same formulas in every run.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    let (deal, world, moment) = sample();
    let schema = schema();
    let results = [
        ResultType::Text,
        ResultType::Number { scale: 2 },
        ResultType::Currency,
        ResultType::Percent { scale: 0 },
        ResultType::Boolean,
        ResultType::Date,
        ResultType::Datetime,
    ];
    let mut compiled = 0;
    for _ in 0..6_000 {
        let source = thrown(&mut random);
        for result in results {
            match Formula::compile(&source, "opportunity", &schema, result) {
                Err(found) => assert!(!found.is_empty() && found.iter().all(|v| v.code.starts_with("formula.")), "{source}"),
                Ok(formula) => {
                    compiled += 1;
                    let evaluated = formula.evaluate(&deal, &world, &moment);
                    assert_eq!(evaluated, formula.evaluate(&deal, &world, &moment), "{source}");
                    let fits = match (&evaluated.value, result) {
                        (Value::Null, _) => true,
                        (value, _) if evaluated.note.is_some() => value.is_null(),
                        (Value::Text(text), ResultType::Text) => text.chars().count() <= 255,
                        (Value::Number(n), ResultType::Number { scale } | ResultType::Percent { scale }) => n.fits_scale(scale),
                        (Value::Money(money), ResultType::Currency) => money.amount.rounded(money.currency) == money.amount,
                        (Value::Bool(_), ResultType::Boolean) | (Value::Date(_), ResultType::Date) => true,
                        (Value::Instant(_), ResultType::Datetime) => true,
                        _ => false,
                    };
                    assert!(fits, "{source}: {evaluated:?}");
                }
            }
        }
    }
    assert!(compiled > 500, "{compiled}");
}
