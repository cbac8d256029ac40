//! Working out a checked formula for one record.

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::days;
use super::fault::Fault;
use super::operand::{Operand, Sum, order};
use super::shape::Shape;
use super::tree::{Comparison, Node, Operator, Relation};
use super::{Moment, Path};
use crate::condition::World;
use crate::{Record, Value};

/// Steps that one reckoning may take. A part of the formula is one step, a character of text that is read or made another:
/// some ten milliseconds at most.
const MAX_STEPS: usize = 1_000_000;
/// Longest text on the way to a result, in bytes.
const MAX_TEXT: usize = 20_000;

/// One formula being worked out for one record.
pub struct Reckoning<'a> {
    record: &'a Record,
    world: &'a World,
    paths: &'a [(Path, Shape)],
    pub moment: &'a Moment,
    left: Cell<usize>,
}

impl<'a> Reckoning<'a> {
    pub fn new(record: &'a Record, world: &'a World, paths: &'a [(Path, Shape)], moment: &'a Moment) -> Reckoning<'a> {
        Reckoning { record, world, paths, moment, left: Cell::new(MAX_STEPS) }
    }

    /// The value of a part.
    pub fn value(&self, node: &'a Node) -> Result<Operand<'a>, Fault> {
        self.step(1)?;
        Ok(match node {
            Node::Blank => Operand::Blank,
            Node::Text(text) => Operand::Text(Cow::Borrowed(text)),
            Node::Number(n) => Operand::Number(*n),
            Node::Bool(truth) => Operand::Bool(*truth),
            Node::Field(path) => self.field(*path),
            Node::AsMoney(inner) => match self.value(inner)? {
                Operand::Number(n) => Operand::Money(Sum::of_main(n, self.moment.main)),
                other => other,
            },
            Node::Negative(inner) => match self.value(inner)? {
                Operand::Number(n) => Operand::Number(-n),
                Operand::Money(sum) => Operand::Money(sum.each(|n| Some(-n))?),
                _ => Operand::Blank,
            },
            Node::Not(inner) => Operand::Bool(!self.value(inner)?.is_true()),
            Node::Sum(operator, a, b) => self.sum(*operator, self.value(a)?, self.value(b)?)?,
            Node::Test(comparison, a, b) => Operand::Bool(self.test(*comparison, &self.value(a)?, &self.value(b)?)?),
            Node::All(parts) => Operand::Bool(!self.any(parts, false)?),
            Node::Any(parts) => Operand::Bool(self.any(parts, true)?),
            Node::Default(parts) => self.first(parts)?,
            Node::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let arm = if self.value(condition)?.is_true() { then } else { otherwise };
                self.value(arm)?
            }
            Node::Call(act, arguments) => self.call(*act, arguments)?,
        })
    }

    // Apart from `value`, so that a deep formula does not carry the room for arguments on every level.
    #[inline(never)]
    fn call(&self, act: super::tree::Act, arguments: &'a [Node]) -> Result<Operand<'a>, Fault> {
        let arguments = arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>, Fault>>()?;
        act(self, &arguments)
    }

    /// True as soon as a part is `wanted`; the rest is not looked at.
    fn any(&self, parts: &'a [Node], wanted: bool) -> Result<bool, Fault> {
        for part in parts {
            if self.value(part)?.is_true() == wanted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn first(&self, parts: &'a [Node]) -> Result<Operand<'a>, Fault> {
        for part in parts {
            let value = self.value(part)?;
            if !value.is_blank() {
                return Ok(value);
            }
        }
        Ok(Operand::Blank)
    }

    /// Counts work; ends the reckoning when it was too much.
    pub fn step(&self, steps: usize) -> Result<(), Fault> {
        self.left.set(self.left.get().checked_sub(steps).ok_or(Fault::TooSlow)?);
        Ok(())
    }

    /// A text that was made; ends the reckoning when it is too long.
    pub fn made(&self, text: String) -> Result<Operand<'a>, Fault> {
        if text.len() > MAX_TEXT {
            return Err(Fault::TooLong);
        }
        self.step(text.len())?;
        Ok(Operand::Text(Cow::Owned(text)))
    }

    /// What a field holds, where the reader may see it. A value of another shape than the field's would be a fault of the stored data:
    /// it reads as blank.
    fn field(&self, path: usize) -> Operand<'a> {
        let Some((path, shape)) = self.paths.get(path) else { return Operand::Blank };
        let mut at = Some(self.record);
        for hop in &path.hops {
            at = at.and_then(|record| record.reference(&hop.field)).and_then(|id| self.world.find(&hop.object, id));
        }
        let Some(record) = at else { return if *shape == Shape::Bool { Operand::Bool(false) } else { Operand::Blank } };
        if path.field == "id" {
            return Operand::Ref(record.id);
        }
        match (record.get(&path.field), shape) {
            (Value::Text(text), Shape::Text | Shape::Key) => Operand::Text(Cow::Borrowed(text)),
            (Value::Number(n), Shape::Number) => Operand::Number(Decimal::new(n.0, crate::number::SCALE)),
            (Value::Money(money), Shape::Money) => {
                let amount = Decimal::new(money.amount.0, crate::money::SCALE);
                let main = record.mains.get(&path.field).map(|main| Decimal::new(main.0, crate::money::SCALE));
                let main = main.or_else(|| (money.currency == self.moment.main).then_some(amount));
                Operand::Money(Sum { amount, currency: money.currency, main })
            }
            (Value::Bool(truth), Shape::Bool) => Operand::Bool(*truth),
            (_, Shape::Bool) => Operand::Bool(false),
            (Value::Date(day), Shape::Date) => Operand::Date(*day),
            (Value::Instant(at), Shape::Instant) => Operand::Instant(*at),
            (Value::Ref(id), Shape::Ref(_)) => Operand::Ref(*id),
            (Value::Keys(keys), Shape::Keys) => Operand::Keys(keys),
            // Only whether it is blank can be asked of it.
            (value, Shape::Opaque) if !value.is_null() => Operand::Bool(true),
            _ => Operand::Blank,
        }
    }

    fn sum(&self, operator: Operator, a: Operand<'a>, b: Operand<'a>) -> Result<Operand<'a>, Fault> {
        use Operand::{Date, Instant, Money, Number, Text};
        Ok(match (operator, a, b) {
            (_, Operand::Blank, _) | (_, _, Operand::Blank) => Operand::Blank,
            (_, Number(a), Number(b)) => Number(reckon(operator, a, b)?),
            (Operator::Add, Money(a), Money(b)) => Money(a.plus(b, self.moment.main)?),
            (Operator::Subtract, Money(a), Money(b)) => Money(a.plus(b.each(|n| Some(-n))?, self.moment.main)?),
            (Operator::Multiply, Money(sum), Number(n)) | (Operator::Multiply, Number(n), Money(sum)) => {
                Money(sum.each(|amount| amount.checked_mul(n))?)
            }
            (Operator::Divide, Money(_), Number(n)) if n.is_zero() => return Err(Fault::DivisionByZero),
            (Operator::Divide, Money(sum), Number(n)) => Money(sum.each(|amount| amount.checked_div(n))?),
            (Operator::Divide, Money(a), Money(b)) => {
                let (a, b) = a.alike(b, self.moment.main)?;
                Number(reckon(Operator::Divide, a.amount, b.amount)?)
            }
            (Operator::Add, Text(a), Text(b)) => {
                if a.len() + b.len() > MAX_TEXT {
                    return Err(Fault::TooLong);
                }
                self.made(a.into_owned() + b.as_ref())?
            }
            (Operator::Add, Date(day), Number(n)) | (Operator::Add, Number(n), Date(day)) => Date(days::later(day, n)?),
            (Operator::Subtract, Date(day), Number(n)) => Date(days::later(day, -n)?),
            (Operator::Subtract, Date(a), Date(b)) => Number(days::between(b, a)),
            (Operator::Add, Instant(at), Number(n)) | (Operator::Add, Number(n), Instant(at)) => Instant(days::instant_later(at, n)?),
            (Operator::Subtract, Instant(at), Number(n)) => Instant(days::instant_later(at, -n)?),
            (Operator::Subtract, Instant(a), Instant(b)) => Number(days::between_instants(b, a)?),
            _ => Operand::Blank,
        })
    }

    fn test(&self, comparison: Comparison, a: &Operand<'a>, b: &Operand<'a>) -> Result<bool, Fault> {
        if let (Operand::Text(a), Operand::Text(b)) = (a, b) {
            self.step(a.len() + b.len())?;
        }
        let order = order(a, b, comparison.folded, self.moment.main)?;
        Ok(match comparison.relation {
            Relation::Equal => order == Some(Ordering::Equal),
            Relation::NotEqual => order != Some(Ordering::Equal),
            Relation::Less => order == Some(Ordering::Less),
            Relation::LessOrEqual => order.is_some_and(Ordering::is_le),
            Relation::Greater => order == Some(Ordering::Greater),
            Relation::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        })
    }
}

/// Reckoning with two numbers: exact to 28 digits.
fn reckon(operator: Operator, a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    if b.is_zero() && matches!(operator, Operator::Divide | Operator::Remainder) {
        return Err(Fault::DivisionByZero);
    }
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => a.checked_div(b),
        Operator::Remainder => a.checked_rem(b),
    }
    .ok_or(Fault::Overflow)
}
