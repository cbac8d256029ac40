//! A quote that nobody made, to see a letterhead by and to measure printing with.

use model::money::SCALE;
use model::number::div_half_up;
use model::{Amount, Currency, Date, Number};

use crate::document::{Customer, Document, Kind, Language, Letterhead, Line, Totals};

/// A quote of `count` lines under `letterhead`.
pub fn quote(letterhead: Letterhead, language: Language, currency: Currency, count: usize) -> Document {
    let chinese = language == Language::Chinese;
    let say = |english: &str, in_chinese: &str| if chinese { in_chinese } else { english }.to_owned();
    let lines: Vec<Line> = (0..count).map(|index| line(index, currency, chinese)).collect();
    let sum = Amount(lines.iter().filter_map(|line| line.amount).map(|amount| amount.0).sum());
    let discount = part(sum, 3, currency);
    let subtotal = Amount(sum.0 - discount.0);
    let rate = if chinese { 13 } else { 20 };
    let tax = part(subtotal, rate, currency);
    Document {
        kind: Kind::Quote,
        language,
        letterhead,
        customer: Customer {
            name: say("Harbour Water Works Ltd.", "海港水务有限公司"),
            address: say("14 Quay Street\nPortsmouth PO1 3AX\nUnited Kingdom", "上海市浦东新区海港大道14号\n邮编 201306"),
            contact: say("Alice Porter", "李晓燕"),
        },
        number: "Q-2026-0042".to_owned(),
        version: Some(2),
        subject: say("Pumps and controls for the new pumping station", "新泵站水泵及控制系统"),
        date: Some(Date::constant(2026, 11, 26)),
        valid_until: Some(Date::constant(2026, 12, 31)),
        currency,
        prepared_by: say("Martin Lowe", "陈伟"),
        customer_number: String::new(),
        delivery_date: None,
        lines,
        totals: Totals {
            lines: sum,
            discount: Some((Some(Number::whole(3)), discount)),
            subtotal,
            tax: Some((Some(Number::whole(i64::from(rate))), tax)),
            total: Amount(subtotal.0 + tax.0),
        },
        payment_terms: say("30 days net from the date of invoice", "收到发票后30天内付款"),
        delivery_terms: say("Delivered to site (DAP), 6 weeks from order", "送货至现场，订单确认后6周内交货"),
        notes: say(
            "Prices hold for the quantities given. Installation and putting into service are offered on request.",
            "以上价格按所列数量计算；安装及调试可另行报价。",
        ),
        signatures: true,
        draft: false,
    }
}

fn part(amount: Amount, percent: i32, currency: Currency) -> Amount {
    Amount(i64::try_from(div_half_up(i128::from(amount.0) * i128::from(percent), 100)).unwrap_or(0)).rounded(currency)
}

const ITEMS: [(&str, &str, &str, &str, &str, &str); 4] = [
    (
        "Rotary pump RP-200",
        "Cast iron, 11 kW, for cold water up to 16 bar",
        "旋转泵 RP-200",
        "铸铁泵体，11千瓦，适用于16巴以下冷水",
        "pcs",
        "台",
    ),
    ("Frequency converter FC-30", "", "变频器 FC-30", "", "pcs", "台"),
    (
        "Control cabinet with remote supervision",
        "With display, data logging over 24 months and alarms by text message; \
         wired and tested before delivery, drawings and test records included",
        "远程监控控制柜",
        "含显示屏、24个月数据记录和短信报警；出厂前完成接线与测试，随附图纸和测试记录",
        "set",
        "套",
    ),
    ("Training of the operators on site", "", "现场操作培训", "", "day", "天"),
];

fn line(index: usize, currency: Currency, chinese: bool) -> Line {
    let (name, description, chinese_name, chinese_description, unit, chinese_unit) = ITEMS[index % ITEMS.len()];
    let pick = |english: &str, in_chinese: &str| if chinese { in_chinese } else { english }.to_owned();
    let quantity = i64::try_from(index % 7 + 1).unwrap_or(1);
    let list = Amount((1250 + i64::try_from(index % 11).unwrap_or(0) * 385) * 10_i64.pow(SCALE));
    let percent = if index.is_multiple_of(3) { 10 } else { 0 };
    let whole = Amount(list.0 * quantity);
    Line {
        name: pick(name, chinese_name),
        description: pick(description, chinese_description),
        code: String::new(),
        unit: pick(unit, chinese_unit),
        quantity: Number::whole(quantity),
        list_price: None,
        price: Some(list),
        discount: (percent > 0).then(|| Number::whole(percent)),
        amount: Some(Amount(whole.0 - part(whole, i32::try_from(percent).unwrap_or(0), currency).0)),
    }
}
