export const en = {
  name: "Leaderboard",
  title: "{{metric}} by person",
  metric: "Measured by",
  metrics: { won_amount: "Won amount", won_count: "Deals won", ordered_amount: "Ordered amount", activities: "Activities", new_deals: "New deals" },
  place: "Place",
  person: "Person",
  nobody: "Without an owner",
  others: "Others",
  total: "All",
  nothing: "Nobody has anything of it in this period.",
};

export const zh: typeof en = {
  name: "排行榜",
  title: "{{metric}}（按人员）",
  metric: "衡量指标",
  metrics: { won_amount: "赢单金额", won_count: "赢单数", ordered_amount: "订单金额", activities: "活动", new_deals: "新商机" },
  place: "名次",
  person: "人员",
  nobody: "无负责人",
  others: "其他",
  total: "合计",
  nothing: "本期还没有人有记录。",
};
