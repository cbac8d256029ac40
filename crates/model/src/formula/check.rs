//! From rhai's syntax tree to a checked formula: names are resolved, shapes agree, and what is no formula is refused.
//!
//! Only what is listed here passes. A kind of expression that a later version of rhai may bring is refused until somebody adds it.

use rhai::{ASTFlags, Expr, FnCallExpr, Position, Stmt};
use rust_decimal::Decimal;

use super::Path;
use super::functions::{Function, Takes};
use super::parse::{MAX_DEPTH, Places, syntax};
use super::shape::Shape;
use super::tree::{Comparison, Node, Operator, Relation};
use crate::condition::Hop;
use crate::{Schema, Violation};

/// Most references in one path, as in conditions.
const MAX_HOPS: usize = 3;

/// A part that was checked: what it does, what it comes to, where it stands.
pub struct Checked {
    pub node: Node,
    pub shape: Shape,
    pub from: usize,
    pub to: usize,
}

/// Checks one formula.
pub struct Check<'a> {
    pub object: &'a str,
    pub schema: &'a Schema,
    pub places: Places,
    /// Fields that were met, each once.
    pub paths: Vec<(Path, Shape)>,
    pub volatile: bool,
    depth: usize,
}

/// The first fault ends the check of its part; the parts beside it are checked all the same.
type Outcome = Result<Checked, Vec<Violation>>;

