export const en = {
  greeting: "Good day, {{name}}",
  open: "My open deals",
  closing: "Closing in 30 days",
  overdue: "Past their close date",
  nextTitle: "Closing soon",
  overdueTitle: "Overdue",
  recentTitle: "Changed last",
  nextEmpty: "Nothing is due to close in the next 30 days.",
  overdueEmpty: "Nothing is overdue. Well done.",
  recentEmpty: "You have no open deals yet.",
  all: "Show all",
  newDeal: "New {{object}}",
};

export const zh: typeof en = {
  greeting: "您好，{{name}}",
  open: "我的进行中商机",
  closing: "30 天内成交",
  overdue: "已过预计成交日",
  nextTitle: "即将成交",
  overdueTitle: "已逾期",
  recentTitle: "最近修改",
  nextEmpty: "未来 30 天内没有预计成交的商机。",
  overdueEmpty: "没有逾期的商机，做得好。",
  recentEmpty: "您还没有进行中的商机。",
  all: "查看全部",
  newDeal: "新建{{object}}",
};
