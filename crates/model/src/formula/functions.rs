//! The functions that formulas may call: one table for the check, the reckoning, the screen and the documentation.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::days;
use super::fault::Fault;
use super::operand::{Operand, Sum, order};
use super::reckon::Reckoning;
use super::shape::Shape;
use super::tree::Act;
use crate::text::fold;
use crate::{Date, Label};

/// What the screen tells of a function while a formula is typed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FunctionHelp {
    pub name: &'static str,
    /// `round(x, digits?)`.
    pub signature: &'static str,
    pub help: Label,
    pub example: &'static str,
}

/// All functions, in the order in which they are shown.
pub fn functions() -> Vec<FunctionHelp> {
    FUNCTIONS
        .iter()
        .map(|f| FunctionHelp { name: f.name, signature: f.signature, help: Label::new(f.help.0, f.help.1), example: f.example })
        .collect()
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Text,
    Number,
    /// A number or an amount of money.
    Quantity,
    Money,
    Date,
    Instant,
    /// A day or an instant.
    Time,
    Keys,
    /// Whatever can be written out.
    Shown,
    Any,
}

/// What a function comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    Text,
    Number,
    Bool,
    Date,
    Instant,
    Person,
    /// As its first argument.
    Same,
    /// One of its arguments.
    OneOf,
}

/// A function of the language.
pub struct Function {
    pub name: &'static str,
    pub signature: &'static str,
    pub takes: &'static [Takes],
    /// Arguments that may be left out, from the end.
    pub optional: usize,
    /// The last argument may come again and again.
    pub repeats: bool,
    pub gives: Gives,
    /// Its value changes without the record changing, so a field with it cannot be indexed.
    pub volatile: bool,
    pub act: Act,
    help: (&'static str, &'static str),
    example: &'static str,
}

impl Takes {
    /// True when a value of this shape will do.
    pub fn accepts(self, shape: &Shape) -> bool {
        match self {
            Takes::Any => true,
            _ if *shape == Shape::Blank => true,
            Takes::Text => matches!(shape, Shape::Text | Shape::Key),
            Takes::Number => *shape == Shape::Number,
            Takes::Quantity => matches!(shape, Shape::Number | Shape::Money),
            Takes::Money => *shape == Shape::Money,
            Takes::Date => *shape == Shape::Date,
            Takes::Instant => *shape == Shape::Instant,
            Takes::Time => matches!(shape, Shape::Date | Shape::Instant),
            Takes::Keys => *shape == Shape::Keys,
            Takes::Shown => !matches!(shape, Shape::Keys | Shape::Ref(_) | Shape::Opaque),
        }
    }

    /// As a refusal names it.
    pub fn name(self) -> &'static str {
        match self {
            Takes::Text => "text",
            Takes::Number => "a number",
            Takes::Quantity => "a number or an amount of money",
            Takes::Money => "an amount of money",
            Takes::Date => "a day",
            Takes::Instant => "an instant",
            Takes::Time => "a day or an instant",
            Takes::Keys => "several options",
            Takes::Shown => "a value that can be written out",
            Takes::Any => "a value",
        }
    }
}

