export const en = {
  period: "Period",
  length: "Length of the period",
  month: "Month",
  quarter: "Quarter",
  year: "Year",
  before: "Back to {{period}}",
  after: "On to {{period}}",
};

export const zh: typeof en = {
  period: "期间",
  length: "期间长度",
  month: "月",
  quarter: "季度",
  year: "年",
  before: "前一期：{{period}}",
  after: "后一期：{{period}}",
};
