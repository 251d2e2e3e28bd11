"""Which words on a page do not stand out from what is behind them: WCAG 2.2, 1.4.3 (AA)."""

from playwright.sync_api import Page

FAINT = """() => {
  const numbers = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const colour = (text) => { const [r, g, b, a = 1] = numbers(text); return [r, g, b, a]; };
  const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3]));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const up = (element) => { const all = []; for (let e = element; e; e = e.parentElement) all.push(e); return all; };
  const behind = (element) => {
    const grounds = up(element).map((e) => colour(getComputedStyle(e).backgroundColor)).filter((c) => c[3] > 0);
    const solid = grounds.findIndex((c) => c[3] === 1);
    return grounds.slice(0, solid + 1 || undefined).reverse().reduce((below, c) => over(c, below), [255, 255, 255]);
  };
  const faint = [];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    const box = element.getBoundingClientRect();
    const hidden = !element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!words.currentNode.data.trim() || hidden || box.width < 2 || box.height < 2) continue;
    if (element.closest("svg, [disabled], .visually-hidden, noscript")) continue;
    const style = getComputedStyle(element);
    const opacity = up(element).reduce((all, e) => all * getComputedStyle(e).opacity, 1);
    const [r, g, b, a] = colour(style.color);
    const ground = behind(element);
    const [one, other] = [light(over([r, g, b, a * opacity], ground)), light(ground)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < least) faint.push(`${words.currentNode.data.trim().slice(0, 40)} (${ratio.toFixed(2)})`);
  }
  return faint;
}"""


def faint_words(page: Page) -> list[str]:
    """Each with its contrast; of what is closed nothing is known."""
    found: list[str] = page.evaluate(FAINT)
    return found