impl Function {
    /// The function of a name.
    pub fn find(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// What the argument at a place must be.
    pub fn takes_at(&self, place: usize) -> Option<Takes> {
        self.takes.get(place).or(if self.repeats { self.takes.last() } else { None }).copied()
    }

    /// The shape it comes to; `None` when its arguments do not go together.
    pub fn comes_to(&self, arguments: &[Shape]) -> Option<Shape> {
        Some(match self.gives {
            Gives::Text => Shape::Text,
            Gives::Number => Shape::Number,
            Gives::Bool => Shape::Bool,
            Gives::Date => Shape::Date,
            Gives::Instant => Shape::Instant,
            Gives::Person => Shape::Ref("employee".to_owned()),
            Gives::Same => arguments.first().cloned().unwrap_or(Shape::Blank),
            Gives::OneOf => arguments.iter().try_fold(Shape::Blank, |all, one| all.joined(one))?,
        })
    }
}

const PLAIN: Function = Function {
    name: "",
    signature: "",
    takes: &[],
    optional: 0,
    repeats: false,
    gives: Gives::Number,
    volatile: false,
    act: |_, _| Ok(Operand::Blank),
    help: ("", ""),
    example: "",
};

static FUNCTIONS: &[Function] = &[
    Function {
        name: "is_blank",
        signature: "is_blank(x)",
        takes: &[Takes::Any],
        gives: Gives::Bool,
        act: |_, a| Ok(Operand::Bool(a[0].is_blank())),
        help: ("True when nothing is there.", "没有值时为真。"),
        example: "is_blank(next_step)",
        ..PLAIN
    },
    Function {
        name: "round",
        signature: "round(x, digits?)",
        takes: &[Takes::Quantity, Takes::Number],
        optional: 1,
        gives: Gives::Same,
        act: |_, a| {
            let digits = match a.get(1) {
                None => 0,
                Some(Operand::Number(n)) => n.trunc().to_i32().unwrap_or(if n.is_sign_negative() { -29 } else { 28 }),
                Some(_) => return Ok(Operand::Blank),
            };
            each(&a[0], |n| round(n, digits))
        },
        help: (
            "Rounded half away from zero, to whole numbers or to so many digits after the point.",
            "四舍五入到整数，或保留指定的小数位数。",
        ),
        example: "round(amount / 3, 2)",
        ..PLAIN
    },
    Function {
        name: "floor",
        signature: "floor(x)",
        takes: &[Takes::Quantity],
        gives: Gives::Same,
        act: |_, a| each(&a[0], |n| Some(n.floor())),
        help: ("The next whole number below.", "向下取整。"),
        example: "floor(account.employees / 10)",
        ..PLAIN
    },
    Function {
        name: "ceil",
        signature: "ceil(x)",
        takes: &[Takes::Quantity],
        gives: Gives::Same,
        act: |_, a| each(&a[0], |n| Some(n.ceil())),
        help: ("The next whole number above.", "向上取整。"),
        example: "ceil(account.employees / 10)",
        ..PLAIN
    },
    Function {
        name: "abs",
        signature: "abs(x)",
        takes: &[Takes::Quantity],
        gives: Gives::Same,
        act: |_, a| each(&a[0], |n| Some(n.abs())),
        help: ("Without its sign.", "绝对值。"),
        example: "abs(amount - lines_total)",
        ..PLAIN
    },
    Function {
        name: "min",
        signature: "min(x, y, …)",
        takes: &[Takes::Quantity, Takes::Quantity],
        repeats: true,
        gives: Gives::OneOf,
        act: |r, a| pick(r, a, std::cmp::Ordering::Less),
        help: ("The smallest; blank when one of them is.", "最小值；任一为空时结果为空。"),
        example: "min(amount, lines_total)",
        ..PLAIN
    },
    Function {
        name: "max",
        signature: "max(x, y, …)",
        takes: &[Takes::Quantity, Takes::Quantity],
        repeats: true,
        gives: Gives::OneOf,
        act: |r, a| pick(r, a, std::cmp::Ordering::Greater),
        help: ("The largest; blank when one of them is.", "最大值；任一为空时结果为空。"),
        example: "max(win_rate, 20)",
        ..PLAIN
    },
    Function {
        name: "main_amount",
        signature: "main_amount(money)",
        takes: &[Takes::Money],
        act: |r, a| match &a[0] {
            Operand::Money(sum) => Ok(Operand::Number(sum.main.ok_or(Fault::NoRate)?)),
            Operand::Number(n) => Ok(Operand::Number(*n)),
            _ => r.step(0).map(|()| Operand::Blank),
        },
        help: ("The amount in the main currency, as a number.", "折算为本位币的金额（数字）。"),
        example: "main_amount(account.annual_revenue) / account.employees",
        ..PLAIN
    },
    Function {
        name: "upper",
        signature: "upper(text)",
        takes: &[Takes::Text],
        gives: Gives::Text,
        act: |r, a| with_text(&a[0], |text| r.made(text.to_uppercase())),
        help: ("In capital letters.", "转换为大写。"),
        example: "upper(account.country)",
        ..PLAIN
    },
    Function {
        name: "lower",
        signature: "lower(text)",
        takes: &[Takes::Text],
        gives: Gives::Text,
        act: |r, a| with_text(&a[0], |text| r.made(text.to_lowercase())),
        help: ("In small letters.", "转换为小写。"),
        example: "lower(name)",
        ..PLAIN
    },
    Function {
        name: "trim",
        signature: "trim(text)",
        takes: &[Takes::Text],
        gives: Gives::Text,
        act: |r, a| with_text(&a[0], |text| r.made(text.trim().to_owned())),
        help: ("Without blanks at both ends.", "去掉首尾空白。"),
        example: "trim(next_step)",
        ..PLAIN
    },
    Function {
        name: "len",
        signature: "len(text)",
        takes: &[Takes::Text],
        act: |r, a| {
            with_text(&a[0], |text| {
                r.step(text.len())?;
                Ok(Operand::Number(Decimal::from(text.chars().count())))
            })
        },
        help: ("How many characters it has.", "字符数。"),
        example: "len(description)",
        ..PLAIN
    },
    Function {
        name: "left",
        signature: "left(text, n)",
        takes: &[Takes::Text, Takes::Number],
        gives: Gives::Text,
        act: |r, a| {
            let Operand::Number(n) = &a[1] else { return Ok(Operand::Blank) };
            with_text(&a[0], |text| r.made(text.chars().take(count(*n)).collect()))
        },
        help: ("Its first n characters.", "开头的 n 个字符。"),
        example: "left(name, 20)",
        ..PLAIN
    },
    Function {
        name: "right",
        signature: "right(text, n)",
        takes: &[Takes::Text, Takes::Number],
        gives: Gives::Text,
        act: |r, a| {
            let Operand::Number(n) = &a[1] else { return Ok(Operand::Blank) };
            with_text(&a[0], |text| {
                r.step(text.len())?;
                r.made(text.chars().skip(text.chars().count().saturating_sub(count(*n))).collect())
            })
        },
        help: ("Its last n characters.", "末尾的 n 个字符。"),
        example: "right(account.phone, 4)",
        ..PLAIN
    },
    Function {
        name: "contains",
        signature: "contains(text, part)",
        takes: &[Takes::Text, Takes::Text],
        gives: Gives::Bool,
        act: |r, a| parts(r, a, |text, part| text.contains(part)),
        help: ("True when the part is in the text, in capitals or not.", "文本包含该部分时为真，不区分大小写。"),
        example: "contains(name, \"renewal\")",
        ..PLAIN
    },
    Function {
        name: "starts_with",
        signature: "starts_with(text, part)",
        takes: &[Takes::Text, Takes::Text],
        gives: Gives::Bool,
        act: |r, a| parts(r, a, |text, part| text.starts_with(part)),
        help: ("True when the text begins with the part, in capitals or not.", "文本以该部分开头时为真，不区分大小写。"),
        example: "starts_with(account.phone, \"+86\")",
        ..PLAIN
    },
    Function {
        name: "ends_with",
        signature: "ends_with(text, part)",
        takes: &[Takes::Text, Takes::Text],
        gives: Gives::Bool,
        act: |r, a| parts(r, a, |text, part| text.ends_with(part)),
        help: ("True when the text ends with the part, in capitals or not.", "文本以该部分结尾时为真，不区分大小写。"),
        example: "ends_with(owner.email, \"@example.com\")",
        ..PLAIN
    },
    Function {
        name: "replace",
        signature: "replace(text, part, by)",
        takes: &[Takes::Text, Takes::Text, Takes::Text],
        gives: Gives::Text,
        act: |r, a| match a {
            [Operand::Text(text), Operand::Text(part), Operand::Text(by)] if !part.is_empty() => {
                r.step(text.len())?;
                // What it grows to is reckoned before it is made.
                let grown = text.matches(part.as_ref()).count().saturating_mul(by.len());
                r.step(grown)?;
                r.made(text.replace(part.as_ref(), by))
            }
            [text @ Operand::Text(_), Operand::Text(_), Operand::Text(_)] => Ok(text.clone()),
            _ => Ok(Operand::Blank),
        },
        help: ("With every such part replaced, written exactly so.", "替换所有与该部分完全相同的内容。"),
        example: "replace(name, \"Ltd.\", \"Limited\")",
        ..PLAIN
    },
    Function {
        name: "text",
        signature: "text(x)",
        takes: &[Takes::Shown],
        gives: Gives::Text,
        act: |r, a| match &a[0] {
            Operand::Text(_) | Operand::Blank => Ok(a[0].clone()),
            Operand::Number(n) => r.made(n.normalize().to_string()),
            Operand::Money(sum) => {
                let digits = sum.currency.digits().min(crate::money::SCALE);
                r.made(format!("{:.*} {}", digits as usize, round(sum.amount, digits as i32).ok_or(Fault::Overflow)?, sum.currency))
            }
            Operand::Bool(truth) => r.made(truth.to_string()),
            Operand::Date(day) => r.made(day.to_string()),
            Operand::Instant(at) => r.made(at.clock_in(&r.moment.zone)),
            _ => Ok(Operand::Blank),
        },
        help: (
            "Written out: 12.5, 1054.00 USD, 2026-11-23, 2026-11-23 15:48 (in the organisation's time zone).",
            "转换为文本：12.5、1054.00 USD、2026-11-23、2026-11-23 15:48（组织时区）。",
        ),
        example: "name + \" \" + text(expected_close_date)",
        ..PLAIN
    },
    Function {
        name: "has",
        signature: "has(options, \"key\")",
        takes: &[Takes::Keys, Takes::Text],
        gives: Gives::Bool,
        act: |r, a| match a {
            [Operand::Keys(keys), Operand::Text(key)] => {
                r.step(keys.len())?;
                Ok(Operand::Bool(keys.iter().any(|has| has == key)))
            }
            _ => Ok(Operand::Bool(false)),
        },
        help: ("True when the option of that key is among those chosen.", "已选中该键对应的选项时为真。"),
        example: "has(owner.roles, \"sales_manager\")",
        ..PLAIN
    },
    Function {
        name: "today",
        signature: "today()",
        gives: Gives::Date,
        volatile: true,
        act: |r, _| Ok(Operand::Date(r.moment.now.date_in(&r.moment.zone))),
        help: ("The day that it is. A field with it cannot be indexed.", "今天。使用它的字段不能建立索引。"),
        example: "expected_close_date - today()",
        ..PLAIN
    },
    Function {
        name: "now",
        signature: "now()",
        gives: Gives::Instant,
        volatile: true,
        act: |r, _| Ok(Operand::Instant(r.moment.now)),
        help: ("This instant. A field with it cannot be indexed.", "此刻。使用它的字段不能建立索引。"),
        example: "now() - stage_entered_at",
        ..PLAIN
    },
    Function {
        name: "me",
        signature: "me()",
        gives: Gives::Person,
        volatile: true,
        act: |r, _| Ok(r.moment.me.map_or(Operand::Blank, Operand::Ref)),
        help: ("Whoever is looking. A field with it cannot be indexed.", "当前用户。使用它的字段不能建立索引。"),
        example: "owner == me()",
        ..PLAIN
    },
    Function {
        name: "date",
        signature: "date(year, month, day)",
        takes: &[Takes::Number, Takes::Number, Takes::Number],
        gives: Gives::Date,
        act: |_, a| match a {
            [Operand::Number(year), Operand::Number(month), Operand::Number(day)] => Ok(Operand::Date(days::of(*year, *month, *day)?)),
            _ => Ok(Operand::Blank),
        },
        help: ("The day of that year and month.", "由年、月、日组成的日期。"),
        example: "date(year(created_at), 12, 31)",
        ..PLAIN
    },
    Function {
        name: "date_of",
        signature: "date_of(instant)",
        takes: &[Takes::Instant],
        gives: Gives::Date,
        act: |r, a| Ok(day(r, &a[0]).map_or(Operand::Blank, Operand::Date)),
        help: ("The day of an instant in the organisation's time zone.", "时间在组织时区中的日期。"),
        example: "date_of(closed_at)",
        ..PLAIN
    },
    Function {
        name: "year",
        signature: "year(day)",
        takes: &[Takes::Time],
        act: |r, a| Ok(part(r, &a[0], |day| i64::from(day.year()))),
        help: ("The year of a day or an instant.", "日期或时间的年份。"),
        example: "year(expected_close_date)",
        ..PLAIN
    },
    Function {
        name: "quarter",
        signature: "quarter(day)",
        takes: &[Takes::Time],
        act: |r, a| Ok(part(r, &a[0], |day| i64::from((day.month() - 1) / 3 + 1))),
        help: ("The quarter of the calendar year, 1 to 4.", "日历年的季度，1 到 4。"),
        example: "quarter(expected_close_date)",
        ..PLAIN
    },
    Function {
        name: "month",
        signature: "month(day)",
        takes: &[Takes::Time],
        act: |r, a| Ok(part(r, &a[0], |day| i64::from(day.month()))),
        help: ("The month, 1 to 12.", "月份，1 到 12。"),
        example: "month(expected_close_date)",
        ..PLAIN
    },
    Function {
        name: "day",
        signature: "day(day)",
        takes: &[Takes::Time],
        act: |r, a| Ok(part(r, &a[0], |day| i64::from(day.day()))),
        help: ("The day of the month, 1 to 31.", "一月中的第几天，1 到 31。"),
        example: "day(expected_close_date)",
        ..PLAIN
    },
    Function {
        name: "weekday",
        signature: "weekday(day)",
        takes: &[Takes::Time],
        act: |r, a| Ok(part(r, &a[0], |day| i64::from(day.weekday().to_monday_one_offset()))),
        help: ("The day of the week: 1 is Monday, 7 is Sunday.", "星期几：1 为周一，7 为周日。"),
        example: "weekday(expected_close_date) > 5",
        ..PLAIN
    },
    Function {
        name: "days_between",
        signature: "days_between(first, last)",
        takes: &[Takes::Time, Takes::Time],
        act: |r, a| match (day(r, &a[0]), day(r, &a[1])) {
            (Some(first), Some(last)) => Ok(Operand::Number(days::between(first, last))),
            _ => Ok(Operand::Blank),
        },
        help: (
            "Days of the calendar from the first to the last, in the organisation's time zone.",
            "从第一个日期到最后一个日期的天数（组织时区）。",
        ),
        example: "days_between(created_at, closed_at)",
        ..PLAIN
    },
    Function {
        name: "add_days",
        signature: "add_days(day, n)",
        takes: &[Takes::Time, Takes::Number],
        gives: Gives::Same,
        act: |_, a| match a {
            [Operand::Date(day), Operand::Number(n)] => Ok(Operand::Date(days::later(*day, *n)?)),
            [Operand::Instant(at), Operand::Number(n)] => Ok(Operand::Instant(days::instant_later(*at, *n)?)),
            _ => Ok(Operand::Blank),
        },
        help: ("So many days later; earlier when n is negative.", "n 天之后；n 为负时为之前。"),
        example: "add_days(stage_entered_at, 14)",
        ..PLAIN
    },
    Function {
        name: "add_months",
        signature: "add_months(day, n)",
        takes: &[Takes::Date, Takes::Number],
        gives: Gives::Date,
        act: |_, a| match a {
            [Operand::Date(day), Operand::Number(n)] => Ok(Operand::Date(days::months_later(*day, *n)?)),
            _ => Ok(Operand::Blank),
        },
        help: ("So many months later; the last day of the month where the day is missing.", "n 个月之后；当月没有该日时取最后一天。"),
        example: "add_months(expected_close_date, 12)",
        ..PLAIN
    },
];

/// The same done to a number or to an amount.
fn each<'a>(value: &Operand<'a>, act: impl Fn(Decimal) -> Option<Decimal>) -> Result<Operand<'a>, Fault> {
    Ok(match value {
        Operand::Number(n) => Operand::Number(act(*n).ok_or(Fault::Overflow)?),
        Operand::Money(sum) => Operand::Money(sum.becomes(act(sum.amount).ok_or(Fault::Overflow)?)?),
        _ => Operand::Blank,
    })
}

