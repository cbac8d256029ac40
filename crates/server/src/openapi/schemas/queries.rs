//! Queries and headers.

use utoipa::IntoParams;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// The id of a view: its filter holds besides, its sort and columns where none are given.
    pub view: Option<String>,
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words by which records are found.
    pub q: Option<String>,
    /// `field` or `-field`.
    pub sort: Option<String>,
    /// Keys divided by commas.
    pub fields: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// `exact` or `none`.
    pub count: Option<String>,
    /// `only` for the recycle bin alone, which those see who may restore.
    pub voided: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GroupsQuery {
    /// The field; the view's group when absent.
    pub group: Option<String>,
    /// The id of a view whose filter holds besides.
    pub view: Option<String>,
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words by which records are found.
    pub q: Option<String>,
    /// Currency, number and percent fields that are summed, divided by commas; at most 10.
    pub sums: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `csv` or `xlsx`; the former when absent.
    pub format: Option<String>,
    /// The id of a view: its filter holds besides, its sort and columns where none are given.
    pub view: Option<String>,
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words by which records are found.
    pub q: Option<String>,
    /// `field` or `-field`.
    pub sort: Option<String>,
    /// Keys divided by commas, in the order of the columns; `id` is the record's own. All that one may know of when absent.
    pub fields: Option<String>,
    /// Only these records: at most 1,000 ids divided by commas.
    pub ids: Option<String>,
    /// `only`: the recycle bin, for those who may restore.
    pub voided: Option<String>,
    /// `labels` in one's language, or `keys`.
    pub header: Option<String>,
    /// `labels`: options and references by name; `keys`: by key and id.
    pub values: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words, at most 500 characters.
    pub q: Option<String>,
    /// Records of this object alone.
    pub object: Option<String>,
    /// Of each object: 3 when absent, at most 50.
    pub limit: Option<u32>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// Only where this field was changed.
    pub field: Option<String>,
    /// Only what this person did.
    pub by: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoardQuery {
    /// The first active process when absent.
    pub process: Option<String>,
    /// The id of a view whose filter holds besides.
    pub view: Option<String>,
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words by which records are found.
    pub q: Option<String>,
    /// Cards in each column: at most 100, 25 when absent, 0 for totals alone.
    pub limit: Option<u32>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DryRunQuery {
    /// Judge and answer, leave no trace.
    pub dry_run: Option<bool>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatchHeader {
    /// The record's ETag, or its version in quotes: the write is refused when somebody else was faster.
    #[param(rename = "If-Match")]
    pub if_match: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct OnceHeader {
    /// 1 to 200 characters: the same request with the same key is done once, within 24 hours.
    #[param(rename = "Idempotency-Key")]
    pub idempotency_key: Option<String>,
}