impl<'a> Check<'a> {
    pub fn new(source: &str, object: &'a str, schema: &'a Schema) -> Check<'a> {
        Check { object, schema, places: Places::new(source), paths: Vec::new(), volatile: false, depth: 0 }
    }

    /// Checks a statement, which must be one expression.
    pub fn statement(&mut self, statement: &Stmt) -> Outcome {
        match statement {
            Stmt::Expr(expr) => self.part(expr),
            Stmt::If(choice, position) => {
                self.deeper(*position)?;
                let checked = self.choice(&choice.expr, choice.body.statements(), choice.branch.statements(), *position);
                self.depth -= 1;
                checked
            }
            other => Err(vec![self.marked(syntax("this has no place in a formula"), other.position())]),
        }
    }

    /// Checks an expression.
    pub fn part(&mut self, expr: &Expr) -> Outcome {
        self.deeper(expr.position())?;
        let checked = self.expression(expr);
        self.depth -= 1;
        checked
    }

    /// The parser counts its own depth, but two branches of one level may each be as deep as it allows.
    fn deeper(&mut self, position: Position) -> Result<(), Vec<Violation>> {
        if self.depth >= MAX_DEPTH {
            return Err(vec![self.marked(Violation::new("formula.too_deep", "formula").with("max", MAX_DEPTH), position)]);
        }
        self.depth += 1;
        Ok(())
    }

    fn expression(&mut self, expr: &Expr) -> Outcome {
        let leaf = |node, shape| {
            let (from, to) = self.places.at(expr.position());
            Ok(Checked { node, shape, from, to })
        };
        match expr {
            Expr::IntegerConstant(n, _) => leaf(Node::Number(Decimal::from(*n)), Shape::Number),
            Expr::DynamicConstant(value, position) => match value.as_decimal() {
                Ok(n) => leaf(Node::Number(n), Shape::Number),
                Err(_) => Err(vec![self.marked(syntax("this has no place in a formula"), *position)]),
            },
            Expr::BoolConstant(truth, _) => leaf(Node::Bool(*truth), Shape::Bool),
            Expr::StringConstant(text, _) => leaf(Node::Text(text.to_string()), Shape::Text),
            Expr::CharConstant(letter, _) => leaf(Node::Text(letter.to_string()), Shape::Text),
            Expr::Unit(_) => leaf(Node::Blank, Shape::Blank),
            Expr::Variable(name, _, position) => self.field(&[&name.1], *position),
            Expr::Dot(..) => self.path(expr),
            Expr::And(parts, position) => self.row(parts, *position, Node::All),
            Expr::Or(parts, position) => self.row(parts, *position, Node::Any),
            Expr::Coalesce(parts, position) => self.default(parts, *position),
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::Stmt(block) => self.block(block.statements(), block.position()),
            other => Err(vec![self.marked(syntax("this has no place in a formula"), other.start_position())]),
        }
    }

    fn marked(&self, violation: Violation, position: Position) -> Violation {
        let (from, to) = self.places.at(position);
        violation.with("from", from).with("to", to)
    }

    fn block(&mut self, statements: &[Stmt], position: Position) -> Outcome {
        match statements {
            [one] => self.statement(one),
            _ => Err(vec![self.marked(syntax("a value is missing"), position)]),
        }
    }

    #[inline(never)]
    fn path(&mut self, expr: &Expr) -> Outcome {
        let mut names: Vec<&str> = Vec::new();
        let mut at = expr;
        let start = expr.start_position();
        loop {
            match at {
                Expr::Dot(pair, flags, _) if !flags.contains(ASTFlags::NEGATED) => {
                    match &pair.lhs {
                        Expr::Variable(name, _, _) if names.is_empty() => names.push(&name.1),
                        Expr::Property(name, _) if !names.is_empty() => names.push(&name.2),
                        other => {
                            return Err(vec![self.marked(syntax("a point stands between the names of fields only"), other.position())]);
                        }
                    }
                    at = &pair.rhs;
                }
                Expr::Property(name, _) => {
                    names.push(&name.2);
                    return self.field(&names, start);
                }
                Expr::MethodCall(_, position) => {
                    return Err(vec![self.marked(syntax("functions are called as upper(name)"), *position)]);
                }
                _ => return Err(vec![self.marked(syntax("a point stands between the names of fields only"), at.position())]),
            }
        }
    }

    /// Resolves a field, perhaps across references. One that the schema does not hold is unknown, whether it is hidden or never was.
    #[inline(never)]
    fn field(&mut self, names: &[&str], position: Position) -> Outcome {
        let dotted = names.join(".");
        let (from, end) = self.places.at(position);
        // Blanks may stand around the points; the place is then the part that is written in one.
        let to = end.min(from + dotted.chars().count());
        let unknown =
            |at: &str| vec![Violation::new("formula.unknown_field", "formula").with("name", at).with("from", from).with("to", to)];
        let Some((last, before)) = names.split_last() else { return Err(unknown(&dotted)) };
        if before.len() > MAX_HOPS {
            return Err(vec![syntax("a path crosses at most 3 references").with("from", from).with("to", to)]);
        }
        let mut at = self.schema.object(self.object).ok_or_else(|| unknown(&dotted))?;
        let mut hops = Vec::new();
        for name in before {
            let target = at.field(name).and_then(|field| field.kind.target()).ok_or_else(|| unknown(&dotted))?;
            hops.push(Hop { field: (*name).to_owned(), object: target.to_owned() });
            at = self.schema.object(target).ok_or_else(|| unknown(&dotted))?;
        }
        let shape = match at.field(last) {
            Some(field) => Shape::of(&field.kind),
            None if *last == "id" => Shape::Ref(at.key.clone()),
            None => return Err(unknown(&dotted)),
        };
        let path = Path { hops, object: at.key.clone(), field: (*last).to_owned() };
        let place = self.paths.iter().position(|(known, _)| *known == path).unwrap_or_else(|| {
            self.paths.push((path, shape.clone()));
            self.paths.len() - 1
        });
        Ok(Checked { node: Node::Field(place), shape, from, to })
    }

    /// `&&` and `||`.
    fn row(&mut self, parts: &[Expr], position: Position, made: fn(Vec<Node>) -> Node) -> Outcome {
        let checked = self.all(parts)?;
        let faults: Vec<Violation> = checked.iter().filter_map(|part| self.must(part, &Shape::Bool)).collect();
        self.whole(checked, position, faults, |parts| (made(parts.into_iter().map(|part| part.node).collect()), Shape::Bool))
    }

    /// `a ?? b`.
    fn default(&mut self, parts: &[Expr], position: Position) -> Outcome {
        let checked = self.all(parts)?;
        let shape = self.one_shape(&checked)?;
        self.whole(checked, position, Vec::new(), |parts| {
            let nodes = parts.into_iter().map(|part| turned(part, &shape)).collect();
            (Node::Default(nodes), shape)
        })
    }

    #[inline(never)]
    fn choice(&mut self, condition: &Expr, then: &[Stmt], otherwise: &[Stmt], position: Position) -> Outcome {
        let (from, _) = self.places.at(position);
        let mut faults = Vec::new();
        let mut keep = |outcome: Outcome| outcome.map_err(|found| faults.extend(found)).ok();
        let condition = keep(self.part(condition));
        let then = keep(self.block(then, position));
        let otherwise = match otherwise {
            [] => Some(Checked { node: Node::Blank, shape: Shape::Blank, from, to: from }),
            some => keep(self.block(some, position)),
        };
        let (Some(condition), Some(then), Some(otherwise)) = (condition, then, otherwise) else { return Err(faults) };
        if let Some(fault) = self.must(&condition, &Shape::Bool) {
            return Err(vec![fault]);
        }
        let to = then.to.max(otherwise.to);
        let arms = [then, otherwise];
        let shape = self.one_shape(&arms)?;
        let [then, otherwise] = arms.map(|arm| turned(arm, &shape));
        Ok(Checked { node: Node::If(Box::new([condition.node, then, otherwise])), shape, from, to })
    }

    /// The one shape that all branches have.
    fn one_shape(&self, parts: &[Checked]) -> Result<Shape, Vec<Violation>> {
        let mut shape = Shape::Blank;
        for part in parts {
            shape = shape.joined(&part.shape).ok_or_else(|| vec![mismatch(shape.name(), part)])?;
        }
        Ok(shape)
    }

    fn call(&mut self, call: &FnCallExpr, position: Position) -> Outcome {
        let arguments = self.all(&call.args)?;
        let sign = call.op_token.is_some();
        let name = call.name.as_str();
        match arguments.len() {
            1 if sign && name == "-" => {
                let fault = (!matches!(arguments[0].shape, Shape::Number | Shape::Money | Shape::Blank))
                    .then(|| mismatch(Takes::Quantity.name(), &arguments[0]));
                self.whole(arguments, position, fault.into_iter().collect(), |parts| {
                    one(parts, |node, shape| match node {
                        Node::Number(n) => (Node::Number(-n), shape),
                        node => (Node::Negative(Box::new(node)), shape),
                    })
                })
            }
            1 if sign && name == "+" => self.whole(arguments, position, Vec::new(), |parts| one(parts, |node, shape| (node, shape))),
            1 if sign && name == "!" => {
                let faults = self.must(&arguments[0], &Shape::Bool).into_iter().collect();
                self.whole(arguments, position, faults, |parts| one(parts, |node, _| (Node::Not(Box::new(node)), Shape::Bool)))
            }
            2 if sign => match (Operator::of(name), Relation::of(name)) {
                (Some(operator), _) => self.sum(operator, arguments, position),
                (_, Some(relation)) => self.test(relation, arguments, position),
                // `part in text` comes as a call of `contains`.
                _ if name == "contains" => self.function(name, arguments, position),
                _ => Err(vec![self.marked(syntax(&format!("“{name}” has no place here")), position)]),
            },
            _ => self.function(name, arguments, position),
        }
    }

    #[inline(never)]
    fn sum(&mut self, operator: Operator, arguments: Vec<Checked>, position: Position) -> Outcome {
        let (fault, shape) = match shape_of(operator, &arguments[0].shape, &arguments[1].shape) {
            Ok(shape) => (None, shape),
            Err((place, expected)) => (Some(mismatch(expected, &arguments[place])), Shape::Blank),
        };
        self.whole(arguments, position, fault.into_iter().collect(), |parts| {
            two(parts, |a, b| (Node::Sum(operator, Box::new(a.node), Box::new(b.node)), shape))
        })
    }

    #[inline(never)]
    fn test(&mut self, relation: Relation, arguments: Vec<Checked>, position: Position) -> Outcome {
        let (a, b) = (&arguments[0].shape, &arguments[1].shape);
        let equality = matches!(relation, Relation::Equal | Relation::NotEqual);
        let fits = if equality { a.equals(b) } else { a.orders(b) };
        let fault = (!fits).then(|| {
            // What has no such test at all is the fault itself, else the right side is what does not fit the left.
            let left = if equality { a.equals(a) } else { a.orders(a) };
            if left { mismatch(a.name(), &arguments[1]) } else { mismatch("a value that can be compared so", &arguments[0]) }
        });
        let folded = *a != Shape::Key && *b != Shape::Key;
        let shape = a.joined(b).unwrap_or(Shape::Blank);
        self.whole(arguments, position, fault.into_iter().collect(), |parts| {
            two(parts, |a, b| {
                let (a, b) = (turned(a, &shape), turned(b, &shape));
                (Node::Test(Comparison { relation, folded }, Box::new(a), Box::new(b)), Shape::Bool)
            })
        })
    }

    #[inline(never)]
    fn function(&mut self, name: &str, arguments: Vec<Checked>, position: Position) -> Outcome {
        let Some(function) = Function::find(name) else {
            return Err(vec![self.marked(Violation::new("formula.unknown_function", "formula").with("name", name), position)]);
        };
        let least = function.takes.len() - function.optional;
        if arguments.len() < least || (arguments.len() > function.takes.len() && !function.repeats) {
            let wrong = Violation::new("formula.arguments", "formula").with("name", name).with("signature", function.signature);
            return Err(vec![self.marked(wrong, position)]);
        }
        let mut faults = Vec::new();
        for (place, argument) in arguments.iter().enumerate() {
            if let Some(takes) = function.takes_at(place).filter(|takes| !takes.accepts(&argument.shape)) {
                faults.push(mismatch(takes.name(), argument));
            }
        }
        let shapes: Vec<Shape> = arguments.iter().map(|argument| argument.shape.clone()).collect();
        let shape = function.comes_to(&shapes).unwrap_or(Shape::Blank);
        self.volatile |= function.volatile;
        self.whole(arguments, position, faults, |parts| {
            (Node::Call(function.act, parts.into_iter().map(|part| part.node).collect()), shape)
        })
    }

    /// Checks all of them; all their faults together.
    fn all(&mut self, parts: &[Expr]) -> Result<Vec<Checked>, Vec<Violation>> {
        let (mut checked, mut faults) = (Vec::with_capacity(parts.len()), Vec::new());
        for part in parts {
            match self.part(part) {
                Ok(part) => checked.push(part),
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(checked) } else { Err(faults) }
    }

    fn must(&self, part: &Checked, wanted: &Shape) -> Option<Violation> {
        (!part.shape.goes_for(wanted)).then(|| mismatch(wanted.name(), part))
    }

    /// A whole made of its parts, unless there are faults.
    fn whole(
        &self,
        parts: Vec<Checked>,
        position: Position,
        faults: Vec<Violation>,
        made: impl FnOnce(Vec<Checked>) -> (Node, Shape),
    ) -> Outcome {
        if !faults.is_empty() {
            return Err(faults);
        }
        let (mut from, mut to) = self.places.at(position);
        for part in &parts {
            (from, to) = (from.min(part.from), to.max(part.to));
        }
        let (node, shape) = made(parts);
        Ok(Checked { node, shape, from, to })
    }
}

