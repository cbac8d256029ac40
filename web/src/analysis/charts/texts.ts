export const en = {
  nothing: "There is nothing to show.",
  total: "Total",
  keys: "Arrows go from figure to figure, Enter opens the records behind one.",
};

export const zh: typeof en = {
  nothing: "没有可显示的数据。",
  total: "合计",
  keys: "方向键在数字间移动，回车键打开对应的记录。",
};
