//! The fixed words of a paper in both languages.

use crate::document::{Kind, Language};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $english:literal, $chinese:literal;)*) => {
        /// The words in one language.
        #[derive(Clone, Copy, Debug)]
        pub struct Words { $($(#[$doc])* pub $name: &'static str,)* }
        const ENGLISH: Words = Words { $($name: $english,)* };
        const CHINESE: Words = Words { $($name: $chinese,)* };
    };
}

words! {
    quote: "Quote", "报价单";
    order: "Sales Order", "销售订单";
    draft: "Draft", "草稿";
    quote_number: "Quote no.", "报价单号";
    order_number: "Order no.", "订单编号";
    version: "Version", "版本";
    date: "Date", "日期";
    valid_until: "Valid until", "有效期至";
    delivery_date: "Delivery date", "交货日期";
    prepared_by: "Prepared by", "经办人";
    customer_number: "Your order no.", "客户订单号";
    currency: "Currency", "币种";
    to: "To", "致";
    attention: "Attn.", "联系人：";
    phone: "Phone", "电话";
    /// An address tells by itself what it is, in Latin letters among others.
    email: "", "邮箱";
    web: "", "网址";
    registration_number: "Registration no.", "注册号";
    tax_number: "Tax no.", "税号";
    position: "No.", "序号";
    item: "Item", "产品或服务";
    quantity: "Quantity", "数量";
    unit: "Unit", "单位";
    list_price: "List price", "目录价";
    price: "Unit price", "单价";
    discount: "Discount", "折扣";
    amount: "Amount", "金额";
    lines_total: "Total of lines", "明细合计";
    subtotal: "Subtotal", "小计";
    tax: "Tax", "税额";
    total: "Total", "总计";
    in_words: "Total in words", "总计（大写）";
    payment_terms: "Payment terms", "付款条件";
    delivery_terms: "Delivery terms", "交货条件";
    bank_details: "Bank details", "银行账户";
    notes: "Notes", "备注";
    signed_by_us: "For", "供方：";
    signed_by_customer: "Accepted by", "需方：";
    signature: "Signature", "签字（盖章）";
    signer: "Name, title, date", "姓名、职务、日期";
}

impl Words {
    /// The words of `language`.
    pub fn of(language: Language) -> Words {
        match language {
            Language::English => ENGLISH,
            Language::Chinese => CHINESE,
        }
    }

    /// What such a paper is called.
    pub fn title(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Quote => self.quote,
            Kind::Order => self.order,
        }
    }

    /// What its number is called.
    pub fn number(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Quote => self.quote_number,
            Kind::Order => self.order_number,
        }
    }
}

/// `Page 2 of 5`.
pub fn page_of(language: Language, page: usize, pages: usize) -> String {
    match language {
        Language::English => format!("Page {page} of {pages}"),
        Language::Chinese => format!("第 {page} 页，共 {pages} 页"),
    }
}

/// A label and what it labels, `Phone: 12` as the language writes it.
pub fn labelled(language: Language, label: &str, value: &str) -> String {
    match language {
        Language::English => format!("{label} {value}"),
        Language::Chinese => format!("{label}：{value}"),
    }
}
