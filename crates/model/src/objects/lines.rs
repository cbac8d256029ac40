//! What opportunity lines, quote lines and order lines have in common: a product with its quantity and price.

use super::{field, number, reference, text};
use crate::field::{FieldType, Function, ResultType};
use crate::{Field, Number, Record, Value, Violation};

/// The sub-objects whose records are lines, each with the field by which they live in their master (the master's key).
pub const KEYS: [(&str, &str); 3] = [("opportunity_line", "opportunity"), ("quote_line", "quote"), ("sales_order_line", "sales_order")];

/// The field that says in which currency a price book, a quote or an order is. Its options are the currencies that have a rate.
pub const CURRENCY: &str = "currency";

/// The fields of a line in `master`.
pub(super) fn fields(master: &str, en: &str, zh: &str) -> Vec<Field> {
    vec![
        field(master, en, zh, FieldType::Master { object: master.to_owned() }).required().fast(),
        number("position", "No.", "序号", 0),
        text("name", "Line", "明细名称").required(),
        reference("product", "Product", "产品", "product"),
        text("unit", "Unit", "单位"),
        number("quantity", "Quantity", "数量", 4).required().default_to("1"),
        // What the price book says when the product is chosen.
        field("list_price", "List price", "标准单价", FieldType::Currency).read_only(),
        field("price", "Price", "单价", FieldType::Currency),
        field("discount", "Discount", "折扣", FieldType::Percent { scale: 2 }),
        field("amount", "Amount", "小计", FieldType::Currency).read_only(),
        field("list_amount", "Amount at list price", "标准价小计", FieldType::Currency).read_only(),
        field("description", "Description", "说明", FieldType::LongText),
    ]
}

/// The sum of a field over the lines of `of` that live in the record by `via`.
pub(super) fn sum_of(of: &str, via: &str, of_field: &str) -> FieldType {
    FieldType::Statistical {
        of: of.to_owned(),
        via: via.to_owned(),
        function: Function::Sum,
        field: Some(of_field.to_owned()),
        condition: None,
        result: ResultType::Currency,
    }
}

/// An amount by formula, kept at every change.
fn amount_by(formula: &str) -> FieldType {
    FieldType::Calculated { formula: formula.to_owned(), result: ResultType::Currency, indexed: true }
}

/// What a quote or an order comes to: the sum of its lines, less a discount on the whole, with tax. Each figure is rounded to the coin, so
/// that what is printed adds up.
pub(super) fn totals(lines: &str, master: &str) -> Vec<Field> {
    vec![
        field("discount", "Discount on the whole", "整单折扣", FieldType::Percent { scale: 2 }),
        field("tax_rate", "Tax rate", "税率", FieldType::Percent { scale: 2 }),
        field("lines_total", "Total of lines", "明细合计", sum_of(lines, master, "amount")).read_only(),
        field("list_total", "Total at list prices", "标准价合计", sum_of(lines, master, "list_amount")).read_only(),
        field("subtotal", "Subtotal", "税前合计", amount_by("lines_total * (100 - (discount ?? 0)) / 100")).read_only(),
        field("tax", "Tax", "税额", amount_by("subtotal * (tax_rate ?? 0) / 100")).read_only(),
        field("total", "Total", "总计", amount_by("subtotal + tax")).read_only(),
        field(
            "total_discount",
            "Discount from list prices",
            "总折扣率",
            FieldType::Calculated {
                formula: "if !is_blank(subtotal) && list_total > 0 { (1 - subtotal / list_total) * 100 }".to_owned(),
                result: ResultType::Percent { scale: 2 },
                indexed: true,
            },
        )
        .read_only(),
    ]
}

/// Puts on a line its amounts: quantity × price × (1 − discount), rounded half up to the coin; blank without a price or quantity. Beside it
/// what it would come to at the list price; at its own where the price book has none.
///
/// Errors: `money.overflow` at `amount`.
pub fn reckon(line: &mut Record) -> Result<(), Violation> {
    let discount = line.get("discount").as_number().unwrap_or_default();
    let rest = Number(Number::whole(100).0 - discount.0);
    let own = line.get("price").as_money();
    let amount = times(own, line, rest)?;
    let listed = line.get("list_price").as_money().filter(|list| own.is_none_or(|own| own.currency == list.currency)).or(own);
    let list_amount = times(listed, line, Number::whole(100))?;
    line.set("amount", amount);
    line.set("list_amount", list_amount);
    Ok(())
}

fn times(price: Option<crate::Money>, line: &Record, percent: Number) -> Result<Value, Violation> {
    Ok(match (price, line.get("quantity").as_number()) {
        (Some(price), Some(quantity)) => price.times(quantity, percent).ok_or_else(|| Violation::new("money.overflow", "amount"))?.into(),
        _ => Value::Null,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, Id, Money};

    fn line(quantity: &str, price: &str, currency: &str, discount: Option<&str>) -> Record {
        let mut line = Record::new("quote_line", Id::SYSTEM);
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
    fn the_amount_at_list_price_stands_beside_it() {
        let listed = |list: Option<(&str, &str)>| {
            let mut line = line("3", "8", "USD", Some("50"));
            if let Some((price, currency)) = list {
                line.set("list_price", Money { amount: Amount::parse(price).unwrap(), currency: currency.parse().unwrap() });
            }
            reckon(&mut line).unwrap();
            line.get("list_amount").as_money().unwrap().to_string()
        };
        assert_eq!(listed(Some(("10", "USD"))), "30.00 USD");
        // Without a list price, or with one that cannot be set against its own, nothing was taken off but the discount.
        assert_eq!(listed(None), "24.00 USD");
        assert_eq!(listed(Some(("10", "EUR"))), "24.00 USD");
    }

    #[test]
    fn an_amount_too_large_is_refused() {
        let mut large = line("9223372036854", "922337203685477", "USD", None);
        assert_eq!(reckon(&mut large).unwrap_err().code, "money.overflow");
    }
}
