// 問題の名前。図の文と、断る文が、同じ名前を言う。

export const TASK_NAMES = { latch: "ラッチ", order: "順序", if_then: "if…then", adding: "足し算", copy: "写し", brackets: "括弧", sine: "正弦波", own_rule: "自分の規則", own_series: "自分の系列" };
