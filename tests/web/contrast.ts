/**
 * What can be read: the contrast of texts and drawings as Chromium computes
 * their colors, by WCAG 2.2, 1.4.3 and 1.4.11
 * (https://www.w3.org/TR/WCAG22/#contrast-minimum). axe-core measures the same
 * for texts, but neither disabled buttons nor drawings.
 *
 * @module
 */
import type { Page } from "playwright-core";

/** Texts below 4.5 to 1 (large ones: 3 to 1) and drawings below 3 to 1 that are on the page now. */
export async function faint(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    type Color = readonly [red: number, green: number, blue: number, alpha: number];
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    const known = new Map<string, Color>();
    const parse = (css: string): Color => {
      const before = known.get(css);
      if (before) return before;
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      const color: Color = [red!, green!, blue!, alpha! / 255];
      known.set(css, color);
      return color;
    };
    const mix = (top: Color, below: Color, alpha: number): Color => {
      const part = (i: 0 | 1 | 2) => top[i] * alpha + below[i] * (1 - alpha);
      return [part(0), part(1), part(2), 1];
    };
    /** What is behind the content of an element, its groups' opacities left out. */
    const ground = (element: Element | null): Color => {
      if (!element) return [255, 255, 255, 1];
      const own = parse(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : mix(own, ground(element.parentElement), own[3]);
    };
    /** A color inside an element as it reaches the eye. */
    const seen = (color: Color, inside: Element): Color => {
      let result = color;
      for (let at: Element | null = inside; at; at = at.parentElement) {
        const opacity = Number(getComputedStyle(at).opacity);
        if (opacity < 1) result = mix(result, ground(at.parentElement), opacity);
      }
      return result;
    };
    const luminance = (color: Color) => {
      const linear = (value: number) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      return 0.2126 * linear(color[0] / 255) + 0.7152 * linear(color[1] / 255) +
        0.0722 * linear(color[2] / 255);
    };
    const ratio = (a: Color, b: Color) => {
      const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (light! + 0.05) / (dark! + 0.05);
    };
    const shown = (element: Element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !element.closest(".hidden");

    const found = new Set<string>();
    const judge = (element: Element, color: string, needed: number, what: string) => {
      const behind = ground(element);
      const front = parse(color);
      const value = ratio(seen(mix(front, behind, front[3]), element), seen(behind, element));
      if (value >= needed - 0.005) return;
      const path = [element.parentElement, element].map((at) =>
        `${at?.localName}.${at?.getAttribute("class")}`
      );
      found.add(`${path.join(" > ")} ${JSON.stringify(what.slice(0, 30))}: ${value.toFixed(2)}`);
    };
    for (const element of document.body.querySelectorAll("*")) {
      if (!shown(element)) continue;
      const style = getComputedStyle(element);
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent!.trim()).join("");
      const pixels = parseFloat(style.fontSize);
      const large = pixels >= 24 || (pixels >= 18.66 && Number(style.fontWeight) >= 700);
      // Emoji have colors of their own.
      const letters = /[\p{L}\p{N}]/u.test(text);
      if (letters) judge(element, style.color, large ? 3 : 4.5, text);
      else if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
        const placeholder = getComputedStyle(element, "::placeholder").color;
        if (element.value) judge(element, style.color, 4.5, element.value);
        else if (element.placeholder) judge(element, placeholder, 4.5, element.placeholder);
        if (element.type !== "checkbox" && parseFloat(style.borderTopWidth) > 0) {
          judge(element.parentElement!, style.borderTopColor, 3, "border of a field");
        }
      } else if (element instanceof SVGElement && element.classList.contains("icon")) {
        judge(element, style.color, 3, "a drawing");
      }
    }
    return [...found];
  });
}