/// The shape of a sum, a difference, a product …, or which side is at fault and what would be expected there.
fn shape_of(operator: Operator, a: &Shape, b: &Shape) -> Result<Shape, (usize, &'static str)> {
    use Shape::{Blank, Date, Instant, Key, Money, Number, Text};
    Ok(match (operator, a, b) {
        (_, Blank, Blank) => Blank,
        (_, Number, Number) => Number,
        (Operator::Add | Operator::Subtract, Money, Money) => Money,
        (Operator::Multiply, Money, Number) | (Operator::Multiply, Number, Money) | (Operator::Divide, Money, Number) => Money,
        (Operator::Divide, Money, Money) => Number,
        (Operator::Add, Text | Key, Text | Key) => Text,
        (Operator::Add, Date, Number) | (Operator::Add, Number, Date) | (Operator::Subtract, Date, Number) => Date,
        (Operator::Add, Instant, Number) | (Operator::Add, Number, Instant) | (Operator::Subtract, Instant, Number) => Instant,
        (Operator::Subtract, Date, Date) | (Operator::Subtract, Instant, Instant) => Number,
        // Nothing comes of nothing, whatever is reckoned with it.
        (_, Blank, _) | (_, _, Blank) => Blank,
        (Operator::Add | Operator::Subtract, Money, _) => return Err((1, "an amount of money")),
        (_, Money, _) => return Err((1, "a number or an amount of money")),
        (Operator::Add, Text | Key, _) => return Err((1, "text")),
        (Operator::Subtract, Date, _) => return Err((1, "a number or a day")),
        (Operator::Subtract, Instant, _) => return Err((1, "a number or an instant")),
        (Operator::Add, Date | Instant, _) | (_, Number, _) => return Err((1, "a number")),
        _ => return Err((0, "a number")),
    })
}

/// A number where an amount is wanted is one in the main currency.
fn turned(part: Checked, wanted: &Shape) -> Node {
    if *wanted == Shape::Money && part.shape == Shape::Number { Node::AsMoney(Box::new(part.node)) } else { part.node }
}

fn mismatch(expected: &str, part: &Checked) -> Violation {
    let violation = Violation::new("formula.type", "formula").with("expected", expected).with("found", part.shape.name());
    violation.with("from", part.from).with("to", part.to)
}

fn one(parts: Vec<Checked>, made: impl FnOnce(Node, Shape) -> (Node, Shape)) -> (Node, Shape) {
    parts.into_iter().next().map_or((Node::Blank, Shape::Blank), |part| made(part.node, part.shape))
}

fn two(parts: Vec<Checked>, made: impl FnOnce(Checked, Checked) -> (Node, Shape)) -> (Node, Shape) {
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next()) {
        (Some(a), Some(b)) => made(a, b),
        _ => (Node::Blank, Shape::Blank),
    }
}
