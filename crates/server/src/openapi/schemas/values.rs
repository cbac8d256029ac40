//! Values that several bodies share.

use serde_json::Value;
use utoipa::ToSchema;

/// A text in the languages of the product.
#[derive(ToSchema)]
pub struct Label {
    pub en: String,
    #[schema(rename = "zh-CN")]
    pub zh_cn: Option<String>,
}

/// An exact amount in one currency.
#[derive(ToSchema)]
pub struct Money {
    #[schema(example = "1054.00")]
    pub amount: String,
    #[schema(example = "USD")]
    pub currency: String,
}

/// A record of any object.
#[derive(ToSchema)]
pub struct Regarding {
    pub object: String,
    pub id: String,
}

/// `{"all":[…]}`, `{"any":[…]}`, `{"not":…}`, `{"field":"amount","op":"ge","value":"1000"}` or
/// `{"exists":{"object":"contact_role","where":…,"at_least":1}}`.
#[derive(ToSchema)]
#[schema(value_type = Object)]
pub struct Condition(pub Value);
