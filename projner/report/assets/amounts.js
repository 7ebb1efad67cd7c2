// Amounts as people write them. Exact values stay strings; numbers serve for order, sums and bars only.

const SCALES = {
  zh: [[1e12, "万亿"], [1e8, "亿"], [1e4, "万"]],
  en: [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"]],
};

function currencyName(code) {
  if (language === "en" || code === "XXX") return code;
  if (code === "CNY") return "元";
  try {
    return new Intl.DisplayNames(["zh-CN"], { type: "currency" }).of(code);
  } catch {
    return code;
  }
}

/** 1.14亿, 114 million; digits: how many behind the point at most. */
function scaled(number, digits = 6) {
  const [scale, word] = SCALES[language].find(([size]) => Math.abs(number) >= size) || [1, ""];
  const value = Number((number / scale).toPrecision(14));
  return value.toLocaleString(locale(), { maximumFractionDigits: digits, useGrouping: scale === 1 || value >= 1e4 }) + word;
}

const withCurrency = (number, code, digits) =>
  language === "zh" ? scaled(number, digits) + currencyName(code) : `${code} ${scaled(number, digits)}`;

function amountText(amount) {
  if (amount.low == null || amount.high == null) return say("unknownValue");
  const code = amount.currency || "CNY";
  let text = withCurrency(Number(amount.low), code);
  if (amount.high !== amount.low) {
    const high = language === "zh" ? withCurrency(Number(amount.high), code) : scaled(Number(amount.high));
    text = say("range", { low: text, high });
  }
  if (amount.approximate) text = say("about", { value: text });
  return amount.bound && amount.bound !== "exact" ? say(amount.bound, { value: text }) : text;
}

/** 114,000,000 CNY: every digit of the exact value. */
function exactText(amount) {
  if (amount.low == null || amount.high == null) return "";
  const grouped = (digits) => digits.replace(/^-?\d+/, (integer) => integer.replace(/\B(?=(\d{3})+$)/g, ","));
  const ends = amount.low === amount.high ? [amount.low] : [amount.low, amount.high];
  return `${ends.map(grouped).join(" – ")} ${amount.currency || "CNY"}`;
}

/** A sum of amounts, whose ends differ where a range was among them. */
function sumText(low, high, code) {
  if (low === high) return withCurrency(low, code, 2);
  const end = language === "zh" ? withCurrency(high, code, 2) : scaled(high, 2);
  return say("range", { low: withCurrency(low, code, 2), high: end });
}