/// Rounded half away from zero; negative digits round to tens, hundreds …
fn round(n: Decimal, digits: i32) -> Option<Decimal> {
    let half_up = |n: Decimal, digits| n.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    match u32::try_from(digits) {
        Ok(digits) => Some(half_up(n, digits.min(28))),
        // Beyond the largest number there is only zero.
        Err(_) if digits < -27 => Some(Decimal::ZERO),
        Err(_) => {
            let unit = Decimal::from_i128_with_scale(10_i128.pow(digits.unsigned_abs()), 0);
            half_up(n.checked_div(unit)?, 0).checked_mul(unit)
        }
    }
}

/// The smallest or the largest; blank when one is blank. Numbers beside amounts are amounts in the main currency.
fn pick<'a>(r: &Reckoning<'a>, values: &[Operand<'a>], wanted: std::cmp::Ordering) -> Result<Operand<'a>, Fault> {
    let money = values.iter().any(|value| matches!(value, Operand::Money(_)));
    let mut best: Option<Operand<'a>> = None;
    for value in values {
        let value = match value {
            Operand::Blank => return Ok(Operand::Blank),
            Operand::Number(n) if money => Operand::Money(Sum::of_main(*n, r.moment.main)),
            other => other.clone(),
        };
        let better = match &best {
            Some(best) => order(&value, best, false, r.moment.main)? == Some(wanted),
            None => true,
        };
        if better {
            best = Some(value);
        }
    }
    Ok(best.unwrap_or(Operand::Blank))
}

fn with_text<'a>(value: &Operand<'a>, act: impl FnOnce(&str) -> Result<Operand<'a>, Fault>) -> Result<Operand<'a>, Fault> {
    match value {
        Operand::Text(text) => act(text),
        _ => Ok(Operand::Blank),
    }
}

/// A test of a text and a part of it, both folded as conditions do; false when one is blank.
fn parts<'a>(r: &Reckoning<'a>, values: &[Operand<'a>], test: impl Fn(&str, &str) -> bool) -> Result<Operand<'a>, Fault> {
    let [Operand::Text(text), Operand::Text(part)] = values else { return Ok(Operand::Bool(false)) };
    r.step(text.len() + part.len())?;
    Ok(Operand::Bool(test(&fold(text), &fold(part))))
}

/// A number of characters: none when negative.
fn count(n: Decimal) -> usize {
    if n.is_sign_negative() { 0 } else { n.trunc().to_usize().unwrap_or(usize::MAX) }
}

/// The day of a day or an instant.
fn day(r: &Reckoning<'_>, value: &Operand<'_>) -> Option<Date> {
    match value {
        Operand::Date(day) => Some(*day),
        Operand::Instant(at) => Some(at.date_in(&r.moment.zone)),
        _ => None,
    }
}

fn part<'a>(r: &Reckoning<'_>, value: &Operand<'_>, read: impl Fn(Date) -> i64) -> Operand<'a> {
    day(r, value).map_or(Operand::Blank, |day| Operand::Number(Decimal::from(read(day))))
}
