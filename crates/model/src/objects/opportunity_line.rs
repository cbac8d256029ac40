//! The opportunity line (商机明细): a product with its quantity and price, living in an opportunity.

use super::{field, number, reference, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Number, Object, Record, Value, Violation};

/// The object.
pub fn object() -> Object {
    let mut fields = vec![
        field("opportunity", "Opportunity", "商机", FieldType::Master { object: "opportunity".to_owned() }).required().fast(),
        text("name", "Line", "明细名称").required(),
        reference("product", "Product", "产品", "product"),
        number("quantity", "Quantity", "数量", 4).required().default_to("1"),
        field("price", "Price", "单价", FieldType::Currency),
        field("discount", "Discount", "折扣", FieldType::Percent { scale: 2 }),
        field("amount", "Amount", "小计", FieldType::Currency).read_only(),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: "opportunity_line".to_owned(),
        label: Label::new("Opportunity line", "商机明细"),
        plural: Label::new("Opportunity lines", "商机明细"),
        preset: true,
        owned: false,
        base: Base::ByParent("opportunity".to_owned()),
        rank: 120,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}

/// Puts on a line its amount: quantity × price × (1 − discount), rounded half up to the coin; blank without a price or quantity.
///
/// Errors: `money.overflow` at `amount`.
pub fn reckon(line: &mut Record) -> Result<(), Violation> {
    let discount = line.get("discount").as_number().unwrap_or_default();
    let rest = Number(Number::whole(100).0 - discount.0);
    let amount = match (line.get("price").as_money(), line.get("quantity").as_number()) {
        (Some(price), Some(quantity)) => price.times(quantity, rest).ok_or_else(|| Violation::new("money.overflow", "amount"))?.into(),
        _ => Value::Null,
    };
    line.set("amount", amount);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, Id, Money};

    fn line(quantity: &str, price: &str, currency: &str, discount: Option<&str>) -> Record {
        let mut line = Record::new("opportunity_line", Id::SYSTEM);
        line.set("quantity", Number::parse(quantity).unwrap());
        line.set("price", Money { amount: Amount::parse(price).unwrap(), currency: currency.parse().unwrap() });
        if let Some(discount) = discount {
            line.set("discount", Number::parse(discount).unwrap());
        }
        line
    }

    #[test]
    fn a_line_is_reckoned_exactly() {
        for (quantity, price, currency, discount, amount) in [
            ("3", "19.99", "USD", None, "59.97 USD"),
            ("3", "19.99", "USD", Some("10"), "53.97 USD"),
            ("1", "0.05", "USD", Some("50"), "0.03 USD"),
            ("0.5", "333", "JPY", None, "167 JPY"),
            ("-1", "0.05", "USD", Some("50"), "-0.03 USD"),
            ("2.5", "1.005", "KWD", Some("33.33"), "1.675 KWD"),
            ("1", "10", "USD", Some("100"), "0.00 USD"),
        ] {
            let mut line = line(quantity, price, currency, discount);
            reckon(&mut line).unwrap();
            assert_eq!(line.get("amount").as_money().unwrap().to_string(), amount, "{quantity} × {price} − {discount:?}");
        }
    }

    #[test]
    fn a_line_without_a_price_has_no_amount() {
        let mut line = line("1", "10", "USD", None);
        line.set("price", Value::Null);
        reckon(&mut line).unwrap();
        assert!(line.get("amount").is_null());
    }

    #[test]
    fn an_amount_too_large_is_refused() {
        let mut large = line("9223372036854", "922337203685477", "USD", None);
        assert_eq!(reckon(&mut large).unwrap_err().code, "money.overflow");
    }
}
