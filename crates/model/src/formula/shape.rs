//! The shapes that values take in a formula. They are settled when a formula is saved, so that none can fail by its types later.

use crate::field::{FieldType, Kind, ResultType};

/// What sort of value a part of a formula comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing but `()`, which goes with every other shape.
    Blank,
    Text,
    /// The key of an option: text that is compared exactly.
    Key,
    /// Several option keys.
    Keys,
    Number,
    Money,
    Bool,
    Date,
    Instant,
    /// A reference to a record of this object.
    Ref(String),
    /// A field of which one can only ask whether it is blank.
    Opaque,
}

impl Shape {
    /// The shape of a field's values. A type that formulas do not know yet is opaque rather than refused.
    pub fn of(field: &FieldType) -> Shape {
        match field.kind() {
            // Ids of files and of several records say nothing to anybody.
            _ if matches!(field, FieldType::Attachment | FieldType::References { .. }) => Shape::Opaque,
            Kind::Text | Kind::LongText => Shape::Text,
            Kind::Key => Shape::Key,
            Kind::Keys => Shape::Keys,
            Kind::Number => Shape::Number,
            Kind::Money => Shape::Money,
            Kind::Bool => Shape::Bool,
            Kind::Date => Shape::Date,
            Kind::Instant => Shape::Instant,
            Kind::Ref => field.target().map_or(Shape::Opaque, |object| Shape::Ref(object.to_owned())),
            _ => Shape::Opaque,
        }
    }

    /// The shape that a result is made of.
    pub fn of_result(result: ResultType) -> Shape {
        match result {
            ResultType::Text => Shape::Text,
            ResultType::Number { .. } | ResultType::Percent { .. } => Shape::Number,
            ResultType::Currency => Shape::Money,
            ResultType::Boolean => Shape::Bool,
            ResultType::Date => Shape::Date,
            ResultType::Datetime => Shape::Instant,
        }
    }

    /// As a refusal names it; the server translates these.
    pub fn name(&self) -> &'static str {
        match self {
            Shape::Blank => "nothing",
            Shape::Text | Shape::Key => "text",
            Shape::Keys => "several options",
            Shape::Number => "a number",
            Shape::Money => "an amount of money",
            Shape::Bool => "true or false",
            Shape::Date => "a day",
            Shape::Instant => "an instant",
            Shape::Ref(_) => "a reference",
            Shape::Opaque => "a field that can only be tested for being blank",
        }
    }

    /// True where a value of this shape may stand for one of `wanted`: nothing goes for everything, a key for text, and a
    /// number for an amount in the main currency.
    pub fn goes_for(&self, wanted: &Shape) -> bool {
        self == wanted || matches!((self, wanted), (Shape::Blank, _) | (Shape::Key, Shape::Text) | (Shape::Number, Shape::Money))
    }

    /// The one shape of two branches; `None` when they do not go together.
    pub fn joined(&self, other: &Shape) -> Option<Shape> {
        if self.goes_for(other) {
            Some(other.clone())
        } else if other.goes_for(self) {
            Some(self.clone())
        } else {
            None
        }
    }

    /// True when two values can be tested for being the same.
    pub fn equals(&self, other: &Shape) -> bool {
        let comparable = |shape: &Shape| !matches!(shape, Shape::Blank | Shape::Keys | Shape::Opaque);
        comparable(self) && comparable(other) && self.joined(other).is_some()
    }

    /// True when two values have an order.
    pub fn orders(&self, other: &Shape) -> bool {
        self.equals(other) && !matches!(self, Shape::Bool | Shape::Key | Shape::Ref(_)) && *other != Shape::Key
    }
}
