//! A checked formula: what is left of the text once names are resolved and shapes agree.

use rust_decimal::Decimal;

use super::fault::Fault;
use super::operand::Operand;
use super::reckon::Reckoning;

/// A part of a formula.
#[derive(Clone, Debug)]
pub enum Node {
    Blank,
    Text(String),
    Number(Decimal),
    Bool(bool),
    /// A field, by its place among the formula's paths.
    Field(usize),
    /// A number taken as an amount in the main currency.
    AsMoney(Box<Node>),
    Negative(Box<Node>),
    Not(Box<Node>),
    Sum(Operator, Box<Node>, Box<Node>),
    Test(Comparison, Box<Node>, Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    /// The first that is not blank.
    Default(Vec<Node>),
    If(Box<[Node; 3]>),
    Call(Act, Vec<Node>),
}

/// What a function does with the values of its arguments.
pub type Act = for<'a> fn(&Reckoning<'a>, &[Operand<'a>]) -> Result<Operand<'a>, Fault>;

/// Reckoning with two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A test of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub relation: Relation,
    /// Text is compared folded, as conditions do; option keys exactly.
    pub folded: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    /// True when either side is blank.
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// The operator of a sign.
    pub fn of(sign: &str) -> Option<Operator> {
        Some(match sign {
            "+" => Operator::Add,
            "-" => Operator::Subtract,
            "*" => Operator::Multiply,
            "/" => Operator::Divide,
            "%" => Operator::Remainder,
            _ => return None,
        })
    }
}

impl Relation {
    /// The relation of a sign.
    pub fn of(sign: &str) -> Option<Relation> {
        Some(match sign {
            "==" => Relation::Equal,
            "!=" => Relation::NotEqual,
            "<" => Relation::Less,
            "<=" => Relation::LessOrEqual,
            ">" => Relation::Greater,
            ">=" => Relation::GreaterOrEqual,
            _ => return None,
        })
    }
}
