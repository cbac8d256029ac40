export const en = {
  currency: "Currency",
  chooseRecord: "Type to search",
  searching: "Searching…",
  nothingFound: "Nothing found",
  byRules: "Found by the rules",
  outOfSight: "not visible to you",
};

export const zh: typeof en = {
  currency: "币种",
  chooseRecord: "输入以搜索",
  searching: "搜索中…",
  nothingFound: "未找到",
  byRules: "按规则确定",
  outOfSight: "您无权查看",
};
